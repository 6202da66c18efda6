/**
 * How an exclusive call ended is known only to the peer that made it. When that peer has lost the branch meanwhile, because
 * it stood still or was cut off, whoever writes the branch now waits for this report: nobody else may make the call again.
 */
import { ReportMessage, ReportReplyMessage } from '../../protocols/sidecar.js'
import { duty } from '../branch/index.js'
import { setOf } from '../checkpoint/index.js'
import type { Checkpoint } from '../checkpoint/index.js'
import type { Clock } from '../clock.js'
import { InvalidInputError } from '../errors.js'
import type { WorkflowError } from '../execution/index.js'
import type { Mesh } from '../mesh/port.js'
import { readFrom } from '../telemetry.js'
import type { Driver } from './driver.js'

const REPORT_KIND = 'sidecar/report'
const WITHIN_MS = 2000
const AGAIN_MS = 1000
/** Whoever writes the branch may be cut off for long; past this a person has to say how the call ended. */
const GIVE_UP_MS = 600_000

/** What is certain about a call: its output, or that it did nothing. */
export type Ended = { ok: true, output: unknown } | { ok: false, error: WorkflowError, retryable: boolean }
interface Report { execution: string, branch: string, step: number, attempt: number, result: Ended }

export interface ReportsOptions { mesh: Mesh, clock: Clock, checkpoint: Checkpoint, driver: (branch: string) => Driver | undefined }

export class Reports {
  /** Of calls whose end is in no done record yet, by branch. */ private readonly kept = new Map<string, Report>()

  constructor (private readonly options: ReportsOptions) {}

  start (): void {
    this.options.mesh.onRequest(REPORT_KIND, (body, from) => {
      const report = readFrom(REPORT_KIND, from, () => reportOf(ReportMessage.decode(body)))
      return ReportReplyMessage.encode(this.onReport(report, from))
    })
  }

  /** An exclusive call has ended here. Told to others only when this peer has lost the branch, or loses it before that is done. */
  keep (driver: Driver, step: number, attempt: number, result: Ended): void {
    const { branch, execution, writer } = driver
    this.kept.set(branch, { execution, branch, step, attempt, result })
    writer.whenDone(writer.last + 1, () => { this.kept.delete(branch) })
    if (driver.isOver) this.lost(branch)
  }

  size (): number { return this.kept.size }

  /** Another peer writes the branch now. */
  lost (branch: string): void {
    const report = this.kept.get(branch)
    this.kept.delete(branch)
    if (report !== undefined) void this.tell(report)
  }

  private async tell (report: Report): Promise<void> {
    const { clock } = this.options
    const until = clock.now() + GIVE_UP_MS
    while (!await this.isTold(report) && clock.now() < until) await new Promise<void>(resolve => { clock.after(AGAIN_MS, resolve) })
  }

  private async isTold ({ execution, branch, step, attempt, result }: Report): Promise<boolean> {
    const { mesh, checkpoint } = this.options
    const body = ReportMessage.encode({ execution, branch, step, attempt, result: new TextEncoder().encode(JSON.stringify(result)) })
    const asked = new Set<string>()
    const toAsk = [this.writerOf(branch), ...checkpoint.configOf(setOf(execution))?.members.map(member => member.peer) ?? []]
    for (let peer = toAsk.shift(); peer !== undefined; peer = toAsk.shift()) {
      if (peer === '' || asked.has(peer)) continue
      asked.add(peer)
      try {
        const reply = await mesh.request(peer, REPORT_KIND, body, { deadlineMs: WITHIN_MS, channel: 'bulk' })
        const { answer, writer } = readFrom(REPORT_KIND, peer, () => ReportReplyMessage.decode(reply))
        if (answer !== 'elsewhere') return true
        toAsk.unshift(writer)
      } catch {
        // Out of reach: another one may know who writes it.
      }
    }
    return false
  }

  private onReport ({ branch, step, attempt, result }: Report, from: string): { answer: string, writer: string } {
    const driver = this.options.driver(branch)
    if (driver === undefined) return { answer: 'elsewhere', writer: this.writerOf(branch) }
    const { unknownEnd } = driver
    // It has not learnt yet that another peer has made the call.
    if (unknownEnd === undefined && driver.isAt(step, attempt)) return { answer: 'elsewhere', writer: '' }
    const isAwaited = unknownEnd?.step === step && unknownEnd.attempt === attempt && unknownEnd.by === from
    if (isAwaited) driver.ended(step, attempt, result)
    return { answer: isAwaited ? 'taken' : 'unwanted', writer: '' }
  }

  private writerOf (branch: string): string {
    const { replicas } = this.options.checkpoint
    const state = replicas.lookup(branch)
    return state === undefined ? '' : duty(replicas.lookup, state)?.by ?? ''
  }
}

/** @throws InvalidInputError */
function reportOf ({ execution, branch, step, attempt, result }: ReportMessage): Report {
  const ended = JSON.parse(new TextDecoder().decode(result)) as Partial<Ended & { error: Partial<WorkflowError> }> | null
  const isResult = ended?.ok === true ? 'output' in ended : ended?.ok === false && typeof ended.error?.type === 'string' && typeof ended.error.status === 'number'
  if (!isResult) throw new InvalidInputError('a report without a result')
  return { execution, branch, step, attempt, result: ended as Ended }
}
