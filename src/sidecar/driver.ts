/**
 * Drives one branch: take an event, step the pure machine, save, then act. The machine says what is outstanding, the
 * writer says what is saved; in between stand only the rules of when something may leave: a call when few records are
 * unfinished, what follows from a decision when that is done, an exclusive call when everything before it is.
 */
import { childBranch } from '../branch/index.js'
import type { BranchRecord, PeerRef, RecordRef } from '../branch/index.js'
import type { BlobToSend, BranchWriter } from '../checkpoint/index.js'
import { apply, compose } from '../execution/index.js'
import type { BranchEvent, BranchState, CallEffect, ChildRef, Effect, HttpEffect, Outcome, Transition } from '../execution/index.js'
import type { Plan } from '../workflow/index.js'
import { encodeBody } from './body.js'
import type { Body, OpenChild } from './body.js'
import type { Ended } from './reports.js'

export type Call = CallEffect | HttpEffect
export type EventBody = BranchEvent extends infer E ? E extends BranchEvent ? Omit<E, 'now' | 'random'> : never : never

/** What a driver asks of its sidecar. */
export interface DriverHost {
  readonly self: PeerRef
  now (): number
  random (): number
  after (ms: number, call: () => void): () => void
  /** Who writes the record after the one that makes this call possible. Resolves at once for this peer itself. */
  place (driver: Driver, call: Call): PeerRef | Promise<PeerRef>
  placeChild (driver: Driver): PeerRef
  /** Runs the call and posts its end; the signal stops it. */
  run (driver: Driver, call: Call, signal: AbortSignal): void
  evaluate (driver: Driver, effect: Extract<Effect, { type: 'evaluate' }>): void
  isExclusive (call: Call): boolean
  /** A record was written: children that this peer shall run, results taken, branches closed. */
  recorded (driver: Driver, record: BranchRecord, opened: ChildRef[], decided: boolean): void
  /** The last record is written; the outcome may leave once it is done. */
  ended (driver: Driver, record: BranchRecord, outcome: Outcome): void
  /** Nothing more is written here. */
  left (driver: Driver, why: 'handedOver' | 'parked'): void
}

/** A child of this branch that is open: its name in the machine and its place in the opening record. */
export interface OpenBranch extends OpenChild { opening: number, openedBy: string, place: number }

/** How long a child's result from which nothing follows may stay without a record of its parent. */
const COMPANY_MS = 250
/** Results one record takes: each is named in it, and again in the next one while it is not done. */
const MAX_TAKES = 256
/** The longest that a timer of the platform can be set for. */
const MAX_TIMER_MS = 0x7fffffff

const NOW = Promise.resolve()
const NOTHING: Omit<Transition, 'state'> = { effects: [], trace: [], opens: [], takes: [], closes: [], decision: false }

export class Driver {
  readonly children = new Map<string, OpenBranch>()
  /** Why nothing happens, for people; undefined while something does. */ waiting: string | undefined
  /** The exclusive call that another peer has made, which alone knows how it ended. */ unknownEnd: { step: number, attempt: number, by: string } | undefined
  private readonly queue: EventBody[] = []
  private readonly results = new Map<string, RecordRef>()
  private readonly timers = new Map<number, () => void>()
  private launch: Call | undefined
  private barrier = -1
  private inFlight: { step: number, attempt: number, exclusive: boolean, abort: AbortController } | undefined
  /** What the machine did since the last record. */ private carry: Transition | undefined
  /** `carry` may wait for company: for this long from now on, or no longer. */ private patience: 'fresh' | 'waiting' | 'over' = 'fresh'
  /** Who writes the record after the next one: this peer stops. */ private leaving: PeerRef | undefined
  private busy = false
  /** Its next record cannot be made: it says why in `waiting`, and stands still. */ private stuck = false
  private scheduled = false
  private over = false

  constructor (
    private readonly host: DriverHost,
    readonly plan: Plan,
    readonly workflow: Body['workflow'],
    readonly branch: string,
    private current: BranchState,
    readonly writer: BranchWriter,
    /** Of a new execution, for its first record. */ private readonly start?: Body['start']
  ) {}

  get state (): BranchState { return this.current }
  /** A call runs here, or its result is not in a record yet. */
  get isUnfinished (): boolean { return !this.over && (this.inFlight !== undefined || this.queue.length > 0) }
  get execution (): string { return this.writer.state.execution }
  get isOver (): boolean { return this.over }
  /** The execution's input, where it began here. */
  get input (): unknown { return this.start?.input }

  /** Starts from a transition not yet recorded: the first of an execution, or a child's first steps. */
  begin (first: Transition, mustRecord: boolean): void {
    this.current = first.state
    this.carry = first
    const onlyCall = first.effects.length > 0 && first.effects.every(effect => effect.type === 'call' || effect.type === 'http' || effect.type === 'evaluate')
    if (mustRecord || !onlyCall) {
      this.schedule()
      return
    }
    const call = callOf(first.effects)
    const placed = call === undefined ? this.host.self : this.host.place(this, call)
    if (!(placed instanceof Promise)) {
      this.beginHere(first)
      return
    }
    this.wait(placed, next => {
      if (next.peer === this.host.self.peer) this.beginHere(first)
      else this.record(first, next, [])
    })
  }

  /** The opening record is enough to begin a child again: its first call needs no record of its own before, if it is made here. */
  private beginHere (first: Transition): void {
    this.carry = { ...first, effects: [] }
    this.act(first.effects)
    if (this.queue.length > 0) this.schedule()
  }

  /** Goes on from a record that this peer was handed or took over. */
  resume (outstanding: Effect[]): void { this.act(outstanding) }

  /** The record with this index decided something: calls wait until it is done. */
  holdUntil (index: number): void { this.barrier = index }

  post (event: EventBody): void {
    if (this.over) return
    this.queue.push(event)
    this.schedule()
  }

  /** A child's outcome, with the record it rests on. Undefined when that child is no longer open here. */
  childEnded (child: string, outcome: Outcome, hash: string): 'queued' | undefined {
    const open = this.children.get(child)
    if (open === undefined || this.over) return undefined
    const key = `${open.opening}.${open.index}`
    if (!this.results.has(key)) {
      this.results.set(key, { branch: child, hash })
      this.post({ type: 'childEnded', opening: open.opening, index: open.index, outcome })
    }
    return 'queued'
  }

  /** The writer made progress: what waited for it may go on. */
  onProgress (): void {
    this.tryLaunch()
    if (this.queue.length > 0 || this.carry !== undefined) this.schedule()
  }

  /** Hands the branch over with its next record: when the call that runs here has ended, or at once when there is none. */
  leaveFor (next: PeerRef): void {
    this.leaving = next
    if (this.inFlight === undefined) this.handOver(next)
  }

  /** Hands the branch over as it stands: the next writer begins again whatever runs here. For a clean stop. */
  handOver (next: PeerRef): boolean {
    if (this.over || this.busy || this.stuck || this.writer.state.status !== 'writing' || this.writer.state.head === null) return false
    const transition = this.carry ?? { state: this.current, ...NOTHING }
    this.guard(() => { this.record(transition, next, transition.opens.map(() => next)) })
    return true
  }

  /** @param finish an exclusive call may go on: how it ends is wanted by whoever writes the branch now */
  stop (why: 'handedOver' | 'parked', finish = false): void {
    if (this.over) return
    this.over = true
    for (const off of this.timers.values()) off()
    this.timers.clear()
    if (!finish || this.inFlight?.exclusive !== true) this.inFlight?.abort.abort()
    this.inFlight = undefined
    this.launch = undefined
    this.host.left(this, why)
  }

  private schedule (): void {
    if (this.scheduled) return
    this.scheduled = true
    // A job, as of queueMicrotask, which would keep track of where it comes from.
    void NOW.then(() => {
      this.scheduled = false
      this.guard(() => { this.turn() })
    })
  }

  /** Whatever came in until the peer is found is another turn's: this one's record was decided before. */
  private wait (placed: Promise<PeerRef>, go: (next: PeerRef) => void): void {
    this.busy = true
    void placed.then(next => {
      this.busy = false
      if (!this.over && this.writer.state.status === 'writing') this.guard(() => { go(next) })
    })
  }

  /** One branch that cannot go on, because its record would be too large or its plan is another one, must not end the peer. */
  private guard (step: () => void): void {
    try {
      step()
    } catch (err) {
      this.stuck = true
      this.waiting = `it cannot go on: ${(err as Error).message}`
    }
  }

  /** The only turn: events that came in, one transition, one record. */
  private turn (): void {
    if (this.over || this.busy || this.stuck || !this.mayWrite()) return
    let transition = this.carry
    for (let event; (transition?.takes.length ?? 0) < MAX_TAKES && (event = this.queue.shift()) !== undefined;) {
      const next = apply(this.plan, this.current, { ...event, now: this.host.now(), random: this.host.random() })
      if (next.state === this.current && next.effects.length === 0) continue
      this.current = next.state
      transition = transition === undefined ? next : compose(transition, next)
    }
    if (transition === undefined) return
    this.carry = transition
    this.stopWhatEnded(transition.effects)
    if (isOnlyNews(transition) && transition.takes.length < MAX_TAKES && this.patience !== 'over') this.waitForCompany()
    else this.save(transition)
  }

  /** Results of children from which nothing follows yet share a record: each is kept in the child's own until then. */
  private waitForCompany (): void {
    if (this.patience === 'waiting') return
    this.patience = 'waiting'
    this.host.after(COMPANY_MS, () => {
      if (this.patience !== 'waiting') return
      this.patience = 'over'
      this.schedule()
    })
  }

  private save (transition: Transition): void {
    const call = callOf(transition.effects)
    const opens = transition.opens.map(() => this.leaving ?? this.host.placeChild(this))
    const placed = this.leaving ?? (call === undefined ? this.host.self : this.host.place(this, call))
    if (!(placed instanceof Promise)) {
      this.record(transition, placed, opens)
      return
    }
    this.wait(placed, next => { this.record(transition, next, opens) })
  }

  private record (transition: Transition, placed: PeerRef, opens: PeerRef[]): void {
    const finish = transition.effects.find(effect => effect.type === 'finish')
    const next = finish === undefined ? placed : null
    // Also what follows from a decision that is not done yet: whoever goes on from here has to wait for it as well.
    const decided = transition.decision || this.writer.state.done < this.barrier
    const body: Body = {
      plan: this.plan.id,
      workflow: this.workflow,
      ...(this.writer.state.head === null ? { start: this.start } : {}),
      state: transition.state,
      trace: transition.trace,
      ...(decided ? { decided } : {}),
      opened: transition.opens.map(({ opening, index }) => ({ opening, index })),
      children: this.childrenAfter(transition)
    }
    const { bytes, blobs } = encodeBody(body)
    const needs = [...blobs.keys()]
    if (this.writer.state.head === null) needs.push(this.plan.id)
    const takes = transition.takes.flatMap(child => this.results.get(`${child.opening}.${child.index}`) ?? [])
    const closes = transition.closes.flatMap(child => this.branchOf(child) ?? [])
    const toSend: BlobToSend[] = [...blobs].map(([id, value]) => ({ execution: this.execution, id, bytes: value }))
    this.carry = undefined
    this.patience = 'fresh'
    const record = this.writer.append({ next, opens: opens.map(next => ({ next })), takes, closes, needs, body: bytes }, toSend)
    for (const { branch } of takes) this.children.delete(branch)
    for (const branch of closes) this.children.delete(branch)
    for (const { opening, index } of transition.takes) this.results.delete(`${opening}.${index}`)
    transition.opens.forEach(({ opening, index }, place) => {
      this.children.set(childBranch(record.hash, place), { opening, index, openedBy: record.hash, place })
    })
    if (decided) this.barrier = record.index
    this.host.recorded(this, record, transition.opens, decided)
    if (finish !== undefined) {
      this.finish(record, finish.outcome)
      return
    }
    if (next?.peer !== this.host.self.peer) {
      this.stop('handedOver')
      return
    }
    this.act(transition.effects)
    if (this.queue.length > 0) this.schedule()
  }

  private finish (record: BranchRecord, outcome: Outcome): void {
    for (const off of this.timers.values()) off()
    this.timers.clear()
    this.host.ended(this, record, outcome)
  }

  private act (effects: Effect[]): void {
    for (const effect of effects) {
      switch (effect.type) {
        case 'call':
        case 'http': this.launch = effect; break
        case 'evaluate': this.host.evaluate(this, effect); break
        case 'timer': this.arm(effect.id, effect.dueAt); break
        case 'interrupt': break // done before the record was written
        case 'open':
        case 'closeChildren':
        case 'finish': break // in the record
      }
    }
    this.tryLaunch()
  }

  /** A call whose answer no longer counts need not go on while the record that says so is saved. */
  private stopWhatEnded (effects: Effect[]): void {
    for (const effect of effects) {
      if (effect.type !== 'interrupt') continue
      if (this.launch?.step === effect.step && this.launch.attempt === effect.attempt) this.launch = undefined
      if (this.inFlight?.step !== effect.step || this.inFlight.attempt !== effect.attempt) continue
      this.inFlight.abort.abort()
      this.inFlight = undefined
    }
  }

  private tryLaunch (): void {
    const call = this.launch
    if (call === undefined || this.over) return
    const { writer, plan } = this
    if (writer.state.done < this.barrier) return
    const exclusive = this.host.isExclusive(call)
    if (exclusive ? !writer.isSettled() : !writer.mayGoOn(plan.settings.runAhead)) return
    this.launch = undefined
    const abort = new AbortController()
    this.inFlight = { step: call.step, attempt: call.attempt, exclusive, abort }
    this.host.run(this, call, abort.signal)
  }

  /** Whether this call is what comes next, or runs. */
  isAt (step: number, attempt: number): boolean {
    return [this.launch, this.inFlight].some(call => call?.step === step && call.attempt === attempt)
  }

  /** How the call that runs here ended. */
  ended (step: number, attempt: number, result: Ended): void {
    if (this.inFlight?.step === step && this.inFlight.attempt === attempt) this.inFlight = undefined
    this.waiting = this.unknownEnd = undefined
    this.post(result.ok ? { type: 'callCompleted', step, attempt, output: result.output } : { type: 'callFailed', step, attempt, error: result.error, retryable: result.retryable })
  }

  private arm (id: number, dueAt: number): void {
    this.timers.get(id)?.()
    const ms = Math.max(0, dueAt - this.host.now())
    this.timers.set(id, this.host.after(Math.min(ms, MAX_TIMER_MS), () => {
      this.timers.delete(id)
      if (ms > MAX_TIMER_MS) this.arm(id, dueAt)
      else this.post({ type: 'timerFired', id })
    }))
  }

  private mayWrite (): boolean {
    const { state } = this.writer
    if (state.status !== 'writing') return false
    return state.head === null || this.writer.mayGoOn(this.plan.settings.runAhead)
  }

  private childrenAfter (transition: Transition): Body['children'] {
    if (this.children.size === 0) return {}
    const gone = new Set([...transition.takes, ...transition.closes].map(({ opening, index }) => `${opening}.${index}`))
    const kept: Body['children'] = {}
    for (const { opening, index, openedBy, place } of this.children.values()) {
      if (!gone.has(`${opening}.${index}`)) (kept[openedBy] ??= []).push([place, opening, index])
    }
    return kept
  }

  private branchOf (child: ChildRef): string | undefined {
    for (const [branch, open] of this.children) if (open.opening === child.opening && open.index === child.index) return branch
    return undefined
  }
}

function isOnlyNews ({ effects, opens, closes, takes, decision, state }: Transition): boolean {
  return takes.length > 0 && effects.length === 0 && opens.length === 0 && closes.length === 0 && !decision && state.endedAt === undefined
}

function callOf (effects: Effect[]): Call | undefined {
  return effects.find((effect): effect is Call => effect.type === 'call' || effect.type === 'http')
}
