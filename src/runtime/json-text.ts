/**
 * A function's output as JSON text. `JSON.stringify` drops functions, and turns maps into `{}` and NaN into null, without a
 * word; here each of these is an error that names the place.
 */
export class NotJsonError extends Error {
  override readonly name = 'NotJsonError'
  constructor (readonly path: string, readonly what: string) {
    super(`${path} ${what}`)
  }
}

/** Undefined becomes null. Throws NotJsonError; `maxDepth` also ends a value that contains itself. */
export function toJsonText (value: unknown, maxDepth: number): string {
  check(value, [], maxDepth)
  return JSON.stringify(value) ?? 'null'
}

function check (value: unknown, path: (string | number)[], depth: number): void {
  switch (typeof value) {
    case 'string': case 'boolean': case 'undefined': return
    case 'number':
      if (!Number.isFinite(value)) throw notJson(path, `is ${value}, which JSON cannot hold`)
      return
    case 'object': break
    default: throw notJson(path, `is a ${typeof value}; return plain JSON values`)
  }
  if (value === null) return
  if (depth === 0) throw notJson(path.slice(0, 8), 'contains itself or is nested too deeply')
  const lossy = LOSSY.find(([type]) => value instanceof type)
  if (lossy !== undefined) throw notJson(path, lossy[1])
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    check((value.toJSON as (key: string) => unknown)(String(path.at(-1) ?? '')), path, depth - 1)
  } else if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) checkMember(value[i], i, path, depth)
  } else {
    for (const key of Object.keys(value)) checkMember((value as Record<string, unknown>)[key], key, path, depth)
  }
}

function checkMember (value: unknown, key: string | number, path: (string | number)[], depth: number): void {
  path.push(key)
  check(value, path, depth - 1)
  path.pop()
}

const LOSSY: [abstract new (...args: never[]) => object, string][] = [
  [Map, 'is a Map; return Object.fromEntries(map)'],
  [Set, 'is a Set; return [...set]'],
  [Promise, 'is a Promise; await it'],
  [Error, 'is an Error; throw it, or return its message'],
  [ArrayBuffer, 'is bytes; return them as base64 text'],
  [Uint8Array, 'is bytes; return them as base64 text'],
  [RegExp, 'is a RegExp; return its source']
]

function notJson (path: (string | number)[], what: string): NotJsonError {
  const place = path.map(key => typeof key === 'number' ? `[${key}]` : `.${key}`).join('')
  return new NotJsonError(`output${place}`, what)
}
