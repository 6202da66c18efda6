import type { BranchState, TraceEntry } from './types.js'

/** Visits or replaces every user value of a state, in a fixed order. The same object when nothing changed. */
export function mapValues (_state: BranchState, _fn: (value: unknown) => unknown): BranchState { throw new Error('not built') }

/** The same for a trace. */
export function mapTraceValues (_trace: TraceEntry[], _fn: (value: unknown) => unknown): TraceEntry[] { throw new Error('not built') }
