/** The branch's own beginning and end, and tasks that come back to themselves: the next iteration, the next attempt. */
import { enterList } from './enter.js'
import { fill, holds, milliseconds, requireSchema, variables } from './expression.js'
import type { Turn } from './turn.js'

/** The workflow's own start: input schema and `from`, timeout, first task. */
export function begin (turn: Turn): void {
  const { plan, state } = turn
  const flow = plan.flow
  requireSchema(flow.inputSchema, state.data, 'input', '/input')
  const vars = variables(turn, undefined, undefined, { input: state.data })
  const input = flow.inputFrom === undefined ? state.data : fill(turn, flow.inputFrom, state.data, vars, '/input')
  state.data = input
  // The specification's chart: the transformed input is also the first context.
  if (turn.index.readsContext) state.context = input
  if (plan.timeout !== undefined) {
    state.deadline = { id: turn.serial(), dueAt: turn.now + milliseconds(turn, plan.timeout, input, vars, '/timeout') }
  }
  const first = plan.tasks[0]
  turn.goto(first === undefined ? { op: 'finish' } : { op: 'enter', task: first })
}

/** The branch's list is at its end. Only the root has a workflow output to transform. */
export function finish (turn: Turn): void {
  const { plan: { flow }, state } = turn
  let output = state.data
  if (state.scope.kind === 'root') {
    if (flow.outputAs !== undefined) output = fill(turn, flow.outputAs, output, variables(turn), '/output')
    requireSchema(flow.outputSchema, output, 'output', '/output')
  }
  if (state.deadline !== undefined) turn.decision = true
  turn.end({ status: 'completed', output })
}

export function iterate (turn: Turn): void {
  const frame = turn.here()
  const task = turn.task(frame.task)
  const inside = frame.inside
  if (task.kind !== 'for' || inside?.kind !== 'loop') throw turn.damaged()
  const items = inside.items as unknown[]
  const more = inside.index < items.length && task.tasks.length > 0
  const input = turn.state.data
  if (!more || (task.while !== undefined && !holds(turn, task.while, input, variables(turn, task, frame, { input }), task.id))) {
    turn.goto({ op: 'leave' })
    return
  }
  enterList(turn, task.tasks)
}

/** Begins the next attempt at the body of a `try`. */
export function attempt (turn: Turn): void {
  const frame = turn.here()
  const task = turn.task(frame.task)
  const inside = frame.inside
  if (task.kind !== 'try' || inside?.kind !== 'try') throw turn.damaged()
  const { timer: _done, caught, ...rest } = inside
  const high = Math.max(inside.high, turn.state.step)
  // Going back gives every call its key again; not over a catch: its refund would swallow the next charge.
  const base = caught === true ? turn.highest() : inside.base
  turn.state.step = base
  const limitMs = task.catch.retry?.limit.attemptTimeoutMs
  const deadline = limitMs === undefined ? {} : { attemptDeadline: { id: turn.serial(), dueAt: turn.now + limitMs } }
  turn.setInside({ ...rest, phase: 'body', tries: inside.tries + 1, base, high: Math.max(high, base), ...deadline })
  turn.state.data = frame.input
  enterList(turn, task.tasks)
}
