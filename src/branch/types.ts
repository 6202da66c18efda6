/**
 * The words of the branch protocol, as plain data. A record has three epochs, never to be mixed: `record.epoch`, in which
 * it was written; the sync epoch, under which it was last offered to or kept by a replica; and `noted`, the highest one a
 * replica has promised to respect.
 */
import type { SetMember } from '../mesh-view.js'

export type { SetMember }

/** A writer's term. Ordered by generation, set number, count, peer. */
export interface Epoch { generation: number, set: number, count: number, peer: string }

/** One life of a peer: `incarnation` differs after every start, so that a restarted writer is never taken for the old one. */
export interface PeerRef { peer: string, incarnation: string }

/** A record of another branch: `hash` is what must be that branch's head. */
export interface RecordRef { branch: string, hash: string }

/** A child's final record that a record takes in, and the index of the parent's record that first took it. */
export interface Take extends RecordRef { at: number }

/** The record of `branch` that opened a child and is the child's first record. */
export interface Opening { branch: string, hash: string, index: number, epoch: Epoch }

/** Children of one opening record that are neither taken nor closed, by their place in its `opens`. */
export interface OpenChildren { opening: Opening, places: number[] }

/** What the protocol reads of a record; `body` (where the branch stands) is opaque to it. Made with `draft` in writer.ts. */
export interface BranchRecord {
  /** Content id over the encoding of everything else here, computed by the shell. */ hash: string
  execution: string
  /** The root branch has the execution's id; a child is `childBranch(opening hash, place)`. */ branch: string
  /** From 0. A child's own records begin at 1: its 0 is the parent's opening record. */ index: number
  /** Hash of the record before, null only for the first of an execution. */ prev: string | null
  /** The epoch it was written in. */ epoch: Epoch
  writer: PeerRef
  /** Who writes the next record; null: the branch ended with this one. */ next: PeerRef | null
  /** How the branch hangs in its execution, root first; empty for the root. */ lineage: Opening[]
  /** Children that this record opens, and who writes their first own record. */ opens: { next: PeerRef }[]
  /** Children of earlier records still open after this one: a child that its parent's head does not list is not alive. */
  open: OpenChildren[]
  /** Final records of children whose results this record, or one before it not known to be done, rests on. */ takes: Take[]
  /** Children whose outcome is no longer wanted; for people and for telling their writers (replicas read `open`). */ closes: string[]
  /** Content ids of blobs that `body` refers to; the shell checks that they are synced before it hands the append over. */
  needs: string[]
  /** Written while the record before it was not done. */ degraded: boolean
  body: Uint8Array
}

/** What a record says before it has a hash. */
export type RecordDraft = Omit<BranchRecord, 'hash'>

/** A set as the control plane last decided it, as of one number. `generation` rises only by a forced recovery. */
export interface SetConfig { set: string, generation: number, number: number, members: SetMember[] }

/** What a replica keeps per set; durable before anything that follows from it is sent. */
export interface SetState extends SetConfig {
  /** This peer's membership under `number`, null when it is none. */ self: SetMember | null
  /** Whether it holds the heads and noted epochs for `self.joined`; until then it acknowledges, answers and takes nothing. */
  whole: boolean
}

/** What a replica keeps per branch; durable before anything that follows from it is sent. */
export interface ReplicaBranch {
  execution: string
  branch: string
  /** The highest epoch promised. */ noted: Epoch
  /** Null when an epoch was noted before any record came. */ head: BranchRecord | null
  /** The sync epoch of `head`. */ synced: Epoch
  /** Highest index the writers said is done; a hint for forgetting, never for acknowledging. */ done: number
  /** Children no longer open, and the index of the record that dropped them: kept until that record is done. */
  dropped: { branch: string, index: number }[]
}

/** Reads another branch of the same execution and set at this replica. */
export type Lookup = (branch: string) => ReplicaBranch | undefined

/** Offers `record` as a record of `branch` (for a child's first one that is not `record.branch`). */
export interface Append {
  set: string
  number: number
  branch: string
  record: BranchRecord
  /** The sync epoch. */ epoch: Epoch
  /** Highest index of `branch` known to be done. */ done: number
  /** Heads of other branches that the receiver said it misses; offered in the same save. */ with: Attachment[]
}

export interface Attachment { branch: string, record: BranchRecord, epoch: Epoch }

/** `hash` and `index` are those of the replica's head, which is the offered record or a later one of the same epoch. */
export interface Ack {
  type: 'ack', set: string, branch: string, hash: string, index: number, epoch: Epoch, number: number, member: SetMember
  /** The epochs of the branches above; empty when the opening record is known to be done, and for a root. */ parents: string
}

/** Instead of `parents`: a branch above is being taken over here. */
export const UNDECIDED = '?'

export type RefusalReason =
  | 'epoch' // a higher epoch was noted, or this one names an older number and was not noted here: park
  | 'oldNumber' // the writer's set number is older than the replica's: learn, clear acknowledgements, send again
  | 'newNumber' // the replica has not noted that number yet: it learns, the writer sends again
  | 'notWhole' // a newcomer that still copies, or no member: send again later
  | 'closed' // the branch was closed, taken or superseded by its parent: park
  | 'missing' // what the record refers to is not here: send again with the heads of `missing` attached
  | 'conflict' // another record in the writer's own epoch: fail-stop

export interface Refusal {
  type: 'refusal', set: string, branch: string, hash: string, epoch: Epoch, number: number, from: string, reason: RefusalReason
  /** The highest epoch noted here, with reason `epoch`. */ noted?: Epoch
  /** With reason `missing`: heads to attach, those already attached included; empty when more of them would not help. */
  missing?: RecordRef[]
}

export type AppendReply = Ack | Refusal

/** A taker asks a replica to note its epoch and to return its head. */
export interface NoteRequest {
  set: string, number: number, execution: string, branch: string, epoch: Epoch
  /** Where the branch hangs, so that a replica which does not know it can say whether it is closed or not here yet. */
  lineage: Opening[]
}

/** `head` null: the replica has none. `refused` absent: noted. */
export interface NoteReply {
  set: string, number: number, branch: string, epoch: Epoch, member: SetMember | null
  head: BranchRecord | null, synced: Epoch
  /** Heads that `head` refers to, for a taker that misses them. */ with: Attachment[]
  refused?: Exclude<RefusalReason, 'conflict'>, noted?: Epoch
}

/** All that a newcomer copies: heads, noted epochs, dropped children. */
export interface SetCopy { set: string, number: number, from: SetMember, branches: ReplicaBranch[] }
