/** What the wire code needs of byte arrays. */

/** The generated codecs ask for arrays that do not share memory; none here does. */
export function wire (bytes: Uint8Array): Uint8Array<ArrayBuffer> { return bytes as Uint8Array<ArrayBuffer> }

export const NO_BYTES: Uint8Array<ArrayBuffer> = new Uint8Array()

/** What a signature covers: a purpose before the content, so that none can be passed off as another kind. */
export function signedBytes (purpose: string, content: Uint8Array): Uint8Array {
  const domain = new TextEncoder().encode(`${purpose}:`)
  const bytes = new Uint8Array(domain.byteLength + content.byteLength)
  bytes.set(domain)
  bytes.set(content, domain.byteLength)
  return bytes
}
