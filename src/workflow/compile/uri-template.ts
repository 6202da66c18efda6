/**
 * `https://example.com/orders/{id}`: each `{name}` becomes an expression over the task's input, so that nothing at run time
 * knows of URI templates. A value is percent-encoded whole; one that is missing or null leaves nothing.
 */
import type { Expr, Template } from '../plan.js'
import { fail } from '../source.js'
import type { Context } from './context.js'

const BRACES = /\{([^{}]*)\}|[{}]/g
const NAME = /^[A-Za-z0-9_.%-]{1,128}$/

/** Text parts of a template with their variables as expressions; expressions the author wrote stay as they are. */
export function withUriVariables (context: Context, template: Template, pointer: string): Template {
  if (template.kind !== 'literal' && template.kind !== 'text') return template
  const given = template.kind === 'text' ? template.parts : [template.value as string]
  const parts = given.flatMap(part => typeof part === 'string' ? split(context, part, pointer) : [part])
  return parts.every(part => typeof part === 'string') ? { kind: 'literal', value: parts.join('') } : { kind: 'text', parts }
}

function split (context: Context, text: string, pointer: string): (string | Expr)[] {
  const parts: (string | Expr)[] = []
  let at = 0
  for (const { 0: whole, 1: name, index } of text.matchAll(BRACES)) {
    if (name === undefined) {
      fail(context.source, pointer, `\`${whole}\` has no counterpart; a variable of the address is written \`{name}\``)
    }
    if (!NAME.test(name)) {
      const instead = 'a variable of the address is written `{name}`, anything else as `${ … }`'
      fail(context.source, pointer, `\`${whole.slice(0, 64)}\` is not supported; ${instead}`)
    }
    if (index > at) parts.push(text.slice(at, index))
    parts.push({ jq: variable(name) })
    at = index + whole.length
  }
  if (at < text.length) parts.push(text.slice(at))
  return parts
}

function variable (name: string): string {
  const value = `.[${JSON.stringify(name)}]`
  return `${value} | if . == null then "" else tostring | @uri end`
}
