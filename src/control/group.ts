/**
 * The group that decides, as its users see it: entries go in, and come out applied, in one order, on every controller.
 * Raft drives it; until then a group of one. Whoever holds a `Group` cannot tell which.
 */
import type { Outcome } from './command.js'
import type { State } from './state.js'

export interface Applied { index: number, outcome: Outcome }

export interface GroupStatus { term: number, leader: string | null, voters: string[], learners: string[], commitIndex: number, quorum: boolean }

export interface Group {
  /**
   * Resolves when the entry is committed and applied here. UnavailableError: it was not taken, repeating is safe;
   * TimeoutError: it may still be committed, repeat it under the same session and sequence.
   */
  propose (entry: Uint8Array): Promise<Applied>
  /** An index such that whoever has applied it has seen everything acknowledged before this call. */
  readIndex (): Promise<number>
  /** What is applied here; read-only, and true until the next entry is applied. */
  state (): State
  /** Called after each entry that was applied, in order. */
  onApplied (listener: (state: State) => void): void
  /** Called once when this member has stopped for good: its log or store cannot be trusted any more. */
  onFailure (listener: (err: Error) => void): void
  status (): GroupStatus
  /** Resolves when everything taken is settled; later calls reject. */
  close (): Promise<void>
}
