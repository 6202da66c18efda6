/** An answer as JSON. Large values of which somebody has the text already are not turned into text again. */
import { bytesOf, knownJson } from '../json-bytes.js'

export function answerText (body: unknown): string | Uint8Array<ArrayBuffer> {
  if (typeof body !== 'object' || body === null || !Object.values(body).some(value => knownJson(value) !== undefined)) return JSON.stringify(body)
  const parts: Uint8Array[] = []
  let separator = '{'
  for (const [key, value] of Object.entries(body)) {
    const text = knownJson(value) ?? JSON.stringify(value) as string | undefined
    if (text === undefined) continue
    parts.push(bytesOf(`${separator}${JSON.stringify(key)}:`), typeof text === 'string' ? bytesOf(text) : text)
    separator = ','
  }
  return Buffer.concat([...parts, bytesOf('}')])
}
