/** `catch.retry`: a policy in place, or by the name it has under `use.retries`. */
import { MAX_RETRY_ATTEMPTS } from '../../limits.js'
import { hint } from '../nearest.js'
import type { RetryPolicy } from '../plan.js'
import { isPlainObject, kindOf, show } from '../schema/messages.js'
import { child, fail } from '../source.js'
import { used, usedNames } from './context.js'
import type { Context, Fields } from './context.js'
import { duration, durationMs } from './data-flow.js'
import { expression } from './template.js'

const DEFAULT_FACTOR = 2
const MAX_FACTOR = 100

export function retry (context: Context, value: unknown, pointer: string): RetryPolicy {
  if (typeof value !== 'string') return policy(context, value as Fields, pointer)
  const found = used(context, 'retries', value)
  if (found === undefined) {
    fail(
      context.source, pointer, `no retry policy \`${value}\` under \`use.retries\`${hint(value, usedNames(context, 'retries'))}`
    )
  }
  return policy(context, found as Fields, child('/use/retries', value))
}

function policy (context: Context, fields: Fields, pointer: string): RetryPolicy {
  const { when, exceptWhen, delay, backoff: growth, jitter: spread, limit: end } = fields
  return {
    ...(when !== undefined && { when: expression(context, when as string, child(pointer, 'when')) }),
    ...(exceptWhen !== undefined && { exceptWhen: expression(context, exceptWhen as string, child(pointer, 'exceptWhen')) }),
    delay: delay === undefined ? { ms: 0 } : duration(context, delay, child(pointer, 'delay')),
    backoff: growth === undefined ? { kind: 'constant' } : backoff(context, growth as Fields, child(pointer, 'backoff')),
    ...(spread !== undefined && { jitter: jitter(context, spread as Fields, child(pointer, 'jitter')) }),
    limit: end === undefined ? {} : limit(context, end as Fields, child(pointer, 'limit'))
  }
}

function backoff (context: Context, fields: Fields, pointer: string): RetryPolicy['backoff'] {
  if (fields['constant'] !== undefined) {
    only(context, fields['constant'], [], `${pointer}/constant`)
    return { kind: 'constant' }
  }
  if (fields['linear'] !== undefined) {
    const { increment } = only(context, fields['linear'], ['increment'], `${pointer}/linear`)
    if (increment === undefined) return { kind: 'linear' }
    return { kind: 'linear', incrementMs: durationMs(context, increment, `${pointer}/linear/increment`) }
  }
  const { factor = DEFAULT_FACTOR } = only(context, fields['exponential'], ['factor'], `${pointer}/exponential`)
  if (typeof factor !== 'number' || factor < 1 || factor > MAX_FACTOR) {
    fail(
      context.source, `${pointer}/exponential/factor`, `\`factor\` must be a number from 1 to ${MAX_FACTOR}, not ${show(factor)}`
    )
  }
  return { kind: 'exponential', factor }
}

function only (context: Context, value: unknown, known: string[], pointer: string): Fields {
  if (!isPlainObject(value)) fail(context.source, pointer, `must be an object, not ${kindOf(value)}`)
  const unknown = Object.keys(value).find(key => !known.includes(key))
  if (unknown !== undefined) {
    fail(context.source, child(pointer, unknown), `unknown key \`${unknown}\`${hint(unknown, known)}`, 'key')
  }
  return value
}

function jitter (context: Context, fields: Fields, pointer: string): { fromMs: number, toMs: number } {
  const fromMs = durationMs(context, fields['from'], child(pointer, 'from'))
  const toMs = durationMs(context, fields['to'], child(pointer, 'to'))
  if (fromMs > toMs) {
    fail(context.source, child(pointer, 'from'), `\`from\` (${fromMs} ms) must not be longer than \`to\` (${toMs} ms)`)
  }
  return { fromMs, toMs }
}

function limit (context: Context, fields: Fields, pointer: string): RetryPolicy['limit'] {
  const { count, duration: each } = (fields['attempt'] ?? {}) as Fields
  if (count !== undefined && ((count as number) < 0 || (count as number) > MAX_RETRY_ATTEMPTS)) {
    fail(context.source, `${pointer}/attempt/count`, `\`count\` must be a whole number from 0 to ${MAX_RETRY_ATTEMPTS}`)
  }
  return {
    ...(count !== undefined && { attempts: count as number }),
    ...(fields['duration'] !== undefined && { durationMs: durationMs(context, fields['duration'], child(pointer, 'duration')) }),
    ...(each !== undefined && { attemptTimeoutMs: durationMs(context, each, `${pointer}/attempt/duration`) })
  }
}
