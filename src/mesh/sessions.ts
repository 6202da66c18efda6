/**
 * The sessions of this peer with all others. Whoever dialled a connection opens its two streams, so both sides agree
 * without a word. When two peers dial each other at once there are two connections, each with its session: both answer,
 * and both sides send on the one that the peer with the smaller id dialled.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { NotFoundError, UnavailableError } from '../errors.js'
import { Session, abortConnection, sizeFault } from './session.js'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { MeshCounters } from './counters.js'
import type { Channel, MessageHandler, RequestHandler, RequestOptions } from './port.js'
import type { MeshLog } from './types.js'

/** Raise the number when frames change in a way older peers cannot read. */
export const SESSION_PROTOCOLS: Record<Channel, string> = {
  control: '/flowmesh/session/1/control',
  bulk: '/flowmesh/session/1/bulk'
}
const OPEN_TIMEOUT_MS = 5_000
/** How long a stop waits for what is queued. */
const DRAIN_MS = 500

export interface SessionsPorts {
  libp2p: Pick<Libp2p, 'handle' | 'unhandle' | 'addEventListener' | 'removeEventListener' | 'getConnections'>
  self: string
  counters: MeshCounters
  /** Dial now; rejects when no address of it answers. */ dial (peer: string): Promise<void>
  onConnect (peer: string): void
  onDisconnect (peer: string, err: Error): void
  log: MeshLog
}

export class Sessions {
  private readonly byPeer = new Map<string, Session[]>()
  private readonly byConnection = new Map<string, Session>()
  private readonly requests = new Map<string, RequestHandler>()
  private readonly messages = new Map<string, MessageHandler>()
  private readonly waiting = new Map<string, Set<(session: Session) => void>>()
  private timer: NodeJS.Timeout | undefined

  constructor (private readonly ports: SessionsPorts) {}

  async start (): Promise<void> {
    const { libp2p } = this.ports
    // Two connections at most are normal; a third stream of a kind on one is a fault.
    const limits = { maxInboundStreams: 2, maxOutboundStreams: 2 }
    for (const channel of ['control', 'bulk'] as const) {
      await libp2p.handle(SESSION_PROTOCOLS[channel], (stream, connection) => { this.onStream(channel, stream, connection) }, limits)
    }
    libp2p.addEventListener('connection:open', this.onConnection)
    this.timer = setInterval(() => { for (const session of [...this.byConnection.values()]) session.tick() }, 1_000)
    this.timer.unref()
  }

  /** What was queued is sent first; the connections are left to libp2p, which flushes them. */
  async stop (): Promise<void> {
    clearInterval(this.timer)
    this.ports.libp2p.removeEventListener('connection:open', this.onConnection)
    const sessions = [...this.byConnection.values()]
    const deadline = performance.now() + DRAIN_MS
    while (performance.now() < deadline && !sessions.every(session => session.drained)) await sleep(5)
    for (const session of sessions) session.close(new Error('this peer stops'), { abort: false })
    await Promise.all(Object.values(SESSION_PROTOCOLS).map(async protocol => { await this.ports.libp2p.unhandle(protocol) }))
  }

  connected (): string[] { return [...this.byPeer.keys()] }
  isConnected (peer: string): boolean { return this.byPeer.has(peer) }
  rttMs (peer: string): number | undefined { return this.current(peer)?.rtt.ms }

  onRequest (kind: string, handler: RequestHandler): void { this.requests.set(kind, handler) }
  onMessage (kind: string, handler: MessageHandler): void { this.messages.set(kind, handler) }

  request (peer: string, kind: string, body: Uint8Array, options: RequestOptions): Promise<Uint8Array> {
    if (peer === this.ports.self) return this.askSelf(kind, body)
    const session = this.current(peer)
    return session === undefined ? this.dialThenRequest(peer, kind, body, options) : session.request(kind, body, options)
  }

  send (peer: string, kind: string, body: Uint8Array, channel: Channel = 'control'): boolean {
    if (peer === this.ports.self) {
      queueMicrotask(() => { this.messages.get(kind)?.(body, peer) })
      return true
    }
    const session = this.current(peer)
    if (session !== undefined) return session.send(kind, body, channel)
    const fault = sizeFault(kind, body, channel)
    if (fault !== undefined) throw fault
    this.ports.dial(peer).catch(() => {}) // the redialler reports it
    return false
  }

  /** Gives up every connection to the peer, also those whose session never opened. */
  drop (peer: string, err: Error): void {
    for (const session of this.byPeer.get(peer) ?? []) session.close(err)
    for (const connection of this.ports.libp2p.getConnections()) {
      if (connection.remotePeer.toString() === peer) abortConnection(connection, err)
    }
  }

  private current (peer: string): Session | undefined {
    const sessions = this.byPeer.get(peer)
    if (sessions === undefined || sessions.length < 2) return sessions?.[0]
    const smaller = this.ports.self < peer ? 'outbound' : 'inbound'
    return sessions.find(({ connection }) => connection.direction === smaller) ?? sessions[0]
  }

  private async askSelf (kind: string, body: Uint8Array): Promise<Uint8Array> {
    const handler = this.requests.get(kind)
    if (handler === undefined) throw new NotFoundError(`this peer answers no "${kind}"`)
    return await handler(body, this.ports.self)
  }

  private async dialThenRequest (peer: string, kind: string, body: Uint8Array, options: RequestOptions): Promise<Uint8Array> {
    const startedAt = performance.now()
    const session = await this.opened(peer, options)
    const deadlineMs = Math.max(1, options.deadlineMs - (performance.now() - startedAt))
    return await session.request(kind, body, { ...options, deadlineMs })
  }

  private async opened (peer: string, { deadlineMs, signal }: RequestOptions): Promise<Session> {
    return await new Promise((resolve, reject) => {
      const waiters = this.waiting.get(peer) ?? new Set()
      this.waiting.set(peer, waiters)
      const done = (settle: () => void): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', onAbort)
        waiters.delete(onOpen)
        if (waiters.size === 0) this.waiting.delete(peer)
        settle()
      }
      const fail = (err: Error): void => { done(() => { reject(err) }) }
      const onOpen = (session: Session): void => { done(() => { resolve(session) }) }
      const onAbort = (): void => { fail(signal?.reason as Error) }
      const timer = setTimeout(() => {
        fail(new UnavailableError(`${peer} could not be reached within ${deadlineMs} ms`, [peer]))
      }, deadlineMs)
      waiters.add(onOpen)
      signal?.addEventListener('abort', onAbort, { once: true })
      this.ports.dial(peer).catch((err: unknown) => {
        const cause = err as Error
        fail(new UnavailableError(`${peer} cannot be reached: ${cause.message}`, [peer], { cause }))
      })
    })
  }

  private readonly onConnection = ({ detail: connection }: CustomEvent<Connection>): void => {
    const session = this.sessionOf(connection)
    const timer = setTimeout(() => {
      if (!session.ready) session.close(new Error('no session was opened in time'))
    }, 2 * OPEN_TIMEOUT_MS)
    timer.unref()
    if (connection.direction !== 'outbound') return
    Promise.all([this.open(session, 'control'), this.open(session, 'bulk')])
      .catch((err: unknown) => { session.close(err as Error) })
  }

  private async open (session: Session, channel: Channel): Promise<void> {
    const stream = await session.connection.newStream([SESSION_PROTOCOLS[channel]],
      { signal: AbortSignal.timeout(OPEN_TIMEOUT_MS), maxOutboundStreams: 2 })
    session.attach(channel, stream)
  }

  private onStream (channel: Channel, stream: Stream, connection: Connection): void {
    this.sessionOf(connection).attach(channel, stream)
  }

  private sessionOf (connection: Connection): Session {
    const found = this.byConnection.get(connection.id)
    if (found !== undefined) return found
    const peer = connection.remotePeer.toString()
    const session = new Session(peer, connection, {
      requests: this.requests,
      messages: this.messages,
      traffic: this.ports.counters.session(peer),
      onReady: ready => { this.onReady(ready) },
      onClosed: (closed, err) => { this.onClosed(closed, err) },
      onFault: (kind, err) => { this.ports.log('warn', 'a message handler failed', { kind, error: String(err) }) }
    })
    this.byConnection.set(connection.id, session)
    return session
  }

  private onReady (session: Session): void {
    const sessions = this.byPeer.get(session.peer)
    if (sessions === undefined) this.byPeer.set(session.peer, [session])
    else sessions.push(session)
    for (const resolve of this.waiting.get(session.peer) ?? []) resolve(session)
    if (sessions === undefined) this.ports.onConnect(session.peer)
  }

  private onClosed (session: Session, err: Error): void {
    const { peer, connection } = session
    this.byConnection.delete(connection.id)
    const sessions = this.byPeer.get(peer)
    if (sessions?.includes(session) !== true) return
    this.byPeer.delete(peer)
    // What cuts one connection to a peer cuts the other; and gossip does not move from a dead one to a live one by itself.
    for (const other of sessions) other.close(err)
    this.ports.onDisconnect(peer, err)
  }
}
