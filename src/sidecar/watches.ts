/**
 * Who waits for news of an execution: callers on this peer, and other peers whose callers wait there. Replicas tell of
 * every change they save; a peer that is no replica asks the set's members to tell it.
 */
import { WatchedMessage, WatchMessage } from '../../protocols/sidecar.js'
import { setOf } from '../checkpoint/index.js'
import type { Checkpoint } from '../checkpoint/index.js'
import { every } from '../clock.js'
import type { Clock } from '../clock.js'
import { InvalidInputError } from '../errors.js'
import { MAX_WATCHED_EXECUTIONS } from '../limits.js'
import type { Mesh } from '../mesh/port.js'
import { heard } from '../telemetry.js'
import { setOfExecution } from './ids.js'

const WATCH_KIND = 'sidecar/watch'
const WATCHED_KIND = 'sidecar/watched'
const RENEW_MS = 3000
const LEASE_MS = 10_000

type Listener = (final: boolean) => void

export class Watches {
  private readonly listeners = new Map<string, Set<Listener>>()
  private readonly remote = new Map<string, Map<string, number>>()
  private stopRenewing = (): void => {}

  constructor (private readonly mesh: Mesh, private readonly clock: Clock, private readonly checkpoint: Checkpoint) {}

  start (): void {
    this.mesh.onMessage(WATCH_KIND, heard(WATCH_KIND, (body, from) => { this.lease(WatchMessage.decode(body).execution, from) }))
    this.mesh.onMessage(WATCHED_KIND, heard(WATCHED_KIND, body => {
      const { execution, final } = WatchedMessage.decode(body)
      this.tell(execution, final)
    }))
    this.checkpoint.replicas.onChange(execution => { this.changed(execution, false) })
    this.stopRenewing = every(this.clock, RENEW_MS, () => { this.renew() })
  }

  stop (): void { this.stopRenewing() }

  /** Calls at every change until called off. `final`: the outcome is done at the whole set. */
  watch (execution: string, listener: Listener): () => void {
    let listeners = this.listeners.get(execution)
    if (listeners === undefined) this.listeners.set(execution, listeners = new Set())
    listeners.add(listener)
    this.ask(execution)
    return () => {
      listeners.delete(listener)
      if (listeners.size === 0) this.listeners.delete(execution)
    }
  }

  /** Something about the execution changed here. */
  changed (execution: string, final: boolean): void {
    this.tell(execution, final)
    const peers = this.remote.get(execution)
    if (peers === undefined) return
    for (const peer of peers.keys()) this.mesh.send(peer, WATCHED_KIND, WatchedMessage.encode({ execution, final }))
  }

  private lease (execution: string, peer: string): void {
    if (setOfExecution(execution) === undefined) throw new InvalidInputError('this is no execution\'s id')
    let peers = this.remote.get(execution)
    // One too many learns of nothing here; it looks now and then by itself.
    if (peers === undefined && this.remote.size >= MAX_WATCHED_EXECUTIONS) return
    if (peers === undefined) this.remote.set(execution, peers = new Map<string, number>())
    peers.set(peer, this.clock.now() + LEASE_MS)
  }

  private tell (execution: string, final: boolean): void {
    for (const listener of [...this.listeners.get(execution) ?? []]) listener(final)
  }

  private renew (): void {
    const now = this.clock.now()
    for (const [execution, peers] of this.remote) {
      for (const [peer, until] of peers) if (until < now) peers.delete(peer)
      if (peers.size === 0) this.remote.delete(execution)
    }
    for (const execution of this.listeners.keys()) {
      this.ask(execution)
      this.tell(execution, false) // whatever was missed is seen by looking
    }
  }

  private ask (execution: string): void {
    const members = this.checkpoint.configOf(setOf(execution))?.members.map(member => member.peer) ?? []
    if (members.includes(this.mesh.self)) return
    for (const peer of members) this.mesh.send(peer, WATCH_KIND, WatchMessage.encode({ execution }))
  }
}
