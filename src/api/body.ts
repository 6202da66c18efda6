/** Reading a request's body within limits: refused before it is read where its length says so. */
import { InvalidInputError, OverloadedError, TooLargeError } from '../errors.js'
import { textOf } from '../json-bytes.js'
import { MAX_API_READING_BYTES, MAX_JSON_DEPTH } from '../limits.js'

/** Bytes that bodies being read now may come to, in this process: a thousand large inputs at once must not end it. */
let readingBytes = 0

/**
 * All of the body. Throws TooLargeError at the first byte over the limit, before any when the length is announced, and
 * OverloadedError when too much is being read already.
 */
export async function readBody (request: Request, limitBytes: number): Promise<Uint8Array> {
  const header = request.headers.get('content-length')
  const announced = header === null ? undefined : Number(header)
  if (announced !== undefined && announced > limitBytes) throw new TooLargeError('the request body', announced, limitBytes)
  const mayBecome = announced ?? (request.body === null ? 0 : limitBytes)
  if (readingBytes + mayBecome > MAX_API_READING_BYTES) throw new OverloadedError('too many large requests at once; send it again soon')
  readingBytes += mayBecome
  try {
    if (announced !== undefined) return new Uint8Array(await request.arrayBuffer())
    return request.body === null ? new Uint8Array(0) : await readStream(request.body, limitBytes)
  } finally {
    readingBytes -= mayBecome
  }
}

async function readStream (body: ReadableStream<Uint8Array>, limitBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body) {
    bytes += chunk.length
    if (bytes > limitBytes) throw new TooLargeError('the request body', bytes, limitBytes)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, bytes)
}

export function decodeText (bytes: Uint8Array): string {
  try {
    return textOf(bytes)
  } catch (err) {
    throw new InvalidInputError('the request body is not UTF-8 text', {}, { cause: err })
  }
}

/** JSON no deeper than limits.ts allows. The depth is checked first: parsing a bomb would already cost its memory. */
export function parseJson (text: string): unknown {
  if (text.trim() === '') throw new InvalidInputError('the request body is empty; send a JSON object')
  checkDepth(text)
  try {
    return JSON.parse(text)
  } catch (err) {
    throw new InvalidInputError(`the request body is not JSON: ${(err as Error).message}`, placeOf(text, err as Error), { cause: err })
  }
}

const QUOTE = 0x22, OPEN_ARRAY = 0x5b, BACKSLASH = 0x5c, CLOSE_ARRAY = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d

function checkDepth (text: string): void {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
    } else if (code === OPEN_ARRAY || code === OPEN_OBJECT) {
      if (++depth > MAX_JSON_DEPTH) throw new InvalidInputError(`the request body nests deeper than ${MAX_JSON_DEPTH} levels`)
    } else if (code === CLOSE_ARRAY || code === CLOSE_OBJECT) {
      depth--
    }
  }
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
