/**
 * The one who may append to a branch, under one epoch. It offers its records to every replica of the set, in order, and
 * counts a record done when all of them acknowledged it, or a later one of the same epoch, under one and the same set
 * number. It need not be a replica. Start it at most once per record: the shell remembers `lastOf` per branch, also after
 * parking.
 */
import { compareEpochs, samePeer } from './epoch.js'
import { UNDECIDED } from './types.js'
import { childBranch, indexIn, lineageIn, nextIn, openAfter } from './record.js'
import type {
  Ack, Append, Attachment, BranchRecord, Epoch, OpenChildren, PeerRef, RecordDraft, RecordRef, Refusal, SetConfig, SetMember
} from './types.js'

export type WriterStatus =
  | 'writing' | 'handedOver' // the named next writes; this one still offers what is not done
  | 'ended' // the branch's last record is written
  | 'parked' // another epoch, or the parent, decided against it
  | 'stopped' // a replica holds another record of this very epoch: a broken promise somewhere, so the peer must stop

export interface WriterState extends SetConfig {
  execution: string
  branch: string
  self: PeerRef
  epoch: Epoch
  status: WriterStatus
  /** The newest record: written, or started on; null before the first of an execution. */ head: BranchRecord | null
  /** Highest index known to be done; -1: none. */ done: number
  /** Records not known to be done, oldest first. */ pending: BranchRecord[]
  /** Per member, what it acknowledged under this number and epoch. */ acked: Record<string, { index: number, parents: string }>
  /** The opening record is known to be done; always so for a root. */ rooted: boolean
  /** Some replicas are out of reach, and the branch may go on without them. */ degraded: boolean
}

export type WriterEvent =
  | { type: 'done', index: number }
  | { type: 'parked', reason: 'epoch' | 'closed' }
  | { type: 'stopped' }
  | { type: 'learn', number: number } // a newer set exists: fetch it, then `changeSet`
  | { type: 'again', number: number } // the set changed before any record was kept everywhere: fetch it, then `beginAgain`
  | { type: 'attach', to: string, hash: string, missing: RecordRef[] } // find these heads, then `sendWith` them

export interface WriterStep { state: WriterState, send: { to: string[], append: Append }[], events: WriterEvent[] }

export interface WriterMark { epoch: Epoch, index: number }

/** What the driver decides about the next record; the rest follows from the branch. */
export interface NextRecord {
  next: PeerRef | null
  opens?: { next: PeerRef }[]
  takes?: RecordRef[]
  closes?: string[]
  needs?: string[]
  body: Uint8Array
}

/** The peer that accepts a new execution. Its epoch has count 0; nobody else may make one for that execution. */
export function firstWriter (config: SetConfig, execution: string, self: PeerRef): WriterState {
  const epoch = { generation: config.generation, set: config.number, count: 0, peer: self.peer }
  return fresh(config, execution, execution, self, epoch, null)
}

/**
 * The accepting peer once more, when a replica under `number` never heard of its execution (event `again`): that replica
 * will not accept the old epoch under this number, so nothing of it was done before, nor is now. A later number might do
 * it, where that replica is gone and the others know the old epoch; so the new epoch is of exactly this number, which no
 * replica that has gone on accepts. Undefined with another configuration: offer again, the next refusal says which.
 */
export function beginAgain ({ execution, self }: WriterState, config: SetConfig, number: number): WriterState | undefined {
  return config.number === number ? firstWriter(config, execution, self) : undefined
}

/**
 * The peer that a record names as next writer, under the epoch the record was written in. It starts on a record that may
 * not be done and takes over the duty to get it done. Undefined when it is not named, or has been started from here before.
 */
export function namedWriter (
  config: SetConfig, branch: string, record: BranchRecord, self: PeerRef, last: WriterMark | undefined
): WriterState | undefined {
  if (!samePeer(nextIn(branch, record), self)) return undefined
  const mark = { epoch: record.epoch, index: indexIn(branch, record) }
  if (last !== undefined && compareMarks(mark, last) <= 0) return undefined
  return fresh(config, record.execution, branch, self, record.epoch, record)
}

/** The peer whose takeover adopted this head: it syncs it again at all of them, under its own epoch, and goes on. */
export function takenWriter (config: SetConfig, branch: string, head: BranchRecord, epoch: Epoch, self: PeerRef): WriterState {
  const state = fresh(config, head.execution, branch, self, epoch, head)
  return nextIn(branch, head) === null ? { ...state, status: 'ended' } : state
}

/**
 * Where a writer stands, to be remembered so that a repeated handover starts nothing twice. It only rises: a peer that was
 * named under an epoch which its own replica has not noted may take the branch over under a lower one.
 */
export function lastOf (state: WriterState, before: WriterMark | undefined): WriterMark {
  const mark = { epoch: state.epoch, index: headIndex(state) }
  return before !== undefined && compareMarks(before, mark) > 0 ? before : mark
}

/** The next record but for its hash, which the shell computes over the encoding. Ending a branch closes its open children. */
export function draft (state: WriterState, { next, opens = [], takes = [], closes = [], needs = [], body }: NextRecord): RecordDraft {
  const { branch, head } = state
  const own = head?.branch === branch
  const index = headIndex(state) + 1
  const before = own ? openAfter(head) : []
  const gone = new Set([...takes.map(take => take.branch), ...closes])
  const open = next === null ? [] : without(before, gone)
  const carried = own ? head.takes.filter(({ at }) => at > state.done) : []
  return {
    execution: state.execution, branch, index, prev: head?.hash ?? null, epoch: state.epoch, writer: state.self, next,
    lineage: head === null ? [] : lineageIn(branch, head), opens, open,
    takes: [...carried, ...takes.map(take => ({ ...take, at: index }))], closes, needs, degraded: state.degraded, body
  }
}

/** Append: the record goes to every replica at once, and to the next writer by the shell. Throws on a record not its own. */
export function write (state: WriterState, record: BranchRecord): WriterStep {
  const follows = record.branch === state.branch && record.index === headIndex(state) + 1 &&
    record.prev === (state.head?.hash ?? null) && compareEpochs(record.epoch, state.epoch) === 0
  if (state.status !== 'writing' || !follows) throw new Error(`record ${record.index} of ${record.branch} is not this writer's next`)
  const status = record.next === null ? 'ended' : samePeer(record.next, state.self) ? 'writing' : 'handedOver'
  const after: WriterState = { ...state, status, head: record, pending: [...state.pending, record] }
  return { state: after, send: [{ to: peersOf(state), append: appendOf(after, record) }], events: [] }
}

/** Whether a pure or idempotent step may start now: few unfinished records, or degraded with each kept by some replica. */
export function mayGoOn (state: WriterState, runAhead: number): boolean {
  if (state.status !== 'writing' || state.head === null) return false
  return state.pending.length <= runAhead || (state.degraded && isKept(state))
}

/** Whether the newest record is done: what a decision, an exclusive call, a result or an outcome waits for. */
export function isSettled (state: WriterState): boolean {
  return state.head !== null && state.pending.length === 0
}

/** Some replicas stay silent and the workflow allows it: go on within the branch, if at least one replica keeps it. */
export function degrade (state: WriterState): WriterState {
  return state.pending.length > 0 && isKept(state) ? { ...state, degraded: true } : state
}

/** Counted only for the same set number, sync epoch and member: peer, disk and joined-at number. */
export function onAck (state: WriterState, ack: Ack): WriterStep {
  const member = state.members.find(each => memberKey(each) === memberKey(ack.member))
  const counts = ack.number === state.number && compareEpochs(ack.epoch, state.epoch) === 0 && member !== undefined
  if (!counts || state.status === 'stopped') return same(state)
  const offered = state.pending.find(record => indexIn(state.branch, record) === ack.index)
  if (offered !== undefined && offered.hash !== ack.hash) return stop(state)
  const key = memberKey(member)
  const before = state.acked[key]
  // Late acknowledgements say less than what is known; the newest word about the branches above counts.
  if (before !== undefined && (ack.index < before.index || (ack.index === before.index && ack.parents === before.parents))) return same(state)
  return settle({ ...state, acked: { ...state.acked, [key]: { index: ack.index, parents: ack.parents } } })
}

export function onRefusal (state: WriterState, refusal: Refusal): WriterStep {
  if (compareEpochs(refusal.epoch, state.epoch) !== 0 || state.status === 'parked' || state.status === 'stopped') return same(state)
  switch (refusal.reason) {
    case 'epoch':
    case 'closed':
      if (isUnheard(state, refusal)) return { ...same(state), events: [{ type: 'again', number: refusal.number }] }
      return { state: { ...state, status: 'parked' }, send: [], events: [{ type: 'parked', reason: refusal.reason }] }
    case 'conflict': return stop(state)
    case 'oldNumber': return { ...same(state), events: [{ type: 'learn', number: refusal.number }] }
    case 'missing': return { ...same(state), events: attach(refusal) }
    case 'newNumber':
    case 'notWhole': return same(state) // it will learn or become whole; the next resend finds it so
  }
}

/** The set changed: acknowledgements of the old number count no more, and what is not done is asked for again. */
export function changeSet (state: WriterState, config: SetConfig): WriterStep {
  if (config.number <= state.number) return same(state)
  const { set, generation, number, members } = config
  return resend({ ...state, set, generation, number, members, acked: {} })
}

/** Offer again whatever a member has not acknowledged. */
export function resend (state: WriterState): WriterStep {
  if (state.status === 'parked' || state.status === 'stopped') return same(state)
  const send = state.members.flatMap(member =>
    state.pending
      // Until the opening record is known to be done, all are asked again: the branches above may have moved on.
      .filter(record => !state.rooted || indexIn(state.branch, record) > ackedIndex(state, member))
      .map(record => ({ to: [member.peer], append: appendOf(state, record) })))
  return { state, send, events: [] }
}

/** Offer one record again with the heads that this replica missed. */
export function sendWith (state: WriterState, to: string, hash: string, attached: Attachment[]): WriterStep {
  const record = state.pending.find(each => each.hash === hash)
  if (record === undefined || attached.length === 0 || state.status === 'parked' || state.status === 'stopped') return same(state)
  return { state, send: [{ to: [to], append: { ...appendOf(state, record), with: attached } }], events: [] }
}

export function memberKey (member: SetMember): string {
  return `${member.peer}/${member.disk}/${member.joined}`
}

/** The execution is new, and the replica noted nothing of it: only the number it began under is too old. */
function isUnheard ({ branch, execution, epoch, self, done }: WriterState, { reason, noted, number }: Refusal): boolean {
  const isNew = branch === execution && epoch.count === 0 && epoch.peer === self.peer && done < 0
  return isNew && reason === 'epoch' && noted === undefined && number > epoch.set
}

function settle (state: WriterState): WriterStep {
  const done = Math.min(headIndex(state), ...state.members.map(member => ackedIndex(state, member)))
  if (done <= state.done) return same(state)
  const parents = new Set(state.members.map(member => state.acked[memberKey(member)]?.parents))
  const rooted = state.rooted || parents.has('') || (parents.size === 1 && !parents.has(UNDECIDED))
  if (!rooted) return same(state)
  const pending = state.pending.filter(record => indexIn(state.branch, record) > done)
  const after = { ...state, done, pending, rooted, degraded: state.degraded && pending.length > 0 }
  // The replicas stop watching over a root whose outcome is done, so they are told.
  const told = state.status === 'ended' && pending.length === 0 && state.branch === state.execution && state.head !== null
  const send = told ? [{ to: peersOf(state), append: appendOf(after, state.head as BranchRecord) }] : []
  return { state: after, send, events: [{ type: 'done', index: done }] }
}

function fresh (
  { set, generation, number, members }: SetConfig, execution: string, branch: string, self: PeerRef, epoch: Epoch, head: BranchRecord | null
): WriterState {
  return {
    set, generation, number, members, execution, branch, self, epoch, status: 'writing', head,
    done: -1, pending: head === null ? [] : [head], acked: {},
    rooted: branch === execution, degraded: false
  }
}

function without (open: OpenChildren[], gone: Set<string>): OpenChildren[] {
  if (gone.size === 0) return open
  return open
    .map(({ opening, places }) => ({ opening, places: places.filter(place => !gone.has(childBranch(opening.hash, place))) }))
    .filter(({ places }) => places.length > 0)
}

function appendOf (state: WriterState, record: BranchRecord): Append {
  const { set, number, branch, epoch, done } = state
  return { set, number, branch, record, epoch, done, with: [] }
}

function isKept (state: WriterState): boolean {
  return Object.values(state.acked).some(({ index }) => index >= headIndex(state))
}

function ackedIndex (state: WriterState, member: SetMember): number {
  return state.acked[memberKey(member)]?.index ?? -1
}

function headIndex (state: WriterState): number {
  return state.head === null ? -1 : indexIn(state.branch, state.head)
}

function compareMarks (a: WriterMark, b: WriterMark): number {
  return compareEpochs(a.epoch, b.epoch) || a.index - b.index
}

function peersOf (state: WriterState): string[] {
  return state.members.map(member => member.peer)
}

function attach ({ from, hash, missing }: Refusal): WriterEvent[] {
  return missing === undefined || missing.length === 0 ? [] : [{ type: 'attach', to: from, hash, missing }]
}

function stop (state: WriterState): WriterStep {
  return { state: { ...state, status: 'stopped' }, send: [], events: [{ type: 'stopped' }] }
}

function same (state: WriterState): WriterStep {
  return { state, send: [], events: [] }
}
