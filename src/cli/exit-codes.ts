/** How the command line ends, and how it says what went wrong. */
import { FlowMeshError, InvalidInputError, UnavailableError } from '../errors.js'
import type { ErrorKind } from '../errors.js'

export const DONE = 0
export const FAILED = 1
export const BAD_USAGE = 2
export const NO_PEER = 3
export const TIMED_OUT = 5
export const INTERRUPTED = 130

const BY_KIND: Record<ErrorKind, number> = {
  invalid: BAD_USAGE, tooLarge: BAD_USAGE, notFound: FAILED, conflict: FAILED, overloaded: FAILED, failed: FAILED,
  unavailable: NO_PEER, notPermitted: 4, timeout: TIMED_OUT
}

export function exitCodeOf (err: unknown): number {
  return err instanceof FlowMeshError ? BY_KIND[err.kind] : FAILED
}

/** One line for people: where, what, and who is waited for. A bug shows its stack, because only that finds it. */
export function describeError (err: unknown): string {
  if (!(err instanceof FlowMeshError)) return err instanceof Error ? err.stack ?? err.message : String(err)
  if (err instanceof UnavailableError && err.owes.length > 0) return `${err.message} (waited for: ${err.owes.join(', ')})`
  return err instanceof InvalidInputError ? withPlace(err) : err.message
}

/** `file:line:column: field: message`, without what the message begins with already. */
function withPlace ({ message, place: { file, line, column, field } }: InvalidInputError): string {
  const at = [file ?? (line === undefined ? undefined : 'line'), line, column].filter(part => part !== undefined).join(':')
  const parts = [at, field === undefined || message.includes(field) ? '' : field].filter(part => part !== '' && !message.startsWith(part))
  return [...parts, message].join(': ')
}
