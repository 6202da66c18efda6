/**
 * Who is alive, as far as it concerns the branches this peer keeps: writers send beats to their replicas; a replica that
 * misses them takes the branch over, the first in the set's order at once, the k-th k delays later. Suspicion says when to
 * act, never what is true: a false one costs a repeated step.
 */
import { compareEpochs, duty, nextIn } from '../branch/index.js'
import type { ReplicaBranch, SetState } from '../branch/index.js'
import { BeatMessage } from '../../protocols/sidecar.js'
import type { Checkpoint } from '../checkpoint/index.js'
import { setOf } from '../checkpoint/index.js'
import { every } from '../clock.js'
import type { Clock } from '../clock.js'
import { InvalidInputError } from '../errors.js'
import { MAX_NAME_LENGTH } from '../limits.js'
import type { Mesh } from '../mesh/port.js'
import { heard, metrics } from '../telemetry.js'

const BEAT_KIND = 'sidecar/beat'
const BEAT_MS = 300
export const SUSPECT_AFTER_MS = 1500
/** Between the takeovers of one replica and the next in the set's order. */
const RANK_DELAY_MS = 700
/** A head without a successor for this long is delivered again to whoever it names. */
const REDELIVER_MS = 1000
const MAX_REDELIVER_MS = 30_000
const SETTLE_AFTER_MS = 5000
const MAX_AGAIN_MS = 5000
/** After a start, the others are given so long to tell what happened meanwhile before anything is taken over. */
const GRACE_MS = 3000

export interface SupervisorOptions {
  mesh: Mesh
  clock: Clock
  checkpoint: Checkpoint
  incarnation: string
  /** How long ago the control plane confirmed what this peer knows, ms. */ staleMs: () => number
  /** Whether this peer drives or settles the branch, or is just taking it over. */ isMine: (branch: string) => boolean
  takeOver: (state: ReplicaBranch, suspect: string, reason: string) => void
  load: () => { running: number, slots: number, loopDelayMs: number, progress: number }
}

interface Touch {
  at: number
  disownedBy?: string
  owner: string | undefined
  incarnation: string | undefined
  redeliverAt: number
  redeliverMs: number
  /** Takeovers of this head that came to nothing are tried again after longer and longer. */ head: string | undefined
  againAt: number
  againMs: number
}
interface Suspicion { text: string, patienceMs: number }
interface Heard { at: number, incarnation: string, running: number, slots: number, stopping?: boolean }

const suspicions = metrics.counter('flowmesh_suspicions_total', 'writers suspected by this peer as a replica')

export class Supervisor {
  private readonly heard = new Map<string, Heard>()
  private readonly touches = new Map<string, Touch>()
  private stopping = false
  private graceUntil = 0
  private sweptAt = 0
  private readonly stops: (() => void)[] = []

  constructor (private readonly options: SupervisorOptions) {}

  start (): void {
    const { mesh, clock, checkpoint } = this.options
    this.graceUntil = clock.now() + GRACE_MS
    mesh.onMessage(BEAT_KIND, heard(BEAT_KIND, (body, from) => { this.onBeat(body, from) }))
    checkpoint.replicas.onChange((_execution, branches) => { for (const branch of branches) this.touch(branch) })
    for (const { branch } of checkpoint.replicas.liveBranches()) this.touch(branch)
    this.stops.push(every(clock, BEAT_MS, () => { this.beat() }), every(clock, BEAT_MS, () => { this.sweep() }))
  }

  stop (): void { for (const stop of this.stops) stop() }

  /** The peer stops cleanly: its beats say so, and it takes nothing over. */
  leave (): void {
    this.stopping = true
    this.beat()
  }

  /** What a peer last said of its load; undefined when it never did. */
  loadOf (peer: string): Heard | undefined { return this.heard.get(peer) }

  /** Learnt by other means than a beat: an answer to a reservation. */
  note (peer: string, incarnation: string, running: number, slots: number): void {
    this.heard.set(peer, { at: this.options.clock.now(), incarnation, running, slots })
  }

  /** Whoever owes the branch says that it has no such branch, or cannot go on with it: act without waiting. */
  disowned (branch: string, from: string): void {
    const touch = this.touches.get(branch)
    if (touch !== undefined) touch.disownedBy = from
  }

  private beat (): void {
    const { mesh, checkpoint, incarnation } = this.options
    const sets = new Set<string>()
    for (const writer of checkpoint.writers.all()) sets.add(writer.state.set)
    if (sets.size === 0 && !this.stopping) return
    const { running, slots, loopDelayMs, progress } = this.options.load()
    const body = BeatMessage.encode({ incarnation, running, slots, loopDelayMs: Math.round(loopDelayMs), progress, stopping: this.stopping })
    const peers = new Set([...sets].flatMap(set => checkpoint.configOf(set)?.members.map(member => member.peer) ?? []))
    peers.delete(mesh.self)
    for (const peer of peers) mesh.send(peer, BEAT_KIND, body)
  }

  private onBeat (body: Uint8Array, from: string): void {
    const { incarnation, running, slots, stopping } = BeatMessage.decode(body)
    if (incarnation === '' || incarnation.length > MAX_NAME_LENGTH) throw new InvalidInputError('a beat of no incarnation')
    this.heard.set(from, { at: this.options.clock.now(), incarnation, running, slots, stopping })
  }

  private touch (branch: string): void {
    const { checkpoint, clock } = this.options
    const state = checkpoint.replicas.lookup(branch)
    if (state === undefined) {
      this.touches.delete(branch)
      return
    }
    const now = clock.now()
    const owner = duty(checkpoint.replicas.lookup, state)?.by
    // A record names the life of its next writer; a taker's is learnt from its next beat.
    const next = state.head === null || compareEpochs(state.noted, state.head.epoch) > 0 ? null : nextIn(branch, state.head)
    const incarnation = owner === next?.peer ? next?.incarnation : undefined
    const head = state.head?.hash
    const before = this.touches.get(branch)
    const { againAt, againMs } = before !== undefined && before.head === head ? before : { againAt: 0, againMs: BEAT_MS }
    this.touches.set(branch, { at: now, owner, incarnation, redeliverAt: now + REDELIVER_MS, redeliverMs: REDELIVER_MS, head, againAt, againMs })
  }

  private sweep (): void {
    const { clock, checkpoint } = this.options
    const now = clock.now()
    this.forgive(now)
    // Branches below one that was forgotten, or of an execution that is final, are named in no change.
    for (const branch of this.touches.keys()) if (checkpoint.replicas.lookup(branch) === undefined) this.touches.delete(branch)
    if (this.stopping || !this.isOriented(now)) return
    for (const state of checkpoint.replicas.liveBranches()) {
      const touch = this.touches.get(state.branch)
      if (touch === undefined) this.touch(state.branch)
      else if (now - touch.at > BEAT_MS) this.check(state, touch, now)
    }
  }

  /** While this peer stood still, or its clock jumped, it could hear nobody, however much they said: that was not their silence. */
  private forgive (now: number): void {
    const stoodMs = this.sweptAt === 0 ? 0 : now - this.sweptAt - BEAT_MS
    this.sweptAt = now
    if (Math.abs(stoodMs) <= BEAT_MS) return
    for (const each of [...this.heard.values(), ...this.touches.values()]) each.at = Math.min(now, each.at + stoodMs)
    if (stoodMs > 0) return
    // The clock was set back: what was to be done soon must not wait for that time to come again.
    this.graceUntil = Math.min(this.graceUntil, now + GRACE_MS)
    for (const touch of this.touches.values()) {
      touch.redeliverAt = Math.min(touch.redeliverAt, now + touch.redeliverMs)
      touch.againAt = Math.min(touch.againAt, now + touch.againMs)
    }
  }

  /** Why whoever owes the branch is suspected, and how long ago the branch must have changed for that to count. */
  private suspicion (state: ReplicaBranch, owed: { by: string, what: 'write' | 'settle' }, touch: Touch, now: number): Suspicion | undefined {
    // What is ended needs no step, only that somebody tells; that may take a while on a busy peer.
    const patienceMs = owed.what === 'settle' ? SETTLE_AFTER_MS : 0
    if (touch.disownedBy === owed.by) return { text: 'its writer cannot go on with it', patienceMs: 0 }
    if (owed.by === this.options.mesh.self) return this.ownSuspicion(state, patienceMs)
    const heard = this.heard.get(owed.by)
    if (touch.owner === owed.by && heard !== undefined && heard.at > touch.at) touch.incarnation ??= heard.incarnation
    // Memory may be ahead of what was saved and touched: only the same owner's lives are compared.
    const reborn = heard !== undefined && touch.owner === owed.by && touch.incarnation !== undefined &&
      heard.incarnation !== touch.incarnation && heard.at > touch.at
    if (heard?.stopping === true) return { text: 'its writer stopped', patienceMs: 0 }
    // It is a replica like this one, and the first to know: only what it does not take over itself is left to others.
    if (reborn) return { text: 'its writer started again', patienceMs: RANK_DELAY_MS }
    const silentMs = now - Math.max(heard?.at ?? 0, touch.at)
    if (silentMs > SUSPECT_AFTER_MS) return { text: `its writer was silent for ${silentMs} ms`, patienceMs: SUSPECT_AFTER_MS }
    return undefined
  }

  /**
   * This peer owes it and does not drive it: an earlier life of it did. What this very life has left may be late on its own
   * disk; what it was given and has not begun is delivered to it like to anybody else.
   */
  private ownSuspicion ({ execution, branch, head }: ReplicaBranch, patienceMs: number): Suspicion | undefined {
    const { checkpoint, mesh, incarnation } = this.options
    if (checkpoint.writers.markOf(execution, branch) !== undefined) return { text: 'this peer left it', patienceMs: SETTLE_AFTER_MS }
    const next = head === null ? null : nextIn(branch, head)
    return next?.peer === mesh.self && next.incarnation === incarnation ? undefined : { text: 'this peer started again', patienceMs }
  }

  private rankOf (set: SetState, owner: string): number {
    return Math.max(0, set.members.filter(member => member.peer !== owner).findIndex(member => member.peer === this.options.mesh.self))
  }

  /** A peer that was away may know of sets and heads that are long past. */
  private isOriented (now: number): boolean {
    if (this.graceUntil === 0) return true
    const { mesh, checkpoint, staleMs } = this.options
    const connected = new Set([mesh.self, ...mesh.connected()])
    const others = [...checkpoint.replicas.sets.values()].filter(set => set.self !== null).flatMap(set => set.members.map(member => member.peer))
    const oriented = now >= this.graceUntil || (staleMs() < now - (this.graceUntil - GRACE_MS) && others.every(peer => connected.has(peer)))
    if (!oriented) return false
    this.graceUntil = 0
    // Silence counts from here: before, nobody could be heard. Whoever owes a branch itself is then first to take it over.
    for (const touch of this.touches.values()) touch.at = now
    return true
  }

  private check (state: ReplicaBranch, touch: Touch, now: number): void {
    const { checkpoint, isMine, takeOver } = this.options
    const set = checkpoint.replicas.sets.get(setOf(state.execution))
    if (set?.self == null || !set.whole || isMine(state.branch) || checkpoint.replicas.isQueued(state.execution)) return
    const owed = duty(checkpoint.replicas.lookup, state)
    if (owed === null) return
    const reason = this.suspicion(state, owed, touch, now)
    if (reason !== undefined && now >= touch.againAt && now - touch.at > reason.patienceMs + this.rankOf(set, owed.by) * RANK_DELAY_MS) {
      suspicions.add(1)
      touch.againAt = now + touch.againMs
      touch.againMs = Math.min(2 * touch.againMs, MAX_AGAIN_MS)
      takeOver(state, owed.by, reason.text)
      return
    }
    const since = owed.what === 'settle' ? touch.at + SETTLE_AFTER_MS : touch.redeliverAt
    const next = state.head === null ? null : nextIn(state.branch, state.head)
    // Whoever lives and owes is reminded; it says so when it cannot be the one, and only then is the branch taken from it.
    if (state.head !== null && now >= Math.max(since, touch.redeliverAt) && (next === null || next.peer === owed.by)) {
      touch.redeliverMs = Math.min(touch.redeliverMs * 2, MAX_REDELIVER_MS)
      touch.redeliverAt = now + touch.redeliverMs
      checkpoint.deliver(owed.by, state.branch, state.head)
    }
  }
}

