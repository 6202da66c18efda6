/** `input`, `output`, `export` and `timeout`: what every task and the workflow itself can have. */
import { readDuration } from '../duration.js'
import { hint } from '../nearest.js'
import type { DataFlow, Duration } from '../plan.js'
import { checkSchemaDocument } from '../schema/supported.js'
import { child, fail } from '../source.js'
import { used, usedNames } from './context.js'
import type { Context, Fields } from './context.js'
import { expression, filter } from './template.js'

export function dataFlow (context: Context, owner: Fields, pointer: string): DataFlow {
  const input = part(context, owner, pointer, 'input', 'from')
  const output = part(context, owner, pointer, 'output', 'as')
  const exported = part(context, owner, pointer, 'export', 'as')
  return {
    ...(input.schema !== undefined && { inputSchema: input.schema }),
    ...(input.filter !== undefined && { inputFrom: input.filter }),
    ...(output.filter !== undefined && { outputAs: output.filter }),
    ...(output.schema !== undefined && { outputSchema: output.schema }),
    ...(exported.filter !== undefined && { exportAs: exported.filter }),
    ...(exported.schema !== undefined && { exportSchema: exported.schema })
  }
}

function part (context: Context, owner: Fields, pointer: string, name: string, filterName: string) {
  const fields = (owner[name] ?? {}) as Fields
  const schema = (fields['schema'] as Fields | undefined)?.['document']
  const place = `${pointer}/${name}`
  if (schema !== undefined) checkSchemaDocument(context.source, schema, `${place}/schema/document`)
  const value = fields[filterName]
  return { schema, filter: value === undefined ? undefined : filter(context, value, child(place, filterName)) }
}

/** In place, or by the name it has under `use.timeouts`. */
export function timeout (context: Context, owner: Fields, pointer: string): { timeout?: Duration } {
  const value = owner['timeout']
  if (value === undefined) return {}
  const place = child(pointer, 'timeout')
  if (typeof value !== 'string') return { timeout: duration(context, (value as Fields)['after'], child(place, 'after')) }

  const found = used(context, 'timeouts', value)
  if (found === undefined) {
    fail(context.source, place, `no timeout \`${value}\` under \`use.timeouts\`${hint(value, usedNames(context, 'timeouts'))}`)
  }
  return { timeout: duration(context, (found as Fields)['after'], `${child('/use/timeouts', value)}/after`) }
}

export function duration (context: Context, value: unknown, pointer: string): Duration {
  if (typeof value === 'string' && value.includes('${')) return expression(context, value, pointer)
  return { ms: durationMs(context, value, pointer) }
}

/** Where the plan needs a number: an expression is refused. */
export function durationMs (context: Context, value: unknown, pointer: string): number {
  if (typeof value === 'string' && value.includes('${')) {
    fail(context.source, pointer, 'an expression is not supported here; write the duration itself, such as PT30S')
  }
  const read = readDuration(value)
  if (!read.ok) fail(context.source, read.key === undefined ? pointer : child(pointer, read.key), read.message)
  return read.ms
}
