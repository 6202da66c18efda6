/**
 * Records as bytes and back. The hash of a record is the content id of its bytes, so a reader computes it itself and a
 * flipped byte is another record that nobody asked for. Bounds are checked here, where records come in.
 */
import { hash } from 'node:crypto'
import { RecordMessage } from '../../protocols/checkpoint.js'
import type { BranchRecord, Epoch, Opening, RecordDraft } from '../branch/index.js'
import { InvalidInputError, TooLargeError } from '../errors.js'
import { MAX_RECORD_BYTES } from '../limits.js'
import { idOfDigest } from '../workflow/index.js'

const encoded = new WeakMap<BranchRecord, Uint8Array>()
/** Large blobs that were hashed here: bytes are never changed, so writer and replica on one peer hash them once. */
const ids = new WeakMap<Uint8Array, string>()
const REMEMBERED_BYTES = 64 * 1024

/** The platform's sha-256 is several times faster than the pure one. */
export function blobId (bytes: Uint8Array): string {
  if (bytes.length < REMEMBERED_BYTES) return idOfDigest(hash('sha256', bytes, 'buffer'))
  let id = ids.get(bytes)
  if (id === undefined) ids.set(bytes, id = idOfDigest(hash('sha256', bytes, 'buffer')))
  return id
}

/** Gives a draft its hash. Throws TooLargeError above MAX_RECORD_BYTES. */
export function sealRecord (draft: RecordDraft): BranchRecord {
  const bytes = RecordMessage.encode({ ...draft, prev: draft.prev ?? undefined, next: draft.next ?? undefined, opens: draft.opens.map(o => o.next) })
  if (bytes.length > MAX_RECORD_BYTES) throw new TooLargeError('record', bytes.length, MAX_RECORD_BYTES)
  const record = { ...draft, hash: blobId(bytes) }
  encoded.set(record, bytes)
  return record
}

/** The bytes a record was sealed to or read from. */
export function recordBytes (record: BranchRecord): Uint8Array {
  const known = encoded.get(record)
  if (known !== undefined) return known
  const { hash: _hash, ...draft } = record
  const sealed = sealRecord(draft)
  if (sealed.hash !== record.hash) throw new InvalidInputError(`record ${record.hash} does not have the content it is named by`)
  return encoded.get(sealed)!
}

/** Throws InvalidInputError or TooLargeError; nothing of a bad record is kept. */
export function readRecord (bytes: Uint8Array): BranchRecord {
  if (bytes.length > MAX_RECORD_BYTES) throw new TooLargeError('record', bytes.length, MAX_RECORD_BYTES)
  const message = decode(bytes)
  if (message.epoch === undefined || message.writer === undefined) throw new InvalidInputError('record without epoch or writer')
  const record: BranchRecord = {
    hash: blobId(bytes),
    execution: message.execution,
    branch: message.branch,
    index: message.index,
    prev: message.prev ?? null,
    epoch: message.epoch,
    writer: message.writer,
    next: message.next ?? null,
    lineage: message.lineage.map(openingOf),
    opens: message.opens.map(next => ({ next })),
    open: message.open.map(({ opening, places }) => ({ opening: openingOf(opening), places })),
    takes: message.takes,
    closes: message.closes,
    needs: message.needs,
    degraded: message.degraded,
    body: message.body
  }
  encoded.set(record, bytes)
  return record
}

/** As checkpoint.proto has them; generated code checks only what it is given. */
const PARTS = 16384
const LIMITS = { limits: { lineage: 256, opens: PARTS, open: PARTS, takes: PARTS, closes: PARTS, needs: PARTS, open$: { places: PARTS } } }

function decode (bytes: Uint8Array): RecordMessage {
  try {
    return RecordMessage.decode(bytes, LIMITS)
  } catch (err) {
    throw new InvalidInputError('malformed record', {}, { cause: err })
  }
}

/** @throws InvalidInputError when a part is missing */
export function openingOf (opening: { branch: string, hash: string, index: number, epoch?: Epoch } | undefined): Opening {
  if (opening?.epoch === undefined) throw new InvalidInputError('record with an opening without epoch')
  return { branch: opening.branch, hash: opening.hash, index: opening.index, epoch: opening.epoch }
}
