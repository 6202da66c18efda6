/**
 * How a child's outcome reaches its parent: at once when the parent is driven here (its record then refers to the child's
 * last one), else by asking whoever writes the parent, again and again, until its record of the outcome is done.
 */
import { ResultMessage, ResultReplyMessage } from '../../protocols/sidecar.js'
import { childrenIn, compareEpochs, duty } from '../branch/index.js'
import type { BranchRecord } from '../branch/index.js'
import { readRecord, recordBytes, setOf } from '../checkpoint/index.js'
import type { Checkpoint } from '../checkpoint/index.js'
import { every } from '../clock.js'
import type { Clock } from '../clock.js'
import type { Outcome } from '../execution/index.js'
import type { Mesh } from '../mesh/port.js'
import { readFrom } from '../telemetry.js'
import type { Driver } from './driver.js'

const RESULT_KIND = 'sidecar/result'
const SWEEP_MS = 200
const MAX_RETRY_MS = 5000

export interface ResultsOptions {
  mesh: Mesh
  clock: Clock
  checkpoint: Checkpoint
  driver: (branch: string) => Driver | undefined
  outcomeOf: (record: BranchRecord, from: string) => Promise<Outcome>
  /** The parent's record has it, or wants it no longer. */ close: (child: string) => void
}

interface Owed { driver: Driver, record: BranchRecord, outcome: Outcome, retryAt: number, retryMs: number }
type Answer = 'taken' | 'closed' | 'pending' | 'elsewhere'

export class Results {
  private readonly owed = new Map<string, Owed>()
  private stopSweep = (): void => {}

  constructor (private readonly options: ResultsOptions) {}

  start (): void {
    this.options.mesh.onRequest(RESULT_KIND, async (body, from) => {
      const { parent, child, record } = readFrom(RESULT_KIND, from, () => resultOf(ResultMessage.decode(body)))
      return ResultReplyMessage.encode(await this.onResult(parent, child, record, from))
    })
    this.stopSweep = every(this.options.clock, SWEEP_MS, () => { this.sweep() })
  }

  stop (): void { this.stopSweep() }

  /** The child has written its last record. */
  owe (driver: Driver, record: BranchRecord, outcome: Outcome): void {
    const now = this.options.clock.now()
    const owed = { driver, record, outcome, retryAt: now + SWEEP_MS, retryMs: SWEEP_MS }
    this.owed.set(driver.branch, owed)
    driver.writer.whenDone(record.index, () => { if (this.owed.get(driver.branch) === owed) void this.deliver(owed) })
    const parent = this.options.driver(parentOf(record))
    // Ahead of being done only where both lines are whole: a degraded child may be overtaken, and its parent's record with it.
    if (parent === undefined || driver.writer.state.degraded || parent.writer.state.degraded) return
    parent.childEnded(driver.branch, outcome, record.hash)
  }

  forget (child: string): void { this.owed.delete(child) }

  private sweep (): void {
    const now = this.options.clock.now()
    for (const owed of this.owed.values()) {
      if (now < owed.retryAt || !owed.driver.writer.isSettled()) continue
      owed.retryMs = Math.min(owed.retryMs * 2, MAX_RETRY_MS)
      owed.retryAt = now + owed.retryMs
      void this.deliver(owed)
    }
  }

  private async deliver ({ driver, record, outcome }: Owed): Promise<void> {
    const local = this.parentHere(record)
    const answer = local === undefined ? await this.ask(driver.branch, record) : answerOf(local, driver.branch, outcome, record.hash)
    if (answer === 'taken' || answer === 'closed') this.options.close(driver.branch)
  }

  /** The parent's driver on this peer. One that was taken over and does not know it yet has not come to the child's opening. */
  private parentHere (record: BranchRecord): Driver | undefined {
    const opening = record.lineage.at(-1)
    const driver = opening === undefined ? undefined : this.options.driver(opening.branch)
    if (opening === undefined || driver === undefined) return undefined
    const { writer } = driver
    const order = compareEpochs(opening.epoch, writer.state.epoch)
    return order < 0 || (order === 0 && opening.index <= writer.last) ? driver : undefined
  }

  private async ask (child: string, record: BranchRecord): Promise<Answer> {
    const { mesh, checkpoint } = this.options
    const parent = parentOf(record)
    const body = ResultMessage.encode({ execution: record.execution, parent, child, record: recordBytes(record) })
    const state = checkpoint.replicas.lookup(parent)
    const owner = state === undefined ? undefined : duty(checkpoint.replicas.lookup, state)?.by
    const members = checkpoint.configOf(setOf(record.execution))?.members.map(member => member.peer) ?? []
    const asked = new Set<string>([mesh.self])
    const toAsk = [...owner === undefined ? [] : [owner], ...members]
    for (let peer = toAsk.shift(); peer !== undefined; peer = toAsk.shift()) {
      if (asked.has(peer)) continue
      asked.add(peer)
      try {
        const reply = await mesh.request(peer, RESULT_KIND, body, { deadlineMs: 2000 })
        const { answer, writer } = readFrom(RESULT_KIND, peer, () => ResultReplyMessage.decode(reply))
        if (answer !== 'elsewhere') return answer as Answer
        if (writer !== '') toAsk.unshift(writer)
      } catch {
        // Out of reach: somebody else may know, and we ask again.
      }
    }
    return 'pending'
  }

  private async onResult (parent: string, child: string, record: BranchRecord, from: string): Promise<{ answer: Answer, writer: string }> {
    const driver = this.parentHere(record)
    if (driver !== undefined) return { answer: answerOf(driver, child, await this.options.outcomeOf(record, from), record.hash), writer: '' }
    const { replicas } = this.options.checkpoint
    await replicas.ensure(record.execution)
    const root = replicas.lookup(record.execution)
    const state = replicas.lookup(parent)
    const over = root?.head?.next === null && root.done >= root.head.index
    const dropped = state?.head != null && !childrenIn(parent, state.head).includes(child) && state.done >= state.head.index
    const writer = state?.head == null ? '' : duty(replicas.lookup, state)?.by ?? ''
    replicas.release(record.execution)
    return { answer: over || dropped ? 'closed' : 'elsewhere', writer }
  }
}

/** To the parent's driver on this peer. A child no longer open was taken or closed; it counts once that record is done. */
function answerOf (parent: Driver, child: string, outcome: Outcome, hash: string): Answer {
  if (parent.childEnded(child, outcome, hash) === 'queued') return 'pending'
  return parent.writer.isSettled() ? 'taken' : 'pending'
}

function resultOf ({ parent, child, record }: ResultMessage): { parent: string, child: string, record: BranchRecord } {
  return { parent, child, record: readRecord(record) }
}

function parentOf (record: BranchRecord): string {
  return record.lineage.at(-1)?.branch ?? ''
}
