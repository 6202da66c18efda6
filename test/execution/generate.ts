/** Workflows for properties: every construct, nested, that always end; names are unique, so a task is known by its name. */
import fc from 'fast-check'
import type { Doc, DocList, DocTask } from './plans.js'

/** What a generated workflow asks of the world beside the plan. */
export interface Case { doc: Doc, seed: number, cancelAtMs: number | undefined }

interface Shape { kind: string, a: number, b: number, inner: Shape[], other: Shape[] }

export const KINDS = ['call', 'set', 'switch', 'do', 'for', 'map', 'fork', 'race', 'try', 'retry', 'raise', 'wait', 'timed', 'ask', 'if', 'http', 'exit', 'saga', 'saga'] as const
const LEAVES = ['call', 'call', 'set', 'switch', 'wait', 'raise', 'ask', 'http', 'if', 'exit'] as const

function shapes (depth: number): fc.Arbitrary<Shape[]> {
  return fc.array(shape(depth), { minLength: 1, maxLength: depth > 2 ? 4 : 3 })
}

function shape (depth: number): fc.Arbitrary<Shape> {
  const number = fc.nat(7)
  if (depth === 0) return fc.record({ kind: fc.constantFrom(...LEAVES), a: number, b: number, inner: fc.constant([]), other: fc.constant([]) })
  return fc.record({ kind: fc.constantFrom(...KINDS), a: number, b: number, inner: shapes(depth - 1), other: shapes(depth > 1 ? 1 : 0) })
}

export function cases (): fc.Arbitrary<Case> {
  const seldom = (arbitrary: fc.Arbitrary<number>): fc.Arbitrary<number | undefined> =>
    fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
  return fc.record({
    body: shapes(4), seed: fc.nat(1_000_000), cancelAtMs: seldom(fc.nat(120)), timeout: seldom(fc.integer({ min: 20, max: 400 }))
  }).map(({ body, seed, cancelAtMs, timeout }) => ({
    doc: { do: new Writer().list(body), ...(timeout === undefined ? {} : { timeout }) }, seed, cancelAtMs
  }))
}

/** Data is a number most of the time; tasks that make an array or an object of it bring it back to one. */
const BACK = { as: '${ 1 }' }
const CALL: DocTask = { call: 'f', with: '${ tostring }', output: BACK }

class Writer {
  private names = 0

  list (shapes: Shape[]): DocList { return shapes.map(shape => ({ [`${shape.kind}${++this.names}`]: this.task(shape) })) }

  private task ({ kind, a, b, inner, other }: Shape): DocTask {
    switch (kind) {
      case 'set': return { set: '${ (. // 0 | tostring | length) + 1 }', export: { as: '${ 7 }' } }
      case 'switch': return { switch: [{ never: { when: '. == "x"', then: 'end' } }, { out: { when: `(tostring | length) == ${a}`, then: 'exit' } }] }
      case 'do': return { do: this.list(inner), ...(b === 0 ? { then: 'end' } : {}) }
      case 'for': return { for: { each: `i${this.names}`, in: '${ [1, 2, 3] }', ...(a === 0 ? { while: '$index < 2' } : {}) }, do: this.list(inner) }
      case 'map': return { for: { in: '${ [1, 2, 3, 4, 5] }', concurrency: 2 + a % 3 }, do: this.list(inner), output: BACK }
      case 'fork': return { fork: { branches: this.list([...inner, ...other]) }, output: BACK }
      case 'race': return { fork: { branches: this.list([...inner, ...other]), compete: true } }
      case 'try': return { try: this.list(inner), catch: { ...(a < 2 ? { when: '$error.status > 500' } : {}), do: this.list(other) } }
      case 'retry': return {
        try: this.list(inner),
        catch: {
          retry: { limit: { attempts: 1 + a % 2, ...(b < 2 ? { attemptTimeoutMs: 60 } : {}) }, delay: { ms: a < 3 ? 0 : 5 }, jitter: { fromMs: 0, toMs: b } },
          ...(b % 2 === 0 ? { do: this.list(other) } : {})
        }
      }
      // Pay or refund, then ship; when that fails, all of it again.
      case 'saga': return {
        try: [
          { [`try${++this.names}`]: { try: [{ [`call${++this.names}`]: CALL }, ...this.list(inner)], catch: { do: [{ [`call${++this.names}`]: CALL }, ...(a === 0 ? [{ [`raise${++this.names}`]: { raise: '${ $error }' } }] : [])] } } },
          { [`call${++this.names}`]: CALL }
        ],
        catch: { retry: { limit: { attempts: 2 }, delay: { ms: a < 4 ? 0 : 3 } } }
      }
      case 'raise': return a < 3 ? { raise: { type: 'https://example.com/e', status: 500 + a } } : { set: a }
      case 'wait': return { wait: a * 4 }
      case 'timed': return { timeout: 10 + a * 15, do: this.list(inner) }
      case 'ask': return { set: '${ [splits("-")] }', output: BACK }
      case 'if': return { if: `(tostring | length) != ${a}`, call: 'f' }
      case 'http': return { http: { endpoint: '${ "http://h/" + tostring }' }, output: BACK }
      case 'exit': return { set: '${ . }', ...(a === 0 ? { then: 'exit' } : {}) }
      default: return { ...CALL, ...(a === 0 ? { timeout: 25 } : {}) }
    }
  }
}
