/**
 * The mesh port for several peers in one process and simulated time. Per pair of peers one connection: what is sent over
 * it arrives in order per channel, after a delay, while it lives. A cut link stands still, as TCP does: its messages arrive
 * when it heals in time and are lost with the connection otherwise. Nothing is ever repeated, since the port does not
 * allow it. A test may lose chosen messages, which the port does allow.
 */
import { ConnectionLostError, FlowMeshError, RemoteError, TimeoutError, UnavailableError } from '../../src/errors.js'
import type { Channel, Mesh, MessageHandler, PeerFacts, RequestHandler, RequestOptions } from '../../src/mesh/port.js'
import type { SimClock } from './sim-clock.js'

interface Link { alive: boolean, brokenAt: number, /** When the newest message on a channel arrives, by direction. */ busyUntil: Map<string, number>, standing: (() => void)[] }
type Lose = (kind: string, from: string, to: string, body: Uint8Array) => boolean

export interface NetOptions { delayMs?: [number, number], /** How long a cut is not noticed. */ noticeMs?: [number, number], reconnectMs?: [number, number] }

export class SimNet {
  readonly peers = new Map<string, SimMesh>()
  /** Messages and requests that are lost without a sign. */ lose: Lose = () => false
  /** Every message and request sent, by kind. */ readonly sent = new Map<string, number>()
  private readonly links = new Map<string, Link>()
  private readonly cuts = new Set<string>()
  private readonly dialling = new Set<string>()
  private readonly options: Required<NetOptions>

  constructor (readonly clock: SimClock, options: NetOptions = {}) {
    this.options = { delayMs: [0.2, 3], noticeMs: [500, 4000], reconnectMs: [50, 600], ...options }
  }

  join (mesh: SimMesh): void {
    this.peers.set(mesh.self, mesh)
    for (const other of this.peers.keys()) if (other !== mesh.self) this.dial(mesh.self, other)
  }

  /** The process is gone: the others notice at once, or soon. */
  leave (peer: string): void {
    this.peers.get(peer)?.die()
    this.peers.delete(peer)
    for (const other of this.peers.keys()) this.breakLink(peer, other)
  }

  isCut (a: string, b: string): boolean { return this.cuts.has(pair(a, b)) }

  cut (a: string, b: string): void {
    const key = pair(a, b)
    if (this.cuts.has(key)) return
    this.cuts.add(key)
    const link = this.links.get(key)
    this.clock.after(this.clock.between(...this.options.noticeMs), () => {
      if (this.cuts.has(key) && this.links.get(key) === link) this.breakLink(a, b)
    })
  }

  heal (a: string, b: string): void {
    if (!this.cuts.delete(pair(a, b))) return
    for (const go of this.links.get(pair(a, b))?.standing.splice(0) ?? []) go()
    this.dial(a, b)
  }

  isolate (peer: string): void { for (const other of this.peers.keys()) if (other !== peer) this.cut(peer, other) }
  healAll (): void { for (const key of [...this.cuts]) this.heal(...key.split('|') as [string, string]) }

  /** The connection breaks with all that is under way on it, and is made again. */
  breakLink (a: string, b: string): void {
    const link = this.links.get(pair(a, b))
    if (link === undefined) return
    link.alive = false
    this.links.delete(pair(a, b))
    this.peers.get(a)?.disconnected(b)
    this.peers.get(b)?.disconnected(a)
    this.dial(a, b)
  }

  connected (peer: string): string[] {
    return [...this.peers.keys()].filter(other => other !== peer && this.links.has(pair(peer, other)))
  }

  /** False when there is no connection. `lost` is called when it breaks before the message has arrived. */
  carry (from: string, to: string, channel: Channel, arrive: () => void, lost: () => void = () => {}): boolean {
    const link = this.links.get(pair(from, to))
    if (link === undefined) {
      this.dial(from, to)
      return false
    }
    const key = `${from}/${channel}`
    const at = Math.max(this.clock.exact() + this.clock.between(...this.options.delayMs), link.busyUntil.get(key) ?? 0)
    link.busyUntil.set(key, at)
    const go = (): void => {
      if (!link.alive) lost()
      else if (this.cuts.has(pair(from, to))) link.standing.push(go)
      else arrive()
    }
    this.clock.after(at - this.clock.exact(), go)
    return true
  }

  count (kind: string): void { this.sent.set(kind, (this.sent.get(kind) ?? 0) + 1) }

  private dial (a: string, b: string): void {
    const key = pair(a, b)
    if (this.dialling.has(key) || this.links.has(key)) return
    this.dialling.add(key)
    this.clock.after(this.clock.between(...this.options.reconnectMs), () => {
      this.dialling.delete(key)
      const [one, two] = [this.peers.get(a), this.peers.get(b)]
      if (this.cuts.has(key) || this.links.has(key) || one === undefined || two === undefined) return
      this.links.set(key, { alive: true, brokenAt: 0, busyUntil: new Map(), standing: [] })
      one.met(b)
      two.met(a)
    })
  }
}

export class SimMesh implements Mesh {
  readonly meshId = 'mesh-1'
  private readonly requests = new Map<string, RequestHandler>()
  private readonly messages = new Map<string, MessageHandler>()
  private readonly topics = new Map<string, { accept: (bytes: Uint8Array, from: string) => boolean | Promise<boolean>, deliver: (bytes: Uint8Array, from: string) => void }>()
  private readonly connects: ((peer: string) => void)[] = []
  private readonly disconnects: ((peer: string) => void)[] = []
  private readonly asking = new Map<string, Set<() => void>>()
  private alive = true

  constructor (private readonly net: SimNet, readonly self: string, private readonly region = 'default') {}

  connected (): string[] { return this.net.connected(this.self) }
  facts (peer: string): PeerFacts { return { peer, name: peer, region: this.region, zone: '', tier: 'edge', labels: {}, domain: peer, addresses: [] } }
  known (): PeerFacts[] { return [...this.net.peers.keys()].map(peer => this.facts(peer)) }
  rttMs (): number { return 2 }
  onConnect (listener: (peer: string) => void): void { this.connects.push(listener) }
  onDisconnect (listener: (peer: string) => void): void { this.disconnects.push(listener) }
  onRequest (kind: string, handler: RequestHandler): void { this.requests.set(kind, handler) }
  onMessage (kind: string, handler: MessageHandler): void { this.messages.set(kind, handler) }

  send (peer: string, kind: string, body: Uint8Array, channel: Channel = 'control'): boolean {
    if (!this.alive) return false
    this.net.count(kind)
    if (this.net.lose(kind, this.self, peer, body)) return true
    return this.net.carry(this.self, peer, channel, () => { this.net.peers.get(peer)?.receive(kind, body, this.self) })
  }

  async request (peer: string, kind: string, body: Uint8Array, { channel = 'control', deadlineMs, signal }: RequestOptions): Promise<Uint8Array> {
    this.net.count(kind)
    return await new Promise((resolve, reject) => {
      if (!this.alive) return // nobody is there to hear of it
      const end = (settle: () => void): void => {
        cancel()
        this.asking.get(peer)?.delete(broken)
        signal?.removeEventListener('abort', calledOff)
        settle()
      }
      const broken = (): void => { end(() => { reject(new ConnectionLostError(peer, kind)) }) }
      const cancel = this.net.clock.after(deadlineMs, () => { if (this.alive) end(() => { reject(new TimeoutError(kind, deadlineMs)) }) })
      const calledOff = (): void => { end(() => { reject(new UnavailableError('called off')) }) }
      signal?.addEventListener('abort', calledOff)
      const answer = (settle: () => void): void => { this.net.carry(peer, this.self, channel, () => { if (this.alive) end(settle) }) }
      const arrive = (): void => {
        const served = this.net.peers.get(peer)
        const handler = served?.requests.get(kind)
        if (served === undefined) return
        const answered = handler === undefined ? Promise.reject(new RemoteError('notFound', `no handler of ${kind}`, peer)) : (async () => await handler(body, this.self))()
        answered.then(bytes => { if (served.alive) answer(() => { resolve(bytes) }) }, (err: unknown) => {
          if (served.alive) answer(() => { reject(new RemoteError(err instanceof FlowMeshError ? err.kind : 'failed', (err as Error).message, peer)) })
        })
      }
      if (this.net.lose(kind, this.self, peer, body)) return
      if (!this.net.carry(this.self, peer, channel, arrive)) {
        end(() => { reject(new UnavailableError(`${peer} cannot be reached`, [peer])) })
        return
      }
      let waiting = this.asking.get(peer)
      if (waiting === undefined) this.asking.set(peer, waiting = new Set())
      waiting.add(broken)
    })
  }

  async publish (topic: string, bytes: Uint8Array): Promise<void> {
    for (const peer of this.connected()) {
      if (this.net.lose(topic, this.self, peer, bytes)) continue
      this.net.carry(this.self, peer, 'bulk', () => { void this.net.peers.get(peer)?.gossip(topic, bytes, this.self) })
    }
  }

  subscribe (topic: string, accept: (bytes: Uint8Array, from: string) => boolean | Promise<boolean>, deliver: (bytes: Uint8Array, from: string) => void): void {
    this.topics.set(topic, { accept, deliver })
  }

  // What the net tells this peer.

  receive (kind: string, body: Uint8Array, from: string): void { this.messages.get(kind)?.(body, from) }
  die (): void { this.alive = false }
  met (peer: string): void { for (const listener of this.connects) listener(peer) }

  disconnected (peer: string): void {
    for (const broken of [...this.asking.get(peer) ?? []]) broken()
    for (const listener of this.disconnects) listener(peer)
  }

  async gossip (topic: string, bytes: Uint8Array, from: string): Promise<void> {
    const subscribed = this.topics.get(topic)
    if (subscribed !== undefined && await subscribed.accept(bytes, from)) subscribed.deliver(bytes, from)
  }
}

function pair (a: string, b: string): string { return a < b ? `${a}|${b}` : `${b}|${a}` }
