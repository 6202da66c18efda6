/** Forks and parallel maps: children open in a sliding window, their outcomes come back in declared order. */
import { MAX_OPEN_CHILDREN } from '../limits.js'
import { boundError, standardError } from './fault.js'
import { CHUNK, childPlace, resultAt } from './turn.js'
import type { Turn } from './turn.js'
import type { ChildResult, ChildrenInside, Frame, Outcome, WorkflowError } from './types.js'

/** Opens as many children as may be open, or leaves when all have ended. */
export function open (turn: Turn): void {
  const frame = turn.here()
  const task = turn.task(frame.task)
  const inside = frame.inside
  if (inside?.kind !== 'children') throw turn.damaged()
  const { count, ended, opening } = inside
  if (ended === count) {
    return leaveWith(turn, inside.results.flat().map(result => result !== null && 'output' in result ? result.output : null))
  }
  const width = Math.min(task.kind === 'for' ? task.concurrency : count, MAX_OPEN_CHILDREN)
  let opened = inside.opened
  for (; opened < count && opened - ended < width; opened++) {
    turn.opens.push({ opening, index: opened, place: childPlace(turn.state.place, frame.step, opened) })
  }
  turn.setInside({ ...inside, opened })
}

/** Takes the outcome of a child; false when it does not count (late, repeated, of another opening). */
export function takeChild (turn: Turn, opening: number, index: number, outcome: Outcome): boolean {
  const frame = turn.top
  if (frame?.inside?.kind !== 'children' || frame.inside.opening !== opening) return false
  const inside = frame.inside
  if (!(index < inside.opened) || resultAt(inside, index) !== null) return false
  const task = turn.task(frame.task)
  const competes = task.kind === 'fork' && task.compete
  turn.takes.push({ opening, index, place: childPlace(turn.state.place, frame.step, index) })
  if (outcome.caught === true) turn.markCaught()
  if (outcome.status !== 'cancelled') turn.state.below = Math.max(turn.state.below ?? 0, outcome.steps ?? 0)
  const result = resultFrom(outcome, frame)
  const taken = { ...inside, ended: inside.ended + 1, results: withResult(inside.results, index, result) }
  turn.setInside(taken)
  if ('output' in result) {
    if (competes) win(turn, frame, taken, result.output)
    else turn.goto({ op: 'open' })
    return true
  }
  if (competes && taken.ended < taken.count) turn.goto({ op: 'open' })
  else fail(turn, firstError(taken) ?? result.error, outcome.status !== 'faulted' || outcome.retryable !== false)
  return true
}

/** First wins: a decision, also when no other child is open any more. */
function win (turn: Turn, frame: Frame, inside: ChildrenInside, output: unknown): void {
  turn.decision = true
  turn.settle()
  turn.close(frame, inside)
  turn.setInside({ ...inside, opened: 0 })
  leaveWith(turn, output)
}

/** The frame goes at once, so that no outcome of a sibling counts any more. */
function fail (turn: Turn, error: WorkflowError, retryable: boolean): void {
  turn.settle()
  turn.drop('faulted', error)
  turn.goto({ op: 'raise', error, retryable: retryable && !turn.cutExclusive })
}

function leaveWith (turn: Turn, output: unknown): void {
  turn.state.data = output
  turn.goto({ op: 'leave' })
}

function resultFrom (outcome: Outcome, frame: Frame): ChildResult {
  if (outcome.status === 'completed') return { output: outcome.output ?? null }
  if (outcome.status === 'faulted') return { error: boundError(outcome.error, frame.task) }
  return { error: standardError('runtime', outcome.reason ?? 'the branch was cancelled', frame.task) }
}

function withResult (results: ChildrenInside['results'], index: number, result: ChildResult): ChildrenInside['results'] {
  const at = Math.floor(index / CHUNK)
  const all = results.slice()
  while (all.length <= at) all.push([])
  const chunk = (all[at] ?? []).slice()
  while (chunk.length < index % CHUNK) chunk.push(null)
  chunk[index % CHUNK] = result
  all[at] = chunk
  return all
}

/** In declared order, so that it does not depend on who was last. */
function firstError (inside: ChildrenInside): WorkflowError | undefined {
  for (const result of inside.results.flat()) if (result !== null && 'error' in result) return result.error
  return undefined
}
