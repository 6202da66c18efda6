/**
 * A replica takes a branch over from a writer it suspects, without Raft: it notes a higher epoch, asks the others to note
 * it and return their heads, adopts the newest, and goes on as a writer under its own epoch. The suspicion may be false;
 * then a step is repeated, and nothing worse.
 */
import { compareEpochs, highest, nextEpoch } from './epoch.js'
import { indexIn, lineageIn } from './record.js'
import { acceptAppend, duty } from './replica.js'
import { memberKey, takenWriter } from './writer.js'
import type { WriterState } from './writer.js'
import type { Attachment, BranchRecord, Epoch, Lookup, NoteReply, NoteRequest, PeerRef, ReplicaBranch, SetState } from './types.js'

export interface TakeoverState {
  request: NoteRequest
  self: PeerRef
  /** Members that still have to answer, by `memberKey`. */ waiting: string[]
  head: BranchRecord
  /** Sync epoch of `head` at the replica it came from. */ synced: Epoch
  /** What `head` refers to, from that replica. */ with: Attachment[]
  /** A higher epoch was noted somewhere, or the branch is closed: the takeover is over. */ over: boolean
}

/** Save `writes`, then send the request to the peers in `to`. */
export interface TakeoverBegun { state: TakeoverState, writes: ReplicaBranch[], to: string[] }

/** `wait` for answers, begin again (`restart`: the set changed), give up (`over`), or save `writes`, in order, and go on as the writer. */
export type Adoption =
  | { type: 'wait' } | { type: 'restart' } | { type: 'over' }
  | { type: 'adopted', writer: WriterState, writes: ReplicaBranch[] }

/** Begin, unless this replica is not whole or nobody owes anything for the branch. The suspected writer is not asked. */
export function beginTakeover (
  set: SetState, lookup: Lookup, branch: string, self: PeerRef, suspect: string
): TakeoverBegun | undefined {
  const known = lookup(branch)
  const mine = set.self
  if (known?.head == null || mine === null || !set.whole || duty(lookup, known) === null) return undefined
  const epoch = nextEpoch(set.generation, set.number, highest([known, ...restsOn(lookup, branch)].map(({ noted }) => noted)), self.peer)
  const others = set.members.filter(member => memberKey(member) !== memberKey(mine) && member.peer !== suspect)
  const request: NoteRequest = {
    set: set.set, number: set.number, execution: known.execution, branch, epoch, lineage: lineageIn(branch, known.head)
  }
  return {
    state: { request, self, waiting: others.map(memberKey), head: known.head, synced: known.synced, with: [], over: false },
    // Its own replica notes first: from here on it acknowledges nothing to the old writer.
    writes: [{ ...known, noted: epoch }],
    to: others.map(member => member.peer)
  }
}

/**
 * One answer. While done means synced at *every* replica, the taker's own head already holds all that is done; asking the
 * others and choosing the newest by (epoch, index) saves what is not done yet.
 */
export function onNoted (state: TakeoverState, reply: NoteReply): TakeoverState {
  const { request } = state
  if (reply.number !== request.number || compareEpochs(reply.epoch, request.epoch) !== 0) return state
  if (reply.refused === 'epoch' || reply.refused === 'closed') return { ...state, over: true }
  // A replica that does not know the branch's opening yet has no head to give; any other refusal is no answer.
  if (reply.member === null || (reply.refused !== undefined && reply.refused !== 'missing')) return state
  const key = memberKey(reply.member)
  if (!state.waiting.includes(key)) return state
  const waiting = state.waiting.filter(each => each !== key)
  return isNewer(state, reply) ? { ...state, waiting, head: reply.head, synced: reply.synced, with: reply.with } : { ...state, waiting }
}

/**
 * Adopt when all have answered; `withoutAll` goes on without the silent ones, for workflows that allow degraded records.
 * The taker's own replica accepts the head in the same step, which checks its noted epoch again: a higher one may have
 * come meanwhile. When it cannot (the head rests on a child's result that a higher epoch here overtook), that head is not
 * done and never will be, and the taker goes on from its own.
 */
export function adopt (state: TakeoverState, set: SetState, lookup: Lookup, withoutAll = false): Adoption {
  const { request, self } = state
  const { branch, epoch } = request
  const known = lookup(branch)
  if (state.over || known?.head == null || compareEpochs(known.noted, epoch) !== 0) return { type: 'over' }
  if (set.number !== request.number || !set.whole) return { type: 'restart' }
  if (state.waiting.length > 0 && !withoutAll) return { type: 'wait' }
  for (const head of [state.head, known.head]) {
    const append = { set: set.set, number: set.number, branch, record: head, epoch, done: -1, with: state.with }
    const { writes, reply } = acceptAppend(set, lookup, append)
    if (reply.type === 'refusal') continue
    return { type: 'adopted', writer: takenWriter(set, branch, head, epoch, self), writes: [...writes, ...takenUnder(epoch, lookup, branch, writes)] }
  }
  return { type: 'over' }
}

/**
 * What the adopted head rests on is synced again under its epoch, too. Two replicas that took a child and its parent over
 * apart from each other may each have noted, for one child, a higher epoch than that of the result in the other's line; they
 * would refuse each other's line for ever. All that was done of a child is in the taker's own head of it.
 */
function takenUnder (epoch: Epoch, lookup: Lookup, branch: string, writes: ReplicaBranch[]): ReplicaBranch[] {
  const look = (name: string) => writes.find(state => state.branch === name) ?? lookup(name)
  return restsOn(look, branch).filter(({ noted }) => compareEpochs(noted, epoch) < 0).map(child => ({ ...child, noted: epoch, synced: epoch }))
}

/** The children whose results the head of `branch` rests on, and those whose results theirs do. */
function restsOn (lookup: Lookup, branch: string): ReplicaBranch[] {
  const state = lookup(branch)
  if (state?.head?.branch !== branch) return []
  return state.head.takes.flatMap(take => {
    const child = lookup(take.branch)
    return child?.head?.hash === take.hash ? [child, ...restsOn(lookup, take.branch)] : []
  })
}

function isNewer (state: TakeoverState, reply: NoteReply): reply is NoteReply & { head: BranchRecord } {
  if (reply.head === null) return false
  const { branch } = state.request
  const order = compareEpochs(reply.synced, state.synced)
  return order > 0 || (order === 0 && indexIn(branch, reply.head) > indexIn(branch, state.head))
}
