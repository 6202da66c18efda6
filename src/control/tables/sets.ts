/**
 * Replica sets. Every change raises the number by one and is proposed against the number it was planned for. Never two
 * changes of one set in flight: while a newcomer is not whole yet, the only change allowed is the one that replaces it.
 * A set is never left without a whole member, because nobody else could tell the newcomer what was kept.
 */
import { z } from 'zod'
import { ConflictError, InvalidInputError, NotFoundError, OverloadedError } from '../../errors.js'
import { MAX_COPIES, MAX_SETS } from '../../limits.js'
import { count, diskId, peerId, setName, text } from './shapes.js'
import type { Members } from './members.js'
import type { ReplicaSetView, SetMember } from '../../mesh-view.js'

export type Sets = ReadonlyMap<string, ReplicaSetView>

const place = z.strictObject({ peer: peerId, disk: diskId })
export type Place = z.infer<typeof place>

export const setMake = z.strictObject({
  type: z.literal('setMake'), set: setName, region: text(64),
  copies: z.number().int().min(1).max(MAX_COPIES), members: z.array(place).min(1).max(MAX_COPIES)
})
export const setGrow = z.strictObject({ type: z.literal('setGrow'), set: setName, number: count, add: place })
/** `add` null: nobody else qualifies, and the set goes on smaller until somebody does. */
export const setReplace = z.strictObject({ type: z.literal('setReplace'), set: setName, number: count, remove: peerId, add: place.nullable() })
export const setWhole = z.strictObject({ type: z.literal('setWhole'), set: setName, peer: peerId, disk: diskId, joined: count })
export type SetCommand = z.infer<typeof setMake> | z.infer<typeof setGrow> | z.infer<typeof setReplace> | z.infer<typeof setWhole>

/** A newcomer that is not whole yet; while there is one, the set is changing. */
export function newcomer (set: ReplicaSetView): SetMember | undefined {
  return set.members.find(member => !set.whole.includes(member.peer))
}

export function applySets (state: Sets, command: SetCommand, members: Members): { state: Sets, result: { number: number } } {
  const before = state.get(command.set)
  if (command.type === 'setMake') return put(state, before ?? make(state, command, members))
  if (before === undefined) throw new NotFoundError(`there is no replica set "${command.set}"`)
  switch (command.type) {
    case 'setGrow': return put(state, grow(before, command, members))
    case 'setReplace': return put(state, replace(before, command, members))
    case 'setWhole': return put(state, whole(before, command))
  }
}

function make (state: Sets, command: z.infer<typeof setMake>, members: Members): ReplicaSetView {
  if (state.size >= MAX_SETS) throw new OverloadedError(`this mesh has ${MAX_SETS} replica sets, its limit`)
  if (command.members.length > command.copies) throw new InvalidInputError('a set has no more members than copies')
  if (new Set(command.members.map(({ peer }) => peer)).size < command.members.length) throw new InvalidInputError('a peer is in a set once')
  for (const member of command.members) mustBeMember(member, members)

  const { set, region, copies } = command
  // Nothing is kept yet, so there is nothing to copy: all are whole at once.
  const joined = command.members.map(member => ({ ...member, joined: 1 }))
  return { name: set, region, copies, number: 1, members: joined, whole: joined.map(({ peer }) => peer) }
}

function grow (before: ReplicaSetView, command: z.infer<typeof setGrow>, members: Members): ReplicaSetView {
  mustBeAt(before, command.number)
  mustBeSettled(before)
  // A member that leaves is replaced by growing first where it alone is whole, so one more is allowed beside it.
  const staying = before.members.filter(({ peer }) => members.get(peer)?.left !== true)
  if (staying.length >= before.copies) throw new ConflictError(`set ${before.name} has its ${before.copies} members`)
  return changed(before, before.members, command.add, members)
}

function replace (before: ReplicaSetView, command: z.infer<typeof setReplace>, members: Members): ReplicaSetView {
  mustBeAt(before, command.number)
  const leaving = before.members.find(({ peer }) => peer === command.remove)
  if (leaving === undefined) throw new ConflictError(`peer ${command.remove} is not in set ${before.name}`)
  if (newcomer(before)?.peer !== leaving.peer) mustBeSettled(before)
  const staying = before.members.filter(member => member !== leaving)
  if (!staying.some(({ peer }) => before.whole.includes(peer))) {
    throw new ConflictError(`set ${before.name} would be left without a whole member`)
  }
  return changed(before, staying, command.add, members)
}

function changed (before: ReplicaSetView, staying: SetMember[], add: Place | null, members: Members): ReplicaSetView {
  const number = before.number + 1
  if (add !== null) {
    mustBeMember(add, members)
    if (staying.some(({ peer }) => peer === add.peer)) throw new ConflictError(`peer ${add.peer} is in set ${before.name} already`)
  }
  const next = add === null ? staying : [...staying, { ...add, joined: number }]
  return { ...before, number, members: next, whole: before.whole.filter(peer => staying.some(member => member.peer === peer)) }
}

function whole (before: ReplicaSetView, command: z.infer<typeof setWhole>): ReplicaSetView {
  const { peer, disk, joined } = command
  const member = before.members.find(one => one.peer === peer && one.disk === disk && one.joined === joined)
  if (member === undefined) throw new ConflictError(`peer ${peer} with this disk did not join set ${before.name} under number ${joined}`)
  return before.whole.includes(peer) ? before : { ...before, whole: [...before.whole, peer] }
}

function mustBeAt (set: ReplicaSetView, number: number): void {
  if (set.number !== number) throw new ConflictError(`set ${set.name} is at number ${set.number}, not ${number}`)
}

function mustBeSettled (set: ReplicaSetView): void {
  const changing = newcomer(set)
  if (changing !== undefined) throw new ConflictError(`set ${set.name} is changing: peer ${changing.peer} is not whole yet`)
}

function mustBeMember ({ peer, disk }: Place, members: Members): void {
  const member = members.get(peer)
  if (member?.disk !== disk || member.left || !member.roles.includes('peer')) {
    throw new ConflictError(`peer ${peer} is no member with this disk that keeps executions`)
  }
}

function put (state: Sets, next: ReplicaSetView): { state: Sets, result: { number: number } } {
  return { state: state.get(next.name) === next ? state : new Map(state).set(next.name, next), result: { number: next.number } }
}
