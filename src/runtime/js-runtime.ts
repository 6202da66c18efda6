/**
 * Runs `js` functions: ES modules whose default export is `async (input, context) => output`, in worker threads, each
 * function in its own. A fence for resources, no security boundary. It never rejects: how a call ended is its result.
 */
import { availableParallelism } from 'node:os'
import { metrics } from '../telemetry.js'
import { JsPool } from './js-pool.js'
import { stopping } from './js-failures.js'
import type { JsFunction } from './js-pool.js'
import type { Invocation, InvocationResult } from './port.js'

export interface JsRuntimeOptions {
  /** Workers of one function at most. @default the processors this process may use */ workersPerFunction?: number
  /** Past this many workers, idle ones of other functions are ended first, the longest idle one before; each costs about
   * 8 MiB. Functions with calls get their worker in any case. @default 16 */ maxWorkers?: number
  /** From the abort of a call to the end of its worker. @default 500 */ graceMs?: number
  /** Time a module may take to load. @default 30 000 */ loadTimeoutMs?: number
}

const SWEEP_MS = 5000
const callMs = metrics.histogram('flowmesh_js_call_ms', 'Time of a js function call, waiting included')
const calls = metrics.counter('flowmesh_js_calls_total', 'Calls of js functions')

export class JsRuntime {
  private readonly pools = new Map<string, JsPool>()
  private readonly options: Required<JsRuntimeOptions>
  private readonly sweeper: NodeJS.Timeout
  private closed = false

  constructor (options: JsRuntimeOptions = {}) {
    this.options = { workersPerFunction: availableParallelism(), maxWorkers: 16, graceMs: 500, loadTimeoutMs: 30_000, ...options }
    this.sweeper = setInterval(() => { this.sweep() }, SWEEP_MS).unref()
  }

  /** Starts a worker and loads the module, so that the first call finds it. Rejects when it cannot be loaded. */
  async prewarm (fn: JsFunction): Promise<void> {
    if (!this.closed) await this.pool(fn).prewarm()
  }

  async invoke (fn: JsFunction, invocation: Invocation): Promise<InvocationResult> {
    if (this.closed) return stopping(true)
    const start = performance.now()
    const result = await this.pool(fn).invoke(invocation)
    callMs.observe(performance.now() - start)
    calls.add()
    return result
  }

  /** Calls in workers, and calls that wait for one; of one function, or of all. */
  load (key?: string): { running: number, queued: number } {
    const sum = { running: 0, queued: 0 }
    for (const pool of this.pools.values()) {
      if (key !== undefined && pool.fn.key !== key) continue
      const { running, queued } = pool.load()
      sum.running += running
      sum.queued += queued
    }
    return sum
  }

  /** Ends every worker; calls that run end as `communication` errors. Safe to repeat. */
  async close (): Promise<void> {
    this.closed = true
    clearInterval(this.sweeper)
    await Promise.all([...this.pools.values()].map(pool => pool.close()))
    this.pools.clear()
  }

  private pool (fn: JsFunction): JsPool {
    const id = `${fn.key}\n${fn.folder}\n${fn.entry}`
    let pool = this.pools.get(id)
    if (pool === undefined) {
      const { workersPerFunction, graceMs, loadTimeoutMs } = this.options
      pool = new JsPool(fn, { maxWorkers: workersPerFunction, graceMs, loadTimeoutMs, onSpawn: () => { this.makeRoom() } })
      this.pools.set(id, pool)
    }
    return pool
  }

  private makeRoom (): void {
    const count = [...this.pools.values()].reduce((sum, pool) => sum + pool.workerCount, 0)
    if (count <= this.options.maxWorkers) return
    const [idle] = [...this.pools.values()].sort((a, b) => a.idleSince() - b.idleSince())
    idle?.retireIdle()
  }

  private sweep (): void {
    const now = Date.now()
    for (const [id, pool] of this.pools) if (pool.sweep(now)) this.pools.delete(id)
  }
}
