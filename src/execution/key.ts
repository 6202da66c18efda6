/** Idempotency keys: the same for every attempt, peer and epoch of one step. */
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/**
 * H(mesh, execution, place, step) as 32 hex digits. Each part is preceded by its length, so no two tuples collide.
 * @param sha256Hex a shell may give the platform's, which is several times faster
 */
export function idempotencyKey (mesh: string, execution: string, place: string, step: number, sha256Hex = pureSha256Hex): string {
  const text = [mesh, execution, place, String(step)].map(part => `${part.length}:${part}`).join('')
  return sha256Hex(text).slice(0, 32)
}

function pureSha256Hex (text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}
