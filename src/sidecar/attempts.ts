/**
 * One attempt at a call: whether it may start, the call itself, and what its end means. An exclusive one starts when all
 * before it is done and its intent is committed; when its end is unknown, nothing goes on without whoever knows.
 */
import { hash } from 'node:crypto'
import { formatEpoch } from '../branch/index.js'
import type { PeerRef } from '../branch/index.js'
import type { Clock } from '../clock.js'
import type { Control } from '../control/index.js'
import { idempotencyKey } from '../execution/index.js'
import { failpoint } from '../failpoints.js'
import type { FunctionManifest } from '../mesh-view.js'
import type { LogLine } from '../runtime/index.js'
import { metrics } from '../telemetry.js'
import { Calls } from './calls.js'
import type { CallsOptions } from './calls.js'
import type { Call, Driver } from './driver.js'
import { Exclusive } from './exclusive.js'
import type { Reports } from './reports.js'

export interface AttemptsOptions extends Omit<CallsOptions, 'view' | 'refresh'> {
  mesh: { meshId: string }
  clock: Clock
  control: Control
  self: PeerRef
  keepLogs: (execution: string, task: string, attempt: number, lines: LogLine[]) => void
}

const made = metrics.counter('flowmesh_calls_total', 'attempts at functions and HTTP calls made by this peer')

export class Attempts {
  /** Under way now. */ inFlight = 0
  private readonly calls: Calls
  private readonly exclusive: Exclusive

  constructor (private readonly options: AttemptsOptions, private readonly reports: Reports) {
    const { control, clock, self } = options
    this.calls = new Calls({ ...options, view: () => control.view(), refresh: async () => await control.refresh(2000) })
    this.exclusive = new Exclusive(control, clock, self)
  }

  manifest (call: Call): FunctionManifest | undefined {
    return call.type === 'call' ? this.calls.manifest(call.fn, call.version) : undefined
  }

  isExclusive (call: Call): boolean { return (call.effects ?? this.manifest(call)?.effects) === 'exclusive' }

  /** Exclusive calls whose end is in no done record yet. */
  unsettled (): number { return this.exclusive.size() + this.reports.size() }

  run (driver: Driver, call: Call, signal: AbortSignal): void {
    this.inFlight++
    void this.attempt(driver, call, signal).finally(() => { this.inFlight-- })
  }

  private async attempt (driver: Driver, call: Call, signal: AbortSignal): Promise<void> {
    const { control, clock, mesh, keepLogs } = this.options
    const { execution, writer } = driver
    const { step, attempt, task } = call
    // A function this peer has just not heard of may be exclusive: know before it is called.
    if (call.type === 'call' && this.manifest(call) === undefined) await control.refresh(2000).catch(() => {})
    const exclusive = this.isExclusive(call)
    if (exclusive) await settledOr(signal, driver)
    const mayStart = !exclusive || await this.exclusive.intend(driver, call, signal)
    if (!mayStart || signal.aborted) return
    const key = idempotencyKey(mesh.meshId, execution, call.place, step, sha256Hex)
    const traceId = sha256Hex(execution).slice(0, 32)
    made.add(1)
    await failpoint('sidecar.before-call')
    const result = await this.calls.run(call, {
      execution, key, signal, epoch: formatEpoch(writer.state.epoch), traceparent: `00-${traceId}-${key.slice(0, 16)}-01`, now: clock.now()
    })
    await failpoint('sidecar.effect-done')
    if (result.logs.length > 0) keepLogs(execution, task, attempt, result.logs)
    if (signal.aborted) return
    if (!result.ok && exclusive && !result.notDone) {
      driver.waiting = `the end of the exclusive call ${task} is unknown (${result.error.detail ?? result.error.title}); say how it ended with settle`
      return
    }
    const ended = result.ok ? result : { ...result, retryable: result.retryable || !exclusive }
    if (exclusive) {
      this.exclusive.ended(driver, call)
      this.reports.keep(driver, step, attempt, ended)
    }
    driver.ended(step, attempt, ended)
  }
}

/** All that this branch has written is done; or the call is not wanted any more, as when the branch was lost before. */
async function settledOr (signal: AbortSignal, { writer }: Driver): Promise<void> {
  if (writer.isSettled() || signal.aborted) return
  await new Promise<void>(resolve => {
    writer.whenDone(writer.last, resolve)
    signal.addEventListener('abort', () => { resolve() }, { once: true })
  })
}

function sha256Hex (text: string): string { return hash('sha256', text) }
