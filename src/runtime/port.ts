/** What the sidecar asks of a runtime: run one function once, within limits. `js` now; `wasm` and `http` join later. */
export interface FunctionRef { name: string, version: string }

export interface Invocation {
  fn: FunctionRef
  input: unknown
  execution: string
  task: string
  attempt: number
  /** `set number.count`, as functions see it. */ epoch: string
  idempotencyKey: string
  traceparent: string
  /** Time allowed, ms, from now. Past it the call is aborted, then its worker ended. */
  timeoutMs: number
  /** Aborts the call: the function's `signal` fires, and its worker is ended if it does not return soon after. */
  signal: AbortSignal
}

/** How one attempt ended. `notDone` is true when the function certainly did not start or said so itself. */
export type InvocationResult =
  | { ok: true, output: unknown, logs: LogLine[] }
  | { ok: false, error: { type: string, status: number, title: string, detail: string }, retryable: boolean, notDone: boolean, logs: LogLine[] }

export interface LogLine { at: number, level: 'debug' | 'info' | 'warn' | 'error', text: string }
