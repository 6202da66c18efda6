/** Content ids: CIDv1, raw codec, sha2-256, base32 text. Synchronous and pure, for plans, records, blobs and artefacts. */
import { sha256 } from '@noble/hashes/sha2.js'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567'
const PREFIX = Uint8Array.of(0x01, 0x55, 0x12, 0x20) // version 1, raw, sha2-256, 32 bytes

/** The id of these bytes: 59 characters, beginning `bafkrei`. */
export function contentId (bytes: Uint8Array): string {
  return idOfDigest(sha256(bytes))
}

/** For shells that hash with the platform's faster sha-256. */
export function idOfDigest (digest: Uint8Array): string {
  const all = new Uint8Array(PREFIX.length + digest.length)
  all.set(PREFIX)
  all.set(digest, PREFIX.length)
  return 'b' + base32(all)
}

const SHAPE = /^bafkrei[a-z2-7]{52}$/

/** Whether a text from outside has the shape of a content id of ours. */
export function isContentId (text: string): boolean {
  return SHAPE.test(text)
}

function base32 (bytes: Uint8Array): string {
  const codes: number[] = []
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      codes.push(ALPHABET.charCodeAt((value >>> bits) & 31))
      value &= (1 << bits) - 1
    }
  }
  if (bits > 0) codes.push(ALPHABET.charCodeAt((value << (5 - bits)) & 31))
  return String.fromCharCode(...codes)
}
