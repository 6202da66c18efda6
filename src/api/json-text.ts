/** JSON that somebody wrote: no deeper than limits.ts allows, and a mistake is said with its place. Browser-safe. */
import { InvalidInputError } from '../errors.js'
import type { Place } from '../errors.js'
import { MAX_JSON_DEPTH } from '../limits.js'

/** `what` names it in errors. The depth is checked first: parsing a bomb would already cost its memory. */
export function readJson (text: string, what: string, place: Place = {}): unknown {
  if (isTooDeep(text)) throw new InvalidInputError(`${what} nests deeper than ${MAX_JSON_DEPTH} levels`, place)
  try {
    return JSON.parse(text)
  } catch (err) {
    throw new InvalidInputError(`${what} is not JSON: ${(err as Error).message}`, { ...place, ...placeOf(text, err as Error) }, { cause: err })
  }
}

const QUOTE = 0x22, OPEN_ARRAY = 0x5b, BACKSLASH = 0x5c, CLOSE_ARRAY = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d

function isTooDeep (text: string): boolean {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
    } else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      if (++depth > MAX_JSON_DEPTH) return true
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      depth--
    }
  }
  return false
}

/** Index of the quote that ends the string which begins at `from`; strings are most of large bodies, so they are jumped over. */
function endOfString (text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let first = at
    while (text.charCodeAt(first - 1) === BACKSLASH) first--
    if ((at - first) % 2 === 0) return at
  }
  return text.length
}

function placeOf (text: string, err: Error): { line?: number, column?: number } {
  const position = /position (\d+)/.exec(err.message)?.[1]
  if (position === undefined) return {}
  const before = text.slice(0, Number(position)).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
