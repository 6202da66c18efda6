/** Errors of the specification: how they are made, bounded and compared. */
import { canonicalErrorType, standardErrorType } from '../workflow/index.js'
import type { CatchClause } from '../workflow/plan.js'
import type { WorkflowError } from './types.js'

export type StandardErrorName = Parameters<typeof standardErrorType>[0]

const STANDARD: Record<StandardErrorName, { status: number, title: string }> = {
  configuration: { status: 400, title: 'Configuration error' },
  validation: { status: 400, title: 'Validation error' },
  expression: { status: 400, title: 'Expression error' },
  authentication: { status: 401, title: 'Authentication error' },
  authorization: { status: 403, title: 'Authorization error' },
  timeout: { status: 408, title: 'Timeout' },
  communication: { status: 500, title: 'Communication error' },
  runtime: { status: 500, title: 'Runtime error' }
}
/** Texts of an error are cut here (UTF-16 units): errors stand in every state between raise and catch. */
const MAX_DETAIL = 4096
const MAX_TEXT = 1024

/** Thrown inside the machine only; becomes a raise at the task under way. */
export class Fault extends Error {
  override readonly name = 'Fault'
  constructor (readonly error: WorkflowError) { super(error.title ?? error.type) }
}

/** One of the specification's standard errors; `status` where the standard one is not exact enough (a 404 of a call). */
export function standardError (name: StandardErrorName, detail?: string, instance?: string, status?: number): WorkflowError {
  const standard = STANDARD[name]
  return boundError({ type: standardErrorType(name), status: status ?? standard.status, title: standard.title, detail, instance })
}

/** An error from outside or from an expression, as a well-formed one; what cannot be right is replaced. */
export function boundError (raw: { [key in keyof WorkflowError]?: unknown }, instance?: string): WorkflowError {
  const status = Number(raw.status)
  const error: WorkflowError = {
    type: text(raw.type, MAX_TEXT) ?? standardErrorType('runtime'),
    status: Number.isInteger(status) && status > 0 ? status : 500
  }
  const title = text(raw.title, MAX_TEXT)
  const detail = text(raw.detail, MAX_DETAIL)
  const where = text(raw.instance, MAX_TEXT) ?? instance
  if (title !== undefined) error.title = title
  if (detail !== undefined) error.detail = detail
  if (where !== undefined) error.instance = where
  return error
}

/** Whether an error has every field that a catch clause names. */
export function matchesFilter (error: WorkflowError, filter: CatchClause['errors']): boolean {
  if (filter === undefined) return true
  return Object.entries(filter).every(([field, wanted]) => {
    const has = error[field as keyof WorkflowError]
    if (field === 'type') return canonicalErrorType(String(has)) === canonicalErrorType(String(wanted))
    return has === wanted || (field === 'status' && has === Number(wanted))
  })
}

function text (value: unknown, limit: number): string | undefined {
  if (value === undefined || value === null) return undefined
  const whole = typeof value === 'string' ? value : JSON.stringify(value)
  return whole.length > limit ? whole.slice(0, limit) : whole
}
