/** Builtins on strings, and between strings and other values. */
import type { Node } from './ast.js'
import type { Code } from './code.js'
import { notNative, single, withOne } from './code.js'
import type { Builtin } from './builtins.js'
import type { Environment } from './environment.js'
import { checkLength, fail, fallBack } from './environment.js'
import { utf8Length } from './formats.js'
import { add, split } from './operators.js'
import { getKey } from './paths.js'
import { countCodePoints, elements, isArray, jsonText, kindOf, numberText, textOf } from './values.js'

export const TEXT_BUILTINS: Record<string, Builtin> = {
  'tostring/0': () => single(textOf),
  'tojson/0': () => single(jsonText),
  'fromjson/0': () => single(fromJson),
  'tonumber/0': () => single(toNumber),
  'utf8bytelength/0': onText(utf8Length),
  'ascii_downcase/0': onText(text => text.replace(/[A-Z]+/g, upper => upper.toLowerCase())),
  'ascii_upcase/0': onText(text => text.replace(/[a-z]+/g, lower => lower.toUpperCase())),
  'trim/0': onText(text => trim(text, true, true)),
  'ltrim/0': onText(text => trim(text, true, false)),
  'rtrim/0': onText(text => trim(text, false, true)),
  'explode/0': () => single((env, value) => {
    if (typeof value !== 'string') return fail(`${kindOf(value)} cannot be exploded`)
    env.spend(value.length)
    return Array.from(value, char => char.codePointAt(0))
  }),
  'implode/0': () => single(implode),
  'startswith/1': onTwoTexts('startswith', (text, part) => text.startsWith(part)),
  'endswith/1': onTwoTexts('endswith', (text, part) => text.endsWith(part)),
  'ltrimstr/1': onTwoTexts('startswith', trimStart),
  'rtrimstr/1': onTwoTexts('endswith', trimEnd),
  'trimstr/1': onTwoTexts('startswith', (text, part) => trimEnd(trimStart(text, part), part)),
  'split/1': ([separator], compiler) => withOne(compiler.code(separator!), (env, text, separator) => {
    return typeof text === 'string' && typeof separator === 'string' ? split(env, text, separator) : fail('split input and separator must be strings')
  }),
  'join/1': ([separator], compiler) => withOne(compiler.code(separator!), join),
  'test/1': ([pattern]) => plainTest(pattern!),
  'indices/1': ([part], compiler) => withOne(compiler.code(part!), indices),
  'index/1': ([part], compiler) => withOne(compiler.code(part!), (env, value, part) => firstOf(env, indices(env, value, part))),
  'rindex/1': ([part], compiler) => withOne(compiler.code(part!), (env, value, part) => {
    const found = indices(env, value, part)
    if (typeof found === 'string') return fail('Cannot index string with number')
    return found === null ? null : isArray(found) ? found.at(-1) ?? null : fail(`Cannot index ${kindOf(found)} with object`)
  })
}

function onText (make: (text: string) => unknown): Builtin {
  return () => single((env, value) => {
    if (typeof value !== 'string') return fail(`${kindOf(value)} is not a string`)
    env.spend(value.length >> 6)
    return make(value)
  })
}

function onTwoTexts (name: string, make: (text: string, part: string) => unknown): Builtin {
  return ([part], compiler) => withOne(compiler.code(part!), (_env, text, part) => {
    return typeof text === 'string' && typeof part === 'string' ? make(text, part) : fail(`${name}() requires string inputs`)
  })
}

function trimStart (text: string, part: string): string { return text.startsWith(part) ? text.slice(part.length) : text }
function trimEnd (text: string, part: string): string { return text.endsWith(part) ? text.slice(0, text.length - part.length) : text }

/** The code points jq takes for white space; JavaScript's own set differs. */
const SPACE = '[\\t-\\r \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const LEADING = new RegExp(`^${SPACE}+`)
const TRAILING = new RegExp(`${SPACE}$`)

function trim (text: string, left: boolean, right: boolean): string {
  const rest = left ? text.replace(LEADING, '') : text
  let end = rest.length
  // Not `+$`, which is quadratic on inner runs of blanks.
  while (right && end > 0 && TRAILING.test(rest[end - 1]!)) end--
  return rest.slice(0, end)
}

function implode (env: Environment, value: unknown): string {
  if (!isArray(value)) return fail('implode input must be an array')
  env.spend(value.length)
  let text = ''
  for (const point of value) {
    if (typeof point !== 'number') return fail('unicode codepoint needs to be numeric')
    if (Math.abs(point) >= 2 ** 31) return fallBack()
    const whole = Math.trunc(point)
    const valid = whole >= 0 && whole <= 0x10ffff && (whole < 0xd800 || whole > 0xdfff)
    text += String.fromCodePoint(valid ? whole : 0xfffd)
  }
  return text
}

/** What surely is a number, and what surely is none; jq's further spellings (`nan`, ` 1`, `1.`) are for jq. */
function toNumber (env: Environment, value: unknown): unknown {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') return fail(`${kindOf(value)} cannot be parsed as a number`)
  if (!/^-?[0-9]{1,16}(?:\.[0-9]+)?$/.test(value) || value.length > 17) {
    return /^[a-hj-mo-rt-z][a-z]*$/i.test(value) ? fail('string cannot be parsed as a number') : fallBack()
  }
  const number = Number(value)
  if (Math.abs(number) > Number.MAX_SAFE_INTEGER) return fallBack()
  if (String(number) !== value) env.oddNumbers = true
  return number
}

function fromJson (env: Environment, value: unknown): unknown {
  if (typeof value !== 'string') return fail(`${kindOf(value)} only strings can be parsed`)
  env.spend(value.length >> 4)
  // Keys that look like integers, far digits, other spellings of numbers, halves of surrogate pairs: only jq keeps them.
  if (/"\d+"\s*:|[\d.]{17}|\\u[dD]/.test(value)) return fallBack()
  if (/[0-9][eE]|\.[0-9]*0(?![0-9])|-0/.test(value)) env.oddNumbers = true
  try {
    return JSON.parse(value, (_key, item: unknown) => typeof item === 'number' && !(Math.abs(item) <= Number.MAX_SAFE_INTEGER) ? fallBack() : item)
  } catch {
    return fallBack()
  }
}

function join (env: Environment, value: unknown, separator: unknown): string {
  let text: unknown = null
  for (const item of elements(env, value)) {
    env.spend(1)
    const before = text === null ? '' : add(env, text, separator)
    const part = typeof item === 'number' ? numberText(env, item) : typeof item === 'boolean' ? String(item) : item ?? ''
    text = add(env, before, part)
  }
  return (text ?? '') as string
}

/** Only a pattern that is plain text means the same everywhere. */
function plainTest (pattern: Node): Code {
  if (pattern.kind !== 'literal' || typeof pattern.value !== 'string' || !/^[A-Za-z0-9 _@/:,=-]*$/.test(pattern.value)) return notNative('test')
  const text = pattern.value
  return single((_env, value) => typeof value === 'string' ? value.includes(text) : fail(`${kindOf(value)} cannot be matched, as it is not a string`))
}

function indices (env: Environment, value: unknown, part: unknown): unknown {
  if (isArray(value)) return getKey(env, value, isArray(part) ? part : [part])
  if (typeof value !== 'string' || typeof part !== 'string') return getKey(env, value, part)
  checkLength(value.length)
  const found: number[] = []
  let points = 0
  let from = 0
  for (let at = part === '' ? -1 : value.indexOf(part); at !== -1; at = value.indexOf(part, at + 1)) {
    points += countCodePoints(value.slice(from, at))
    from = at
    env.spend(1)
    found.push(points)
  }
  return found
}

function firstOf (env: Environment, value: unknown): unknown { return getKey(env, value, 0) }
