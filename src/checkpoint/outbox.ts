/**
 * What goes to each peer, collected for one turn of the event loop: records of many branches share a message, a synced
 * batch at the other end and an answer. Order per peer is kept. Loss is not repaired here: writers offer again.
 */
import { AppendMessage } from '../../protocols/checkpoint.js'
import type { Append, BranchRecord } from '../branch/index.js'
import type { Clock } from '../clock.js'
import { metrics } from '../telemetry.js'
import type { Sessions } from '../mesh/port.js'
import { recordBytes } from './record-codec.js'
import { offerOf } from './wire.js'

export const APPEND_KIND = 'checkpoint/append'

export interface BlobToSend { execution: string, id: string, bytes: Uint8Array }

interface Pending { appends: Append[], handed: { branch: string, record: BranchRecord }[], blobs: BlobToSend[] }

const messages = metrics.counter('flowmesh_append_messages_total', 'messages with records sent to other peers')
/** Blobs a peer is known to have been sent; past this many the oldest are forgotten and, if need be, sent again. */
const MAX_REMEMBERED = 10_000
/** One message: below what a session carries and what its receiver decodes. */
const MAX_MESSAGE_BYTES = 4 * 1024 * 1024
const MAX_MESSAGE_PARTS = 1024
/** How long news that nobody waits for looks for company. */
const LATER_MS = 20

export class Outbox {
  private readonly pending = new Map<string, Pending>()
  private readonly later = new Map<string, Append[]>()
  private readonly sent = new Set<string>()
  private scheduled = false

  /** @param local takes what is for this peer itself, in the same form */
  constructor (
    private readonly sessions: Pick<Sessions, 'send'>,
    private readonly self: string,
    private readonly clock: Pick<Clock, 'after'>,
    private readonly local: (pending: Pending) => void
  ) {}

  offer (peer: string, append: Append, blobs: BlobToSend[]): void {
    const entry = this.of(peer)
    entry.blobs.push(...blobs.filter(blob => this.isNew(peer, blob)))
    entry.appends.push(append)
  }

  /** What only tells and nobody waits for: it goes with the next message to that peer, or after a moment. */
  offerLater (peer: string, append: Append): void {
    if (this.later.size === 0) this.clock.after(LATER_MS, () => { for (const peer of this.later.keys()) this.of(peer) })
    const waiting = this.later.get(peer)
    if (waiting === undefined) this.later.set(peer, [append])
    else waiting.push(append)
  }

  /** The record names `peer` as next writer of `branch`. */
  hand (peer: string, branch: string, record: BranchRecord, blobs: BlobToSend[]): void {
    const entry = this.of(peer)
    entry.blobs.push(...blobs.filter(blob => this.isNew(peer, blob)))
    entry.handed.push({ branch, record })
  }

  /** The peer said it lacks these: send them with the next offer whatever is remembered. */
  forgetSent (peer: string, execution: string, ids: string[]): void {
    for (const id of ids) this.sent.delete(`${peer}/${execution}/${id}`)
  }

  private of (peer: string): Pending {
    let entry = this.pending.get(peer)
    if (entry === undefined) {
      this.pending.set(peer, entry = { appends: this.later.get(peer) ?? [], handed: [], blobs: [] })
      this.later.delete(peer)
    }
    if (!this.scheduled) {
      this.scheduled = true
      queueMicrotask(() => { this.flush() })
    }
    return entry
  }

  private isNew (peer: string, { execution, id }: BlobToSend): boolean {
    const key = `${peer}/${execution}/${id}`
    if (this.sent.has(key)) return false
    this.sent.add(key)
    if (this.sent.size > MAX_REMEMBERED) this.sent.delete(this.sent.values().next().value as string)
    return true
  }

  private flush (): void {
    this.scheduled = false
    const entries = [...this.pending]
    this.pending.clear()
    for (const [peer, entry] of entries) {
      if (peer === this.self) {
        this.local(entry)
        continue
      }
      for (const part of split(entry)) this.send(peer, part)
    }
  }

  private send (peer: string, { appends, handed, blobs }: Pending): void {
    const message = {
      blobs: blobs.map(({ execution, bytes }) => ({ execution, bytes })),
      offers: appends.map(offerOf),
      handed: handed.map(({ branch, record }) => ({ branch, record: recordBytes(record) }))
    }
    messages.add(1)
    if (!this.sessions.send(peer, APPEND_KIND, AppendMessage.encode(message), 'bulk')) {
      for (const { execution, id } of blobs) this.sent.delete(`${peer}/${execution}/${id}`)
    }
  }
}

/** Messages of a size that every receiver takes, in order; nearly always one. Blobs come before the records that need them. */
function split ({ appends, handed, blobs }: Pending): Pending[] {
  const parts: Pending[] = [{ appends: [], handed: [], blobs: [] }]
  let bytes = 0
  let count = 0
  const room = (size: number): Pending => {
    if (count > 0 && (bytes + size > MAX_MESSAGE_BYTES || count >= MAX_MESSAGE_PARTS)) {
      parts.push({ appends: [], handed: [], blobs: [] })
      bytes = count = 0
    }
    bytes += size
    count++
    return parts.at(-1)!
  }
  for (const blob of blobs) room(blob.bytes.length).blobs.push(blob)
  for (const append of appends) room(sizeOf(append.record) + append.with.reduce((sum, { record }) => sum + sizeOf(record), 0)).appends.push(append)
  for (const hand of handed) room(sizeOf(hand.record)).handed.push(hand)
  return parts
}

function sizeOf (record: BranchRecord): number { return recordBytes(record).length + 200 }
