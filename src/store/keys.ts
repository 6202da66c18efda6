/** Keys as both stores take them: text that UTF-8 can carry, ordered by its bytes. */
import { InvalidInputError } from '../errors.js'
import { MAX_KEY_BYTES } from '../limits.js'
import type { Write } from './port.js'

/** No key of a caller is before it: a zero character begins the store's own. */
export const FIRST_KEY = '\u0001'
const LONE_SURROGATE = /\p{Surrogate}/u

/** Throws before anything is written, so that one bad batch does not spoil those it would have shared a sync with. */
export function checkWrites (writes: Write[]): void {
  for (const write of writes) {
    if (write.type === 'deleteRange') {
      checkKey(write.from)
      checkKey(write.to)
    } else {
      checkKey(write.key)
    }
    if (write.type === 'put' && !(write.value instanceof Uint8Array)) throw new InvalidInputError(`value of key "${write.key}" is not bytes`)
  }
}

function checkKey (key: string): void {
  // A character is at most three bytes, so only long keys are measured.
  const fits = key.length * 3 <= MAX_KEY_BYTES || Buffer.byteLength(key) <= MAX_KEY_BYTES
  if (key < FIRST_KEY || !fits || LONE_SURROGATE.test(key)) {
    throw new InvalidInputError(`"${key.slice(0, 40)}" cannot be a key: 1 to ${MAX_KEY_BYTES} bytes of well-formed text, not beginning with a zero character`)
  }
}

/** The order of UTF-8 bytes, which is LevelDB's: that of code points, not of UTF-16 units. */
export function compareKeys (a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i)
    const y = b.charCodeAt(i)
    if (x !== y) return codePointRank(x) - codePointRank(y)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above every other unit. */
function codePointRank (unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit
}
