/** Builtins on arrays and objects as a whole: sorting, grouping, entries, paths. */
import type { Node } from './ast.js'
import { modifying } from './assignment.js'
import type { Builtin } from './builtins.js'
import { keysUnsorted } from './builtins.js'
import type { Code } from './code.js'
import { collect, notNative, single, withOne, withTwo } from './code.js'
import { eachChild } from './compile-paths.js'
import type { Compiler } from './compile.js'
import type { Environment } from './environment.js'
import { fail, fallBack } from './environment.js'
import { add, lengthOf } from './operators.js'
import { deletePaths, getField, getKey, getPath, setPath } from './paths.js'
import { compare, elements, equals, isArray, isObject, isTruthy, kindOf, setKey } from './values.js'
import type { JsonObject } from './values.js'

export const ARRAY_BUILTINS: Record<string, Builtin> = {
  'sort/0': () => single((env, value) => sorted(env, value, items(value)).map(([item]) => item)),
  'sort_by/1': by((env, value, keys) => sorted(env, value, keys).map(([item]) => item)),
  'group_by/1': by((env, value, keys) => groups(env, value, keys)),
  'unique/0': () => single((env, value) => groups(env, value, items(value)).map(group => group[0])),
  'unique_by/1': by((env, value, keys) => groups(env, value, keys).map(group => group[0])),
  'min/0': () => single((env, value) => extreme(env, value, items(value), true)),
  'max/0': () => single((env, value) => extreme(env, value, items(value), false)),
  'min_by/1': by((env, value, keys) => extreme(env, value, keys, true)),
  'max_by/1': by((env, value, keys) => extreme(env, value, keys, false)),
  'map/1': ([body], compiler) => {
    const code = compiler.code({ kind: 'pipe', left: { kind: 'iterate', on: { kind: 'identity' }, optional: false }, right: body! })
    return single((env, value) => collect(code, env, value))
  },
  'map_values/1': ([body], compiler) => modifying(eachChild, compiler.code(body!).many),
  'reverse/0': () => single((_env, value) => {
    const length = lengthOf(value)
    if (isArray(value)) return value.slice().reverse()
    return length === 0 ? [] : typeof value === 'string' ? fail('Cannot index string with number') : fallBack()
  }),
  'flatten/0': () => single((env, value) => flatten(env, value, -1)),
  'flatten/1': ([depth], compiler) => withOne(compiler.code(depth!), (env, value, depth) => {
    if (typeof depth !== 'number') return fallBack()
    return depth < 0 ? fail('flatten depth must not be negative') : flatten(env, value, depth)
  }),
  'add/0': () => single((env, value) => sum(env, elements(env, value))),
  'add/1': ([values], compiler) => {
    const code = compiler.code(values!)
    return single((env, input) => sum(env, collect(code, env, input)))
  },
  'first/0': () => single((env, value) => getKey(env, value, 0)),
  'last/0': () => single((env, value) => getKey(env, value, -1)),
  'nth/1': ([index], compiler) => withOne(compiler.code(index!), (env, value, index) => getKey(env, value, index)),
  'to_entries/0': () => single(toEntries),
  'from_entries/0': () => single(fromEntries),
  'with_entries/1': ([body], compiler) => {
    const map = compiler.code({ kind: 'call', name: 'map', args: [body!] }).one!
    return single((env, value) => fromEntries(env, map(env, toEntries(env, value))))
  },
  'path/1': ([paths], compiler) => {
    const compiled = compiler.paths(paths!)
    return { many: (env, input, emit) => compiled(env, [], input, path => emit(path)) }
  },
  'paths/0': (_args, compiler) => {
    const compiled = compiler.paths({ kind: 'recurseAll' })
    return { many: (env, input, emit) => compiled(env, [], input, path => path.length === 0 || emit(path)) }
  },
  'paths/1': ([test], compiler) => {
    const compiled = compiler.paths({ kind: 'pipe', left: { kind: 'recurseAll' }, right: { kind: 'call', name: 'select', args: [test!] } })
    return { many: (env, input, emit) => compiled(env, [], input, path => path.length === 0 || emit(path)) }
  },
  'pick/1': ([paths], compiler) => {
    const compiled = compiler.paths(paths!)
    return single((env, input) => {
      let picked: unknown = null
      compiled(env, [], input, path => {
        picked = setPath(env, picked, path, getPath(env, input, path), new WeakSet())
        return true
      })
      return picked
    })
  },
  'getpath/1': ([path], compiler) => withOne(compiler.code(path!), getPath),
  'setpath/2': ([path, value], compiler) => {
    const [where, what] = [compiler.code(path!), compiler.code(value!)]
    if (where.one === undefined || what.one === undefined) return notNative('setpath of several')
    return withTwo(where, what, (env, input, path, value) => {
      return isArray(path) ? setPath(env, input, path, value, new WeakSet()) : fail('Path must be specified as an array')
    })
  },
  'del/1': ([paths], compiler) => {
    const compiled = compiler.paths(paths!)
    return single((env, input) => {
      const doomed: unknown[] = []
      compiled(env, [], input, path => doomed.push(path) > 0)
      return deletePaths(env, input, doomed)
    })
  },
  'delpaths/1': ([paths], compiler) => withOne(compiler.code(paths!), deletePaths)
}

function items (value: unknown): unknown[] {
  return isArray(value) ? value : fail(`${kindOf(value)} cannot be sorted, as it is not an array`)
}

/** The key of an item is the array of all outputs of the argument. */
function by (make: (env: Environment, value: unknown, keys: unknown[]) => unknown): Builtin {
  return ([body], compiler: Compiler): Code => {
    const code = compiler.code(body as Node)
    const one = code.one
    return single((env, value) => make(env, value, items(value).map(item => {
      env.spend(1)
      return one === undefined ? collect(code, env, item) : one(env, item)
    })))
  }
}

function sorted (env: Environment, value: unknown, keys: unknown[]): [item: unknown, key: unknown][] {
  const pairs = items(value).map((item, i): [unknown, unknown] => [item, keys[i]])
  return pairs.sort((a, b) => {
    env.spend(1)
    return compare(env, a[1], b[1])
  })
}

function groups (env: Environment, value: unknown, keys: unknown[]): unknown[][] {
  const groups: unknown[][] = []
  let last: unknown
  for (const [item, key] of sorted(env, value, keys)) {
    if (groups.length > 0 && equals(env, last, key)) groups.at(-1)!.push(item)
    else groups.push([item])
    last = key
  }
  return groups
}

/** Of equal ones `min` takes the first and `max` the last. */
function extreme (env: Environment, value: unknown, keys: unknown[], least: boolean): unknown {
  let best = 0
  for (let i = 1; i < keys.length; i++) {
    env.spend(1)
    if (compare(env, keys[i], keys[best]) < 0 === least) best = i
  }
  return items(value)[best] ?? null
}

function flatten (env: Environment, value: unknown, depth: number): unknown[] {
  env.enter()
  const flat: unknown[] = []
  for (const item of elements(env, value)) {
    env.spend(1)
    if (isArray(item) && depth !== 0) for (const inner of flatten(env, item, depth - 1)) flat.push(inner)
    else flat.push(item)
  }
  env.leave()
  return flat
}

/** Sums of many arrays or texts are made in one go: one by one they would copy what they have each time. */
function sum (env: Environment, values: unknown[]): unknown {
  if (values.length > 2 && values.every(isArray)) {
    const flat = values.flat(1)
    env.spend(flat.length + values.length)
    return flat
  }
  let total: unknown = null
  for (const value of values) {
    env.spend(1)
    total = add(env, total, value)
  }
  return total
}

function toEntries (env: Environment, value: unknown): { key: unknown, value: unknown }[] {
  return keysUnsorted(env, value).map(key => {
    env.spend(1)
    return { key, value: getKey(env, value, key) }
  })
}

function fromEntries (env: Environment, value: unknown): JsonObject {
  const made: JsonObject = {}
  for (const entry of elements(env, value)) {
    env.spend(1)
    const names = ['key', 'Key', 'name', 'Name'].map(name => getField(entry, name))
    const key = names.find(isTruthy) ?? names[3]
    if (typeof key !== 'string' || !isObject(entry)) return fail('Object keys must be strings')
    setKey(env, made, key, getField(entry, Object.hasOwn(entry, 'value') ? 'value' : 'Value'))
  }
  return made
}
