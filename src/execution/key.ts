/** Idempotency keys: the same for every attempt, peer and epoch of one step. */
import { sha256 } from '@noble/hashes/sha2.js'

/** H(mesh, execution, place, step) as 32 hex digits. Each part is preceded by its length, so no two tuples collide. */
export function idempotencyKey (mesh: string, execution: string, place: string, step: number): string {
  const text = [mesh, execution, place, String(step)].map(part => `${part.length}:${part}`).join('')
  return [...sha256(new TextEncoder().encode(text)).subarray(0, 16)].map(byte => byte.toString(16).padStart(2, '0')).join('')
}
