/**
 * The errors a caller meets: one class per thing a caller can do differently, the data in fields, and whether a retry is
 * safe. The command line turns them into exit codes, the HTTP API into problem+json; both look only at `kind`.
 */

/** What a caller can do: mend the request, wait and repeat, ask for rights, or look at what happened. */
export type ErrorKind =
  | 'invalid' // 400, exit 2: the input is wrong; repeating it is useless
  | 'notFound' // 404, exit 1
  | 'conflict' // 409, exit 1
  | 'tooLarge' // 413, exit 2
  | 'notPermitted' // 403, exit 4
  | 'unavailable' // 503, exit 3: repeat later; nothing was done
  | 'overloaded' // 429, exit 1: repeat later; nothing was done
  | 'timeout' // 504, exit 5: it may have been done
  | 'failed' // 500, exit 1

export abstract class FlowMeshError extends Error {
  abstract readonly kind: ErrorKind
  /** True when nothing was done, or doing it again does no harm. */
  abstract readonly retrySafe: boolean
}

/** Where in a source text something is wrong; lines and columns count from 1. */
export interface Place { file?: string, line?: number, column?: number, field?: string }

/** The input is wrong; `places` says where and `message` what to do. Repeating it unchanged is useless. */
export class InvalidInputError extends FlowMeshError {
  override readonly name = 'InvalidInputError'
  readonly kind = 'invalid'
  readonly retrySafe = false
  constructor (message: string, readonly place: Place = {}, options?: ErrorOptions) { super(message, options) }
}

/** Nothing by that name; every peer that could know was asked. */
export class NotFoundError extends FlowMeshError {
  override readonly name = 'NotFoundError'
  readonly kind = 'notFound'
  readonly retrySafe = true
}

/** Something else already stands under that name, version or key. */
export class ConflictError extends FlowMeshError {
  override readonly name = 'ConflictError'
  readonly kind = 'conflict'
  readonly retrySafe = false
}

/** Over a bound of limits.ts. */
export class TooLargeError extends FlowMeshError {
  override readonly name = 'TooLargeError'
  readonly kind = 'tooLarge'
  readonly retrySafe = false
  constructor (readonly what: string, readonly bytes: number, readonly limitBytes: number) {
    super(`${what} has ${bytes} bytes; the limit is ${limitBytes}`)
  }
}

/** The caller's certificate or role does not allow it. */
export class NotPermittedError extends FlowMeshError {
  override readonly name = 'NotPermittedError'
  readonly kind = 'notPermitted'
  readonly retrySafe = false
}

/** Whoever must answer cannot be reached now; nothing was done. `owes` names the peers that are waited for. */
export class UnavailableError extends FlowMeshError {
  override readonly name = 'UnavailableError'
  readonly kind = 'unavailable'
  readonly retrySafe = true
  constructor (message: string, readonly owes: string[] = [], options?: ErrorOptions) { super(message, options) }
}

/** This peer has as much as it can hold; nothing was done. */
export class OverloadedError extends FlowMeshError {
  override readonly name = 'OverloadedError'
  readonly kind = 'overloaded'
  readonly retrySafe = true
}

/** No answer in time. Repeat only what is idempotent: it may have been done. */
export class TimeoutError extends FlowMeshError {
  override readonly name = 'TimeoutError'
  readonly kind = 'timeout'
  readonly retrySafe = false
  constructor (readonly what: string, readonly deadlineMs: number) { super(`${what}: no answer within ${deadlineMs} ms`) }
}

/** Something inside failed; the message says what. It may have been done. */
export class FailedError extends FlowMeshError {
  override readonly name = 'FailedError'
  readonly kind = 'failed'
  readonly retrySafe = false
}

/**
 * The store met an I/O error: nobody knows what reached the disk, so the instance answers nothing more. Reopen and replay;
 * a write that was rejected may be there afterwards.
 */
export class StoreFailedError extends FlowMeshError {
  override readonly name = 'StoreFailedError'
  readonly kind = 'failed'
  readonly retrySafe = false
  constructor (readonly path: string, options: ErrorOptions) {
    super(`the store in ${path} failed and stopped: ${options.cause instanceof Error ? options.cause.message : 'unknown cause'}`, options)
  }
}

/** Why a state directory cannot be used. */
export type StateDirReason = 'locked' | 'damaged' | 'foreign' | 'newer' | 'rolledBack' | 'full' | 'access'

/** The state directory cannot be used as it is; nothing in it was removed. The message says what to do. */
export class StateDirError extends FlowMeshError {
  override readonly name = 'StateDirError'
  readonly retrySafe = true
  constructor (readonly path: string, readonly reason: StateDirReason, message: string, options?: ErrorOptions) {
    super(`state directory ${path}: ${message}`, options)
  }

  get kind (): ErrorKind { return this.reason === 'locked' ? 'conflict' : 'failed' }
}

/** The mesh did not let this peer in; `reason` by name. Repeating it is useless until what the message names is mended. */
export class NotAdmittedError extends FlowMeshError {
  override readonly name = 'NotAdmittedError'
  readonly kind = 'notPermitted'
  readonly retrySafe = false
  constructor (readonly reason: string, message: string) { super(message) }
}

/** The connection broke after the request was sent and before the answer came: it may have been done. */
export class ConnectionLostError extends FlowMeshError {
  override readonly name = 'ConnectionLostError'
  readonly kind = 'timeout'
  readonly retrySafe = false
  constructor (readonly peer: string, readonly what: string, options?: ErrorOptions) {
    super(`the connection to ${peer} was lost before it answered ${what}; it may have been done`, options)
  }
}

/** What another peer's handler threw, as it said it. */
export class RemoteError extends FlowMeshError {
  override readonly name = 'RemoteError'
  readonly retrySafe: boolean
  constructor (readonly kind: ErrorKind, message: string, readonly peer: string) {
    super(message)
    this.retrySafe = kind === 'notFound' || kind === 'unavailable' || kind === 'overloaded'
  }
}
