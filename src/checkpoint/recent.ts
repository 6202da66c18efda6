/**
 * The records of recent executions in memory, so that whoever waits for an outcome, or watches, is answered without reading
 * the disk again. Bounded: what is not here is in the store. Only what is saved is in here, and only executions of which
 * this peer has kept every record it ever accepted.
 */
import type { BranchRecord } from '../branch/index.js'

const MAX_BYTES = 12 * 1024 * 1024
/** A record in memory beside its body: its fields as objects, and its bytes. */
const OVERHEAD_BYTES = 3 * 1024

interface Kept { records: BranchRecord[], bytes: number, final: boolean }

export class Recent {
  /** The longest known first. */ private readonly kept = new Map<string, Kept>()
  private bytes = 0

  /** Nothing of this execution was kept here before. */
  begin (execution: string): void {
    if (this.kept.has(execution)) return
    this.kept.set(execution, { records: [], bytes: 0, final: false })
    this.grow(execution, OVERHEAD_BYTES)
  }

  add (record: BranchRecord): void {
    const kept = this.kept.get(record.execution)
    if (kept === undefined) return
    kept.records.push(record)
    this.grow(record.execution, record.body.length + OVERHEAD_BYTES)
  }

  end (execution: string): void {
    const kept = this.kept.get(execution)
    if (kept !== undefined) kept.final = true
  }

  get (execution: string): Readonly<Pick<Kept, 'records' | 'final'>> | undefined {
    const kept = this.kept.get(execution)
    return kept === undefined || kept.records.length === 0 ? undefined : kept
  }

  drop (execution: string): void {
    this.bytes -= this.kept.get(execution)?.bytes ?? 0
    this.kept.delete(execution)
  }

  private grow (execution: string, bytes: number): void {
    this.kept.get(execution)!.bytes += bytes
    this.bytes += bytes
    while (this.bytes > MAX_BYTES) this.drop(this.kept.keys().next().value as string)
  }
}
