/** Values of the document that may hold expressions: `${ … }` in texts, or bare text where the specification allows it. */
import { checkExpression, compileExpression } from '../expressions/index.js'
import { hint } from '../nearest.js'
import type { Expr, Template } from '../plan.js'
import { child, fail } from '../source.js'
import { warn } from './context.js'
import type { Context, Fields } from './context.js'

/** An expression where only an expression makes sense (`if`, `when`, `in`, `while`…): bare, or as one `${ … }`. */
export function expression (context: Context, text: string, pointer: string): Expr {
  const whole = wholeExpression(text)
  return checked(context, whole ?? text, pointer)
}

/** `from`, `as`: a text is an expression, bare or in `${ }`, or text with `${ }` inside; an object is a template. */
export function filter (context: Context, value: unknown, pointer: string): Template {
  if (typeof value !== 'string' || wholeExpression(value) !== undefined) return template(context, value, pointer)
  if (checkExpression(value).ok || !value.includes('${')) return { kind: 'expr', ...checked(context, value, pointer) }
  return template(context, value, pointer)
}

/** Any value: texts with `${ … }` are expressions, everything else stands for itself. */
export function template (context: Context, value: unknown, pointer: string): Template {
  if (typeof value === 'string') return textTemplate(context, value, pointer)
  if (Array.isArray(value)) {
    const items = value.map((item, at) => template(context, item, child(pointer, at)))
    return items.every(item => item.kind === 'literal') ? { kind: 'literal', value } : { kind: 'array', items }
  }
  if (typeof value !== 'object' || value === null) return { kind: 'literal', value }
  const entries = Object.entries(value as Fields)
    .map(([key, item]): [string, Template] => [key, template(context, item, child(pointer, key))])
  return entries.every(([, item]) => item.kind === 'literal') ? { kind: 'literal', value } : { kind: 'object', entries }
}

function textTemplate (context: Context, text: string, pointer: string): Template {
  if (!text.includes('${')) return { kind: 'literal', value: text }
  const whole = wholeExpression(text)
  if (whole !== undefined) return { kind: 'expr', ...checked(context, whole, pointer) }

  const parts: (string | Expr)[] = []
  let at = 0
  for (let begin = text.indexOf('${'); begin >= 0; begin = text.indexOf('${', at)) {
    const end = closingBrace(text, begin + 2)
    if (end < 0) fail(context.source, pointer, 'an expression begins with `${` and is never closed with `}`')
    if (begin > at) parts.push(text.slice(at, begin))
    parts.push(checked(context, text.slice(begin + 2, end), pointer))
    at = end + 1
  }
  if (at < text.length) parts.push(text.slice(at))
  return { kind: 'text', parts }
}

function checked (context: Context, text: string, pointer: string): Expr {
  const jq = text.trim()
  if (jq === '') fail(context.source, pointer, 'the expression is empty')
  const check = checkExpression(jq)
  if (!check.ok) {
    fail(
      context.source,
      pointer,
      `the expression is not valid jq: ${check.message} (at character ${check.offset + 1} of \`${short(jq)}\`)`
    )
  }
  for (const name of compileExpression(jq).variables) {
    if (!context.variables.includes(name)) {
      warn(context, pointer, `variable \`$${name}\` is not known here${hint(name, context.variables)}`)
    }
  }
  return { jq }
}

/** The inside of a text that is one `${ … }` and nothing else. */
function wholeExpression (text: string): string | undefined {
  const trimmed = text.trim()
  if (!trimmed.startsWith('${')) return undefined
  return closingBrace(trimmed, 2) === trimmed.length - 1 ? trimmed.slice(2, -1) : undefined
}

/** Where the brace that was opened just before `from` closes; braces in jq's strings do not count. -1: nowhere. */
function closingBrace (text: string, from: number): number {
  // What is open: `{` a brace, `(` an interpolation inside a string, `"` a string.
  const open: string[] = ['{']
  for (let at = from; at < text.length; at++) {
    const char = text[at]!
    const inString = open[open.length - 1] === '"'
    if (inString) {
      if (char === '"') open.pop()
      if (char === '\\') {
        at++
        if (text[at] === '(') open.push('(')
      }
    } else if (char === '"' || char === '{' || char === '(') {
      open.push(char)
    } else if (char === ')' && open[open.length - 1] === '(') {
      open.pop()
    } else if (char === '}' && open[open.length - 1] === '{') {
      open.pop()
      if (open.length === 0) return at
    }
  }
  return -1
}

function short (text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text
}
