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
  if (err instanceof UnavailableError) {
    const unsaid = err.owes.filter(peer => !err.message.includes(peer))
    return unsaid.length === 0 ? err.message : `${err.message} (waited for: ${unsaid.join(', ')})`
  }
  return err instanceof InvalidInputError ? withPlace(err) : err.message
}

/** `file:line:column: field: message`; what comes from the compiler begins so already, without the file when a peer compiled it. */
function withPlace ({ message, place: { file, line, column, field } }: InvalidInputError): string {
  const at = [file, line, column].filter(part => part !== undefined).join(':')
  if (at !== '' && message.startsWith(at)) return message
  const bare = line === undefined ? message : message.replace(/^\d+:\d+: /, '')
  const named = field === undefined || bare.includes(field) ? bare : `${field}: ${bare}`
  const where = file === undefined && line !== undefined ? `line ${at}` : at
  return where === '' || named.startsWith(where) ? named : `${where}: ${named}`
}
