/**
 * What the runtime and one of its workers say to each other, several messages at a time. Data crosses as JSON text: it is
 * cheaper than structured cloning, and nothing but JSON can be let through by mistake. Large texts cross as their bytes,
 * which are copied or handed over as they are, and of which the runtime makes a blob without encoding them again.
 */
import type { Failure } from './failure.js'
import type { LogLine } from './port.js'

export type JsonText = string | Uint8Array

/** What a function learns about its call, besides `signal` and `log`. */
export interface CallFacts {
  execution: string
  task: string
  attempt: number
  epoch: string
  idempotencyKey: string
  traceparent: string
}

export interface WorkerData {
  /** URL of the module. */ module: string
  /** One `Slot` for each call posted and not yet answered. */ slots: Int32Array
  limits: { outputBytes: number, /** An output from this size on crosses as bytes. */ largeBytes: number, logBytes: number, depth: number }
}

/**
 * Whether a posted call has begun is decided in shared memory by the first to exchange `posted` for something else. So the
 * runtime takes calls back from a worker that stands still, and knows of one that died what it never began.
 */
export const Slot = { posted: 0, started: 1, revoked: 2 } as const

export type ToWorker =
  | { type: 'call', id: number, slot: number, input: JsonText, facts: CallFacts }
  | { type: 'abort', id: number, reason: string }

export type FromWorker =
  | { type: 'ready' }
  | { type: 'loadFailed', detail: string }
  | { type: 'log', id: number, line: LogLine }
  | { type: 'done', id: number, output: JsonText }
  | { type: 'failed', id: number, error: Failure['error'], retryable: boolean, notDone: boolean }
  | { type: 'skipped', slot: number }
