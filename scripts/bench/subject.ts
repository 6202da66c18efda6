/** Something that runs the cases: a mesh of peers of one build, or the floor. */
import type { Case } from './cases.js'

export interface Usage { /** Of all its processes, since they began. */ cpuMs: number, /** The largest process. */ rssMiB: number, /** Event-loop delay, p99 of the last seconds, of the slowest. */ loopMs: number }

export interface Subject {
  readonly name: string
  /** Runs the case once, to its final outcome. Rejects when it did not complete. */
  run (what: Case): Promise<void>
  usage (): Promise<Usage>
  stop (): Promise<void>
}
