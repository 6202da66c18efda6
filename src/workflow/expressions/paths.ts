/** Reading, writing and deleting at a path, as jq's jv_get, jv_set and jv_delpaths do, on values that are never changed. */
import type { Environment } from './environment.js'
import { fail, fallBack } from './environment.js'
import { compare, copyObject, countCodePoints, equals, isArray, isObject, kindOf, setKey, sliceCodePoints } from './values.js'
import type { JsonObject, Path } from './values.js'

const MAX_INT = 2 ** 31 - 1

export function getField (value: unknown, key: string): unknown {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return Object.hasOwn(value, key) ? (value as JsonObject)[key] : null
  }
  return value === null ? null : fail(`Cannot index ${kindOf(value)} with "${key}"`)
}

/** `.[key]` for every kind of key jq takes. */
export function getKey (env: Environment, value: unknown, key: unknown): unknown {
  if (typeof key === 'string') return getField(value, key)
  if (isArray(value)) {
    if (typeof key === 'number') return getIndex(value, key)
    if (isObject(key)) return getSlice(env, value, startOf(key), endOf(key))
    if (isArray(key)) return occurrences(env, value, key)
  }
  if (typeof value === 'string' && isObject(key)) return getSlice(env, value, startOf(key), endOf(key))
  if (value === null && (typeof key === 'number' || isObject(key))) return null
  return fail(`Cannot index ${kindOf(value)} with ${kindOf(key)}`)
}

export function getIndex (array: unknown[], key: number): unknown {
  const index = Math.trunc(Math.max(-MAX_INT, Math.min(MAX_INT, key)))
  const value = array[index < 0 ? index + array.length : index]
  return value === undefined ? null : value
}

export function getSlice (env: Environment, value: unknown, from: unknown, to: unknown): unknown {
  if (value === null) return null
  if (isArray(value)) {
    const [start, end] = bounds(value.length, from, to)
    env.spend((end - start) >> 3)
    return value.slice(start, end)
  }
  if (typeof value !== 'string') return fail(`Cannot index ${kindOf(value)} with object`)
  const [start, end] = bounds(countCodePoints(value), from, to)
  return sliceCodePoints(value, start, end)
}

function startOf (range: JsonObject): unknown { return Object.hasOwn(range, 'start') ? range.start : undefined }
function endOf (range: JsonObject): unknown { return Object.hasOwn(range, 'end') ? range.end : undefined }

/** The start is rounded down, the end up; null is the array's own, undefined (no such key) an error. */
function bounds (length: number, from: unknown, to: unknown): [start: number, end: number] {
  const [first, last] = [from === null ? 0 : from, to === null ? length : to]
  if (typeof first !== 'number' || typeof last !== 'number') return fail('Array/string slice indices must be integers')
  let [start, end] = [first, last]
  if (start < 0) start += length
  start = Math.trunc(Math.min(Math.max(start, 0), length))
  if (end < 0) end += length
  if (end < 0) end = start
  end = Math.ceil(Math.min(end, length))
  return [start, Math.max(start, end)]
}

function occurrences (env: Environment, array: unknown[], wanted: unknown[]): number[] {
  if (wanted.length === 0) return []
  env.spend(array.length)
  const found: number[] = []
  for (let i = 0; i + wanted.length <= array.length; i++) {
    if (wanted.every((item, k) => equals(env, array[i + k], item))) found.push(i)
  }
  return found
}

export function getPath (env: Environment, value: unknown, path: unknown): unknown {
  if (!isArray(path)) return fail('Path must be specified as an array')
  return path.reduce((at, key) => getKey(env, at, key), value)
}

/** `owned` holds containers made in this same update, which may be written in place: so n writes do not copy n times. */
export function setPath (env: Environment, root: unknown, path: Path, value: unknown, owned: WeakSet<object>, depth = 0): unknown {
  env.spend(1)
  if (depth === path.length) return value
  if (depth > 1000) return fallBack()
  const key = path[depth]
  const inner = setPath(env, getKey(env, root, key), path, value, owned, depth + 1)
  return setKeyOf(env, root, key, inner, owned)
}

function setKeyOf (env: Environment, target: unknown, key: unknown, value: unknown, owned: WeakSet<object>): unknown {
  if (typeof key === 'string' && (isObject(target) || target === null)) {
    const object = own(env, target ?? {}, owned) as JsonObject
    setKey(env, object, key, value)
    return object
  }
  if (typeof key === 'number' && (isArray(target) || target === null)) {
    return setIndex(env, own(env, target ?? [], owned) as unknown[], key, value)
  }
  if (isObject(key) && (isArray(target) || target === null)) {
    const array = target ?? []
    const [start, end] = bounds(array.length, startOf(key), endOf(key))
    if (!isArray(value)) return fail('A slice of an array can only be assigned another array')
    env.spend((array.length + value.length) >> 3)
    return [...array.slice(0, start), ...value, ...array.slice(end)]
  }
  return fail(`Cannot update field at ${kindOf(key)} index of ${kindOf(target)}`)
}

function setIndex (env: Environment, array: unknown[], key: number, value: unknown): unknown {
  let index = Math.trunc(Math.max(-MAX_INT, Math.min(MAX_INT, key)))
  if (index < 0) index += array.length
  if (index < 0) return fail('Out of bounds negative array index')
  env.spend(Math.max(0, index - array.length))
  while (array.length < index) array.push(null)
  array[index] = value
  return array
}

function own (env: Environment, container: object, owned: WeakSet<object>): object {
  if (owned.has(container)) return container
  let copy: object
  if (isArray(container)) {
    env.spend(container.length >> 3)
    copy = container.slice()
  } else {
    copy = copyObject(env, container as JsonObject)
    env.spend(Object.keys(copy).length)
  }
  owned.add(copy)
  return copy
}

export function deletePaths (env: Environment, value: unknown, paths: unknown): unknown {
  if (!isArray(paths)) return fail('Paths must be specified as an array')
  const sorted = paths.slice().sort((a, b) => compare(env, a, b))
  for (const path of sorted) if (!isArray(path)) return fail('Path must be specified as array')
  const arrays = sorted as unknown[][]
  if (arrays.length === 0) return value
  return arrays[0]!.length === 0 ? null : deleteSorted(env, value, arrays, 0)
}

/** Paths that begin alike stand together; a shorter one before those it makes needless. */
function deleteSorted (env: Environment, value: unknown, paths: unknown[][], depth: number): unknown {
  const keys: unknown[] = []
  for (let i = 0, next: number; i < paths.length; i = next) {
    const path = paths[i]!
    const key = path[depth]
    for (next = i + 1; next < paths.length && equals(env, key, paths[next]![depth]);) next++
    if (path.length === depth + 1) {
      keys.push(key)
      continue
    }
    const inner = getKey(env, value, key)
    if (inner === null) continue
    value = setKeyOf(env, value, key, deleteSorted(env, inner, paths.slice(i, next), depth + 1), new WeakSet())
  }
  return deleteKeys(env, value, keys)
}

function deleteKeys (env: Environment, value: unknown, keys: unknown[]): unknown {
  if (value === null || keys.length === 0) return value
  if (isArray(value)) return deleteItems(env, value, keys)
  if (!isObject(value)) return fail(`Cannot delete fields from ${kindOf(value)}`)
  const rest = copyObject(env, value)
  env.spend(Object.keys(rest).length)
  for (const key of keys) {
    if (typeof key !== 'string') return fail(`Cannot delete ${kindOf(key)} field of object`)
    Reflect.deleteProperty(rest, key)
  }
  return rest
}

function deleteItems (env: Environment, array: unknown[], keys: unknown[]): unknown[] {
  const doomed = new Uint8Array(array.length)
  for (const key of keys) {
    if (typeof key === 'number') {
      const index = Math.trunc(key)
      const at = key < 0 ? array.length + index : index
      if (at >= 0 && at < array.length) doomed[at] = 1
    } else if (isObject(key)) {
      const [start, end] = bounds(array.length, startOf(key), endOf(key))
      doomed.fill(1, start, end)
    } else {
      return fail(`Cannot delete ${kindOf(key)} element of array`)
    }
  }
  env.spend(array.length)
  return array.filter((_, i) => doomed[i] === 0)
}
