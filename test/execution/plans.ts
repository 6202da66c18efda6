/** Plans written by hand, in the source's own words: just enough of a compiler to say what a test is about. */
import type { CatchClause, DataFlow, Duration, Plan, RetryPolicy, Task, TaskBase, Template, Then } from '../../src/workflow/plan.js'

export interface Doc {
  input?: { from?: unknown, schema?: unknown }
  output?: { as?: unknown, schema?: unknown }
  timeout?: number
  do: DocList
}
export type DocList = Record<string, DocTask>[]
export interface DocTask {
  if?: string, then?: string, timeout?: number, exclusive?: true
  input?: { from?: unknown, schema?: unknown }, output?: { as?: unknown, schema?: unknown }, export?: { as?: unknown, schema?: unknown }
  do?: DocList
  set?: unknown
  switch?: Record<string, { when?: string, then: string }>[]
  for?: { each?: string, in: unknown, at?: string, while?: string, concurrency?: number }
  fork?: { branches: DocList, compete?: true }
  try?: DocList
  catch?: { errors?: CatchClause['errors'], as?: string, when?: string, exceptWhen?: string, retry?: Partial<RetryPolicy>, do?: DocList, then?: string }
  raise?: unknown
  wait?: number | string
  call?: string, with?: unknown
  http?: { method?: string, endpoint: string, headers?: unknown, query?: unknown, body?: unknown }
}

export function planOf (doc: Doc): Plan {
  const byId: Record<string, Task> = {}
  const flow = flowOf(doc)
  return {
    id: 'plan', dsl: '1.0.3', namespace: 'test', name: 'test', version: '1.0.0', flow,
    ...(doc.timeout === undefined ? {} : { timeout: { ms: doc.timeout } }),
    settings: {
      copies: 2, spread: 'none', degraded: 'allow', lost: 'wait', lostAfterMs: 600_000, runAhead: 1, placement: {}, encrypt: false
    },
    tasks: list(byId, doc.do, '/do', null), byId
  }
}

function list (byId: Record<string, Task>, docs: DocList, pointer: string, parent: string | null): string[] {
  const named = docs.map((entry, at) => {
    const [name, doc] = Object.entries(entry)[0] ?? ['', {}]
    return { name, doc, id: `${pointer}/${at}/${name}` }
  })
  const ids = new Map(named.map(({ name, id }) => [name, id]))
  for (const { name, doc, id } of named) byId[id] = task(byId, doc, { id, name, parent, ...common(doc, ids) }, ids)
  return named.map(({ id }) => id)
}

function common (doc: DocTask, ids: Map<string, string>): Omit<TaskBase, 'id' | 'name' | 'parent'> {
  return {
    ...flowOf(doc),
    ...(doc.if === undefined ? {} : { if: { jq: doc.if } }),
    ...(doc.timeout === undefined ? {} : { timeout: { ms: doc.timeout } }),
    then: thenOf(doc.then, ids),
    settings: doc.exclusive === true ? { effects: 'exclusive' } : {}
  }
}

function task (byId: Record<string, Task>, doc: DocTask, base: TaskBase, ids: Map<string, string>): Task {
  const inner = (docs: DocList | undefined, name: string): string[] => list(byId, docs ?? [], `${base.id}/${name}`, base.id)
  if (doc.for !== undefined) {
    const { each = 'item', at = 'index', concurrency = 1 } = doc.for
    const loop = { ...base, kind: 'for' as const, each, at, in: template(doc.for.in), concurrency, tasks: inner(doc.do, 'do') }
    return doc.for.while === undefined ? loop : { ...loop, while: { jq: doc.for.while } }
  }
  if (doc.do !== undefined) return { ...base, kind: 'do', tasks: inner(doc.do, 'do') }
  if (doc.set !== undefined) return { ...base, kind: 'set', value: template(doc.set) }
  if (doc.switch !== undefined) {
    const cases = doc.switch.map(entry => {
      const [name, { when, then }] = Object.entries(entry)[0] ?? ['', { then: 'continue' }]
      return { name, then: thenOf(then, ids), ...(when === undefined ? {} : { when: { jq: when } }) }
    })
    return { ...base, kind: 'switch', cases }
  }
  if (doc.fork !== undefined) return { ...base, kind: 'fork', branches: inner(doc.fork.branches, 'fork/branches'), compete: doc.fork.compete === true }
  if (doc.try !== undefined) return { ...base, kind: 'try', tasks: inner(doc.try, 'try'), catch: clause(doc.catch ?? {}, inner(doc.catch?.do, 'catch/do'), ids) }
  if (doc.raise !== undefined) return { ...base, kind: 'raise', error: template(doc.raise) }
  if (doc.wait !== undefined) return { ...base, kind: 'wait', duration: duration(doc.wait) }
  if (doc.http !== undefined) {
    const { method = 'GET', endpoint, headers, query, body } = doc.http
    return {
      ...base, kind: 'http', method, endpoint: template(endpoint), output: 'content', redirect: false,
      ...(headers === undefined ? {} : { headers: template(headers) }),
      ...(query === undefined ? {} : { query: template(query) }),
      ...(body === undefined ? {} : { body: template(body) })
    }
  }
  const call = { ...base, kind: 'function' as const, fn: doc.call ?? base.name }
  return doc.with === undefined ? call : { ...call, with: template(doc.with) }
}

function clause (doc: NonNullable<DocTask['catch']>, tasks: string[], ids: Map<string, string>): CatchClause {
  return {
    as: doc.as ?? 'error', tasks,
    ...(doc.errors === undefined ? {} : { errors: doc.errors }),
    ...(doc.when === undefined ? {} : { when: { jq: doc.when } }),
    ...(doc.exceptWhen === undefined ? {} : { exceptWhen: { jq: doc.exceptWhen } }),
    ...(doc.retry === undefined ? {} : { retry: { delay: { ms: 0 }, backoff: { kind: 'constant' }, limit: {}, ...doc.retry } }),
    ...(doc.then === undefined ? {} : { then: thenOf(doc.then, ids) })
  }
}

function duration (value: number | string): Duration { return typeof value === 'number' ? { ms: value } : { jq: value } }

function thenOf (then: string | undefined, ids: Map<string, string>): Then {
  if (then === undefined || then === 'continue') return { kind: 'continue' }
  if (then === 'exit' || then === 'end') return { kind: then }
  return { kind: 'task', id: ids.get(then) ?? then }
}

function flowOf (doc: Pick<DocTask, 'input' | 'output' | 'export'>): DataFlow {
  const flow: DataFlow = {}
  if (doc.input?.schema !== undefined) flow.inputSchema = doc.input.schema
  if (doc.input?.from !== undefined) flow.inputFrom = template(doc.input.from)
  if (doc.output?.schema !== undefined) flow.outputSchema = doc.output.schema
  if (doc.output?.as !== undefined) flow.outputAs = template(doc.output.as)
  if (doc.export?.schema !== undefined) flow.exportSchema = doc.export.schema
  if (doc.export?.as !== undefined) flow.exportAs = template(doc.export.as)
  return flow
}

const WHOLE = /^\$\{(.*)\}$/s

export function template (value: unknown): Template {
  if (typeof value === 'string') {
    const jq = WHOLE.exec(value)?.[1]
    return jq === undefined ? { kind: 'literal', value } : { kind: 'expr', jq: jq.trim() }
  }
  if (Array.isArray(value)) return { kind: 'array', items: value.map(template) }
  if (typeof value === 'object' && value !== null) {
    return { kind: 'object', entries: Object.entries(value).map(([key, field]) => [key, template(field)]) }
  }
  return { kind: 'literal', value }
}
