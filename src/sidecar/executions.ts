/** Starting, reading and controlling executions, from any peer: what the API asks of a sidecar. */
import { encode } from '@ipld/dag-cbor'
import { createHash } from 'node:crypto'
import { ControlMessage, ControlReplyMessage } from '../../protocols/sidecar.js'
import { duty, firstWriter } from '../branch/index.js'
import type { WriterState } from '../branch/index.js'
import { setOf } from '../checkpoint/index.js'
import type { ExecutionRecords } from '../checkpoint/index.js'
import { every } from '../clock.js'
import { ConflictError, NotFoundError, OverloadedError, TimeoutError, TooLargeError, UnavailableError } from '../errors.js'
import { failpoint } from '../failpoints.js'
import { jsonBytes, leftOf } from '../json-bytes.js'
import { MAX_DATA_BYTES, MAX_INLINE_BYTES } from '../limits.js'
import type { ReplicaSetView } from '../mesh-view.js'
import { findWorkflow } from '../names.js'
import { metrics, readFrom } from '../telemetry.js'
import type { Plan } from '../workflow/index.js'
import { shownBlobs } from './bodies.js'
import { blobIdOf } from './body.js'
import { newExecutionId, setOfExecution } from './ids.js'
import type { Driver } from './driver.js'
import type { Logs } from './logs.js'
import type { ExecutionEvent, ExecutionSummary, ExecutionView, Executions, StartRequest } from './port.js'
import type { Sidecar } from './sidecar.js'
import { tellStory } from './story.js'
import { executionView } from './view.js'

const CONTROL_KIND = 'sidecar/control'
/** A thousand starts at one moment on a busy machine are slow, not lost; who is told «too late» would start them again. */
const START_WITHIN_MS = 30_000
const LOOK_ELSEWHERE_MS = 500
/** Below what callers usually wait for an answer. */
const SET_WITHIN_MS = 5000
const SET_AGAIN_MS = 100
/** A start whose execution no replica knows for so long after its key was met is not coming any more. */
const ABANDONED_AFTER_MS = 3000
const LOOK_ANYWAY_MS = 15_000
const CONTROL_WITHIN_MS = 3000
/** How long a cancel is passed on again while nothing comes of it, and how often. */
const CANCEL_WITHIN_MS = 8000
const CANCEL_AGAIN_MS = 1500
const ENDED = new Set(['completed', 'faulted', 'cancelled'])

const started = metrics.counter('flowmesh_executions_started_total', 'executions accepted by this peer')

export class LocalExecutions implements Executions {
  constructor (private readonly sidecar: Sidecar, private readonly logbook: Logs) {}

  serve (): void {
    this.sidecar.options.mesh.onRequest(CONTROL_KIND, (body, from) => {
      const { execution, reason } = readFrom(CONTROL_KIND, from, () => ControlMessage.decode(body))
      return ControlReplyMessage.encode({ answer: this.cancelHere(execution, reason === '' ? undefined : reason) ? 'done' : 'elsewhere', writer: this.ownerOf(execution) })
    })
  }

  async start (request: StartRequest): Promise<{ id: string }> {
    if (!this.sidecar.isOpen()) throw new OverloadedError('this peer drives as many branches as it may; start it at another peer, or later')
    const { control, clock } = this.sidecar.options
    const name = request.version === undefined ? request.workflow : `${request.workflow}:${request.version}`
    const { view: workflow } = findWorkflow(control.view(), name)
    await this.sidecar.plans.follow(control.view())
    const plan = this.sidecar.plans.get(workflow.plan)
    if (plan === undefined) throw new NotFoundError(`no plan of workflow "${name}"`)
    const input = checkInput(request.input)
    const set = await this.usableSet(plan, request.copies)
    const id = newExecutionId(set.name, clock)
    const bound = request.key === undefined ? id : await this.bind(`${workflow.namespace}/${workflow.name}`, request.key, id, input)
    if (bound !== id) return { id: bound }
    await this.begin(id, set, plan, { namespace: workflow.namespace, name: workflow.name, version: workflow.version }, { input, ...(request.key === undefined ? {} : { key: request.key }) })
    started.add(1)
    const kept = request.key === undefined ? id : await this.confirm(`${workflow.namespace}/${workflow.name}`, request.key, id, input)
    await failpoint('sidecar.accepted')
    return { id: kept }
  }

  async waitFinal (id: string, deadlineMs: number): Promise<ExecutionView | undefined> {
    const { clock } = this.sidecar.options
    return await new Promise((resolve, reject) => {
      let reading = false
      const settle = (view: ExecutionView | undefined): void => {
        off()
        cancelTimer()
        resolve(view)
      }
      const look = (final: boolean): void => {
        if (reading && !final) return
        reading = true
        this.view(id, final).then(view => { if (view.final && ENDED.has(view.status)) settle(view) }, (err: unknown) => {
          if (err instanceof NotFoundError) reject(err)
        }).finally(() => { reading = false })
      }
      let lookedAt = clock.now()
      const off = this.sidecar.watches.watch(id, final => {
        // Whoever drives it tells when it is over; but it may have been taken over, and not know it yet.
        const anyway = clock.now() - lookedAt >= LOOK_ANYWAY_MS
        if (!final && !anyway && this.sidecar.driver(id) !== undefined) return
        lookedAt = clock.now()
        look(final)
      })
      const cancelTimer = clock.after(deadlineMs, () => { settle(undefined) })
      if (this.sidecar.driver(id) === undefined) look(false)
    })
  }

  async read (id: string): Promise<ExecutionView> { return await this.view(id, false) }

  async list ({ status, workflow, limit, cursor }: { status?: string, workflow?: string, limit: number, cursor?: string }): ReturnType<Executions['list']> {
    const sets = [...this.sidecar.options.control.view().sets.values()].filter(set => set.members.length > 0)
    const lists = await Promise.all(sets.map(async set => await this.sidecar.checkpoint.reader.list(set.name, 1000, cursor === undefined ? '' : `${set.name}.${cursor}`)))
    const found = lists.flatMap(list => list ?? [])
      .filter(each => (status === undefined || each.status === status) && (workflow === undefined || isWorkflow(each.workflow, workflow)))
      .sort((a, b) => tail(a.execution) < tail(b.execution) ? 1 : -1)
    const page = found.slice(0, limit)
    const executions = page.map(each => ({
      id: each.execution, workflow: each.workflow, version: each.version, status: each.status as ExecutionSummary['status'], final: each.final,
      startedAt: new Date(each.startedAt).toISOString(), ...(each.endedAt === undefined ? {} : { endedAt: new Date(each.endedAt).toISOString() }),
      set: this.setView(each.execution)
    }))
    const last = page.at(-1)
    return {
      executions,
      ...(found.length > limit && last !== undefined ? { cursor: tail(last.execution) } : {}),
      answered: peersOf(sets.filter((_, at) => lists[at] !== undefined)),
      peers: peersOf(sets)
    }
  }

  events (id: string, options: { lastEventId?: string, signal: AbortSignal }): AsyncIterable<ExecutionEvent> {
    return tellStory({ read: async () => await this.read(id), watch: listener => this.sidecar.watches.watch(id, listener), clock: this.sidecar.options.clock, ...options })
  }

  async cancel (id: string, reason?: string): Promise<void> {
    const { clock } = this.sidecar.options
    const view = await this.view(id, false)
    if (ENDED.has(view.status)) throw new ConflictError(`execution ${id} has ended: it is ${view.status}`)
    await this.passCancel(id, reason, view.set.replicas)
    // Whoever took it may die, or hand the branch over, before its record is written.
    const until = clock.now() + CANCEL_WITHIN_MS
    while (await this.waitFinal(id, CANCEL_AGAIN_MS) === undefined && clock.now() < until) {
      await this.passCancel(id, reason, view.set.replicas).catch(() => {})
    }
  }

  /** To whoever writes the root branch now. @throws UnavailableError when that peer cannot be reached */
  private async passCancel (id: string, reason: string | undefined, replicas: string[]): Promise<void> {
    if (this.cancelHere(id, reason)) return
    const { mesh } = this.sidecar.options
    const body = ControlMessage.encode({ execution: id, verb: 'cancel', reason: reason ?? '' })
    const asked = new Set([mesh.self])
    const toAsk = [this.ownerOf(id), ...replicas]
    for (let peer = toAsk.shift(); peer !== undefined; peer = toAsk.shift()) {
      if (peer === '' || asked.has(peer)) continue
      asked.add(peer)
      try {
        const reply = await mesh.request(peer, CONTROL_KIND, body, { deadlineMs: CONTROL_WITHIN_MS })
        const { answer, writer } = readFrom(CONTROL_KIND, peer, () => ControlReplyMessage.decode(reply))
        if (answer === 'done') return
        toAsk.unshift(writer)
      } catch {
        // Out of reach: another member may name a newer writer.
      }
    }
    throw new UnavailableError(`the writer of execution ${id} cannot be reached now; cancel again`, replicas)
  }

  async logs (id: string): ReturnType<Executions['logs']> {
    if (setOfExecution(id) === undefined) throw new NotFoundError(`"${id}" is not an execution's id`)
    return await this.logbook.read(id)
  }

  private async begin (id: string, set: ReplicaSetView, plan: Plan, workflow: { namespace: string, name: string, version: string }, start: { input: unknown, key?: string }): Promise<void> {
    const config = this.sidecar.checkpoint.configOf(set.name)
    if (config === undefined) throw new UnavailableError(`replica set ${set.name} is gone; try again`)
    const { beginning, options } = this.sidecar
    await new Promise<void>((resolve, reject) => {
      let driver: Driver
      const begin = (state: WriterState): void => {
        driver = this.sidecar.begin(plan, workflow, state, start)
        driver.writer.whenDone(0, () => { settle(resolve) })
      }
      const stopLooking = every(options.clock, LOOK_ELSEWHERE_MS, () => { if (driver.isOver) void this.isAccepted(id).then(is => { if (is) settle(resolve) }) })
      const cancelTimer = this.sidecar.after(START_WITHIN_MS, () => { settle(() => { reject(new TimeoutError(`the first record of ${id}`, START_WITHIN_MS)) }) })
      const settle = (how: () => void): void => {
        beginning.delete(id)
        stopLooking()
        cancelTimer()
        how()
      }
      beginning.set(id, begin)
      begin(firstWriter(config, id, this.sidecar.self))
    })
  }

  /** Who took it over before this peer knew that its first record is done, finds that out in its place. */
  private async isAccepted (id: string): Promise<boolean> {
    return await this.sidecar.checkpoint.reader.read(id).then(({ accepted }) => accepted, () => false)
  }

  /** The id this key stands for: the new one when it was free, or one that is bound already and accepted. */
  private async bind (workflow: string, key: string, id: string, input: unknown): Promise<string> {
    const { control } = this.sidecar.options
    const hash = hashOf(input)
    let bound = await control.bindKey(workflow, key, id, hash)
    if (bound.inputHash !== hash) throw new ConflictError(`the key "${key}" was used for ${workflow} with another input, by execution ${bound.id}`)
    // Whoever rebinds it first begins; one that comes after waits for that.
    while (bound.id !== id && bound.pending && !await this.isBegun(bound.id)) bound = await control.rebindKey(workflow, key, bound.id, id)
    return bound.id
  }

  /** The id that the key stands for in the end: this start took so long that somebody else began in its place, or it counts. */
  private async confirm (workflow: string, key: string, id: string, input: unknown): Promise<string> {
    const { control } = this.sidecar.options
    try {
      await control.confirmKey(workflow, key, id)
    } catch (err) {
      if (!(err instanceof ConflictError)) return id // it stays pending, and whoever meets it finds that it is accepted
      this.cancelHere(id, 'its key was bound to another execution meanwhile')
      return await this.bind(workflow, key, id, input)
    }
    return id
  }

  /**
   * Whether what another start has begun is accepted, sooner or later; false when it never came to be.
   * @throws UnavailableError when neither is known in time
   */
  private async isBegun (id: string): Promise<boolean> {
    const { clock } = this.sidecar.options
    const since = clock.now()
    for (;;) {
      const found = await this.sidecar.checkpoint.reader.read(id).catch((err: unknown) => err)
      if (!(found instanceof Error) && (found as ExecutionRecords).accepted) return true
      const waitedMs = clock.now() - since
      if (found instanceof NotFoundError && waitedMs >= ABANDONED_AFTER_MS) return false
      if (waitedMs >= START_WITHIN_MS) throw new UnavailableError(`execution ${id} of this key is not known to be accepted yet; repeat it later`)
      await new Promise<void>(resolve => { clock.after(LOOK_ELSEWHERE_MS, resolve) })
    }
  }

  /** Sets are made when the first workflow asks for them, and repaired within seconds: a start waits for that. */
  private async usableSet (plan: Plan, copies?: number): Promise<ReplicaSetView> {
    const { clock } = this.sidecar.options
    const until = clock.now() + SET_WITHIN_MS
    for (;;) {
      try {
        return this.chooseSet(plan, copies)
      } catch (err) {
        if (clock.now() >= until) throw err
        await new Promise<void>(resolve => { clock.after(SET_AGAIN_MS, resolve) })
      }
    }
  }

  /** Near where the work runs: a whole set with this peer in it, else one whose members can be reached. */
  private chooseSet (plan: Plan, wanted?: number): ReplicaSetView {
    const { mesh, control } = this.sidecar.options
    const copies = wanted ?? plan.settings.copies
    const view = control.view()
    const sets = [...view.sets.values()].filter(set => set.copies === copies && set.members.length > 0)
    const alive = new Set([mesh.self, ...mesh.connected()])
    const usable = sets.filter(set => set.members.every(member => alive.has(member.peer) && set.whole.includes(member.peer)))
    if (usable.length === 0) {
      const missing = [...new Set(sets.flatMap(set => set.members.map(member => member.peer)).filter(peer => !alive.has(peer)))]
      const others = [...new Set([...view.sets.values()].map(set => set.copies))].sort().join(', ')
      const none = `there is no replica set with ${copies} copies${others === '' ? ' yet' : `; there are some with ${others}. A deployed workflow that asks for ${copies} brings them about`}`
      throw new UnavailableError(sets.length === 0 ? none : `no replica set with ${copies} copies is whole and in reach now`, missing)
    }
    const region = view.members.get(mesh.self)?.region
    // A set that the only controller is in could not be repaired if just that peer died.
    const frail = (set: ReplicaSetView): boolean => view.controllers.length === 1 && set.members.length > 1 && set.members.some(member => member.peer === view.controllers[0])
    const score = (set: ReplicaSetView): number =>
      (set.members[0]?.peer === mesh.self ? 0 : set.members.some(member => member.peer === mesh.self) ? 1 : 2) +
      (set.region === region ? 0 : 10) + (isSpread(set, plan.settings.spread, view.members) ? 0 : 100) + (set.members.length < copies ? 5 : 0) + (frail(set) ? 4 : 0)
    return usable.reduce((best, set) => score(set) < score(best) ? set : best)
  }

  private async view (id: string, final: boolean): Promise<ExecutionView> {
    if (setOfExecution(id) === undefined) throw new NotFoundError(`"${id}" is not an execution's id`)
    const driver = this.sidecar.driver(id)
    const values = valuesOf(driver)
    const found = await this.sidecar.checkpoint.reader.read(id, { final, without: new Set(values.keys()) })
    await this.addLarge(id, found, values)
    const view = executionView(id, found, { set: this.sidecar.options.control.view().sets.get(setOf(id)), final, values })
    if (view === undefined) throw new UnavailableError(`execution ${id} is known, but its first record cannot be read here yet`)
    return driver?.waiting === undefined ? view : { ...view, status: 'waiting', reason: driver.waiting }
  }

  /** Replicas answer with a bounded share of large values; the input and the outcome are shown whatever their size. */
  private async addLarge (id: string, { records, blobs }: ExecutionRecords, atHand: ReadonlyMap<string, unknown>): Promise<void> {
    const root = records.filter(({ record, superseded }) => record.branch === id && !superseded).map(({ record }) => record)
    const shown = root.filter((record, at) => at === 0 || record.next === null)
    for (const need of new Set(shown.flatMap(shownBlobs))) {
      if (blobs.has(need) || atHand.has(need)) continue
      const bytes = await this.sidecar.checkpoint.blob(id, need)
      if (bytes !== undefined) blobs.set(need, bytes)
    }
  }

  private setView (id: string): ExecutionView['set'] {
    const set = this.sidecar.options.control.view().sets.get(setOf(id))
    return { name: setOf(id), number: set?.number ?? 0, replicas: set?.members.map(member => member.peer) ?? [] }
  }

  private cancelHere (id: string, reason?: string): boolean {
    const driver = this.sidecar.driver(id)
    if (driver === undefined || driver.isOver) return false
    driver.post({ type: 'cancel', ...(reason === undefined ? {} : { reason }) })
    return true
  }

  private ownerOf (id: string): string {
    const { replicas } = this.sidecar.checkpoint
    const state = replicas.lookup(id)
    return state === undefined ? '' : duty(replicas.lookup, state)?.by ?? ''
  }
}

/** An execution that runs here has its large values at hand: no need to read them again. */
function valuesOf (driver: Driver | undefined): Map<string, unknown> {
  const values = new Map<string, unknown>()
  for (const value of [driver?.input, driver?.state.output]) {
    const id = blobIdOf(value)
    if (id !== undefined) values.set(id, value)
  }
  return values
}

/** One encoding for one value: the order of an object's fields says nothing. */
function hashOf (input: unknown): string {
  return createHash('sha256').update(encode(JSON.parse(JSON.stringify(input)))).digest('hex')
}

function checkInput (input: unknown = null): unknown {
  // What is large becomes a blob, so its text is made anyway.
  const { length } = leftOf(MAX_INLINE_BYTES, input) < 0 ? jsonBytes(input) : ''
  if (length > MAX_DATA_BYTES) throw new TooLargeError('input', length, MAX_DATA_BYTES)
  return input
}

function isSpread (set: ReplicaSetView, spread: Plan['settings']['spread'], members: ReadonlyMap<string, { domain: string, zone: string, region: string }>): boolean {
  if (spread === 'none') return true
  const of = set.members.map(({ peer }) => {
    const member = members.get(peer)
    return spread === 'host' ? member?.domain : spread === 'zone' ? member?.zone : member?.region
  })
  return new Set(of).size === of.length
}

function peersOf (sets: ReplicaSetView[]): number {
  return new Set(sets.flatMap(set => set.members.map(({ peer }) => peer))).size
}

function isWorkflow (full: string, wanted: string): boolean {
  return full === wanted || full.endsWith(`/${wanted}`)
}

/** Sorts by time, whatever the set. */
function tail (id: string): string {
  return id.slice(id.indexOf('.') + 1)
}

