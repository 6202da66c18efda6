/**
 * Who belongs to the mesh. A member of anything durable is (peer, disk); each start of a disk is an incarnation, committed
 * against the one before, so that a disk that was copied, rolled back or wiped is noticed at its first word.
 */
import { z } from 'zod'
import { NotFoundError, OverloadedError } from '../../errors.js'
import { MAX_MEMBERS } from '../../limits.js'
import { secretHash } from './invites.js'
import { AdmissionRefused } from './refused.js'
import { count, diskId, facts, incarnation, nonce, peerId } from './shapes.js'
import type { MemberView, Role } from '../../mesh-view.js'

export type Members = ReadonlyMap<string, MemberView>

const start = { peer: peerId, disk: diskId, incarnation: count, nonce, facts }
/** A peer enters by a secret, because the mesh is open, or because its certificate of this mesh ran out (`known`). */
export const admit = z.strictObject({ type: z.literal('admit'), ...start, secretHash: secretHash.optional(), known: z.boolean() })
/** A member tells of its start. `since`: the last start it knows to be committed, and those tried after it. */
export const hello = z.strictObject({ type: z.literal('hello'), ...start, since: z.array(incarnation).max(64) })
export const leave = z.strictObject({ type: z.literal('leave'), peer: peerId, incarnation: count, nonce })
/** An operator throws a peer out; its certificates count for nothing from now on. */
export const remove = z.strictObject({ type: z.literal('remove'), peer: peerId })
export type AdmitCommand = z.infer<typeof admit>
export type MemberCommand = z.infer<typeof hello> | z.infer<typeof leave> | z.infer<typeof remove>

/** `roles`: what its secret or the open mesh gives; undefined when it has neither and must be known here. */
export function admitMember (state: Members, command: AdmitCommand, roles: Role[] | undefined): { state: Members, result: MemberView } {
  const before = state.get(command.peer)
  if (before?.removed === true) throw wasRemoved(command.peer)
  if (before === undefined && state.size >= MAX_MEMBERS) throw new OverloadedError(`this mesh has ${MAX_MEMBERS} peers, its limit`)

  if (before?.disk === command.disk) {
    if (command.incarnation < before.incarnation) throw rolledBack(command.peer)
    // Its start is judged when it says hello; here only what lets it in may grow.
    const result = { ...before, roles: roles === undefined ? before.roles : union(before.roles, roles) }
    return { state: sameRoles(before, result) ? state : new Map(state).set(command.peer, result), result }
  }
  if (roles === undefined) {
    throw before === undefined ? new AdmissionRefused('tokenNeeded', 'a token is needed to join this mesh; ask for one with "flowmesh invite"') : otherDisk(command.peer)
  }
  const { peer, disk, incarnation: counter, nonce: random } = command
  const result: MemberView = { peer, disk, incarnation: counter, nonce: random, roles, ...command.facts, left: false }
  return { state: new Map(state).set(peer, result), result }
}

export function applyMembers (state: Members, command: MemberCommand): { state: Members, result: MemberView } {
  const before = state.get(command.peer)
  if (before === undefined) throw new NotFoundError(`peer ${command.peer} was never admitted to this mesh; join with a token`)
  if (before.removed === true && command.type !== 'remove') throw wasRemoved(command.peer)

  const result = changed(before, command)
  return { state: result === before ? state : new Map(state).set(command.peer, result), result }
}

function changed (before: MemberView, command: MemberCommand): MemberView {
  switch (command.type) {
    case 'hello': return started(before, command)
    case 'leave': {
      const current = command.incarnation === before.incarnation && command.nonce === before.nonce
      return current && !before.left ? { ...before, left: true } : before
    }
    case 'remove': return { ...before, removed: true, left: true }
  }
}

function started (before: MemberView, command: z.infer<typeof hello>): MemberView {
  if (command.disk !== before.disk) throw otherDisk(command.peer)
  const again = command.incarnation === before.incarnation && command.nonce === before.nonce
  if (again) return { ...before, ...command.facts, left: false }
  const follows = command.since.some(one => one.incarnation === before.incarnation && one.nonce === before.nonce)
  if (!follows || command.incarnation <= before.incarnation) throw rolledBack(command.peer)
  return { ...before, ...command.facts, incarnation: command.incarnation, nonce: command.nonce, left: false }
}

export const wasRemoved = (peer: string): AdmissionRefused => new AdmissionRefused('revoked',
  `peer ${peer} was removed from this mesh by an operator`)
const otherDisk = (peer: string): AdmissionRefused => new AdmissionRefused('revoked',
  `the state directory of peer ${peer} is not the one it was last seen with (wiped or exchanged): move it away and join as new with a token`)
const rolledBack = (peer: string): AdmissionRefused => new AdmissionRefused('revoked',
  `the state directory of peer ${peer} was copied or rolled back: it does not know of that disk's last start. Move it away and join as new with a token`)

const union = (a: Role[], b: Role[]): Role[] => [...new Set([...a, ...b])].sort()
const sameRoles = (a: MemberView, b: MemberView): boolean => a.roles.length === b.roles.length
