/**
 * What executes on this peer: one driver per branch that is written here, what they need from the outside, and how
 * branches come and go: started, handed over, taken over, parked, ended.
 */
import { beginAgain, formatEpoch, lineageIn, namedWriter, nextIn } from '../branch/index.js'
import type { BranchRecord, PeerRef, ReplicaBranch, WriterState } from '../branch/index.js'
import { Checkpoint, setOf } from '../checkpoint/index.js'
import type { BranchWriter, Summary } from '../checkpoint/index.js'
import { begin, outcomeOf, pending, startChild, startRoot } from '../execution/index.js'
import type { ChildRef, Effect, Outcome } from '../execution/index.js'
import { afterFailpoint } from '../failpoints.js'
import type { Mesh } from '../mesh/port.js'
import type { JqWorker } from '../runtime/jq/index.js'
import type { Store } from '../store/index.js'
import { eventLoopDelayMs, heard, log, metrics } from '../telemetry.js'
import type { Plan } from '../workflow/index.js'
import { Attempts } from './attempts.js'
import type { AttemptsOptions } from './attempts.js'
import { childOf, childrenOf, loadBody, shownBlobs, summarize } from './bodies.js'
import type { Body } from './body.js'
import { Driver } from './driver.js'
import type { Call, DriverHost } from './driver.js'
import { handAway } from './hand-away.js'
import { readBranches } from './ids.js'
import { Placing } from './placing.js'
import { Plans } from './plans.js'
import { Reports } from './reports.js'
import { Results } from './results.js'
import { Supervisor } from './supervisor.js'
import { Watches } from './watches.js'

const CLOSED_KIND = 'sidecar/closed'
const EVALUATE_DEADLINE_MS = 5000

export interface SidecarOptions extends AttemptsOptions {
  mesh: Mesh
  store: Store
  jq: Pick<JqWorker, 'evaluate'>
  disk: string
  /** Calls at once before new ones had better go elsewhere. */ slots: number
  /** Branches driven at once; past it reservations and starts are refused. */ maxBranches: number
  onEvent: (event: { event: string, [field: string]: unknown }) => void
  /** A replica holds another record of this peer's own epoch, or the like: it must stop at once. */ onBroken: (err: Error) => void
}

const logger = log('sidecar')
const running = metrics.gauge('flowmesh_branches_driven', 'branches driven by this peer')

export class Sidecar implements DriverHost {
  readonly self: PeerRef
  readonly checkpoint: Checkpoint
  readonly plans: Plans
  readonly supervisor: Supervisor
  readonly placing: Placing
  readonly watches: Watches
  private readonly results: Results
  private readonly reports: Reports
  readonly attempts: Attempts
  private readonly drivers = new Map<string, Driver>()
  /** Executions that are being started here: how each begins again when its set changes meanwhile. */ readonly beginning = new Map<string, (state: WriterState) => void>()
  /** Branches that are being loaded or taken over. */ private readonly coming = new Set<string>()
  private progress = 0
  private open = true

  constructor (readonly options: SidecarOptions) {
    const { mesh, store, clock, control, self, disk } = options
    this.self = self
    this.plans = new Plans(store)
    this.checkpoint = new Checkpoint({
      store, mesh, clock, self, disk,
      view: () => control.view(),
      refresh: () => { control.refresh(2000).catch(() => {}) },
      reportWhole: async (set, joined) => { await control.reportWhole(set, joined) },
      describe: (record): Omit<Summary, 'final'> => summarize(record),
      shown: shownBlobs,
      hasPlan: plan => this.plans.has(plan),
      keepPlan: source => this.plans.keep(source),
      planSource: plan => this.plans.source(plan),
      onHanded: (branch, record, from) => this.onHanded(branch, record, from),
      onDisowned: (branch, from) => { this.supervisor.disowned(branch, from) }
    })
    const load = (): { running: number, slots: number, loopDelayMs: number, progress: number } =>
      ({ running: this.attempts.inFlight, slots: options.slots, get loopDelayMs () { return eventLoopDelayMs().p99 }, progress: this.progress })
    this.supervisor = new Supervisor({
      mesh, clock, checkpoint: this.checkpoint, incarnation: self.incarnation, load, staleMs: () => control.staleMs(),
      isMine: branch => this.drivers.has(branch) || this.coming.has(branch),
      takeOver: (state, suspect, reason) => { void this.takeOver(state, suspect, reason) }
    })
    this.placing = new Placing({
      mesh, view: () => control.view(), supervisor: this.supervisor, self, load, isOpen: () => this.isOpen(), maxQueued: options.slots * 8
    })
    this.watches = new Watches(mesh, clock, this.checkpoint)
    this.results = new Results({
      mesh, clock, checkpoint: this.checkpoint,
      driver: branch => this.active(branch),
      outcomeOf: async (record, from) => outcomeOf((await loadBody(this.checkpoint, record, [from])).state),
      close: child => { this.close(child) }
    })
    this.reports = new Reports({ mesh, clock, checkpoint: this.checkpoint, driver: branch => this.active(branch) })
    this.attempts = new Attempts(options, this.reports)
  }

  async start (): Promise<void> {
    await this.plans.load()
    await this.plans.follow(this.options.control.view())
    await this.checkpoint.start()
    this.options.control.onChange(view => {
      this.plans.follow(view).then(async () => { await this.checkpoint.follow(view) }).catch((err: unknown) => { logger.warn('the newest sets could not be noted', { reason: String(err) }) })
    })
    this.options.mesh.onMessage(CLOSED_KIND, heard(CLOSED_KIND, body => { this.stopClosed(readBranches(body)) }))
    this.placing.start()
    this.results.start()
    this.reports.start()
    this.watches.start()
    this.supervisor.start()
  }

  isOpen (): boolean { return this.open && this.drivers.size < this.options.maxBranches }
  driven (): number { return this.drivers.size }
  driver (branch: string): Driver | undefined { return this.drivers.get(branch) }
  loadShare (): number { return Math.min(1, this.attempts.inFlight / this.options.slots) }

  /** Founds an execution here; the writer tells when its first record is done. */
  begin (plan: Plan, workflow: Body['workflow'], writerState: WriterState, start: NonNullable<Body['start']>): Driver {
    const { execution } = writerState
    this.checkpoint.replicas.found(writerState.set, execution)
    const writer = this.startWriter(writerState, plan)
    const driver = new Driver(this, plan, workflow, execution, EMPTY, writer, start)
    this.add(driver)
    driver.begin(startRoot(plan, { execution, input: start.input, now: this.now(), random: this.random() }), true)
    return driver
  }

  /** Stops taking work and hands every branch over; resolves when their records are done or at the deadline. */
  async leave (deadlineMs: number): Promise<void> {
    this.open = false
    const handed = Promise.all([...this.drivers.values()].map(async driver => {
      const to = await this.placing.elsewhere(driver.execution)
      if (to !== undefined) await handAway(driver, to, this.options.clock)
    }))
    await Promise.race([handed, new Promise<void>(resolve => { this.after(deadlineMs, resolve) })])
    this.supervisor.leave()
  }

  stop (): void {
    this.open = false
    this.supervisor.stop()
    this.results.stop()
    this.watches.stop()
    this.checkpoint.stop()
    for (const driver of [...this.drivers.values()]) driver.stop('parked')
  }

  // What drivers ask for.

  now (): number { return this.options.clock.now() }
  random (): number { return this.options.clock.random() }
  after (ms: number, call: () => void): () => void { return this.options.clock.after(ms, call) }

  place (driver: Driver, call: Call): PeerRef | Promise<PeerRef> {
    const hints = [driver.plan.settings.placement, call.placement ?? {}]
    return this.placing.place(this.attempts.manifest(call), hints, driver.execution)
  }

  placeChild (): PeerRef { return this.self }

  isExclusive (call: Call): boolean { return this.attempts.isExclusive(call) }
  run (driver: Driver, call: Call, signal: AbortSignal): void { this.attempts.run(driver, call, signal) }

  evaluate (driver: Driver, effect: Extract<Effect, { type: 'evaluate' }>): void {
    const { id, programs, input, vars } = effect
    this.options.jq.evaluate({ programs: programs.map(({ jq }) => jq), input, vars, deadlineMs: EVALUATE_DEADLINE_MS }).then(
      answers => { driver.post({ type: 'evaluated', id, answers }) },
      (err: unknown) => { driver.post({ type: 'evaluated', id, answers: programs.map(() => ({ kind: 'error', message: (err as Error).message })) }) })
  }

  recorded (driver: Driver, record: BranchRecord, opened: ChildRef[], decided: boolean): void {
    this.progress++
    const { set, epoch } = driver.writer.state
    this.checkpoint.ring.note(set, driver.branch, record, epoch)
    if (opened.length > 0) this.startChildren(driver, record, opened, decided)
    if (record.takes.length > 0 || record.closes.length > 0) {
      driver.writer.whenDone(record.index, () => {
        for (const { branch } of record.takes) this.close(branch)
        if (record.closes.length > 0) this.tellClosed(record)
      })
    }
  }

  ended (driver: Driver, record: BranchRecord, outcome: Outcome): void {
    if (driver.branch !== driver.execution) {
      this.results.owe(driver, record, outcome)
      return
    }
    driver.writer.whenDone(record.index, () => {
      this.options.onEvent({ event: 'executionEnded', execution: driver.execution, status: outcome.status })
      this.watches.changed(driver.execution, true)
      this.close(driver.branch)
    })
  }

  left (driver: Driver, why: 'handedOver' | 'parked'): void {
    if (this.drivers.get(driver.branch) === driver) this.drivers.delete(driver.branch)
    running.set(this.drivers.size)
    this.results.forget(driver.branch)
    if (why === 'parked') this.checkpoint.writers.close(driver.writer)
    else driver.writer.whenDone(driver.writer.last, () => { this.checkpoint.writers.close(driver.writer) })
  }

  // How branches come and go.

  private onHanded (branch: string, record: BranchRecord, from: string): boolean {
    const { writers } = this.checkpoint
    if (this.coming.has(branch) || this.active(branch) !== undefined) return true
    if (nextIn(branch, record) === null) return false // ended, and not told by anybody here any more
    const config = this.checkpoint.configOf(setOf(record.execution))
    if (config === undefined) return true // not heard of the set yet: whoever waits delivers it again
    const state = namedWriter(config, branch, record, this.self, writers.markOf(record.execution, branch))
    // What it wrote after this record it still offers; when it does not, it has given up, and would be waited for in vain.
    if (state === undefined) return writers.get(branch) !== undefined
    void this.goOn(state, [from])
    return true
  }

  private async takeOver (state: ReplicaBranch, suspect: string, reason: string): Promise<void> {
    const { branch, execution } = state
    if (this.coming.has(branch) || !this.open) return
    this.coming.add(branch)
    try {
      const mayDegrade = this.mayDegrade(state.head)
      const writer = await this.checkpoint.takeovers.take(branch, suspect, mayDegrade)
      this.coming.delete(branch)
      if (writer === undefined) return
      logger.info('took over a branch', { execution, branch, from: suspect, reason })
      this.options.onEvent({ event: 'takeover', execution, branch, from: suspect, by: this.self.peer, reason, epoch: formatEpoch(writer.epoch) })
      await this.goOn(writer, [suspect])
    } catch (err) {
      logger.seldom(suspect, 'a takeover failed and will be tried again', { branch, reason: (err as Error).message })
    } finally {
      this.coming.delete(branch)
    }
  }

  /** Drives a branch from the record its writer starts on. */
  private async goOn (state: WriterState, from: string[]): Promise<void> {
    const { branch, head } = state
    if (head === null) return
    this.coming.add(branch)
    try {
      const body = await loadBody(this.checkpoint, head, from)
      const plan = await this.planOf(body.plan, from)
      const writer = this.startWriter(state, plan)
      writer.offer()
      const child = head.branch === branch ? undefined : childOf(body, branch)
      const first = child === undefined ? body.state : startChild(plan, body.state, child.index)
      const driver = new Driver(this, plan, body.workflow, branch, first, writer)
      if (child === undefined) for (const [name, open] of childrenOf(body, head)) driver.children.set(name, open)
      if (body.decided === true) driver.holdUntil(writer.last)
      this.add(driver)
      if (child === undefined && head.next === null) this.ended(driver, head, outcomeOf(body.state))
      else if (child === undefined) driver.resume(pending(plan, body.state))
      else driver.begin(begin(plan, first, { now: this.now(), random: this.random() }), false)
    } catch (err) {
      logger.seldom(from[0] ?? '', 'a branch could not be gone on with yet', { branch, reason: (err as Error).message })
    } finally {
      this.coming.delete(branch)
    }
  }

  private startChildren (driver: Driver, record: BranchRecord, opened: ChildRef[], decided: boolean): void {
    const config = driver.writer.state
    opened.forEach(({ index }, place) => {
      const branch = `${record.hash}.${place}`
      const state = namedWriter(config, branch, record, this.self, undefined)
      if (state === undefined) return
      const first = startChild(driver.plan, driver.state, index)
      const child = new Driver(this, driver.plan, driver.workflow, branch, first, this.startWriter(state, driver.plan))
      if (decided) child.holdUntil(child.writer.last)
      this.add(child)
      child.begin(begin(driver.plan, first, { now: this.now(), random: this.random() }), false)
    })
  }

  private startWriter (state: WriterState, plan: Plan): BranchWriter {
    const { branch } = state
    return this.checkpoint.writers.start(state, {
      mayDegrade: plan.settings.degraded === 'allow',
      onProgress: () => { afterFailpoint('sidecar.record-done', () => { this.drivers.get(branch)?.onProgress() }) },
      onParked: reason => { this.onParked(branch, reason) },
      onAgain: number => { this.beginAgain(branch, number) },
      onDeadEnd: (peer, hash) => {
        if (peer === this.self.peer) this.close(branch) // its own replica can only take it over from itself
        this.checkpoint.disown(peer, state.execution, branch, hash)
      }
    })
  }

  /** Only while its start is waited for; afterwards it is lost like any other that a replica refuses. */
  private beginAgain (execution: string, number: number): void {
    const begun = this.beginning.get(execution)
    const writer = this.checkpoint.writers.get(execution)
    if (begun === undefined || writer === undefined) return this.onParked(execution, 'epoch')
    const config = this.checkpoint.configOf(writer.state.set)
    const state = config === undefined ? undefined : beginAgain(writer.state, config, number)
    if (state === undefined) return // under the number that it learns by then
    this.close(execution)
    this.checkpoint.writers.close(writer)
    begun(state)
  }

  private onParked (branch: string, reason: 'epoch' | 'closed' | 'stopped'): void {
    const driver = this.drivers.get(branch)
    if (reason === 'stopped') this.options.onBroken(new Error(`a replica holds another record of branch ${branch} in this peer's own epoch`))
    driver?.stop('parked', reason === 'epoch')
    // Handed on before it was done: only its writer is left of it here.
    const writer = this.checkpoint.writers.get(branch)
    if (writer !== undefined) this.checkpoint.writers.close(writer)
    if (reason !== 'epoch') return
    if (driver !== undefined) this.options.onEvent({ event: 'superseded', execution: driver.execution, branch })
    this.reports.lost(branch)
  }

  private add (driver: Driver): void {
    this.drivers.set(driver.branch, driver)
    running.set(this.drivers.size)
  }

  private active (branch: string): Driver | undefined {
    const driver = this.drivers.get(branch)
    return driver?.isOver === false ? driver : undefined
  }

  /** The branch is settled and its result is where it belongs, or nobody wants it any more. */
  private close (branch: string): void {
    this.drivers.get(branch)?.stop('parked')
  }

  private tellClosed (record: BranchRecord): void {
    this.stopClosed(new Set(record.closes))
    const body = new TextEncoder().encode(record.closes.join('\n'))
    for (const peer of this.options.mesh.connected()) this.options.mesh.send(peer, CLOSED_KIND, body)
  }

  private stopClosed (closed: Set<string>): void {
    for (const driver of [...this.drivers.values()]) {
      const { head, branch } = driver.writer.state
      const above = head === null ? [] : lineageIn(branch, head).map(opening => opening.branch)
      if (closed.has(branch) || above.some(each => closed.has(each))) driver.stop('parked')
    }
  }

  private mayDegrade (head: BranchRecord | null): boolean {
    try {
      return head !== null && this.plans.get(summarize(head).plan)?.settings.degraded === 'allow'
    } catch {
      return false
    }
  }

  private async planOf (id: string, from: string[]): Promise<Plan> {
    const known = this.plans.get(id)
    if (known !== undefined) return known
    const source = await this.checkpoint.planFrom([...from, ...this.options.mesh.connected()], id)
    if (source !== undefined) await this.options.store.batch(this.plans.keep(source))
    const plan = this.plans.get(id)
    if (plan === undefined) throw new Error(`no reachable peer has plan ${id}`)
    return plan
  }
}

const EMPTY = {} as Driver['state'] // replaced by the first transition before anything reads it
