/**
 * One-time secrets of join tokens, by their hash: the secret itself is nowhere in the mesh's state. Expiry compares with
 * the time inside the command that uses it; no table reads a clock.
 */
import { z } from 'zod'
import { OverloadedError } from '../../errors.js'
import { MAX_INVITES } from '../../limits.js'
import { AdmissionRefused } from './refused.js'
import { count, role } from './shapes.js'
import type { Role } from '../../mesh-view.js'

export interface Invite {
  roles: Role[]
  usesLeft: number
  /** Milliseconds since 1970. */ expiresAt: number
  /** `peer disk` of those it let in: their repeated request costs no use. */ usedBy: string[]
}
export type Invites = ReadonlyMap<string, Invite>

export const secretHash = z.string().regex(/^[0-9a-f]{64}$/, 'is no hash')
export const invite = z.strictObject({
  type: z.literal('invite'),
  secretHash,
  roles: z.array(role).min(1).max(4),
  uses: z.number().int().min(1).max(1000),
  expiresAt: count
})
export type InviteCommand = z.infer<typeof invite>

export function applyInvites (state: Invites, command: InviteCommand, now: number): { state: Invites, result: { expiresAt: number } } {
  const next = new Map([...state].filter(([, kept]) => kept.expiresAt > now))
  if (next.size >= MAX_INVITES && !next.has(command.secretHash)) {
    throw new OverloadedError(`${next.size} invites have not expired yet; wait for some to expire or invite with more uses`)
  }
  const { roles, uses, expiresAt } = command
  if (!next.has(command.secretHash)) next.set(command.secretHash, { roles, usesLeft: uses, expiresAt, usedBy: [] })
  return { state: next, result: { expiresAt } }
}

/** Takes one use for this peer and disk, or says why not. */
export function redeem (state: Invites, hash: string, peer: string, disk: string, now: number): { state: Invites, result: Role[] } {
  const found = state.get(hash)
  if (found === undefined) throw new AdmissionRefused('foreignToken', 'this token is not of this mesh, or expired long ago; ask for a new one')
  const user = `${peer} ${disk}`
  if (found.usedBy.includes(user)) return { state, result: found.roles }
  if (found.expiresAt <= now) throw new AdmissionRefused('expiredToken', 'this token has expired; ask for a new one')
  if (found.usesLeft === 0) throw new AdmissionRefused('spentToken', 'this token has been used; ask for a new one')

  const spent = { ...found, usesLeft: found.usesLeft - 1, usedBy: [...found.usedBy, user] }
  return { state: new Map(state).set(hash, spent), result: found.roles }
}
