/** Leaving a task: `output.as`, `output.schema`, `export.as`, `export.schema`, and where flow goes then. */
import type { Task, Then } from '../workflow/plan.js'
import { fill, requireSchema, variables } from './expression.js'
import type { Vars } from './expression.js'
import type { Turn } from './turn.js'
import type { Frame } from './types.js'

/** The top frame's task has its raw output in `data`. @param then where to, when not where the task itself says */
export function leave (turn: Turn, then?: Then): void {
  const frame = turn.here()
  const task = turn.task(frame.task)
  const raw = turn.state.data
  const output = task.outputAs === undefined ? raw : fill(turn, task.outputAs, raw, varsAfter(turn, task, frame, raw), task.id)
  requireSchema(task.outputSchema, output, 'output', task.id)
  exportContext(turn, task, frame, raw, output)

  const handled = frame.inside?.kind === 'try' && frame.inside.phase === 'catch'
  turn.pop()
  // Done in time: decided against the timeout.
  if (frame.deadline !== undefined) turn.decision = true
  turn.traceEnd(frame, 'completed', isLeaf(task) ? { output } : {})
  turn.state.data = output
  const own = handled && task.kind === 'try' ? task.catch.then ?? task.then : task.then
  follow(turn, task, then ?? own)
}

/** Goes on after a task that is no longer among the frames. `end` runs up through everything around it. */
export function follow (turn: Turn, task: Task, then: Then): void {
  const next = then.kind === 'task' ? then.id : then.kind === 'continue' ? turn.index.following.get(task.id) : undefined
  if (next !== undefined) return turn.goto({ op: 'enter', task: next })
  const around = turn.top
  if (around === undefined) return turn.goto({ op: 'finish' })
  if (then.kind === 'end') return turn.goto({ op: 'leave', then })
  if (around.inside?.kind !== 'loop') return turn.goto({ op: 'leave' })
  turn.setInside({ ...around.inside, index: around.inside.index + 1 })
  turn.goto({ op: 'iterate' })
}

function exportContext (turn: Turn, task: Task, frame: Frame, raw: unknown, output: unknown): void {
  if (task.exportAs === undefined) return
  const vars = { ...varsAfter(turn, task, frame, raw), output }
  const context = fill(turn, task.exportAs, output, vars, task.id)
  requireSchema(task.exportSchema, context, 'context', task.id)
  if (turn.index.readsContext) turn.state.context = context
}

function varsAfter (turn: Turn, task: Task, frame: Frame, raw: unknown): Vars {
  const vars = variables(turn, task, frame, { input: frame.input ?? null })
  return turn.index.readsTask ? { ...vars, task: { ...(vars['task'] as Vars), output: raw } } : vars
}

/** Of tasks that only hold others, people see the output at the tasks inside. */
function isLeaf (task: Task): boolean {
  return task.kind !== 'do' && task.kind !== 'for' && task.kind !== 'try' && task.kind !== 'fork'
}
