/** jq's arithmetic and comparisons on every pair of kinds. */
import type { BinaryOp } from './ast.js'
import type { Environment } from './environment.js'
import { checkLength, fail, fallBack } from './environment.js'
import { compare, copyObject, countCodePoints, equals, isArray, isObject, kindOf, setKey } from './values.js'
import type { JsonObject } from './values.js'

type Operator = (env: Environment, a: unknown, b: unknown) => unknown

export const OPERATORS: Record<BinaryOp, Operator> = {
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': modulo,
  '==': equals,
  '!=': (env, a, b) => !equals(env, a, b),
  '<': (env, a, b) => compare(env, a, b) < 0,
  '<=': (env, a, b) => compare(env, a, b) <= 0,
  '>': (env, a, b) => compare(env, a, b) > 0,
  '>=': (env, a, b) => compare(env, a, b) >= 0
}

/** jq has infinities, but prints them as the largest number. */
export function finite (value: number): number { return Number.isFinite(value) ? value : fallBack() }

export function add (env: Environment, a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return finite(a + b)
  if (typeof a === 'string' && typeof b === 'string') {
    checkLength(a.length + b.length)
    return a + b
  }
  if (a === null) return b
  if (b === null) return a
  if (isArray(a) && isArray(b)) {
    env.spend((a.length + b.length) >> 3)
    return a.concat(b)
  }
  if (isObject(a) && isObject(b)) return merge(env, a, b)
  return fail(`${kindOf(a)} and ${kindOf(b)} cannot be added`)
}

function merge (env: Environment, a: JsonObject, b: JsonObject): JsonObject {
  env.needOrder(b)
  const merged = copyObject(env, a)
  const keys = Object.keys(b)
  for (const key of keys) setKey(env, merged, key, b[key])
  env.spend(Object.keys(merged).length)
  return merged
}

function subtract (env: Environment, a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return finite(a - b)
  if (!isArray(a) || !isArray(b)) return fail(`${kindOf(a)} and ${kindOf(b)} cannot be subtracted`)
  return a.filter(item => {
    env.spend(1 + b.length)
    return !b.some(other => equals(env, item, other))
  })
}

function multiply (env: Environment, a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return finite(a * b)
  if (typeof a === 'string' && typeof b === 'number') return repeat(a, b)
  if (typeof a === 'number' && typeof b === 'string') return repeat(b, a)
  if (isObject(a) && isObject(b)) return mergeDeep(env, a, b)
  return fail(`${kindOf(a)} and ${kindOf(b)} cannot be multiplied`)
}

function repeat (text: string, times: number): string | null {
  if (times < 0) return null
  const whole = Math.trunc(times)
  checkLength(text.length * whole)
  return text.repeat(text === '' ? 0 : whole)
}

function mergeDeep (env: Environment, a: JsonObject, b: JsonObject): JsonObject {
  env.enter()
  env.needOrder(b)
  const merged = copyObject(env, a)
  for (const key of Object.keys(b)) {
    const [old, value] = [Object.hasOwn(merged, key) ? merged[key] : undefined, b[key]]
    setKey(env, merged, key, isObject(old) && isObject(value) ? mergeDeep(env, old, value) : value)
  }
  env.spend(Object.keys(merged).length)
  env.leave()
  return merged
}

function divide (env: Environment, a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') {
    return b === 0 ? fail('number cannot be divided because the divisor is zero') : finite(a / b)
  }
  if (typeof a === 'string' && typeof b === 'string') return split(env, a, b)
  return fail(`${kindOf(a)} and ${kindOf(b)} cannot be divided`)
}

export function split (env: Environment, text: string, separator: string): string[] {
  if (text === '') return []
  const parts = separator === '' ? Array.from(text) : text.split(separator)
  env.spend(parts.length)
  return parts
}

function modulo (_env: Environment, a: unknown, b: unknown): unknown {
  if (typeof a !== 'number' || typeof b !== 'number') return fail(`${kindOf(a)} and ${kindOf(b)} cannot be divided (remainder)`)
  if (Math.abs(a) > Number.MAX_SAFE_INTEGER || Math.abs(b) > Number.MAX_SAFE_INTEGER) return fallBack()
  const divisor = Math.trunc(b)
  if (divisor === 0) return fail('number cannot be divided (remainder) because the divisor is zero')
  return Math.trunc(a) % divisor + 0 // + 0: integers have no -0
}

/** `length`. */
export function lengthOf (value: unknown): number {
  if (value === null) return 0
  if (typeof value === 'string') return countCodePoints(value)
  if (typeof value === 'number') return Math.abs(value)
  if (isArray(value)) return value.length
  return isObject(value) ? Object.keys(value).length : fail('boolean has no length')
}
