/**
 * What one branch of an execution does next, as a pure state machine: no clock, no randomness, no I/O. The same plan,
 * state and event always give the same next state and effects, so a record resumed on another peer takes the same path.
 */
import type { Plan } from '../workflow/plan.js'
import { accept } from './accept.js'
import { scopeVars, loopVars } from './expression.js'
import { hasEnded, outstanding, pending, timersOf } from './pending.js'
import { indexOf, taskOf } from './plan-index.js'
import { run } from './run.js'
import { childPlace, Turn } from './turn.js'
import type { BranchEvent, BranchState, ChildRef, Effect, Start, Transition } from './types.js'

export { pending }

/** The root branch of an execution: as far as it goes without the outside. */
export function startRoot (plan: Plan, start: Start): Transition {
  const input = start.input ?? null
  const state: BranchState = {
    execution: start.execution, place: '', scope: { kind: 'root' }, status: 'running', at: start.now, startedAt: start.now,
    step: 0, serial: 0, frames: [], cursor: { op: 'begin' }, data: input, executionStartedAt: start.now
  }
  if (indexOf(plan).readsWorkflow) state.input = input
  const turn = new Turn(plan, state, start.now, start.random)
  run(turn)
  return transition(turn, state)
}

/**
 * The first state of a child, from the parent's state in the opening record alone; `begin` runs it. Context and
 * variables are copies: what a child exports stays in the child, so that branches never race for the context.
 * @throws Error when the parent has not opened that child, or it has ended
 */
export function startChild (plan: Plan, parent: BranchState, index: number): BranchState {
  const frame = parent.frames.at(-1)
  if (frame?.inside?.kind !== 'children' || !(index < frame.inside.opened)) {
    throw new Error(`branch "${parent.place}" of ${parent.execution} has no child ${index} open`)
  }
  const { inside } = frame
  const task = taskOf(plan, frame.task)
  const first = task.kind === 'fork' ? task.branches[index] : task.kind === 'for' ? task.tasks[0] : undefined
  const { execution, at, executionStartedAt } = parent
  const vars = { ...scopeVars({ task: id => taskOf(plan, id) }, parent), ...loopVars(task, inside.items, index) }
  return {
    execution, place: childPlace(parent.place, frame.step, index),
    scope: { kind: task.kind === 'fork' ? 'fork' : 'item', task: task.id, opening: inside.opening, index },
    status: 'running', at, startedAt: at, step: 0, serial: 1, frames: [],
    ...again(frame.attempt, parent.below),
    cursor: first === undefined ? { op: 'finish' } : { op: 'enter', task: first }, rest: { id: 1, dueAt: at },
    data: frame.input,
    ...('context' in parent ? { context: parent.context } : {}),
    ...('input' in parent ? { input: parent.input } : {}),
    executionStartedAt,
    ...(Object.keys(vars).length > 0 ? { vars } : {})
  }
}

/** Of children at a place that had children before: what those did has the same keys, where it was the same. */
function again (attempt: number, below: number | undefined): Pick<BranchState, 'attemptBase' | 'floor' | 'below'> {
  if (attempt === 1) return {}
  return { attemptBase: attempt - 1, ...(below === undefined ? {} : { floor: below, below }) }
}

/** Lets a new child's branch go on: the `rest` of its first state is over. */
export function begin (plan: Plan, state: BranchState, at: { now: number, random: number }): Transition {
  return state.rest === undefined ? unchanged(state) : apply(plan, state, { type: 'timerFired', id: state.rest.id, ...at })
}

/** Apply one event. A late or repeated event, for what is no longer current, changes nothing: same state, no effects. */
export function apply (plan: Plan, state: BranchState, event: BranchEvent): Transition {
  if (hasEnded(state)) return unchanged(state)
  const turn = new Turn(plan, state, event.now, event.random)
  if (!accept(turn, event)) return unchanged(state)
  run(turn)
  return transition(turn, state)
}

/** Two transitions, the second from the first's state, as one record's. Effects that undo each other vanish. */
export function compose (first: Transition, second: Transition): Transition {
  const { state } = second
  const timers = new Set(timersOf(state).map(({ id }) => id))
  const opened = new Set(first.opens.map(key))
  const closed = new Set(second.closes.map(key))
  const interrupted = second.effects.filter(effect => effect.type === 'interrupt')
  const cut = (step: number, attempt: number): boolean => interrupted.some(by => by.step === step && by.attempt === attempt)
  const started = first.effects.filter(effect => effect.type === 'call' || effect.type === 'http')

  const kept = first.effects.flatMap((effect): Effect[] => {
    switch (effect.type) {
      case 'call': case 'http': return cut(effect.step, effect.attempt) ? [] : [effect]
      case 'evaluate': return state.question?.id === effect.id ? [effect] : []
      case 'timer': return timers.has(effect.id) ? [effect] : []
      case 'open': return some('open', effect.children.filter(child => !closed.has(key(child))))
      default: return [effect]
    }
  })
  const added = second.effects.flatMap((effect): Effect[] => {
    if (effect.type === 'interrupt') return started.some(({ step, attempt }) => step === effect.step && attempt === effect.attempt) ? [] : [effect]
    if (effect.type === 'closeChildren') return some('closeChildren', effect.children.filter(child => !opened.has(key(child))))
    return [effect]
  })
  return {
    state,
    effects: joined(kept, added),
    trace: joined(first.trace, second.trace),
    opens: joined(first.opens.filter(child => !closed.has(key(child))), second.opens),
    takes: joined(first.takes, second.takes),
    closes: joined(first.closes, second.closes.filter(child => !opened.has(key(child)))),
    decision: first.decision || second.decision
  }
}

function joined<T> (first: T[], second: T[]): T[] {
  return second.length === 0 ? first : first.length === 0 ? second : [...first, ...second]
}

function unchanged (state: BranchState): Transition {
  return { state, effects: [], trace: [], opens: [], takes: [], closes: [], decision: false }
}

function transition (turn: Turn, before: BranchState): Transition {
  const { state, trace, opens, takes, closes, decision } = turn
  if (!hasEnded(state)) state.status = isWaiting(state) ? 'waiting' : 'running'
  const effects: Effect[] = [
    ...turn.interrupts.map(({ step, attempt }): Effect => ({ type: 'interrupt', step, attempt })),
    ...some('closeChildren', closes),
    ...outstanding(turn.plan, state, before.serial),
    ...some('open', opens)
  ]
  return { state, effects, trace, opens, takes, closes, decision }
}

/** Nothing is under way but time. */
function isWaiting (state: BranchState): boolean {
  const inside = state.frames.at(-1)?.inside
  return state.cursor === undefined && (inside?.kind === 'wait' || (inside?.kind === 'try' && inside.phase === 'delay'))
}

function some (type: 'open' | 'closeChildren', children: ChildRef[]): Effect[] {
  return children.length === 0 ? [] : [{ type, children }]
}

function key (child: ChildRef): string { return `${child.opening}/${child.index}` }
