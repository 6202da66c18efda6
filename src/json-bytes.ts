/**
 * The JSON text of large values, as bytes, made once. A value of a megabyte is a call's output, then a blob, then the next
 * call's input, then part of an answer: each wants the same text, and values are never changed. The bytes are held weakly:
 * by whoever still has to send them, not by the value.
 */
import { isAscii } from 'node:buffer'

const known = new WeakMap<object, WeakRef<Uint8Array>>()
const decoder = new TextDecoder('utf-8', { fatal: true })

/** The value's JSON text; made now when nobody has it. The bytes are shared: do not change them. */
export function jsonBytes (value: unknown): Uint8Array {
  const found = knownJson(value)
  if (found !== undefined) return found
  const bytes = bytesOf(JSON.stringify(value))
  rememberJson(value, bytes)
  return bytes
}

/** Undefined when nobody holds it now, and for what is no object. */
export function knownJson (value: unknown): Uint8Array | undefined {
  return isObject(value) ? known.get(value)?.deref() : undefined
}

/** These bytes are what the value was read from. */
export function rememberJson (value: unknown, bytes: Uint8Array): void {
  if (isObject(value)) known.set(value, new WeakRef(bytes))
}

/** UTF-8 in memory of its own. Text is mostly ASCII, of which each character is a byte: several times faster than encoding. */
export function bytesOf (text: string): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  bytes.write(text, bytes.length === text.length ? 'latin1' : 'utf8')
  return new Uint8Array(bytes.buffer)
}

/** @throws TypeError when it is not UTF-8 */
export function textOf (bytes: Uint8Array): string {
  return isAscii(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1') : decoder.decode(bytes)
}

/** Walks a value until its JSON text must be longer than the budget; what is left of it, negative when it was not enough. */
export function leftOf (budget: number, value: unknown): number {
  switch (typeof value) {
    case 'string': return budget - value.length - 2
    case 'number': return budget - 8
    case 'object': break
    default: return budget - 5
  }
  if (value === null) return budget - 4
  if (Array.isArray(value)) {
    for (const item of value) {
      budget = leftOf(budget - 1, item)
      if (budget < 0) return budget
    }
    return budget
  }
  for (const [key, item] of Object.entries(value)) {
    budget = leftOf(budget - key.length - 4, item)
    if (budget < 0) return budget
  }
  return budget
}

function isObject (value: unknown): value is object { return typeof value === 'object' && value !== null }
