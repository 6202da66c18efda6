/**
 * How long history is kept: final executions older than `keepMs`, or beyond `keepPerSet` in their set, are deleted here with
 * their records, blobs and logs, the oldest first and a few at a time. The control plane hears of it before, so that what
 * it decided for them can go too; while it cannot be reached nothing is deleted. Each replica does it for itself.
 */
import type { Checkpoint } from '../checkpoint/index.js'
import { every } from '../clock.js'
import type { Clock } from '../clock.js'
import type { Control } from '../control/index.js'
import { log, metrics } from '../telemetry.js'

export interface RetentionOptions {
  checkpoint: Checkpoint
  control: Pick<Control, 'retire'>
  clock: Clock
  /** Since the end of an execution, ms. @default 24 h */ keepMs?: number
  /** Final executions of one set. @default 10 000 */ keepPerSet?: number
  /** Between two looks, ms. @default 60 000 */ everyMs?: number
}

/** Deleted in one step, so that the disk has time for what waits. */
const STEP = 100
const PAUSE_MS = 50

const deleted = metrics.counter('flowmesh_executions_deleted_total', 'final executions whose history this peer has deleted')
const logger = log('retention')

export class Retention {
  private busy = false
  private stopSweep = (): void => {}

  constructor (private readonly options: RetentionOptions) {}

  start (): void {
    const { clock, everyMs = 60_000 } = this.options
    this.stopSweep = every(clock, everyMs, () => { void this.sweep() })
  }

  stop (): void { this.stopSweep() }

  /** Resolves when all that is due is deleted, or could not be. */
  async sweep (): Promise<void> {
    if (this.busy) return
    this.busy = true
    try {
      for (const set of this.options.checkpoint.replicas.sets.keys()) await this.sweepSet(set)
    } catch (err) {
      logger.info('history is kept longer, because it could not be deleted now', { reason: (err as Error).message })
    } finally {
      this.busy = false
    }
  }

  private async sweepSet (set: string): Promise<void> {
    const { checkpoint: { replicas }, control, clock } = this.options
    const due = await this.dueIn(set)
    for (let at = 0; at < due.length; at += STEP) {
      const step = due.slice(at, at + STEP)
      await control.retire(step)
      await replicas.retire(step)
      deleted.add(step.length)
      await new Promise<void>(resolve => { clock.after(PAUSE_MS, resolve) })
    }
    if (due.length > 0) await replicas.history.boundGone(set)
  }

  private async dueIn (set: string): Promise<string[]> {
    const { checkpoint: { replicas: { history } }, clock, keepMs = 24 * 3600_000, keepPerSet = 10_000 } = this.options
    const finals = await history.finals(set, '', Infinity)
    const tooMany = finals.length - keepPerSet
    const before = clock.now() - keepMs
    return finals.filter(([, { endedAt, startedAt }], place) => place < tooMany || (endedAt ?? startedAt) < before).map(([execution]) => execution)
  }
}
