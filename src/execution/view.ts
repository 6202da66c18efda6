import type { Plan } from '../workflow/plan.js'
import type { BranchState, BranchStatus, TraceEntry, WorkflowError } from './types.js'

/** What the view needs of one record, of any branch of the execution. Order matters only within a branch. */
export interface ViewRecord {
  /** Branch id. */ branch: string
  peer: string
  epoch: string
  superseded?: boolean
  trace: TraceEntry[]
  state: BranchState
}

/** TaskView of the sidecar's port. */
export interface TaskRow {
  task: string, branch: string, step: number, attempt: number
  status: BranchStatus, peer: string, epoch: string
  startedAt: string, endedAt?: string, input?: unknown, output?: unknown, error?: WorkflowError, superseded?: boolean
}

export interface ExecutionFold {
  status: BranchStatus, output?: unknown, error?: WorkflowError, reason?: string
  startedAt: string, endedAt?: string, tasks: TaskRow[]
}

/** Folds the records of all branches into what people see. The root branch is the one with place ''. */
export function foldExecution (_plan: Plan, _records: readonly ViewRecord[]): ExecutionFold { throw new Error('not built') }
