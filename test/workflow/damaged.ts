import fc from 'fast-check'

export type Json = Record<string, unknown>
export const HEAD = { dsl: '1.0.3', namespace: 'd', name: 'n', version: '1.0.0' }

/** One of everything that is supported, to be damaged. */
export const BASE: Json[] = [
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

const junk = fc.constantFrom<unknown>(
  null, 1, -1, 1e9, true, '', 'x', '.x |', '${ .x }', '${', [], {}, { a: 1 }, [{ a: { set: { x: 1 } } }], { seconds: 1 }, ['x'], 'end', 'a', 'é\u0000🚀'
)
const key = fc.constantFrom('x', 'do', 'then', 'when', 'name', 'flowmesh', 'constructor', 'document')
const damage = fc.record({
  task: fc.constantFrom(...BASE),
  common: fc.subarray(Object.keys(COMMON)),
  where: fc.nat(200),
  how: fc.constantFrom('replace', 'remove', 'add', 'nothing'),
  junk,
  key
})

/** A document with one task of any kind, damaged in one place under one of these fields of the top, or not at all. */
export function damaged (...under: string[]): fc.Arbitrary<Json> {
  return damage.map(({ task, common, where, how, junk, key }) => {
    const fields = Object.fromEntries(common.map(name => [name, COMMON[name]]))
    const whole = { document: HEAD, do: [{ a: { ...task, ...fields } }, { b: { wait: 'PT1S' } }], use: { errors: { e: { type: 'https://x', status: 500 } } } }
    const places = paths(whole).filter(path => under.includes(path[0] ?? ''))
    const document = how === 'nothing' ? whole : changed(whole, places[where % places.length]!, (holder, last) => {
      const found = holder[last]
      if (how === 'replace') holder[last] = junk
      else if (how === 'remove') delete holder[last]
      else if (typeof found === 'object' && found !== null && !Array.isArray(found)) (found as Json)[key] = junk
    })
    return JSON.parse(JSON.stringify(document)) as Json
  })
}
