/**
 * The workers of one function and the calls that wait for them. Calls share a worker up to the function's concurrency; a
 * second worker starts only when calls wait behind one that stands still. Functions never share a worker, so what one does
 * to its thread costs only calls of the same function, and only those that had begun.
 */
import { knownJson, rememberJson, textOf } from '../json-bytes.js'
import { MAX_QUEUED_CALLS } from '../limits.js'
import { metrics } from '../telemetry.js'
import { aborted, crashed, lostNeighbour, notJsonInput, notLoaded, overloaded, stopping, timedOut } from './js-failures.js'
import { WorkerThread } from './worker-thread.js'
import type { Failure } from './failure.js'
import type { CallFacts, FromWorker, JsonText } from './js-protocol.js'
import type { Invocation, InvocationResult, LogLine } from './port.js'

export interface JsFunction {
  /** `name:version`; for messages and metrics. */ key: string
  /** Where the artefact is unpacked; never changes, since artefacts are named by their content. */ folder: string
  /** The module, relative to the folder. */ entry: string
  /** Calls at once on this peer. */ concurrency: number
  /** Heap of a worker; Buffers do not count. @default 128 MiB */ memoryBytes?: number
  /** A worker without calls is ended after. @default 300 000 */ keepMs?: number
  /** Workers that are never ended for being idle. @default 0 */ minimum?: number
}

export interface PoolOptions { maxWorkers: number, graceMs: number, loadTimeoutMs: number, onSpawn: () => void }

interface Call {
  id: number
  input: JsonText
  invocation: Invocation
  logs: LogLine[]
  resolve: (result: InvocationResult) => void
  timer: NodeJS.Timeout
  onAbort: () => void
  worker?: PoolWorker
  postedAt: number
  /** How it ends whatever the function still does: it was aborted. */ verdict?: Failure
}

interface PoolWorker {
  thread: WorkerThread
  calls: Map<number, Call>
  /** Calls wait in it that it does not begin. */ stuck: boolean
  ending: boolean
  idleSince: number
  loaded: Promise<void>
  settleLoad: (err?: Error) => void
}

/** A posted call begins within a millisecond unless the worker stands still. */
const STUCK_MS = 20
const DEFAULT_KEEP_MS = 300_000
const MAX_TIMER_MS = 0x7fffffff
const workersGauge = metrics.gauge('flowmesh_js_workers', 'Worker threads of js functions')
const endedWorkers = metrics.counter('flowmesh_js_workers_ended_total', 'Workers that were ended past a deadline or ended by themselves')

export class JsPool {
  private readonly queue: Call[] = []
  private readonly workers = new Set<PoolWorker>()
  private nextId = 1
  private posted = 0
  /** Calls to make one at a time after a worker died with several in it: the next death then has one suspect. */
  private cautious = 0
  private tick: NodeJS.Timeout | undefined
  private closed = false

  constructor (readonly fn: JsFunction, private readonly options: PoolOptions) {}

  invoke (invocation: Invocation): Promise<InvocationResult> {
    if (this.closed) return Promise.resolve(stopping(true))
    if (this.queue.length >= MAX_QUEUED_CALLS) return Promise.resolve(overloaded(this.fn.key))
    if (invocation.signal.aborted) return Promise.resolve(aborted(true))
    let input: JsonText
    try {
      input = knownJson(invocation.input) ?? JSON.stringify(invocation.input) ?? 'null'
    } catch (err) {
      return Promise.resolve(notJsonInput((err as Error).message))
    }
    return new Promise(resolve => {
      const call: Call = {
        id: this.nextId++,
        input,
        invocation,
        logs: [],
        resolve,
        timer: setTimeout(() => { this.giveUp(call, timedOut(this.fn.key, invocation.timeoutMs)) }, Math.min(invocation.timeoutMs, MAX_TIMER_MS)),
        onAbort: () => { this.giveUp(call, aborted(false)) },
        postedAt: 0
      }
      invocation.signal.addEventListener('abort', call.onAbort, { once: true })
      this.queue.push(call)
      this.pump()
    })
  }

  /** Has one worker ready with the module loaded. Rejects when it cannot be loaded. */
  prewarm (): Promise<void> {
    const [worker = this.spawn()] = this.workers
    return worker.loaded
  }

  load (): { running: number, queued: number } { return { running: this.posted, queued: this.queue.length } }

  get workerCount (): number { return this.workers.size }

  /** Ends workers without calls for longer than the function keeps them; true when nothing is left to keep. */
  sweep (now: number): boolean {
    for (const worker of this.workers) {
      const keep = this.workers.size <= (this.fn.minimum ?? 0) || now - worker.idleSince < (this.fn.keepMs ?? DEFAULT_KEEP_MS)
      if (!keep && this.isIdle(worker)) void this.retire(worker)
    }
    return this.workers.size === 0 && this.queue.length === 0
  }

  /** When its longest idle worker became idle; Infinity when none is. */
  idleSince (): number {
    return Math.min(Infinity, ...[...this.workers].filter(worker => this.isIdle(worker)).map(worker => worker.idleSince))
  }

  retireIdle (): void {
    for (const worker of this.workers) if (this.isIdle(worker)) void this.retire(worker)
  }

  /** Calls that had not begun end as not done. */
  async close (): Promise<void> {
    this.closed = true
    clearTimeout(this.tick)
    for (const call of this.queue.splice(0)) this.settle(call, stopping(true))
    const workers = [...this.workers]
    for (const worker of workers) {
      for (const call of worker.calls.values()) this.settle(call, call.verdict ?? stopping(worker.thread.revoke(call.id)))
    }
    await Promise.all(workers.map(worker => this.retire(worker)))
  }

  private pump (): void {
    while (this.queue.length > 0 && this.posted < (this.cautious > 0 ? 1 : this.fn.concurrency)) {
      const worker = this.leastLoaded() ?? (this.workers.size < this.options.maxWorkers ? this.spawn() : undefined)
      if (worker === undefined) break
      this.post(worker, this.queue.shift()!)
    }
  }

  private leastLoaded (): PoolWorker | undefined {
    let best: PoolWorker | undefined
    for (const worker of this.workers) {
      if (worker.stuck || worker.ending || !worker.thread.canTake) continue
      if (best === undefined || worker.calls.size < best.calls.size) best = worker
    }
    return best
  }

  private post (worker: PoolWorker, call: Call): void {
    this.posted++
    call.worker = worker
    call.postedAt = performance.now()
    worker.calls.set(call.id, call)
    worker.thread.call(call.id, call.input, factsOf(call.invocation))
    this.watch()
  }

  /** Looks again soon whether what was posted has begun; nothing ticks while all calls have. */
  private watch (): void {
    this.tick ??= setTimeout(() => { this.rebalance() }, STUCK_MS).unref()
  }

  /** Takes calls back from workers that stand still, where another worker could begin them. */
  private rebalance (): void {
    this.tick = undefined
    const since = performance.now() - STUCK_MS
    const waiting: Call[] = []
    let again = false
    for (const worker of this.workers) {
      if (!worker.thread.ready) continue
      const notBegun = [...worker.calls.values()].filter(call => !worker.thread.hasBegun(call.id))
      const late = notBegun.filter(call => call.postedAt <= since)
      again ||= notBegun.length > 0
      worker.stuck = late.length > 0
      if (worker.stuck && this.canBeginElsewhere()) waiting.push(...late.filter(call => this.takeBack(call)))
    }
    this.queue.unshift(...waiting)
    this.pump()
    if (again) this.watch()
  }

  private canBeginElsewhere (): boolean {
    return this.leastLoaded() !== undefined || this.workers.size < this.options.maxWorkers
  }

  private takeBack (call: Call): boolean {
    if (call.worker?.thread.revoke(call.id) !== true) return false
    this.detach(call)
    return true
  }

  private detach (call: Call): void {
    const { worker } = call
    if (worker === undefined) return
    worker.calls.delete(call.id)
    worker.idleSince = Date.now()
    call.worker = undefined
    this.posted--
  }

  /** Past its deadline or aborted: not begun, it ends at once; begun, its signal fires and its worker has `graceMs` left. */
  private giveUp (call: Call, verdict: Failure): void {
    const { worker } = call
    if (worker === undefined) this.queue.splice(this.queue.indexOf(call), 1)
    if (worker === undefined || this.takeBack(call)) {
      this.settle(call, { ...verdict, notDone: true })
      this.pump()
      return
    }
    if (call.verdict !== undefined) return
    call.verdict = verdict
    clearTimeout(call.timer)
    worker.thread.abort(call.id, verdict.error.detail)
    call.timer = setTimeout(() => {
      if (worker.ending) return
      worker.ending = true
      void worker.thread.end()
    }, this.options.graceMs)
  }

  private spawn (): PoolWorker {
    const { folder, entry, memoryBytes = 128 << 20 } = this.fn
    const load = deferred()
    const worker: PoolWorker = {
      thread: new WorkerThread(folder, entry, memoryBytes, {
        onReady: () => {
          worker.settleLoad()
          if (worker.calls.size > 0) this.watch()
        },
        onMessage: message => { this.receive(worker, message) },
        onExit: (code, err) => { this.reap(worker, code, err) }
      }),
      calls: new Map(),
      stuck: false,
      ending: false,
      idleSince: Date.now(),
      loaded: load.promise,
      settleLoad: load.settle
    }
    const timer = setTimeout(() => { this.failLoad(worker, `it did not load within ${this.options.loadTimeoutMs} ms`) }, this.options.loadTimeoutMs)
    worker.loaded.catch(() => {}).finally(() => { clearTimeout(timer) })
    this.workers.add(worker)
    workersGauge.value++
    this.options.onSpawn()
    return worker
  }

  private receive (worker: PoolWorker, message: Exclude<FromWorker, { type: 'ready' | 'skipped' }>): void {
    if (message.type === 'loadFailed') {
      this.failLoad(worker, message.detail)
      return
    }
    worker.stuck = false
    const call = worker.calls.get(message.id)
    if (call === undefined) return
    if (message.type === 'log') {
      call.logs.push(message.line)
      return
    }
    if (this.cautious > 0) this.cautious--
    this.settle(call, message.type === 'done' ? this.outputOf(call, message.output) : this.errorOf(call, message))
    this.pump()
  }

  private outputOf (call: Call, text: JsonText): InvocationResult {
    if (call.verdict !== undefined) return call.verdict
    const output = JSON.parse(typeof text === 'string' ? text : textOf(text)) as unknown
    if (typeof text !== 'string') rememberJson(output, text)
    return { ok: true, output, logs: [] }
  }

  private errorOf (call: Call, { error, retryable, notDone }: Extract<FromWorker, { type: 'failed' }>): InvocationResult {
    return call.verdict === undefined ? { ok: false, error, retryable, notDone, logs: [] } : { ...call.verdict, notDone }
  }

  /** The module cannot be used: nothing began, and nothing will. */
  private failLoad (worker: PoolWorker, detail: string): void {
    worker.settleLoad(new Error(`function ${this.fn.key} (${this.fn.entry}) cannot be loaded: ${detail}`))
    for (const call of [...worker.calls.values(), ...this.queue.splice(0)]) this.settle(call, notLoaded(this.fn, detail))
    void this.retire(worker)
  }

  private reap (worker: PoolWorker, code: number, err: Error | undefined): void {
    if (!this.workers.has(worker)) return // retired: it had no calls
    const how = err === undefined ? `it exited with code ${code}` : err.message
    if (!worker.thread.ready) {
      this.failLoad(worker, how)
      return
    }
    const begun = [...worker.calls.values()].filter(call => !worker.thread.revoke(call.id))
    const waiting = [...worker.calls.values()].filter(call => !begun.includes(call))
    const suspects = begun.filter(call => call.verdict === undefined)
    if (!worker.ending && suspects.length > 1) this.cautious = 2 * suspects.length
    for (const call of begun) {
      if (call.verdict !== undefined) this.settle(call, call.verdict)
      else if (worker.ending || suspects.length > 1) this.settle(call, lostNeighbour(this.fn.key, worker.ending ? 'another call ran past its deadline' : how))
      else this.settle(call, crashed(this.fn.key, how))
    }
    for (const call of waiting) this.detach(call)
    this.queue.unshift(...waiting)
    if (worker.ending || begun.length > 0) endedWorkers.add()
    this.forget(worker)
    if (!this.closed) this.pump()
  }

  private settle (call: Call, result: InvocationResult): void {
    clearTimeout(call.timer)
    call.invocation.signal.removeEventListener('abort', call.onAbort)
    this.detach(call)
    call.resolve({ ...result, logs: call.logs })
  }

  private isIdle (worker: PoolWorker): boolean { return worker.calls.size === 0 && worker.thread.ready && !worker.ending }

  private retire (worker: PoolWorker): Promise<void> {
    this.forget(worker)
    worker.ending = true
    worker.settleLoad(new Error(`the worker of ${this.fn.key} was ended`))
    return worker.thread.end()
  }

  private forget (worker: PoolWorker): void {
    if (this.workers.delete(worker)) workersGauge.value--
  }
}

function factsOf (invocation: Invocation): CallFacts {
  const { execution, task, attempt, epoch, idempotencyKey, traceparent } = invocation
  return { execution, task, attempt, epoch, idempotencyKey, traceparent }
}

function deferred (): { promise: Promise<void>, settle: (err?: Error) => void } {
  let settle: (err?: Error) => void = () => {}
  const promise = new Promise<void>((resolve, reject) => {
    settle = err => { if (err === undefined) resolve(); else reject(err) }
  })
  return { promise, settle }
}
