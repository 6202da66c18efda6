/**
 * What one replica promises about one branch: what it accepts, which epoch it has noted, what it answers. Pure: the shell
 * applies `writes` to memory, persists them in one synced batch with others, and only then sends the reply (save, then
 * send). A reply sent before its save is the one mistake that nothing here can mend.
 */
import { compareEpochs, epochKey, NO_EPOCH } from './epoch.js'
import { childBranch, childrenIn, indexIn, lineageIn, listsChild, nextIn } from './record.js'
import type {
  Append, AppendReply, Attachment, BranchRecord, Epoch, Lookup, NoteReply, NoteRequest, Opening, RecordRef, RefusalReason,
  ReplicaBranch, SetState
} from './types.js'
import { UNDECIDED } from './types.js'

/** `forgets`: branches whose end can never be undone; the shell deletes them with everything below them. */
export interface Accepted { writes: ReplicaBranch[], forgets: string[], reply: AppendReply }
export interface Noted { writes: ReplicaBranch[], reply: NoteReply }

interface Refused { reason: RefusalReason, missing?: RecordRef[] }

/** One save in the making: what an accepted append writes is all or nothing. */
interface Save { set: SetState, writes: Map<string, ReplicaBranch>, look: Lookup, attached: Attachment[] }

/** Accept or refuse one offered record. */
export function acceptAppend (set: SetState, lookup: Lookup, append: Append): Accepted {
  const { branch, record, epoch } = append
  const writes = new Map<string, ReplicaBranch>()
  const save = { set, writes, look: (name: string) => writes.get(name) ?? lookup(name), attached: append.with }
  const refused = gate(set, append.number) ?? notAlive(save, branch, lineageIn(branch, record)) ?? offer(save, append, false)
  const state = save.look(branch)
  if (refused !== undefined || state?.head == null || set.self === null) {
    const noted = lookup(branch)?.noted
    return {
      writes: [],
      forgets: [],
      reply: { type: 'refusal', set: set.set, branch, hash: record.hash, epoch, number: set.number, from: set.self?.peer ?? '',
        reason: refused?.reason ?? 'notWhole', noted, missing: refused?.missing && toAttach(append, refused.missing) }
    }
  }
  const forgets = learnDone(save, state, append.done)
  const { hash } = state.head
  const parents = parentsOf(save, lineageIn(branch, state.head))
  return {
    writes: [...writes.values()],
    forgets,
    reply: { type: 'ack', set: set.set, branch, hash, index: indexIn(branch, state.head), epoch,
      number: set.number, member: set.self, parents }
  }
}

/** Note a taker's epoch and answer with the head. Its noting fences the old writer before the taker adopts. */
export function noteEpoch (set: SetState, lookup: Lookup, request: NoteRequest): Noted {
  const { branch, epoch } = request
  const save = { set, writes: new Map<string, ReplicaBranch>(), look: lookup, attached: [] }
  const known = lookup(branch)
  const refused = gate(set, request.number) ?? notAlive(save, branch, request.lineage) ?? checkEpoch(set, known, epoch)
  const reply: NoteReply = {
    set: set.set, number: set.number, branch, epoch, member: set.self, head: known?.head ?? null, synced: known?.synced ?? NO_EPOCH,
    with: []
  }
  if (refused !== undefined && refused.reason !== 'conflict') {
    return { writes: [], reply: { ...reply, refused: refused.reason, noted: known?.noted } }
  }
  const fresh = { execution: request.execution, branch, head: null, synced: NO_EPOCH, done: -1, dropped: [] }
  const writes = known?.noted !== undefined && compareEpochs(known.noted, epoch) === 0 ? [] : [{ ...known ?? fresh, noted: epoch }]
  return { writes, reply: { ...reply, with: known === undefined ? [] : attachments(lookup, refsOf(known)) } }
}

/**
 * Who owes the next record of this branch (`write`), or that its last record becomes done and reaches the parent
 * (`settle`); null when the branch is closed, taken, or a root whose outcome is done. A replica watches whoever owes.
 */
export function duty (lookup: Lookup, state: ReplicaBranch): { by: string, what: 'write' | 'settle' } | null {
  const { branch, head, noted } = state
  if (head === null) return null
  const lineage = lineageIn(branch, head)
  const alive = lineage.every((opening, i) => listed(lookup(opening.branch), opening, lineage[i + 1]?.branch ?? branch))
  if (!alive) return null
  const next = nextIn(branch, head)
  if (next === null && lineage.length === 0 && state.done >= head.index) return null
  // After a takeover the taker is the writer until a record of its own names another.
  const by = compareEpochs(noted, head.epoch) > 0 ? noted.peer : (next ?? head.writer).peer
  return { by, what: next === null ? 'settle' : 'write' }
}

/** Heads that a refusal with reason `missing` asked for, as far as they are here, to be sent along. */
export function attachments (lookup: Lookup, missing: RecordRef[]): Attachment[] {
  return missing.flatMap(({ branch }) => {
    const state = lookup(branch)
    return state?.head == null ? [] : [{ branch, record: state.head, epoch: state.synced }]
  })
}

/** Only a whole member acknowledges or answers, and only under the newest number it has noted. */
function gate (set: SetState, number: number): Refused | undefined {
  if (number < set.number) return { reason: 'oldNumber' }
  if (number > set.number) return { reason: 'newNumber' }
  if (set.self === null || !set.whole) return { reason: 'notWhole' }
  return undefined
}

/** A child lives as long as its parent's head here lists it, and so on up to the root. */
function notAlive (save: Save, branch: string, lineage: Opening[]): Refused | undefined {
  for (const [i, opening] of lineage.entries()) {
    const child = lineage[i + 1]?.branch ?? branch
    if (listed(save.look(opening.branch), opening, child)) continue
    if (isPast(save.look(opening.branch), opening)) return { reason: 'closed' }
    const missing = { reason: 'missing' as const, missing: [{ branch: opening.branch, hash: opening.hash }] }
    const attached = save.attached.find(each => each.branch === opening.branch)
    if (attached === undefined) return missing
    const refused = offer(save, attached, false)
    if (refused !== undefined) return { reason: 'missing', missing: refused.missing ?? [] }
    if (!listed(save.look(opening.branch), opening, child)) {
      return isPast(save.look(opening.branch), opening) ? { reason: 'closed' } : missing
    }
  }
  return undefined
}

/**
 * A child's record is done only when its opening record is: synced everywhere under one and the same epoch of the parent.
 * A replica that has noted a higher epoch than its head's would not acknowledge the opening any more, so it says nothing.
 */
function parentsOf (save: Save, lineage: Opening[]): string {
  const opening = lineage.at(-1)
  if (opening === undefined || (save.look(opening.branch)?.done ?? -1) >= opening.index) return ''
  const states = lineage.map(({ branch }) => save.look(branch))
  if (states.some(state => state === undefined || compareEpochs(state.noted, state.synced) !== 0)) return UNDECIDED
  return states.map(state => state === undefined ? '' : epochKey(state.synced)).join(' ')
}

function listed (parent: ReplicaBranch | undefined, opening: Opening, child: string): boolean {
  return parent?.head != null && listsChild(parent.head, opening.hash, child)
}

/** Whether the parent's head here already decides about what this opening opened. */
function isPast (parent: ReplicaBranch | undefined, opening: Opening): boolean {
  if (parent?.head == null) return false
  const order = compareEpochs(parent.synced, opening.epoch)
  return order > 0 || (order === 0 && indexIn(parent.branch, parent.head) >= opening.index)
}

/** `referred`: asked for by a record that is being accepted, which vouches for a branch unknown here. */
function offer (save: Save, offered: Attachment, referred: boolean): Refused | undefined {
  const { branch, record, epoch } = offered
  const known = save.look(branch)
  if (!(referred && known === undefined)) {
    const refused = checkEpoch(save.set, known, epoch)
    if (refused !== undefined) return refused
  }
  const place = order(branch, known, record, epoch)
  if (place === 'conflict') return { reason: 'conflict' }
  if (place === 'behind') return undefined
  const own = record.branch === branch
  if (own && known?.head?.hash !== record.hash) {
    const missing = missingRefs(save, record, known?.done ?? -1)
    if (missing.length > 0) return { reason: 'missing', missing }
  }
  keep(save, known, offered)
  return undefined
}

/** The highest epoch noted, or a higher one that names the newest number; of an older number only the one noted. */
function checkEpoch (set: SetState, known: ReplicaBranch | undefined, epoch: Epoch): Refused | undefined {
  const higher = compareEpochs(epoch, known?.noted ?? NO_EPOCH)
  if (higher < 0) return { reason: 'epoch' }
  if (higher > 0 && (epoch.set !== set.number || epoch.generation !== set.generation)) return { reason: 'epoch' }
  return undefined
}

/** Under a higher sync epoch whatever its writer adopted or wrote; under the same one only forwards, on one line. */
function order (branch: string, known: ReplicaBranch | undefined, record: BranchRecord, epoch: Epoch): 'ahead' | 'behind' | 'conflict' {
  if (known?.head == null || compareEpochs(epoch, known.synced) > 0) return 'ahead'
  const [mine, offered] = [indexIn(branch, known.head), indexIn(branch, record)]
  if (offered < mine) return 'behind'
  if (offered === mine) return record.hash === known.head.hash ? 'behind' : 'conflict'
  return offered === mine + 1 && record.prev !== known.head.hash ? 'conflict' : 'ahead'
}

/** Everything a record refers to is accepted here first: final records it takes, first records of children still open. */
function missingRefs (save: Save, record: BranchRecord, done: number): RecordRef[] {
  const missing: RecordRef[] = []
  for (const take of record.takes) if (take.at > done) missing.push(...missingRef(save, take, head => head.hash === take.hash))
  for (const ref of openRefs(record)) missing.push(...missingRef(save, ref, () => true))
  return missing
}

/** Empty when it is here, or was attached and could be accepted. */
function missingRef (save: Save, { branch, hash }: RecordRef, fits: (head: BranchRecord) => boolean): RecordRef[] {
  const isHere = () => {
    const head = save.look(branch)?.head
    return head != null && fits(head)
  }
  if (isHere()) return []
  const attached = save.attached.find(each => each.branch === branch)
  const refused = attached === undefined ? undefined : offer(save, attached, true)
  return isHere() ? [] : [{ branch, hash }, ...refused?.missing ?? []]
}

function openRefs (record: BranchRecord): RecordRef[] {
  return record.open.flatMap(({ opening, places }) => places.map(place => ({ branch: childBranch(opening.hash, place), hash: opening.hash })))
}

function refsOf ({ branch, head, done }: ReplicaBranch): RecordRef[] {
  return head?.branch === branch ? [...head.takes.filter(({ at }) => at > done), ...openRefs(head)] : []
}

/** Nothing when all that is missing was attached already: it was refused, and sending it again would not end. */
function toAttach (append: Append, missing: RecordRef[]): RecordRef[] {
  const attached = new Set(append.with.map(({ branch }) => branch))
  const more = missing.filter(({ branch }) => !attached.has(branch))
  return more.length === 0 ? [] : [...append.with.map(({ branch, record }) => ({ branch, hash: record.hash })), ...more]
}

/** The new head, its children in the same save, at the epoch their opening record was written in. */
function keep (save: Save, known: ReplicaBranch | undefined, { branch, record, epoch }: Attachment): void {
  const own = record.branch === branch
  const state: ReplicaBranch = {
    execution: record.execution, branch, noted: epoch, head: record, synced: epoch,
    done: known?.done ?? -1, dropped: own && known !== undefined ? droppedBy(known, record) : known?.dropped ?? []
  }
  save.writes.set(branch, state)
  if (!own) return
  for (let place = 0; place < record.opens.length; place++) {
    const child = childBranch(record.hash, place)
    if (save.look(child)?.head != null) continue
    save.writes.set(child, {
      execution: record.execution, branch: child, noted: record.epoch, head: record, synced: record.epoch, done: -1, dropped: []
    })
  }
}

function droppedBy (known: ReplicaBranch, record: BranchRecord): ReplicaBranch['dropped'] {
  const before = childrenIn(record.branch, known.head)
  if (before.length === 0 && known.dropped.length === 0) return known.dropped
  const open = new Set(childrenIn(record.branch, record))
  const now = before.filter(branch => !open.has(branch)).map(branch => ({ branch, index: record.index }))
  return [...known.dropped.filter(({ branch }) => !open.has(branch)), ...now]
}

/** Remember what is done; children dropped by a done record can be forgotten: no record below it can come back. */
function learnDone (save: Save, state: ReplicaBranch, done: number): string[] {
  if (done <= state.done) return []
  const forgets = state.dropped.filter(({ index }) => index <= done).map(({ branch }) => branch)
  save.writes.set(state.branch, { ...state, done, dropped: state.dropped.filter(({ index }) => index > done) })
  return forgets
}
