/**
 * The compiled workflow: immutable, plain data, named by the content id of its source document. Task ids are JSON
 * Pointers into the source (`/do/2/pay/try/0/charge`). Whatever can be resolved before running is resolved here:
 * references of `use`, durations, `then` targets, retry policies, settings with their defaults.
 */

/** A jq expression as the source has it, without `${ }`. Evaluated by expressions/. */
export interface Expr { jq: string }

/** A value that may contain expressions anywhere: kept as source shape, so it prints well and compiles lazily. */
export type Template =
  | { kind: 'literal', value: unknown } // no expression inside
  | { kind: 'expr', jq: string } // the whole value is one `${ … }`
  | { kind: 'text', parts: (string | Expr)[] } // text with `${ … }` inside
  | { kind: 'object', entries: [key: string, value: Template][] }
  | { kind: 'array', items: Template[] }

/** ISO 8601 or structured durations in ms; an expression is evaluated when the task is entered. */
export type Duration = { ms: number } | Expr

/** Where flow goes: the next task in its list, out of the enclosing list, to the end, or to a task of the same list. */
export type Then = { kind: 'continue' } | { kind: 'exit' } | { kind: 'end' } | { kind: 'task', id: string }

export interface DataFlow {
  inputSchema?: unknown // JSON Schema, checked before `from`
  inputFrom?: Template
  outputAs?: Template
  outputSchema?: unknown
  exportAs?: Template
  exportSchema?: unknown
}

export type Effects = 'pure' | 'idempotent' | 'exclusive'

/** `metadata.flowmesh` of a document; every default filled in. */
export interface WorkflowSettings {
  copies: number // default 2
  spread: 'none' | 'host' | 'zone' | 'region' // default none
  degraded: 'allow' | 'wait' // default allow
  lost: 'wait' | 'resume' // default wait
  lostAfterMs: number // default 600 000
  runAhead: number // default 1
  placement: PlacementHints
  encrypt: boolean
  deadlineMs?: number // what placement aims at for the whole execution; not a timeout
}
export interface PlacementHints { region?: string, tier?: string, peer?: string, prefer?: string[], avoid?: string[] }

/** `metadata.flowmesh` of a task. */
export interface TaskSettings { effects?: Effects, placement?: PlacementHints, deadlineMs?: number, concurrency?: number }

export interface TaskBase extends DataFlow {
  id: string
  name: string
  /** The task whose list this one stands in; null for the top list. */ parent: string | null
  if?: Expr
  then: Then
  timeout?: Duration
  settings: TaskSettings
}

export interface DoTask extends TaskBase { kind: 'do', tasks: string[] }
export interface SetTask extends TaskBase { kind: 'set', value: Template }
export interface SwitchTask extends TaskBase { kind: 'switch', cases: { name: string, when?: Expr, then: Then }[] }
/** `in` is an expression or an inline array; concurrency > 1 makes a parallel map with ordered results. */
export interface ForTask extends TaskBase { kind: 'for', each: string, in: Template, at: string, while?: Expr, tasks: string[], concurrency: number }
export interface ForkTask extends TaskBase { kind: 'fork', branches: string[], compete: boolean }
export interface TryTask extends TaskBase { kind: 'try', tasks: string[], catch: CatchClause }
export interface RaiseTask extends TaskBase { kind: 'raise', error: Template }
export interface WaitTask extends TaskBase { kind: 'wait', duration: Duration }
/** A catalog function; without `with` it gets the task's input after `input.from`. */
export interface FunctionCall extends TaskBase { kind: 'function', fn: string, version?: string, with?: Template }
/** `{name}` in the source's address is an expression here; every text of `endpoint` is meant literally. */
export interface HttpCall extends TaskBase {
  kind: 'http', method: string, endpoint: Template, headers?: Template, query?: Template, body?: Template
  output: 'content' | 'response' | 'raw', redirect: boolean
}
export type Task = DoTask | SetTask | SwitchTask | ForTask | ForkTask | TryTask | RaiseTask | WaitTask | FunctionCall | HttpCall

export interface CatchClause {
  /** Literal fields an error must have to be caught, `type` in its canonical form; absent: every error. */
  errors?: Partial<Record<'type' | 'status' | 'title' | 'detail' | 'instance', unknown>>
  as: string // default 'error'
  when?: Expr
  exceptWhen?: Expr
  retry?: RetryPolicy
  tasks: string[]
  then?: Then
}

export interface RetryPolicy {
  when?: Expr
  exceptWhen?: Expr
  delay: Duration // default 0
  backoff: { kind: 'constant' } | { kind: 'linear', incrementMs?: number } | { kind: 'exponential', factor: number }
  jitter?: { fromMs: number, toMs: number }
  limit: { attempts?: number, durationMs?: number, attemptTimeoutMs?: number }
}

export interface Plan {
  /** Content id of the canonical source document. */ id: string
  dsl: string
  namespace: string
  name: string
  version: string
  /** Of the whole workflow: input schema and from before the first task, output as and schema after the last. */
  flow: DataFlow
  timeout?: Duration
  settings: WorkflowSettings
  /** The top list, in order. */ tasks: string[]
  byId: Record<string, Task>
}
