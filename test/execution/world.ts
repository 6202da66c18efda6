/**
 * Drives all branches of an execution in virtual time, as a sidecar would: functions end after a time of their own, answers
 * come late, children report, everything is sent again now and then. It believes nothing: after every turn the effects
 * are held against what the state says is pending.
 */
import { expect } from 'chai'
import * as production from '../../src/execution/index.js'
import { compose, idempotencyKey, mapValues } from '../../src/execution/index.js'
import type {
  BranchEvent, BranchState, CallEffect, ChildRef, Effect, HttpEffect, Outcome, TraceEntry, Transition, ViewRecord, WorkflowError
} from '../../src/execution/index.js'
import type { Plan } from '../../src/workflow/plan.js'

export type Machine = Pick<typeof production, 'apply' | 'begin' | 'pending' | 'startChild' | 'startRoot'>

export type FunctionResult = { output: unknown } | { error: WorkflowError, retryable?: boolean }
export interface Options {
  machine?: Machine
  seed?: number
  /** What a call gives, and after how many ms. */
  answer: (call: CallEffect | HttpEffect) => FunctionResult & { afterMs: number }
  /** Real jq's answers; by default none is asked. */
  jq?: (programs: { jq: string }[], input: unknown, vars: Record<string, unknown>) => { kind: 'value', value: unknown }[]
  cancelAtMs?: number
  /** Hand over after every so many events: all states through JSON, effects derived again. 0: never. */
  handoverEvery?: number
  /** Send old events again after every event. */
  repeat?: boolean
  /** Apply up to this many events that are due at the same time before one record is saved. */
  batch?: number
}

interface Branch { id: string, state: BranchState, parent?: { id: string, ref: ChildRef }, closed?: true, seen: BranchEvent[] }
interface Due { at: number, branch: string, effect: string, event: BranchEvent }

type Bare<E> = E extends unknown ? Omit<E, 'now' | 'random'> : never

export class World {
  now = 1_000_000
  readonly calls: (CallEffect | HttpEffect)[] = []
  /** Calls that began, by idempotency key. */
  readonly ledger = new Map<string, { task: string, attempts: number[], vars: string }>()
  readonly records: ViewRecord[] = []
  readonly counters: Record<string, number> = {}
  readonly branches = new Map<string, Branch>()
  outcome: Outcome | undefined
  private readonly machine: Machine
  private due: Due[] = []
  private events = 0
  /** When each call ends, whoever drives it: a call given again to another peer ends at the same moment. */
  private readonly ends = new Map<string, { at: number, result: FunctionResult }>()

  private readonly given = new Map<string, Effect>()
  private readonly answered = new Map<string, { at: number, answers: { kind: 'value', value: unknown }[] }>()

  constructor (readonly plan: Plan, private readonly options: Options) { this.machine = options.machine ?? production }

  run (input: unknown, maxEvents = 20_000): this {
    const first = this.machine.startRoot(this.plan, { execution: 'x', input, now: this.now, random: this.random('root') })
    const root: Branch = { id: 'root', state: first.state, seen: [] }
    this.branches.set(root.id, root)
    this.record(root, first)
    this.perform(root, first)
    this.check(root)
    if (this.options.cancelAtMs !== undefined) this.schedule('root', 'cancel', this.now + this.options.cancelAtMs, { type: 'cancel', reason: 'asked' })
    while (this.outcome === undefined) this.next(maxEvents)
    return this
  }

  /** In short: how it ended, and what every branch went through. */
  story (): unknown {
    const traces = new Map<string, TraceEntry[]>()
    for (const { branch, trace } of this.records) traces.set(branch, [...traces.get(branch) ?? [], ...trace])
    return { outcome: this.outcome, branches: [...traces].sort(([a], [b]) => a < b ? -1 : 1).map(([id, trace]) => [id, sorted(trace)]) }
  }

  private next (maxEvents: number): void {
    // Ties by name, not by who came first: a handover must not change them.
    this.due.sort((a, b) => a.at - b.at || (`${a.branch} ${a.effect}` < `${b.branch} ${b.effect}` ? -1 : 1))
    const due = this.due.shift()
    if (due === undefined) throw new Error(`stuck: ${JSON.stringify(this.branches.get('root')?.state)}`)
    if (++this.events > maxEvents) throw new Error('too many events')
    this.now = Math.max(this.now, due.at)
    const branch = this.branches.get(due.branch)
    if (branch === undefined) throw new Error('no such branch')
    let step = this.apply(branch, due.event)
    for (let more = 1; more < (this.options.batch ?? 1); more++) {
      const at = this.due.findIndex(other => other.branch === due.branch && other.at <= this.now)
      const [other] = at < 0 ? [] : this.due.splice(at, 1)
      if (other === undefined) break
      this.count('batched')
      step = compose(step, this.apply(branch, other.event))
    }
    this.record(branch, step)
    this.perform(branch, step)
    this.check(branch)
    if (this.options.repeat === true) this.repeatOld(branch)
    const every = this.options.handoverEvery ?? 0
    if (every > 0 && this.events % every === 0) this.handOver()
  }

  private apply (branch: Branch, event: BranchEvent): Transition {
    const before = branch.state
    const copy = JSON.stringify(before)
    const step = this.machine.apply(this.plan, before, event)
    expect(JSON.stringify(before), 'the state before was changed').to.equal(copy)
    branch.seen.push(event)
    if (step.state === before) {
      this.count('late')
      expect({ ...step, state: null }).to.deep.equal({ state: null, effects: [], trace: [], opens: [], takes: [], closes: [], decision: false })
    } else this.count(event.type)
    branch.state = step.state
    return step
  }

  private record (branch: Branch, step: Transition): void {
    this.records.push({ branch: branch.id, peer: 'p', epoch: '1', trace: step.trace, state: step.state })
  }

  private perform (branch: Branch, step: Transition): void {
    if (step.decision) this.count('decision')
    if (step.state.frames.length > 3) this.count('nested')
    expect(step.effects.flatMap(effect => effect.type === 'open' ? effect.children : [])).to.deep.equal(step.opens)
    expect(step.effects.flatMap(effect => effect.type === 'closeChildren' ? effect.children : [])).to.deep.equal(step.closes)
    for (const effect of step.effects) this.begin(branch, effect)
  }

  private begin (branch: Branch, effect: Effect): void {
    this.count(effect.type)
    this.take(branch, effect, true)
  }

  private take (branch: Branch, effect: Effect, first: boolean): void {
    switch (effect.type) {
      case 'call': case 'http': return this.call(branch, effect, first)
      case 'evaluate': return this.evaluate(branch, effect)
      case 'timer': return this.schedule(branch.id, `timer ${effect.id}`, effect.dueAt, { type: 'timerFired', id: effect.id })
      case 'open': return effect.children.forEach(ref => { this.open(branch, ref) })
      case 'interrupt': return
      case 'closeChildren': return effect.children.forEach(ref => { this.close(branch, ref) })
      case 'finish': return this.finish(branch, effect.outcome)
    }
  }

  private call (branch: Branch, effect: CallEffect | HttpEffect, first: boolean): void {
    const id = `${branch.id} call ${effect.step}.${effect.attempt}`
    let end = this.ends.get(id)
    if (end === undefined) {
      const { afterMs, ...result } = this.options.answer(effect)
      end = { at: this.now + afterMs, result }
      this.ends.set(id, end)
    } else if (first) throw new Error(`the call ${id} was made twice`)
    if (first) this.given.set(id, effect)
    if (first) this.bookCall(effect, branch)
    const { step, attempt } = effect
    this.schedule(branch.id, `call ${step}.${attempt}`, end.at, 'output' in end.result
      ? { type: 'callCompleted', step, attempt, output: end.result.output }
      : { type: 'callFailed', step, attempt, ...end.result })
  }

  private bookCall (effect: CallEffect | HttpEffect, branch: Branch): void {
    this.calls.push(effect)
    if (effect.attempt > 1) this.count('again')
    const key = idempotencyKey('mesh', 'x', effect.place, effect.step)
    // Which iteration it was of: a key must not move on to the next one.
    const loops = branch.state.frames.map(({ inside }) => inside?.kind === 'loop' ? inside.index : '').join()
    const entry = this.ledger.get(key) ?? { task: effect.task, attempts: [], vars: loops }
    expect(entry.task, 'one key for two different calls').to.equal(effect.task)
    expect(entry.vars, 'one key for two iterations').to.equal(loops)
    entry.attempts.push(effect.attempt)
    this.ledger.set(key, entry)
  }

  private evaluate (branch: Branch, effect: Effect & { type: 'evaluate' }): void {
    const id = `${branch.id} evaluate ${effect.id}`
    let end = this.answered.get(id)
    if (end === undefined) {
      const answers = this.options.jq?.(effect.programs, effect.input, effect.vars)
      if (answers === undefined) throw new Error(`unexpected question ${JSON.stringify(effect.programs)}`)
      end = { at: this.now + 3, answers }
      this.answered.set(id, end)
    }
    this.schedule(branch.id, `evaluate ${effect.id}`, end.at, { type: 'evaluated', id: effect.id, answers: end.answers })
  }

  private open (parent: Branch, ref: ChildRef): void {
    const id = `${parent.id}/${ref.opening}.${ref.index}`
    if (this.branches.has(id)) throw new Error(`the child ${id} was opened twice`)
    // A child must come out of the parent's record, nothing else.
    const state = this.machine.startChild(this.plan, clone(parent.state), ref.index)
    expect(state.place).to.equal(ref.place)
    const child: Branch = { id, state, parent: { id: parent.id, ref }, seen: [] }
    this.branches.set(id, child)
    for (const effect of this.machine.pending(this.plan, state)) this.begin(child, effect)
  }

  private close (parent: Branch, ref: ChildRef): void {
    const child = this.branches.get(`${parent.id}/${ref.opening}.${ref.index}`)
    if (child === undefined) throw new Error('closed a child that was never opened')
    this.schedule(child.id, 'cancel', this.now, { type: 'cancel' })
  }

  private finish (branch: Branch, outcome: Outcome): void {
    this.count(outcome.status)
    this.due = this.due.filter(({ branch: id, effect }) => id !== branch.id || effect.startsWith('call'))
    if (branch.parent === undefined) {
      this.outcome = outcome
      return
    }
    const { id, ref } = branch.parent
    this.schedule(id, `child ${branch.id}`, this.now + 1, { type: 'childEnded', opening: ref.opening, index: ref.index, outcome })
  }

  private schedule (branch: string, effect: string, at: number, event: Bare<BranchEvent>): void {
    const random = this.random(`${branch} ${effect}`)
    this.due.push({ at, branch, effect, event: { ...event, now: at, random } })
  }

  /** What the state says is outstanding must be what is under way. */
  private check (branch: Branch): void {
    const wanted = new Set<string>()
    for (const effect of this.machine.pending(this.plan, clone(branch.state))) {
      if (effect.type === 'timer') wanted.add(`${branch.id} timer ${effect.id} ${effect.dueAt}`)
      if (effect.type === 'evaluate') wanted.add(`${branch.id} evaluate ${effect.id}`)
      if (effect.type === 'call' || effect.type === 'http') {
        wanted.add(`${branch.id} call ${effect.step}.${effect.attempt}`)
        expect(effect, 'a call given otherwise the second time').to.deep.equal(this.given.get(`${branch.id} call ${effect.step}.${effect.attempt}`))
      }
      if (effect.type === 'open') for (const { opening, index } of effect.children) expect(this.branches.has(`${branch.id}/${opening}.${index}`)).to.equal(true)
    }
    const under = new Set(this.due.filter(({ branch: id }) => id === branch.id)
      .map(({ effect, at }) => effect.startsWith('timer') ? `${branch.id} ${effect} ${at}` : `${branch.id} ${effect}`))
    for (const id of wanted) expect([...under], 'pending, but never given as an effect').to.include(id)
  }

  /** Everything a peer had in memory is gone: the states, through JSON, are all that is left. */
  private handOver (): void {
    this.count('handover')
    const kept = this.due.filter(({ effect }) => effect === 'cancel' || effect.startsWith('child'))
    this.due = kept
    for (const branch of this.branches.values()) {
      const state = clone(branch.state)
      let slots = 0
      const emptied = mapValues(state, value => ({ slot: slots++, value }))
      branch.state = clone(mapValues(emptied, value => (value as { value: unknown }).value))
      expect(branch.state).to.deep.equal(state)
      if (production.pending(this.plan, state).some(({ type }) => type === 'finish')) continue
      // Children have states of their own; the rest is taken up from here.
      for (const effect of this.machine.pending(this.plan, branch.state)) if (effect.type !== 'open') this.take(branch, effect, false)
    }
  }

  /** Every event this branch has seen, again. */
  private repeatOld (branch: Branch): void {
    for (const event of branch.seen.slice(-6)) {
      this.count('repeated')
      const step = this.machine.apply(this.plan, branch.state, { ...event, now: this.now })
      expect(step.state, `a repeated ${event.type} changed the state`).to.equal(branch.state)
      expect(step.effects).to.deep.equal([])
    }
  }

  private count (what: string): void { this.counters[what] = (this.counters[what] ?? 0) + 1 }

  /** The same for the same event, in whatever order things happen. */
  private random (what: string): number {
    let hash = (this.options.seed ?? 1) >>> 0
    for (const char of what) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619) >>> 0
    return hash / 2 ** 32
  }
}

export function clone<T> (value: T): T { return JSON.parse(JSON.stringify(value)) as T }

function sorted (trace: TraceEntry[]): TraceEntry[] {
  const byTask = new Map<string, TraceEntry>()
  for (const entry of trace) {
    const id = `${entry.step} ${entry.attempt} ${entry.task}`
    byTask.set(id, { ...byTask.get(id), ...entry })
  }
  return [...byTask.values()]
}
