import type { Plan } from '../workflow/plan.js'
import type { BranchEvent, BranchState, Effect, Start, Transition } from './types.js'

/** The root branch of an execution: as far as it goes without the outside. */
export function startRoot (_plan: Plan, _start: Start): Transition { throw new Error('not built') }

/** The first state of a child, from the parent's state in the opening record alone; `begin` runs it. */
export function startChild (_plan: Plan, _parent: BranchState, _index: number): BranchState { throw new Error('not built') }

/** Lets a new child's branch go on (the `rest` timer of a first state, fired). */
export function begin (_plan: Plan, _state: BranchState, _at: { now: number, random: number }): Transition { throw new Error('not built') }

/** Apply one event. A late or repeated event, for what is no longer current, changes nothing: same state, no effects. */
export function apply (_plan: Plan, _state: BranchState, _event: BranchEvent): Transition { throw new Error('not built') }

/** What is outstanding, from a state alone: after recovery, takeover or handover. */
export function pending (_plan: Plan, _state: BranchState): Effect[] { throw new Error('not built') }

/** Two transitions, the second from the first's state, as one record's. Effects that undo each other vanish. */
export function compose (_first: Transition, _second: Transition): Transition { throw new Error('not built') }
