/**
 * What waits to be sent on one session stream: bounded, in order, and sent in one piece per turn of the event loop,
 * because encrypting and writing many small frames apart costs several times as much.
 */
import { Frame } from '../../protocols/session.js'
import { MAX_QUEUED_BYTES, MAX_QUEUED_FRAMES, SESSION_CHUNK_BYTES } from '../limits.js'
import { wire } from './bytes.js'
import type { Stream } from '@libp2p/interface'
import type { FrameType } from '../../protocols/session.js'
import type { Channel } from './port.js'

export interface Outgoing {
  type: FrameType
  id: number
  kind: string
  body: Uint8Array
  /** Called when its first byte is handed to the stream: from then on the other side may act on it. */ onSent?: () => void
  /** Asked before the first byte: true drops it unsent. */ dropped?: () => boolean
}

/** Handed to the stream in one piece; large enough to be efficient, small enough that a paused stream holds little. */
const BATCH_BYTES = 128 * 1024
/** What a queued frame costs beside its body. */
const FRAME_OVERHEAD_BYTES = 64

export class Outbox {
  private queue: Outgoing[] = []
  private head = 0
  private offset = 0
  private bytes = 0
  private scheduled = false
  private blocked = false
  private closed = false

  constructor (private readonly stream: Stream, private readonly channel: Channel, private readonly onRoom: () => void,
    private readonly onSentBytes: (bytes: number) => void) {
    stream.addEventListener('drain', () => {
      this.blocked = false
      this.flush()
    })
  }

  /** False when it is full; nothing was queued then. */
  offer (outgoing: Outgoing): boolean {
    if (this.closed || this.bytes + outgoing.body.byteLength > MAX_QUEUED_BYTES[this.channel] ||
      this.length >= MAX_QUEUED_FRAMES) return false
    this.force(outgoing)
    return true
  }

  /** Queues whatever the bounds say: for answers, whose requests are bounded already. */
  force (outgoing: Outgoing): void {
    if (this.closed) return
    this.queue.push(outgoing)
    this.bytes += cost(outgoing)
    this.schedule()
  }

  /** Ahead of all others: pings, which carry nothing that could be out of order. */
  first (outgoing: Outgoing): void {
    if (this.closed) return
    // Never between the chunks of a body.
    this.queue.splice(this.head + (this.offset > 0 ? 1 : 0), 0, outgoing)
    this.bytes += cost(outgoing)
    this.schedule()
  }

  get full (): boolean { return this.bytes > MAX_QUEUED_BYTES[this.channel] || this.length >= MAX_QUEUED_FRAMES }
  get length (): number { return this.queue.length - this.head }

  close (): void {
    this.closed = true
    this.queue = []
    this.head = 0
    this.bytes = 0
  }

  private schedule (): void {
    if (this.scheduled || this.blocked) return
    this.scheduled = true
    setImmediate(() => {
      this.scheduled = false
      this.flush()
    })
  }

  /** One batch a turn: a queue of bulk data must not keep the event loop from what is urgent. */
  private flush (): void {
    if (this.blocked || this.closed || this.length === 0) return
    const wasFull = this.full
    const batch = this.nextBatch()
    if (batch.byteLength > 0) {
      this.onSentBytes(batch.byteLength)
      try {
        this.blocked = !this.stream.send(batch) && this.stream.writableNeedsDrain
      } catch {
        this.close() // the stream is gone; its session hears of it by the close event
      }
    }
    if (this.length > 0) this.schedule()
    if (wasFull && !this.full) this.onRoom()
  }

  private nextBatch (): Uint8Array {
    const pieces: Uint8Array[] = []
    let bytes = 0
    while (bytes < BATCH_BYTES && this.length > 0) {
      const frame = this.nextFrame()
      if (frame === undefined) continue
      const length = Buffer.allocUnsafe(4)
      length.writeUInt32BE(frame.byteLength)
      pieces.push(length, frame)
      bytes += frame.byteLength + 4
    }
    return Buffer.concat(pieces, bytes)
  }

  private nextFrame (): Uint8Array | undefined {
    const next = this.queue[this.head]!
    if (this.offset === 0) {
      if (next.dropped?.() === true) {
        this.advance(next)
        return undefined
      }
      next.onSent?.()
    }
    const end = Math.min(next.body.byteLength, this.offset + SESSION_CHUNK_BYTES)
    const more = end < next.body.byteLength
    // Later chunks name no kind: the first one did.
    const kind = this.offset === 0 ? next.kind : ''
    const frame = Frame.encode({ type: next.type, id: next.id, kind, body: wire(next.body.subarray(this.offset, end)), more })
    if (more) this.offset = end
    else this.advance(next)
    return frame
  }

  private advance (sent: Outgoing): void {
    this.offset = 0
    this.bytes -= cost(sent)
    this.head++
    if (this.head < 256 && this.head < this.queue.length) return
    this.queue.splice(0, this.head)
    this.head = 0
  }
}

function cost ({ body }: Outgoing): number { return body.byteLength + FRAME_OVERHEAD_BYTES }
