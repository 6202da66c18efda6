/**
 * Peers in one process whose sessions are function calls: requests can be lost, answers too, and a peer can be cut off. The
 * control plane above it is the real one.
 */
import { TimeoutError, UnavailableError } from '../../src/errors.js'
import { systemClock } from '../../src/clock.js'
import { ControlClient, Controller } from '../../src/control/index.js'
import { MemoryStore } from '../../src/store/index.js'
import { factsOf } from './commands.js'
import type { Facts } from '../../src/control/tables/shapes.js'
import type { Mesh, RequestHandler, RequestOptions } from '../../src/mesh/port.js'
import type { Store } from '../../src/store/index.js'

export class Loopback {
  readonly handlers = new Map<string, Map<string, RequestHandler>>()
  readonly cut = new Set<string>()
  /** Answers of this kind still to lose. */ readonly loseAnswers = new Map<string, number>()
  requests = 0

  session (self: string): Pick<Mesh, 'self' | 'request' | 'connected' | 'onRequest'> {
    const own = new Map<string, RequestHandler>()
    this.handlers.set(self, own)
    return {
      self,
      connected: () => [...this.handlers.keys()].filter(peer => peer !== self && !this.cut.has(peer) && !this.cut.has(self)),
      onRequest: (kind, handler) => { own.set(kind, handler) },
      request: async (peer, kind, body, options) => await this.request(self, peer, kind, body, options)
    }
  }

  private async request (from: string, to: string, kind: string, body: Uint8Array, { deadlineMs, signal }: RequestOptions): Promise<Uint8Array> {
    this.requests++
    const handler = this.handlers.get(to)?.get(kind)
    if (handler === undefined || this.cut.has(to) || this.cut.has(from)) throw new UnavailableError(`${to} cannot be reached`, [to])
    const answered = (async () => await handler(body, from))()
    let over = (): void => {}
    let leave = (): void => {}
    const late = new Promise<never>((_resolve, reject) => {
      over = systemClock.after(deadlineMs, () => { reject(new TimeoutError(kind, deadlineMs)) })
      leave = () => { reject(new UnavailableError('stopping')) }
      signal?.addEventListener('abort', leave)
    })
    const bytes = await Promise.race([answered, late]).finally(() => {
      over()
      signal?.removeEventListener('abort', leave)
    })
    const lose = this.loseAnswers.get(kind) ?? 0
    if (lose > 0) {
      this.loseAnswers.set(kind, lose - 1)
      throw new TimeoutError(kind, deadlineMs)
    }
    return bytes
  }
}

export interface TestPeer { client: ControlClient, controller?: Controller, store: Store, refused: Error[], stop (): Promise<void> }

export interface StartOptions { store?: Store, founder?: boolean, count?: number, nonce?: string, disk?: string, facts?: Facts, open?: boolean, key?: Uint8Array }

export async function startPeer (net: Loopback, peer: string, options: StartOptions = {}): Promise<TestPeer> {
  const { store = new MemoryStore(), founder = false, count = 1, nonce = 'n1', disk = `disk-${peer}`, facts = factsOf(peer), open = true } = options
  const mesh = net.session(peer)
  const common = { clock: systemClock, disk, incarnation: { count, nonce }, log: () => {} }
  const controller = founder
    ? await Controller.open({ ...common, self: peer, meshId: 'm', meshPrivateKey: options.key ?? new Uint8Array(), store, facts, open, onFailure: () => {} })
    : undefined
  const refused: Error[] = []
  const client = await ControlClient.open({
    ...common, mesh, store, facts: () => facts, load: () => 0.25, service: () => controller?.service,
    makeToken: secret => Buffer.from(secret).toString('base64url'), onRefused: err => { refused.push(err) }
  })
  controller?.start()
  client.start()
  return {
    client, controller, store, refused,
    stop: async () => {
      net.cut.add(peer)
      await client.stop()
      await controller?.stop()
      net.handlers.delete(peer)
      net.cut.delete(peer)
    }
  }
}

export async function until (what: () => boolean, ms = 5_000): Promise<void> {
  const end = Date.now() + ms
  while (!what()) {
    if (Date.now() > end) throw new Error(`not within ${ms} ms: ${what.toString()}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
}
