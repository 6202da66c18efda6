/** How an attempt fails, in the specification's words. */
import type { InvocationResult, LogLine } from './port.js'

export type Failure = Extract<InvocationResult, { ok: false }>
export type ErrorKind = 'configuration' | 'validation' | 'timeout' | 'communication' | 'runtime'

const TYPES = 'https://serverlessworkflow.io/spec/1.0.0/errors/'
export const MAX_DETAIL_CHARS = 4096

export interface FailureFacts { kind: ErrorKind, status: number, title: string, detail: string, retryable: boolean, notDone: boolean }

export function failure (facts: FailureFacts, logs: LogLine[] = []): Failure {
  const { kind, status, title, detail, retryable, notDone } = facts
  return { ok: false, error: { type: TYPES + kind, status, title, detail: detail.slice(0, MAX_DETAIL_CHARS) }, retryable, notDone, logs }
}

/** What an answer with this status says about trying again: only overload and the other side's own faults may pass. */
export function retryableStatus (status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429
}
