/** Reading a request's body within limits: refused before it is read where its length says so. */
import { InvalidInputError, OverloadedError, TooLargeError } from '../errors.js'
import { textOf } from '../json-bytes.js'
import { MAX_API_READING_BYTES } from '../limits.js'
import { readJson } from './json-text.js'

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

export function parseJson (text: string): unknown {
  if (text.trim() === '') throw new InvalidInputError('the request body is empty; send a JSON object')
  return readJson(text, 'the request body')
}
