import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import fc from 'fast-check'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { InvalidInputError } from '../../src/errors.js'
import { error as errorType } from '../../src/workflow/schema/generated/validators.js'
import { validateDocument } from '../../src/workflow/schema/validate.js'
import { BASE, damaged, HEAD } from './damaged.js'

/** The specification's own schema, when it lies beside the project. */
const SCHEMA = join(process.cwd(), '..', 'shared', 'ctk', 'workflow-schema-2026-07.yaml')
const present = existsSync(SCHEMA)

/** Where FlowMesh is stricter or wider than the schema, on purpose: bounds, words of its own, what is not supported yet. */
const OWN_RULES = /is not supported yet|two tasks of this list/

describe(`generated validators (${present ? 'beside the specification\'s schema' : 'the schema is not beside the project, so nothing is compared'})`, () => {
  const accepts = (document: unknown): true | string => {
    try {
      validateDocument({ positions: { at: () => undefined } }, document)
      return true
    } catch (err) {
      expect(err, (err as Error).stack).to.be.instanceOf(InvalidInputError)
      return (err as Error).message
    }
  }

  it('accept a task of every kind', () => {
    for (const task of BASE) expect(accepts({ document: HEAD, do: [{ a: task }] }), JSON.stringify(task)).to.equal(true)
  })

  if (!present) return
  const full = new Ajv2020({ strict: false, validateFormats: false }).compile(parse(readFileSync(SCHEMA, 'utf8')) as object)

  it('are what the generator makes of it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'generated-'))
    const target = join('src', 'workflow', 'schema', 'generated')
    try {
      mkdirSync(join(folder, target), { recursive: true })
      execFileSync(process.execPath, [join(process.cwd(), 'build', 'scripts', 'generate-schema.js'), SCHEMA], { cwd: folder })

      for (const file of readdirSync(target)) {
        expect(readFileSync(join(folder, target, file), 'utf8') === readFileSync(join(target, file), 'utf8'), `${file} is stale`).to.equal(true)
      }
    } finally {
      rmSync(folder, { recursive: true })
    }
  }).timeout(60_000)

  it('take the same texts for URIs as its slower pattern', () => {
    const theirs = new RegExp((parse(readFileSync(SCHEMA, 'utf8')) as { $defs: { uriTemplate: { anyOf: { pattern: string }[] } } }).$defs.uriTemplate.anyOf[0]!.pattern, 'u')
    const taken = { yes: 0, no: 0 }
    const text = fc.array(fc.constantFrom('a', ':', '/', '//', '?', '#', ' ', '\n', '$', '{', '}', '${', 'é'), { maxLength: 8 }).map(parts => parts.join(''))
    fc.assert(fc.property(text, uri => {
      const ours = (errorType as (value: unknown) => boolean)({ type: uri, status: 500 })
      expect(ours, JSON.stringify(uri)).to.equal(theirs.test(uri) || /^\s*\$\{[\s\S]+\}\s*$/.test(uri))
      taken[ours ? 'yes' : 'no']++
    }), { numRuns: 3000 })
    expect(Math.min(taken.yes, taken.no)).to.be.above(300)
  })

  it('accept what the schema accepts, and nothing else, for documents damaged at random', () => {
    const counts = { both: 0, neither: 0, ownRule: 0 }
    fc.assert(fc.property(damaged('do'), plain => {
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
