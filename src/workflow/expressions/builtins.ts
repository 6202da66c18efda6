/** The builtins run natively, by name and number of arguments; what is not here goes to real jq. */
import type { Node } from './ast.js'
import { ARRAY_BUILTINS } from './builtins-arrays.js'
import { GENERATOR_BUILTINS } from './builtins-generators.js'
import { TEXT_BUILTINS } from './builtins-text.js'
import type { Code } from './code.js'
import { single, withOne } from './code.js'
import type { Compiler } from './compile.js'
import type { Environment } from './environment.js'
import { end, fail, fallBack, JqFault } from './environment.js'
import { finite, lengthOf } from './operators.js'
import { contains, isArray, isObject, isTruthy, kindOf, sortedKeys } from './values.js'

export type Builtin = (args: Node[], compiler: Compiler) => Code

const VALUE_BUILTINS: Record<string, Builtin> = {
  'not/0': plain((_env, value) => !isTruthy(value)),
  'type/0': plain((_env, value) => kindOf(value)),
  'length/0': plain((_env, value) => lengthOf(value)),
  'keys/0': plain((env, value) => {
    if (isArray(value)) return Array.from(value.keys())
    if (!isObject(value)) return fail(`${kindOf(value)} has no keys`)
    const keys = sortedKeys(value)
    env.spend(keys.length)
    return keys
  }),
  'keys_unsorted/0': plain(keysUnsorted),
  'has/1': ([key], compiler) => withOne(compiler.code(key!), (_env, input, key) => has(input, key)),
  'in/1': ([container], compiler) => withOne(compiler.code(container!), (_env, input, container) => has(container, input)),
  'contains/1': ([part], compiler) => withOne(compiler.code(part!), containsChecked),
  'inside/1': ([whole], compiler) => withOne(compiler.code(whole!), (env, input, whole) => containsChecked(env, whole, input)),
  'error/0': plain((_env, value) => end(new JqFault(value, true))),
  'error/1': ([message], compiler) => withOne(compiler.code(message!), (_env, _input, value) => end(new JqFault(value, true))),
  'floor/0': numeric(Math.floor),
  'ceil/0': numeric(Math.ceil),
  'round/0': numeric(round),
  'trunc/0': numeric(Math.trunc),
  'fabs/0': numeric(Math.abs),
  'sqrt/0': numeric(Math.sqrt),
  'isnan/0': plain(() => false), // no such number gets in here
  'isinfinite/0': plain(() => false),
  'isfinite/0': plain((_env, value) => typeof value === 'number'),
  'abs/0': plain((_env, value) => {
    if (typeof value === 'number') return value < 0 ? -value : value
    return value === null || typeof value === 'boolean' ? fail(`${kindOf(value)} cannot be negated`) : value
  }),
  'toboolean/0': plain((_env, value) => {
    if (typeof value === 'boolean') return value
    return value === 'true' ? true : value === 'false' ? false : fail(`${kindOf(value)} cannot be parsed as a boolean`)
  })
}

export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(Object.entries(
  { ...VALUE_BUILTINS, ...TEXT_BUILTINS, ...ARRAY_BUILTINS, ...GENERATOR_BUILTINS }))

/** A builtin without arguments that makes one value of its input. */
export function plain (make: (env: Environment, input: unknown) => unknown): Builtin {
  return () => single(make)
}

function numeric (make: (value: number) => number): Builtin {
  return plain((_env, value) => typeof value === 'number' ? finite(make(value)) : fail(`${kindOf(value)} number required`))
}

/** Half away from zero, as C does. */
function round (value: number): number {
  const size = Math.abs(value)
  const whole = Math.floor(size)
  return Math.sign(value) * (size - whole >= 0.5 ? whole + 1 : whole)
}

export function keysUnsorted (env: Environment, value: unknown): (string | number)[] {
  if (isArray(value)) return Array.from(value.keys())
  if (!isObject(value)) return fail(`${kindOf(value)} has no keys`)
  env.needOrder(value)
  return Object.keys(value)
}

function has (container: unknown, key: unknown): boolean {
  if (container === null) return false
  if (isObject(container) && typeof key === 'string') return Object.hasOwn(container, key)
  if (!isArray(container) || typeof key !== 'number') return fail(`Cannot check whether ${kindOf(container)} has a ${kindOf(key)} key`)
  if (Math.abs(key) >= 2 ** 31) return fallBack()
  const index = Math.trunc(key)
  return index >= 0 && index < container.length
}

function containsChecked (env: Environment, whole: unknown, part: unknown): boolean {
  const alike = kindOf(whole) === kindOf(part) && (typeof whole !== 'boolean' || whole === part)
  return alike ? contains(env, whole, part) : fail(`${kindOf(whole)} and ${kindOf(part)} cannot have their containment checked`)
}
