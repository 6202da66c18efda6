/** `raise` and `catch`: errors that are raised, caught, and named under `use.errors`. */
import { canonicalErrorType } from '../error-types.js'
import { hint } from '../nearest.js'
import type { CatchClause, Template } from '../plan.js'
import { child, fail } from '../source.js'
import { used, usedNames, withVariables } from './context.js'
import type { Context, Fields } from './context.js'
import { then } from './flow.js'
import type { Scope } from './flow.js'
import { retry } from './retry.js'
import { expression, template } from './template.js'
import { variable } from './variables.js'

/** In place, or by the name it has under `use.errors`. */
export function raised (context: Context, value: unknown, pointer: string): Template {
  if (typeof value !== 'string') return template(context, checkedStatus(context, value as Fields, pointer), pointer)
  const found = used(context, 'errors', value)
  if (found === undefined) {
    fail(context.source, pointer, `no error \`${value}\` under \`use.errors\`${hint(value, usedNames(context, 'errors'))}`)
  }
  const place = child('/use/errors', value)
  return template(context, checkedStatus(context, found as Fields, place), place)
}

function checkedStatus (context: Context, error: Fields, pointer: string): Fields {
  const status = error['status'] as number
  if (status < 100 || status > 599) {
    fail(context.source, child(pointer, 'status'), `\`status\` must be from 100 to 599, as in HTTP, not ${status}`)
  }
  return error
}

/** All but the handler's own tasks, which the caller compiles. */
export function catchClause (outer: Context, fields: Fields, pointer: string, scope: Scope): Omit<CatchClause, 'tasks'> {
  const { errors, as = 'error', when, exceptWhen, retry: policy, then: next } = fields
  const name = variable(outer, as as string, child(pointer, 'as'))
  const context = withVariables(outer, name)
  const filter = (errors as Fields | undefined)?.['with'] as Fields | undefined
  const unknown = Object.keys(errors ?? {}).find(key => key !== 'with')
  if (unknown !== undefined) {
    fail(context.source, child(`${pointer}/errors`, unknown), `unknown key \`${unknown}\`${hint(unknown, ['with'])}`, 'key')
  }
  return {
    ...(filter !== undefined && { errors: errorFilter(context, filter, `${pointer}/errors/with`) }),
    as: name,
    ...(when !== undefined && { when: expression(context, when as string, child(pointer, 'when')) }),
    ...(exceptWhen !== undefined && { exceptWhen: expression(context, exceptWhen as string, child(pointer, 'exceptWhen')) }),
    ...(policy !== undefined && { retry: retry(context, policy, child(pointer, 'retry')) }),
    ...(next !== undefined && { then: then(context, next, child(pointer, 'then'), scope) })
  }
}

const FILTER_KEYS = ['type', 'status', 'title', 'detail', 'instance'] as const

function errorFilter (context: Context, filter: Fields, pointer: string): NonNullable<CatchClause['errors']> {
  for (const [key, value] of Object.entries(filter)) {
    if (!(FILTER_KEYS as readonly string[]).includes(key)) {
      fail(context.source, child(pointer, key), `unknown key \`${key}\`${hint(key, FILTER_KEYS)}`, 'key')
    }
    if (typeof value === 'string' && value.includes('${')) {
      fail(context.source, child(pointer, key), 'a filter compares with fixed values; put the expression into `catch.when`')
    }
  }
  const { type } = filter
  return typeof type === 'string' ? { ...filter, type: canonicalErrorType(type) } : filter
}
