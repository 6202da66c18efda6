/**
 * Frames of one session stream on their way in: each is a protobuf `Frame` behind its length in four bytes. A large body
 * comes as chunks that follow one another, so at most one unfinished body is held. Throws on anything out of bounds, and
 * the stream must then be given up: what follows cannot be told from garbage.
 */
import { Frame, FrameType } from '../../protocols/session.js'
import { InvalidInputError, TooLargeError } from '../errors.js'
import { MAX_FRAME_BYTES, MAX_SESSION_BODY_BYTES } from '../limits.js'

export type Message = Omit<Frame, 'more'>

/** Bodies smaller than this are copied out, so that keeping one does not keep the whole buffer it came in. */
const COPY_BELOW_BYTES = 16 * 1024

export class FrameReader {
  private chunks: Uint8Array[] = []
  private held = 0
  /** Bytes that must be there before anything can be read. */ private needed = 4
  private partial: { first: Frame, chunks: Uint8Array[], bytes: number } | undefined

  push (pieces: Iterable<Uint8Array>, onMessage: (message: Message) => void): void {
    for (const piece of pieces) {
      this.chunks.push(piece)
      this.held += piece.byteLength
    }
    if (this.held < this.needed) return
    const buffer = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks, this.held)
    const rest = this.readAll(buffer, onMessage)
    this.chunks = rest.byteLength === 0 ? [] : [rest]
    this.held = rest.byteLength
  }

  private readAll (buffer: Uint8Array, onMessage: (message: Message) => void): Uint8Array {
    let at = 0
    while (true) {
      const left = buffer.byteLength - at
      const length = left < 4 ? 0 : (buffer[at]! * 0x1000000) + (buffer[at + 1]! << 16 | buffer[at + 2]! << 8 | buffer[at + 3]!)
      if (length > MAX_FRAME_BYTES) throw new TooLargeError('a session frame', length, MAX_FRAME_BYTES)
      this.needed = left < 4 ? 4 : 4 + length
      if (left < this.needed) return buffer.subarray(at)
      const message = this.join(Frame.decode(buffer.subarray(at + 4, at + this.needed)))
      at += this.needed
      if (message !== undefined) onMessage(message)
    }
  }

  private join (frame: Frame): Message | undefined {
    const { partial } = this
    if (partial === undefined && !frame.more) {
      return frame.body.byteLength < COPY_BELOW_BYTES ? { ...frame, body: frame.body.slice() } : frame
    }
    if (partial === undefined) {
      this.partial = { first: frame, chunks: [frame.body], bytes: frame.body.byteLength }
      return undefined
    }
    const { first } = partial
    if (frame.id !== first.id || frame.type !== first.type || frame.type === FrameType.PING) {
      throw new InvalidInputError('a session frame came inside the body of another')
    }
    partial.bytes += frame.body.byteLength
    if (partial.bytes > MAX_SESSION_BODY_BYTES) throw new TooLargeError('a session message', partial.bytes,
      MAX_SESSION_BODY_BYTES)
    partial.chunks.push(frame.body)
    if (frame.more) return undefined
    this.partial = undefined
    const body = Buffer.concat(partial.chunks, partial.bytes)
    return { ...first, body: new Uint8Array(body.buffer, body.byteOffset, body.byteLength) }
  }
}
