export { standardError } from './fault.js'
export { idempotencyKey } from './key.js'
export { apply, begin, compose, pending, startChild, startRoot } from './machine.js'
export { outcomeOf } from './pending.js'
export { mapTraceErrors, mapTraceValues, mapValues } from './slots.js'
export type { StandardErrorName } from './fault.js'
export type {
  BranchEvent, BranchState, BranchStatus, CallEffect, ChildRef, Effect, Frame, HttpEffect, Outcome, Start, Timer, TraceEntry,
  Transition, WorkflowError
} from './types.js'
export { foldExecution } from './view.js'
export type { ExecutionFold, TaskRow, ViewRecord } from './view.js'
