/**
 * Errors as RFC 9457 problems and back: the server writes them, the client reads them, and both ends see the same classes
 * of errors.ts. Browser-safe.
 */
import {
  ConflictError, FailedError, FlowMeshError, InvalidInputError, NotFoundError, NotPermittedError, OverloadedError,
  TimeoutError, TooLargeError, UnavailableError
} from '../errors.js'
import type { ErrorKind, Place } from '../errors.js'

export const PROBLEM_TYPE = 'application/problem+json'

export interface Problem extends Place {
  /** `urn:flowmesh:problem:<kind>` */ type: string
  title: string
  status: number
  detail: string
  /** Path of the request. */ instance: string
  /** Repeating the request does no harm. */ retrySafe: boolean
  /** Peers that are waited for, of `unavailable`. */ owes?: string[]
  /** Of `tooLarge`. */ what?: string, bytes?: number, limitBytes?: number
}

const STATUS: Record<ErrorKind, number> = {
  invalid: 400, notFound: 404, conflict: 409, tooLarge: 413, notPermitted: 403, unavailable: 503, overloaded: 429, timeout: 504, failed: 500
}
const TITLE: Record<ErrorKind, string> = {
  invalid: 'The input is wrong',
  notFound: 'There is nothing by that name',
  conflict: 'Something else already stands there',
  tooLarge: 'Over a limit',
  notPermitted: 'Not permitted',
  unavailable: 'Who must answer cannot be reached now',
  overloaded: 'This peer has as much as it can hold',
  timeout: 'No answer in time',
  failed: 'Something inside failed'
}
const URN = 'urn:flowmesh:problem:'
/** Seconds a caller should wait before it repeats; short, because a takeover or an election takes about that long. */
const RETRY_AFTER_S = 1

export function toProblem (err: unknown, instance: string, status?: number): Problem {
  const kind = err instanceof FlowMeshError ? err.kind : 'failed'
  const problem: Problem = {
    type: URN + kind,
    title: TITLE[kind],
    status: status ?? STATUS[kind],
    detail: err instanceof Error ? err.message : String(err),
    instance,
    retrySafe: err instanceof FlowMeshError && err.retrySafe
  }
  if (err instanceof InvalidInputError) Object.assign(problem, err.place)
  if (err instanceof UnavailableError) problem.owes = err.owes
  if (err instanceof TooLargeError) Object.assign(problem, { what: err.what, bytes: err.bytes, limitBytes: err.limitBytes })
  return problem
}

/** Headers that belong to a problem besides its content type. */
export function problemHeaders (problem: Problem): Record<string, string> {
  const headers: Record<string, string> = { 'content-type': PROBLEM_TYPE }
  if (problem.status === 503 || problem.status === 429) headers['retry-after'] = String(RETRY_AFTER_S)
  if (problem.status === 401) headers['www-authenticate'] = 'Bearer realm="flowmesh"'
  return headers
}

/** The error a problem stands for. A status without a problem body (a proxy's) is judged by the number alone. */
export function fromProblem (status: number, body: unknown): FlowMeshError {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>
  const detail = typeof problem.detail === 'string' ? problem.detail : `the API answered ${status}`
  switch (kindOf(status, problem.type)) {
    case 'invalid': return new InvalidInputError(detail, placeOf(problem))
    case 'notFound': return new NotFoundError(detail)
    case 'conflict': return new ConflictError(detail)
    case 'tooLarge': return new TooLargeError(problem.what ?? 'the request', problem.bytes ?? NaN, problem.limitBytes ?? NaN)
    case 'notPermitted': return new NotPermittedError(detail)
    case 'unavailable': return new UnavailableError(detail, Array.isArray(problem.owes) ? problem.owes : [])
    case 'overloaded': return new OverloadedError(detail)
    case 'timeout': return new TimeoutError(detail, 0)
    case 'failed': return new FailedError(detail)
  }
}

function kindOf (status: number, type: unknown): ErrorKind {
  const named = typeof type === 'string' && type.startsWith(URN) ? type.slice(URN.length) : ''
  if (Object.hasOwn(STATUS, named)) return named as ErrorKind
  if (status === 401) return 'notPermitted'
  const [kind] = Object.entries(STATUS).find(([, of]) => of === status) ?? []
  return (kind as ErrorKind | undefined) ?? (status >= 500 ? 'failed' : 'invalid')
}

function placeOf ({ file, line, column, field }: Partial<Problem>): Place {
  return Object.fromEntries(Object.entries({ file, line, column, field }).filter(([, value]) => value !== undefined))
}
