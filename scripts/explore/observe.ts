/**
 * The invariants, checked by an observer who sees every disk at once. It is told what became done and what was saved, and
 * checks just what that could have broken.
 */
import type { BranchRecord, WriterState } from '../../src/branch/index.js'
import { diskOf, peerAt } from './world.js'
import type { Peer, World } from './world.js'

/** A writer counts `index` of its branch done: so are its predecessors, its opening, and the results it rests on. */
export function recordDone (world: World, writer: WriterState, index: number): void {
  let hash = writer.head?.hash
  while (hash !== undefined && indexOf(world, writer.branch, hash) > index) hash = world.records.get(hash)?.prev ?? undefined
  if (hash !== undefined) markDone(world, writer.branch, hash)
}

function markDone (world: World, branch: string, hash: string): void {
  const { observed, records, protocol } = world
  const record = records.get(hash) as BranchRecord
  const index = protocol.indexIn(branch, record)
  const before = observed.done.get(branch)
  if (before !== undefined && !sameLine(world, branch, before.hash, hash)) {
    fail(world, `two lines done in ${branch}: ${before.hash}@${before.index} and ${hash}@${index}`)
  }
  if (before !== undefined && before.index >= index) return
  if (before !== undefined && protocol.nextIn(branch, records.get(before.hash) as BranchRecord) === null) {
    fail(world, `a record is done after the final one of ${branch}`)
  }
  observed.done.set(branch, { index, hash })
  world.counters.done++
  if (record.branch !== branch) markDone(world, record.branch, hash)
  else {
    for (const opening of record.lineage) markDone(world, opening.branch, opening.hash)
    for (const take of record.takes) markDone(world, take.branch, take.hash)
    if (record.next === null && protocol.childrenIn(branch, record).length > 0) fail(world, `${branch} ended with open children`)
    if (record.next === null && record.lineage.length === 0) {
      if (observed.final !== null && observed.final !== hash) fail(world, 'two final outcomes')
      if (observed.final === null) world.counters.finals++
      observed.final = hash
    }
  }
  for (const peer of wholeMembers(world)) checkHolds(world, peer, branch)
}

/** After a save at this peer. */
export function branchSaved (world: World, peer: Peer, branch: string): void {
  if (isWholeMember(world, peer)) checkHolds(world, peer, branch)
}

export function allSaved (world: World, peer: Peer): void {
  if (!isWholeMember(world, peer)) return
  for (const branch of world.observed.done.keys()) checkHolds(world, peer, branch)
}

/** A fail-stop says that a promise was broken; as long as the rules are kept, none is. */
export function writerStopped (world: World, { branch, self }: WriterState): void {
  fail(world, `${self.peer} stopped: a replica has another record of its epoch of ${branch}`)
}

/** An exclusive call is about to be made on this record's account. */
export function exclusiveCalled (world: World, key: string, writer: WriterState): void {
  const calls = (world.observed.calls.get(key) ?? 0) + 1
  world.observed.calls.set(key, calls)
  world.counters.exclusive++
  if (calls > 1) fail(world, `exclusive ${key} called twice`)
  const head = writer.head as BranchRecord
  const done = world.observed.done.get(writer.branch)
  if (done === undefined || done.hash !== head.hash) {
    // Not counted by anyone yet; then every whole member must hold it all the same.
    const held = wholeMembers(world).every(peer => holds(world, peer, writer.branch, head.hash))
    if (!held) fail(world, `exclusive ${key} rests on a record that is not done`)
  }
}

export function fail (world: World, what: string): void {
  world.observed.violation ??= what
}

/** Every whole member of the newest set has the newest done record in its head's chain. */
function checkHolds (world: World, peer: Peer, branch: string): void {
  const done = world.observed.done.get(branch)
  if (done !== undefined && !holds(world, peer, branch, done.hash)) fail(world, `${peer.id} lost done ${done.hash}@${done.index} of ${branch}`)
}

function holds (world: World, peer: Peer, branch: string, hash: string): boolean {
  const state = peer.branches.get(branch)
  const record = world.records.get(hash) as BranchRecord
  const lineage = world.protocol.lineageIn(branch, record)
  const opening = lineage.at(-1)
  if (opening === undefined) return state?.head != null && isIn(world, branch, hash, state.head.hash)
  if (!holds(world, peer, opening.branch, opening.hash)) return false
  const parent = peer.branches.get(opening.branch)
  const listed = parent?.head != null && world.protocol.listsChild(parent.head, opening.hash, branch)
  // Taken or closed by a record that followed its opening, here or further up: nothing to keep any more.
  return !listed || (state?.head != null && isIn(world, branch, hash, state.head.hash))
}

function wholeMembers (world: World): Peer[] {
  return world.peers.filter(peer => isWholeMember(world, peer))
}

function isWholeMember (world: World, peer: Peer): boolean {
  const { set } = peer
  if (set === undefined || !set.whole || set.self === null) return false
  const { joined } = set.self
  return world.group.config.members.some(member =>
    peerAt(member.peer) === peer.at && member.disk === diskOf(peer) && member.joined === joined && set.self?.disk === member.disk)
}

function sameLine (world: World, branch: string, a: string, b: string): boolean {
  return isIn(world, branch, a, b) || isIn(world, branch, b, a)
}

/** Whether `hash` is `head` or an ancestor of it. */
function isIn (world: World, branch: string, hash: string, head: string): boolean {
  const floor = indexOf(world, branch, hash)
  for (let at: string | null = head; at !== null;) {
    if (at === hash) return true
    if (indexOf(world, branch, at) <= floor) return false
    at = world.records.get(at)?.prev ?? null
  }
  return false
}

function indexOf (world: World, branch: string, hash: string): number {
  return world.protocol.indexIn(branch, world.records.get(hash) as BranchRecord)
}
