/**
 * One session with one peer: a control and a bulk stream on one connection. Either stream's end is the session's end:
 * the connection is then given up and dialled anew, because half a session is harder to reason about than none.
 */
import { FrameType } from '../../protocols/session.js'
import {
  ConnectionLostError, FlowMeshError, OverloadedError, RemoteError, TimeoutError, TooLargeError, UnavailableError
} from '../errors.js'
import { MAX_CONTROL_BODY_BYTES, MAX_SERVED_REQUESTS, MAX_SESSION_BODY_BYTES } from '../limits.js'
import { NO_BYTES } from './bytes.js'
import { FrameReader } from './frame-reader.js'
import { Outbox } from './outbox.js'
import { quietWindow } from './quiet-window.js'
import { RttFilter } from './rtt.js'
import type { Connection, Stream } from '@libp2p/interface'
import type { ErrorKind } from '../errors.js'
import type { Traffic } from './counters.js'
import type { Message } from './frame-reader.js'
import type { Channel, MessageHandler, RequestHandler, RequestOptions } from './port.js'

export interface SessionPorts {
  requests: ReadonlyMap<string, RequestHandler>
  messages: ReadonlyMap<string, MessageHandler>
  traffic: Traffic
  onReady (session: Session): void
  onClosed (session: Session, err: Error): void
  /** A handler of a one-way message threw: nobody waits for an answer that could tell. */
  onFault (kind: string, err: unknown): void
}

interface Pending {
  kind: string
  resolve (body: Uint8Array): void
  reject (err: Error): void
  sent: boolean
  timer: NodeJS.Timeout
  stopListening?: () => void
}
interface End { stream: Stream, reader: FrameReader, outbox: Outbox }

const ERROR_KINDS: readonly string[] =
  ['invalid', 'notFound', 'conflict', 'tooLarge', 'notPermitted', 'unavailable', 'overloaded', 'timeout',
    'failed'] satisfies ErrorKind[]
/** Ticks, one a second, without a byte before the peer counts as gone; every second tick sends a ping. */
const SILENT_TICKS = 5
const MAX_ERROR_CHARS = 4096
/** Longer ones fire at once. */ const MAX_TIMER_MS = 0x7fffffff

export class Session {
  readonly rtt = new RttFilter()
  private readonly ends: Partial<Record<Channel, End>> = {}
  private readonly pending = new Map<number, Pending>()
  private readonly pings = new Map<number, number>()
  private lastId = 0
  private serving = 0
  private heard = true
  private silentTicks = 0
  private ticks = 0
  private state: 'opening' | 'ready' | 'closed' = 'opening'

  constructor (readonly peer: string, readonly connection: Connection, private readonly ports: SessionPorts) {
    connection.addEventListener('close', evt => { this.close(evt.error ?? new Error('the connection was closed')) })
  }

  get ready (): boolean { return this.state === 'ready' }

  attach (channel: Channel, stream: Stream): void {
    if (this.state === 'closed' || this.ends[channel] !== undefined) {
      stream.abort(new Error(`a second ${channel} stream on one connection`))
      return
    }
    quietWindow(stream)
    const reader = new FrameReader()
    const outbox = new Outbox(stream, channel, () => { stream.resume() }, bytes => { this.ports.traffic.sentBytes += bytes })
    const end = { stream, reader, outbox }
    this.ends[channel] = end
    stream.addEventListener('close', evt => { this.close(evt.error ?? new Error(`the ${channel} stream was closed`)) })
    stream.addEventListener('remoteCloseWrite', () => { this.close(new Error(`the ${channel} stream was closed`)) })
    // Listening begins when both streams are there, so that nothing is served before the session counts as connected.
    if (this.ends.control === undefined || this.ends.bulk === undefined) return
    this.state = 'ready'
    this.ports.onReady(this)
    this.listen(this.ends.control)
    this.listen(this.ends.bulk)
    this.ping()
  }

  request (kind: string, body: Uint8Array, { channel = 'control', deadlineMs, signal }: RequestOptions): Promise<Uint8Array> {
    const fault = sizeFault(kind, body, channel)
    if (fault !== undefined) return Promise.reject(fault)
    if (signal?.aborted === true) return Promise.reject(asError(signal.reason))
    return new Promise((resolve, reject) => {
      const id = this.nextId()
      const timer = setTimeout(() => {
        this.settle(id)?.reject(pending.sent
          ? new TimeoutError(`${kind} at ${this.peer}`, deadlineMs)
          : new UnavailableError(`${kind} could not be sent to ${this.peer} within ${deadlineMs} ms`, [this.peer]))
      }, Math.min(deadlineMs, MAX_TIMER_MS))
      const pending: Pending = { kind, resolve, reject, sent: false, timer }
      if (signal !== undefined) {
        const onAbort = (): void => { this.settle(id)?.reject(asError(signal.reason)) }
        signal.addEventListener('abort', onAbort, { once: true })
        pending.stopListening = () => { signal.removeEventListener('abort', onAbort) }
      }
      this.pending.set(id, pending)
      const queued = this.ends[channel]?.outbox.offer({
        type: FrameType.REQUEST, id, kind, body, onSent: () => { pending.sent = true }, dropped: () => !this.pending.has(id)
      })
      if (queued !== true) this.settle(id)?.reject(new OverloadedError(`too much is waiting to be sent to ${this.peer}`))
    })
  }

  send (kind: string, body: Uint8Array, channel: Channel): boolean {
    const fault = sizeFault(kind, body, channel)
    if (fault !== undefined) throw fault
    return this.ends[channel]?.outbox.offer({ type: FrameType.MESSAGE, id: 0, kind, body }) === true
  }

  /** Once a second. A late tick counts once, so a pause of this process is not taken for the peer's silence. */
  tick (): void {
    if (this.state !== 'ready') return
    this.silentTicks = this.heard ? 0 : this.silentTicks + 1
    this.heard = false
    this.ticks++
    if (this.silentTicks >= SILENT_TICKS) this.close(new Error(`nothing heard for ${this.silentTicks} s`))
    else if (this.ticks % 2 === 0) this.ping()
  }

  /** Whether everything queued was handed to the streams. */
  get drained (): boolean { return Object.values(this.ends).every(({ outbox }) => outbox.length === 0) }

  /** @param abort give the connection up as well; without it whoever closes the connection may still flush it */
  close (err: Error, { abort = true } = {}): void {
    if (this.state === 'closed') return
    this.state = 'closed'
    for (const end of Object.values(this.ends)) end.outbox.close()
    for (const id of [...this.pending.keys()]) {
      const pending = this.settle(id)!
      pending.reject(pending.sent
        ? new ConnectionLostError(this.peer, pending.kind, { cause: err })
        : new UnavailableError(`${this.peer} was lost before ${pending.kind} was sent`, [this.peer], { cause: err }))
    }
    // Not at once: this may be called from within an abort of that connection, which must come to its end first.
    if (abort) queueMicrotask(() => { abortConnection(this.connection, err) })
    this.ports.onClosed(this, err)
  }

  private listen (end: End): void {
    end.stream.addEventListener('message', ({ data }) => {
      this.heard = true
      this.ports.traffic.receivedBytes += data.byteLength
      try {
        end.reader.push(data instanceof Uint8Array ? [data] : data, message => { this.onMessage(end, message) })
      } catch (err) {
        this.close(asError(err))
      }
    })
  }

  private onMessage (end: End, message: Message): void {
    this.ports.traffic.received++
    switch (message.type) {
      case FrameType.REQUEST: { this.serve(end, message); break }
      case FrameType.RESPONSE: { this.settle(message.id)?.resolve(message.body); break }
      case FrameType.ERROR: { this.settle(message.id)?.reject(remoteError(message, this.peer)); break }
      case FrameType.MESSAGE: { this.deliver(message); break }
      case FrameType.PING: { this.urge(FrameType.PONG, message.id); break }
      case FrameType.PONG: { this.onPong(message.id); break }
    }
  }

  private deliver ({ kind, body }: Message): void {
    try {
      this.ports.messages.get(kind)?.(body, this.peer)
    } catch (err) {
      this.ports.onFault(kind, err)
    }
  }

  private serve (end: End, { id, kind, body }: Message): void {
    const handler = this.ports.requests.get(kind)
    if (handler === undefined) { this.refuse(end, id, 'notFound', `this peer answers no "${kind.slice(0, 64)}"`); return }
    if (this.serving >= MAX_SERVED_REQUESTS || end.outbox.full) {
      this.refuse(end, id, 'overloaded', 'too many requests at once')
      return
    }
    this.serving++
    try {
      const answer = handler(body, this.peer)
      if (answer instanceof Uint8Array) this.answer(end, id, kind, answer)
      else answer.then(bytes => { this.answer(end, id, kind, bytes) }, (err: unknown) => { this.fail(end, id, err) })
    } catch (err) {
      this.fail(end, id, err)
    }
  }

  private answer (end: End, id: number, kind: string, body: Uint8Array): void {
    const channel = end === this.ends.control ? 'control' : 'bulk'
    const fault = sizeFault(`the answer to ${kind}`, body, channel)
    if (fault !== undefined) { this.fail(end, id, fault); return }
    // Answers nobody reads must not pile up: what is over the bound is dropped, and what it answered may have been done.
    if (end.outbox.full) { this.fail(end, id, new Error('the answer was dropped: too much waits to be read')); return }
    this.serving--
    end.outbox.force({ type: FrameType.RESPONSE, id, kind: '', body })
    if (end.outbox.full) end.stream.pause()
  }

  private fail (end: End, id: number, err: unknown): void {
    this.serving--
    this.refuse(end, id, err instanceof FlowMeshError ? err.kind : 'failed', asError(err).message)
  }

  private refuse (end: End, id: number, kind: ErrorKind, message: string): void {
    end.outbox.force({ type: FrameType.ERROR, id, kind, body: new TextEncoder().encode(message.slice(0, MAX_ERROR_CHARS)) })
    if (end.outbox.full) end.stream.pause()
  }

  private settle (id: number): Pending | undefined {
    const pending = this.pending.get(id)
    if (pending === undefined) return undefined
    this.pending.delete(id)
    clearTimeout(pending.timer)
    pending.stopListening?.()
    return pending
  }

  private ping (): void {
    const id = this.nextId()
    this.pings.clear() // an answer that comes after the next ping measures a stall, not the link
    this.pings.set(id, performance.now())
    this.urge(FrameType.PING, id)
  }

  private urge (type: FrameType, id: number): void {
    this.ends.control?.outbox.first({ type, id, kind: '', body: NO_BYTES })
  }

  private onPong (id: number): void {
    const sentAt = this.pings.get(id)
    if (sentAt !== undefined) this.rtt.add(performance.now() - sentAt)
    this.pings.delete(id)
  }

  private nextId (): number {
    do this.lastId = this.lastId % 0xffffffff + 1
    while (this.pending.has(this.lastId))
    return this.lastId
  }
}

/** Gives it up without a word. libp2p throws when the other side was faster. */
export function abortConnection (connection: Connection, err: Error): void {
  if (connection.status !== 'open') return
  try { connection.abort(err) } catch {}
}

/** What is out of bounds about it. */
export function sizeFault (what: string, body: Uint8Array, channel: Channel): TooLargeError | undefined {
  const limit = channel === 'control' ? MAX_CONTROL_BODY_BYTES : MAX_SESSION_BODY_BYTES
  return body.byteLength > limit ? new TooLargeError(`${what} on the ${channel} channel`, body.byteLength, limit) : undefined
}

function remoteError ({ kind, body }: Message, peer: string): Error {
  const known = ERROR_KINDS.includes(kind) ? kind as ErrorKind : 'failed'
  return new RemoteError(known, new TextDecoder().decode(body.subarray(0, 4 * MAX_ERROR_CHARS)), peer)
}

function asError (err: unknown): Error { return err instanceof Error ? err : new Error(String(err)) }
