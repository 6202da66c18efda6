import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import fc from 'fast-check'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { InvalidInputError } from '../../src/errors.js'
import { validateDocument } from '../../src/workflow/schema/validate.js'

/** The specification's own schema, when it lies beside the project. */
const SCHEMA = join(process.cwd(), '..', 'shared', 'ctk', 'workflow-schema-2026-07.yaml')
const present = existsSync(SCHEMA)

type Json = Record<string, unknown>
const HEAD = { dsl: '1.0.3', namespace: 'd', name: 'n', version: '1.0.0' }

/** One of everything that is supported, to be damaged. */
const BASE: Json[] = [
  { set: { x: 1 } }, { set: '${ . }' }, { wait: 'PT1S' }, { wait: { seconds: 1 } }, { wait: '${ .x }' }, { call: 'f' }, { call: 'f', with: { a: 1 } },
  { call: 'http', with: { method: 'get', endpoint: 'http://x/{id}' } },
  { call: 'http', with: { method: 'post', endpoint: { uri: '${ .u }' }, headers: { a: 'b' }, query: '${ .q }', body: [1], output: 'raw', redirect: true } },
  { do: [{ b: { wait: 'PT1S' } }] }, { fork: { branches: [{ b: { wait: 'PT1S' } }], compete: true } },
  { for: { each: 'x', in: '.y', at: 'i' }, while: '.z', do: [] }, { for: { in: [{ a: 1 }] }, do: [] },
  { switch: [{ c: { when: '.x', then: 'end' } }] }, { raise: { error: 'e' } },
  { raise: { error: { type: 'https://x', status: 400, title: 't', detail: '${ .d }', instance: '/do/0' } } },
  {
    try: [{ b: { wait: 'PT1S' } }],
    catch: {
      errors: { with: { type: 'https://x', status: 400 } }, as: 'e', when: '.x', exceptWhen: '.y', then: 'exit', do: [{ c: { wait: 'PT1S' } }],
      retry: { when: '.x', delay: 'PT1S', backoff: { linear: {} }, limit: { attempt: { count: 3, duration: 'PT1S' }, duration: 'PT1S' }, jitter: { from: 'PT0S', to: 'PT1S' } }
    }
  }
]
const COMMON: Json = {
  if: '.x', then: 'continue', timeout: { after: 'PT1S' }, metadata: { any: 1 }, input: { from: '.a', schema: { document: {} } }, output: { as: { b: 1 } }, export: { as: '.c' }
}

/** Paths to every value inside. */
function paths (value: unknown, at: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [at]
  return [at, ...Object.entries(value).flatMap(([key, item]) => paths(item, [...at, key]))]
}

function changed (value: unknown, path: string[], change: (holder: Json, key: string) => void): unknown {
  const copy = structuredClone(value)
  let holder = copy as Json
  for (const step of path.slice(0, -1)) holder = holder[step] as Json
  change(holder, path[path.length - 1]!)
  return copy
}

/** Where FlowMesh is stricter or wider than the schema, on purpose: bounds, words of its own, what is not supported yet. */
const OWN_RULES = /is not supported yet|two tasks of this list/

describe(`generated validators (${present ? 'beside the specification\'s schema' : 'the schema is not beside the project, so nothing is compared'})`, () => {
  if (!present) return
  const full = new Ajv2020({ strict: false, validateFormats: false }).compile(parse(readFileSync(SCHEMA, 'utf8')) as object)

  const accepts = (document: unknown): true | string => {
    try {
      validateDocument({ positions: { at: () => undefined } }, document)
      return true
    } catch (err) {
      expect(err, (err as Error).stack).to.be.instanceOf(InvalidInputError)
      return (err as Error).message
    }
  }

  it('accept what the schema accepts, and nothing else, for documents damaged at random', () => {
    const counts = { both: 0, neither: 0, ownRule: 0 }
    const junk = fc.constantFrom<unknown>(null, 1, -1, true, '', 'x', '${ .x }', [], {}, { a: 1 }, [{ a: { set: { x: 1 } } }], { seconds: 1 }, ['x'])
    const damage = fc.record({ task: fc.constantFrom(...BASE), common: fc.subarray(Object.keys(COMMON)), where: fc.nat(200), how: fc.constantFrom('replace', 'remove', 'add', 'nothing'), junk, key: fc.constantFrom('x', 'do', 'then', 'when', 'name') })
    fc.assert(fc.property(damage, ({ task, common, where, how, junk, key }) => {
      const whole = { document: HEAD, do: [{ a: { ...task, ...Object.fromEntries(common.map(name => [name, COMMON[name]])) } }] }
      const places = paths(whole).filter(path => path[0] === 'do' && path.length > 0)
      const place = places[where % places.length]!
      const document = how === 'nothing' ? whole : changed(whole, place, (holder, last) => {
        if (how === 'replace') holder[last] = junk
        else if (how === 'remove') delete holder[last]
        else if (typeof holder[last] === 'object' && holder[last] !== null && !Array.isArray(holder[last])) (holder[last] as Json)[key] = junk
      })
      const plain = JSON.parse(JSON.stringify(document)) as Json
      const ours = accepts(plain)
      const theirs = full(plain)
      if (ours === true && theirs) counts.both++
      else if (ours !== true && !theirs) counts.neither++
      else {
        const wider = ours === true && /"(?:wait|delay|after|duration|from|to)":|"in":\[/.test(JSON.stringify(plain))
        expect(wider || (ours !== true && OWN_RULES.test(ours)), `${JSON.stringify(plain)} ours: ${ours}, schema: ${JSON.stringify(full.errors?.slice(-1))}`).to.equal(true)
        counts.ownRule++
      }
    }), { numRuns: 3000 })
    expect(Math.min(counts.both, counts.neither), JSON.stringify(counts)).to.be.above(300)
    expect(counts.ownRule, JSON.stringify(counts)).to.be.below(600)
  }).timeout(60_000)
})
