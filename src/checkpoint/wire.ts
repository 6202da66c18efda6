/**
 * The protocol's words as messages and back. Whatever comes in is checked here: a message that lacks a part is malformed
 * and dropped as a whole, so the pure core only ever sees complete words.
 */
import type {
  AckMessage, AttachmentMessage, BranchMessage, EpochMessage, NoteReplyMessage, NoteRequestMessage, OfferMessage, RefusalMessage
} from '../../protocols/checkpoint.js'
import type {
  Ack, Append, Attachment, BranchRecord, Epoch, NoteReply, NoteRequest, Refusal, RefusalReason, ReplicaBranch, SetMember
} from '../branch/index.js'
import { InvalidInputError } from '../errors.js'
import { openingOf, readRecord, recordBytes } from './record-codec.js'

/**
 * How many parts a message may have, for `decode`: generated code checks only what it is given here. Without it two bytes
 * a part would be enough to fill the memory. The bounds are those of checkpoint.proto.
 */
export const DECODE = {
  append: { limits: { blobs: 4096, offers: 4096, handed: 4096, offers$: { with: 1024 } } },
  replies: { limits: { acks: 4096, refusals: 4096, refusals$: { missing: 16384, blobs: 16384 } } },
  noteRequest: { limits: { lineage: 256 } },
  noteReply: { limits: { with: 16384 } },
  copyReply: { limits: { branches: 65536, blobs: 65536, records: 65536, finals: 65536, branches$: { dropped: 16384 } } },
  readReply: { limits: { records: 65536, heads: 65536, blobs: 65536 } },
  listReply: { limits: { executions: 4096 } },
  blobRequest: { limits: { ids: 4096 } },
  blobReply: { limits: { blobs: 4096 } },
  ring: { limits: { records: 4096, digests: 4096 } }
} as const

const REASONS = new Set<string>(['epoch', 'oldNumber', 'newNumber', 'notWhole', 'closed', 'missing', 'conflict'])

export function offerOf (append: Append): OfferMessage {
  return {
    set: append.set,
    number: append.number,
    branch: append.branch,
    record: recordBytes(append.record),
    epoch: append.epoch,
    done: append.done + 1,
    with: append.with.map(attachmentMessage)
  }
}

export function appendOf (offer: OfferMessage): Append {
  return {
    set: offer.set,
    number: offer.number,
    branch: offer.branch,
    record: readRecord(offer.record),
    epoch: epochOf(offer.epoch),
    done: offer.done - 1,
    with: offer.with.map(attachmentOf)
  }
}

function attachmentMessage ({ branch, record, epoch }: Attachment): AttachmentMessage {
  return { branch, record: recordBytes(record), epoch }
}

function attachmentOf ({ branch, record, epoch }: AttachmentMessage): Attachment {
  return { branch, record: readRecord(record), epoch: epochOf(epoch) }
}

export function ackOf (message: AckMessage): Ack {
  const { set, branch, hash, index, number, parents } = message
  return { type: 'ack', set, branch, hash, index, number, parents, epoch: epochOf(message.epoch), member: memberOf(message.member) }
}

export function refusalOf (message: RefusalMessage, from: string): Refusal {
  const { set, branch, hash, number } = message
  const refusal: Refusal = { type: 'refusal', set, branch, hash, number, epoch: epochOf(message.epoch), from, reason: reasonOf(message.reason) }
  if (message.noted !== undefined) refusal.noted = message.noted
  if (message.missing.length > 0) refusal.missing = message.missing
  return refusal
}

export function refusalMessage (refusal: Refusal, blobs: string[] = []): RefusalMessage {
  return { ...refusal, missing: refusal.missing ?? [], noted: refusal.noted, blobs }
}

export function noteRequestOf (message: NoteRequestMessage): NoteRequest {
  const { set, number, execution, branch } = message
  return { set, number, execution, branch, epoch: epochOf(message.epoch), lineage: message.lineage.map(openingOf) }
}

export function noteReplyMessage (reply: NoteReply): NoteReplyMessage {
  const { member, head, refused, noted } = reply
  return { ...reply, member: member ?? undefined, head: head === null ? undefined : recordBytes(head), with: reply.with.map(attachmentMessage), refused, noted }
}

export function noteReplyOf (message: NoteReplyMessage): NoteReply {
  const { set, number, branch } = message
  const reply: NoteReply = {
    set,
    number,
    branch,
    epoch: epochOf(message.epoch),
    member: message.member ?? null,
    head: message.head === undefined ? null : readRecord(message.head),
    synced: epochOf(message.synced),
    with: message.with.map(attachmentOf)
  }
  if (message.refused !== undefined) reply.refused = reasonOf(message.refused) as Exclude<RefusalReason, 'conflict'>
  if (message.noted !== undefined) reply.noted = message.noted
  return reply
}

export function branchMessage (branch: ReplicaBranch): BranchMessage {
  const { execution, branch: id, noted, synced, done, dropped } = branch
  return { execution, branch: id, noted, synced, done: done + 1, dropped, head: branch.head === null ? undefined : recordBytes(branch.head) }
}

export function branchOf (message: BranchMessage): ReplicaBranch {
  const { execution, branch, dropped } = message
  return {
    execution, branch, noted: epochOf(message.noted), synced: epochOf(message.synced), done: message.done - 1, dropped,
    head: message.head === undefined ? null : readRecord(message.head)
  }
}

/** Every record that a list of branches has as heads, without repeating one that opens many children. */
export function headsOf (branches: ReplicaBranch[]): BranchRecord[] {
  return [...new Map(branches.flatMap(({ head }) => head === null ? [] : [[head.hash, head] as const])).values()]
}

function epochOf (message: EpochMessage | undefined): Epoch {
  if (message === undefined) throw new InvalidInputError('message without epoch')
  return message
}

export function memberOf (message: SetMember | undefined): SetMember {
  if (message === undefined) throw new InvalidInputError('message without member')
  return message
}

function reasonOf (text: string): RefusalReason {
  if (!REASONS.has(text)) throw new InvalidInputError(`unknown reason of refusal "${text.slice(0, 40)}"`)
  return text as RefusalReason
}
