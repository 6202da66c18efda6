/** jq's values as JavaScript has them, with jq's order, equality, containment and text. None of this changes a value. */
import type { Environment } from './environment.js'
import { checkLength, fail, fallBack } from './environment.js'

export type JsonObject = Record<string, unknown>
export type Path = readonly unknown[]

export function isObject (value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isArray (value: unknown): value is unknown[] { return Array.isArray(value) }

export function isTruthy (value: unknown): boolean { return value !== null && value !== false }

export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object'

export function kindOf (value: unknown): Kind {
  if (value === null) return 'null'
  switch (typeof value) {
    case 'boolean': return 'boolean'
    case 'number': return 'number'
    case 'string': return 'string'
    case 'object': return Array.isArray(value) ? 'array' : 'object'
    default: return fallBack()
  }
}

/** jq sorts null < false < true < numbers < strings < arrays < objects. */
function rank (value: unknown): number {
  if (value === null) return 0
  switch (typeof value) {
    case 'boolean': return value ? 2 : 1
    case 'number': return 3
    case 'string': return 4
    case 'object': return Array.isArray(value) ? 5 : 6
    default: return fallBack()
  }
}

export function compare (env: Environment, a: unknown, b: unknown): number {
  if (a === b) return 0
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  const difference = rank(a) - rank(b)
  if (difference !== 0) return difference
  env.spend(1)
  if (isArray(a) && isArray(b)) {
    const shared = Math.min(a.length, b.length)
    for (let i = 0; i < shared; i++) {
      const order = compare(env, a[i], b[i])
      if (order !== 0) return order
    }
    return a.length - b.length
  }
  return compareObjects(env, a as JsonObject, b as JsonObject)
}

function compareObjects (env: Environment, a: JsonObject, b: JsonObject): number {
  const keys = sortedKeys(a)
  const order = compare(env, keys, sortedKeys(b))
  if (order !== 0) return order
  for (const key of keys) {
    const order = compare(env, a[key], b[key])
    if (order !== 0) return order
  }
  return 0
}

/** By code points, as UTF-8 bytes sort; JavaScript's `<` sorts surrogates before U+E000 to U+FFFF. */
export function compareText (a: string, b: string): number {
  if (a === b) return 0
  const shared = Math.min(a.length, b.length)
  for (let i = 0; i < shared; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x === y) continue
    return x >= 0xd800 && y >= 0xd800 ? surrogatesLast(x) - surrogatesLast(y) : x - y
  }
  return a.length - b.length
}

function surrogatesLast (unit: number): number { return unit < 0xe000 ? unit + 0x2000 : unit - 0x800 }

export function equals (env: Environment, a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  env.spend(1)
  if (isArray(a)) return isArray(b) && a.length === b.length && a.every((item, i) => equals(env, item, b[i]))
  if (isArray(b)) return false
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length &&
    keys.every(key => Object.hasOwn(b, key) && equals(env, (a as JsonObject)[key], (b as JsonObject)[key]))
}

export function contains (env: Environment, a: unknown, b: unknown): boolean {
  env.spend(1)
  if (typeof a === 'string' && typeof b === 'string') return a.includes(b)
  if (isArray(a) && isArray(b)) return b.every(inner => a.some(outer => contains(env, outer, inner)))
  if (isObject(a) && isObject(b)) {
    return Object.keys(b).every(key => Object.hasOwn(a, key) && contains(env, a[key], b[key]))
  }
  return equals(env, a, b)
}

export function sortedKeys (object: JsonObject): string[] {
  return Object.keys(object).sort(compareText)
}

/** Safe for every key, `__proto__` too. */
export function setKey (env: Environment, object: JsonObject, key: string, value: unknown): void {
  const first = key.charCodeAt(0)
  if (first <= 57 && first >= 48 && !Object.hasOwn(object, key)) noteOrder(env, object, key)
  if (key === '__proto__') Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true })
  else object[key] = value
}

function noteOrder (env: Environment, object: JsonObject, key: string): void {
  if (!/^(?:0|[1-9]\d{0,9})$/.test(key)) return
  const last = Object.keys(object).at(-1)
  if (last !== undefined && !(/^(?:0|[1-9]\d{0,9})$/.test(last) && Number(last) < Number(key))) env.noteDisorder(object)
}

export function copyObject (env: Environment, object: JsonObject): JsonObject {
  const copy = { ...object }
  if (env.disordered?.has(object) === true) env.noteDisorder(copy)
  return copy
}

/** All values of an array or object, in jq's order. */
export function elements (env: Environment, value: unknown): unknown[] {
  if (isArray(value)) return value
  if (!isObject(value)) return fail(`Cannot iterate over ${kindOf(value)}`)
  env.needOrder(value)
  return Object.values(value)
}

/** As jq prints it, provided that jq prints a computed number and one read from text alike. */
export function numberText (env: Environment, value: number): string {
  const size = Math.abs(value)
  const plain = (size >= 1e-4 && size < 1e16) || (size === 0 && !Object.is(value, -0))
  return plain && !env.oddNumbers ? String(value) : fallBack()
}

export function stringText (value: string): string {
  return JSON.stringify(value).replaceAll('\x7f', '\\u007f')
}

/** `tojson`. */
export function jsonText (env: Environment, value: unknown): string {
  env.spend(1)
  if (typeof value === 'string') return stringText(value)
  if (typeof value === 'number') return numberText(env, value)
  if (value === null || typeof value === 'boolean') return String(value)
  env.enter()
  let text: string
  if (isArray(value)) {
    text = `[${value.map(item => jsonText(env, item)).join(',')}]`
  } else if (isObject(value)) {
    env.needOrder(value)
    text = `{${Object.keys(value).map(key => `${stringText(key)}:${jsonText(env, value[key])}`).join(',')}}`
  } else {
    return fallBack()
  }
  env.leave()
  checkLength(text.length)
  return text
}

/** `tostring`: a string as it is, anything else as JSON. */
export function textOf (env: Environment, value: unknown): string {
  return typeof value === 'string' ? value : jsonText(env, value)
}

/** `length` of a string: code points. */
export function countCodePoints (text: string): number {
  let count = text.length
  for (let i = 0; i < text.length - 1; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0xd800 && unit < 0xdc00 && (text.charCodeAt(i + 1) & 0xfc00) === 0xdc00) { count--; i++ }
  }
  return count
}

export function sliceCodePoints (text: string, from: number, to: number): string {
  const points = countCodePoints(text)
  return points === text.length ? text.slice(from, to) : Array.from(text).slice(from, to).join('')
}
