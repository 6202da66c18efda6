/**
 * Keeps this peer connected to all it knows, and never gives up: with backoff and jitter, so that a healed partition or a
 * restarted peer is found within seconds and a dead one costs little. Of two peers the one with the smaller id dials at
 * once and the other a little later, so that they rarely dial each other at the same time.
 */
import { multiaddr } from '@multiformats/multiaddr'
import { MAX_DIALLED_PEERS } from '../limits.js'
import type { Clock } from '../clock.js'
import type { MeshLog } from './types.js'

export interface RedialPorts {
  self: string
  clock: Clock
  /** Addresses of one peer, or one address of an unknown one; resolves with the peer that answered. */
  dial (addresses: string[], peer: string | undefined): Promise<string>
  addresses (peer: string): string[]
  isConnected (peer: string): boolean
  connectedCount (): number
  log: MeshLog
}

interface Target { peer?: string, hints: Set<string>, attempts: number, dueAt: number, dialling?: Promise<void> }

const FIRST_MS = 50
const SECOND_MS = 400
const MIN_BACKOFF_MS = 250
const MAX_BACKOFF_MS = 10_000

export class Redialler {
  private readonly targets = new Map<string, Target>()
  private wake: (() => void) | undefined
  private stopped = true

  constructor (private readonly ports: RedialPorts) {}

  start (bootstrap: string[], peers: string[]): void {
    this.stopped = false
    for (const peer of peers) this.target(peer)
    for (const address of bootstrap) {
      const peer = peerOf(address)
      if (peer !== this.ports.self) this.target(peer ?? address, peer ?? '').hints.add(address)
    }
    this.plan()
  }

  stop (): void {
    this.stopped = true
    this.wake?.()
  }

  /** Somebody was heard of, has changed its address, or was lost. */
  notice (peer: string): void {
    if (peer === this.ports.self || this.stopped) return
    const target = this.target(peer)
    target.attempts = 0
    target.dueAt = Math.min(target.dueAt, this.ports.clock.now() + this.firstDelay(target))
    this.plan()
  }

  forget (peer: string): void { this.targets.delete(peer) }

  /** Dials now unless that is under way. Rejects when no address of it answers. */
  async connect (peer: string): Promise<void> {
    if (this.stopped) throw new Error('this peer is stopping')
    const known = this.targets.get(peer)
    if (known === undefined && this.ports.addresses(peer).length === 0) throw new Error('no address of it is known')
    const target = known ?? this.target(peer)
    await (target.dialling ?? this.dial(target))
  }

  private target (key: string, peer = key): Target {
    const found = this.targets.get(key)
    if (found !== undefined) return found
    const target: Target = { hints: new Set(), attempts: 0, dueAt: 0, ...(peer === '' ? {} : { peer }) }
    target.dueAt = this.ports.clock.now() + this.firstDelay(target)
    this.targets.set(key, target)
    return target
  }

  private firstDelay ({ peer }: Target): number {
    const base = peer === undefined || this.ports.self < peer ? 0 : SECOND_MS
    return base + this.ports.clock.random() * FIRST_MS
  }

  private plan (): void {
    this.wake?.()
    this.wake = undefined
    if (this.stopped) return
    const idle = [...this.targets.values()].filter(target => target.dialling === undefined && this.isWanted(target))
    const due = idle.map(({ dueAt }) => dueAt)
    if (due.length === 0) return
    this.wake = this.ports.clock.after(Math.max(1, Math.min(...due) - this.ports.clock.now()), () => {
      const now = this.ports.clock.now()
      for (const target of this.targets.values()) {
        // it is planned again
        if (target.dueAt <= now && target.dialling === undefined && this.isWanted(target)) this.dial(target).catch(() => {})
      }
      this.plan()
    })
  }

  private isWanted ({ peer }: Target): boolean {
    if (peer === undefined) return this.ports.connectedCount() === 0
    return !this.ports.isConnected(peer) && this.ports.connectedCount() < MAX_DIALLED_PEERS
  }

  private async dial (target: Target): Promise<void> {
    target.dialling = this.attempt(target).finally(() => {
      target.dialling = undefined
      this.plan()
    })
    await target.dialling
  }

  private async attempt (target: Target): Promise<void> {
    const { clock, log } = this.ports
    try {
      const addresses = [...new Set([...target.peer === undefined ? [] : this.ports.addresses(target.peer), ...target.hints])]
      if (addresses.length === 0) throw new Error('no address of it is known')
      const peer = await this.ports.dial(addresses, target.peer)
      target.attempts = 0
      target.dueAt = clock.now() + MIN_BACKOFF_MS // were its session to fail at once
      if (peer === this.ports.self) this.targets.delete([...target.hints][0]!)
    } catch (err) {
      target.attempts++
      const backoffMs = Math.min(MAX_BACKOFF_MS, MIN_BACKOFF_MS * 2 ** target.attempts) * (0.5 + clock.random())
      target.dueAt = clock.now() + backoffMs
      log(target.attempts === 1 ? 'info' : 'debug', 'cannot reach a peer; will try again',
        { peer: target.peer ?? [...target.hints][0], error: (err as Error).message, attempts: target.attempts })
      throw err
    }
  }
}

/** The peer id at the end of an address, when it names one. */
export function peerOf (address: string): string | undefined {
  return multiaddr(address).getComponents().findLast(({ name }) => name === 'p2p')?.value
}
