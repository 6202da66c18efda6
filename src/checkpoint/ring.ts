/**
 * The second ring: each writer publishes, on its set's shard topic, the newest record of each branch that changed,
 * coalesced; large ones as a digest to be pulled. Peers of the region and controllers keep the newest per branch, bounded.
 * Nothing waits for it; it serves reads of a lost set, `lost: resume`, and live views.
 */
import { BlobReplyMessage, RingMessage } from '../../protocols/checkpoint.js'
import { compareEpochs, indexIn } from '../branch/index.js'
import type { BranchRecord, Epoch } from '../branch/index.js'
import type { Clock } from '../clock.js'
import { TooLargeError } from '../errors.js'
import { MAX_GOSSIP_BYTES, MAX_KEY_BYTES } from '../limits.js'
import type { Mesh } from '../mesh/port.js'
import { malformed, metrics, readFrom } from '../telemetry.js'
import { readRecord, recordBytes } from './record-codec.js'
import { DECODE } from './wire.js'

/** Few topics however many sets there are; every peer of a small mesh listens on all. */
const RING_SHARDS = 8
/** Records above this travel as a digest. See docs/decisions on gossip. */
const INLINE_BYTES = 8 * 1024
const COALESCE_MS = 100
const MAX_KEPT_BYTES = 32 * 1024 * 1024
/** A record in memory beside its body. */
const OVERHEAD_BYTES = 3 * 1024

export const PULL_KIND = 'checkpoint/pull'

interface Changed { branch: string, record: BranchRecord, epoch: Epoch }
interface Kept { record: BranchRecord, epoch: Epoch, bytes: number }

const published = metrics.counter('flowmesh_ring_published_total', 'checkpoints published on the ring')
const received = metrics.counter('flowmesh_ring_received_total', 'checkpoints taken from the ring')
const rejected = metrics.counter('flowmesh_ring_rejected_total', 'ring messages refused')

/** Every topic of the ring. A mesh's peers talk only to each other, so its id is not in them. */
export const RING_TOPICS: readonly string[] = Array.from({ length: RING_SHARDS }, (_, shard) => `flowmesh/ring/${shard}`)

function topicOf (set: string): string {
  let hash = 0
  for (const char of set) hash = (hash * 31 + char.charCodeAt(0)) >>> 0
  return RING_TOPICS[hash % RING_SHARDS]!
}

export class Ring {
  private readonly changed = new Map<string, Map<string, Changed>>()
  /** Oldest first, by branch. */ private readonly kept = new Map<string, Kept>()
  private keptBytes = 0
  private sequence = 0
  private scheduled = false

  constructor (private readonly mesh: Mesh, private readonly clock: Clock) {}

  start (): void {
    for (const topic of RING_TOPICS) this.mesh.subscribe(topic, (bytes, from) => this.accept(bytes, from), (bytes, from) => { this.deliver(bytes, from) })
    this.mesh.onRequest(PULL_KIND, (body, from) => this.give(readFrom(PULL_KIND, from, () => readName(body))))
  }

  /** The branch has a new record, written under or taken over with `epoch`. */
  note (set: string, branch: string, record: BranchRecord, epoch: Epoch): void {
    let branches = this.changed.get(set)
    if (branches === undefined) this.changed.set(set, branches = new Map<string, Changed>())
    branches.set(branch, { branch, record, epoch })
    if (this.scheduled) return
    this.scheduled = true
    this.clock.after(COALESCE_MS, () => { this.flush() })
  }

  /** Newest records known of an execution's branches. */
  latest (execution: string): BranchRecord[] {
    return [...this.kept.values()].filter(({ record }) => record.execution === execution).map(({ record }) => record)
  }

  private flush (): void {
    this.scheduled = false
    const changed = [...this.changed]
    this.changed.clear()
    for (const [set, branches] of changed) {
      for (const { branch, record, epoch } of branches.values()) this.keep(branch, record, epoch)
      if (this.mesh.connected().length > 0) this.publish(set, [...branches.values()])
    }
  }

  private publish (set: string, branches: Changed[]): void {
    let message = this.empty(set)
    let bytes = 0
    for (const { branch, record, epoch } of branches) {
      const encoded = recordBytes(record)
      const size = encoded.length > INLINE_BYTES ? 400 : encoded.length + 300
      if (bytes + size > MAX_GOSSIP_BYTES / 2) {
        this.send(message)
        message = this.empty(set)
        bytes = 0
      }
      bytes += size
      if (encoded.length > INLINE_BYTES) message.digests.push({ execution: record.execution, branch, hash: record.hash, index: indexIn(branch, record), epoch })
      else message.records.push({ branch, record: encoded, epoch })
    }
    this.send(message)
  }

  private empty (set: string): RingMessage {
    return { set, sequence: this.sequence++, records: [], digests: [] }
  }

  private send (message: RingMessage): void {
    published.add(message.records.length + message.digests.length)
    // No delivery signal and nobody waits: a loss is mended by the next record, or by a pull.
    this.mesh.publish(topicOf(message.set), RingMessage.encode(message)).catch(() => {})
  }

  private accept (bytes: Uint8Array, from: string): boolean {
    try {
      const message = RingMessage.decode(bytes, DECODE.ring)
      for (const { record, branch } of message.records) {
        const read = readRecord(record)
        if (!read.execution.startsWith(`${message.set}.`) || !isOf(branch, read)) throw new Error('not of this set')
      }
      return true
    } catch (err) {
      rejected.add(1)
      malformed('checkpoint/ring', from, err)
      return false
    }
  }

  private deliver (bytes: Uint8Array, from: string): void {
    const message = RingMessage.decode(bytes, DECODE.ring)
    for (const { branch, record, epoch } of message.records) {
      if (epoch !== undefined) this.keep(branch, readRecord(record), epoch)
    }
    for (const { branch, epoch, index } of message.digests) {
      if (epoch !== undefined && this.isNewer(branch, epoch, index)) void this.pull(from, branch)
    }
  }

  private async pull (from: string, branch: string): Promise<void> {
    try {
      const body = await this.mesh.request(from, PULL_KIND, new TextEncoder().encode(branch), { deadlineMs: 5000, channel: 'bulk' })
      const found = readFrom(PULL_KIND, from, () => BlobReplyMessage.decode(body, DECODE.blobReply).blobs
        .flatMap(({ bytes }) => RingMessage.decode(bytes, DECODE.ring).records)
        .map(({ record, epoch }) => ({ record: readRecord(record), epoch })))
      for (const { record, epoch } of found) if (epoch !== undefined && isOf(branch, record)) this.keep(branch, record, epoch)
    } catch {
      // The next record of the branch brings another digest.
    }
  }

  private give (branch: string): Uint8Array {
    const kept = this.kept.get(branch)
    if (kept === undefined) return BlobReplyMessage.encode({ blobs: [] })
    const message = { ...this.empty(''), records: [{ branch, record: recordBytes(kept.record), epoch: kept.epoch }] }
    return BlobReplyMessage.encode({ blobs: [{ execution: kept.record.execution, bytes: RingMessage.encode(message) }] })
  }

  private isNewer (branch: string, epoch: Epoch, index: number): boolean {
    const known = this.kept.get(branch)
    if (known === undefined) return true
    const order = compareEpochs(epoch, known.epoch)
    return order > 0 || (order === 0 && index > indexIn(branch, known.record))
  }

  private keep (branch: string, record: BranchRecord, epoch: Epoch): void {
    if (!this.isNewer(branch, epoch, indexIn(branch, record))) return
    received.add(1)
    this.forget(branch)
    // What a record takes or closes is over with it.
    for (const { branch: taken } of record.takes) this.forget(taken)
    for (const closed of record.closes) this.forget(closed)
    const bytes = record.body.length + OVERHEAD_BYTES
    this.kept.set(branch, { record, epoch, bytes })
    this.keptBytes += bytes
    while (this.keptBytes > MAX_KEPT_BYTES) this.forget(this.kept.keys().next().value as string)
  }

  private forget (branch: string): void {
    this.keptBytes -= this.kept.get(branch)?.bytes ?? 0
    this.kept.delete(branch)
  }
}

/** A branch's name. @throws on what cannot be one */
function readName (body: Uint8Array): string {
  if (body.length > MAX_KEY_BYTES) throw new TooLargeError('the name of a branch', body.length, MAX_KEY_BYTES)
  return new TextDecoder('utf-8', { fatal: true }).decode(body)
}

/** A record of the branch, or the one that opened it. */
function isOf (branch: string, record: BranchRecord): boolean {
  return record.branch === branch || branch.startsWith(`${record.hash}.`)
}
