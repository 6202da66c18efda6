/** An error on its way outwards: each `try` around may handle it, try again, or let it pass; at the end the branch faults. */
import type { RetryPolicy, TryTask } from '../workflow/plan.js'
import { enterList } from './enter.js'
import { holds, milliseconds, variables } from './expression.js'
import type { Vars } from './expression.js'
import { matchesFilter } from './fault.js'
import type { Turn } from './turn.js'
import type { Frame, TryInside, WorkflowError } from './types.js'

/**
 * One frame outwards, then again, until someone handles it or no frame is left.
 * @param retryable false: no retry policy may try again what led here
 */
export function raise (turn: Turn, error: WorkflowError, retryable: boolean): void {
  const frame = turn.top
  if (frame === undefined) return turn.end({ status: 'faulted', error, ...(retryable ? {} : { retryable: false }) })
  const task = turn.task(frame.task)
  const inside = frame.inside
  const tries = task.kind === 'try' && inside?.kind === 'try' && inside.phase === 'body'
  if (tries && handle(turn, task, frame, inside, error, retryable)) return
  turn.drop('faulted', error)
  turn.goto({ op: 'raise', error, retryable })
}

function handle (turn: Turn, task: TryTask, frame: Frame, inside: TryInside, error: WorkflowError, retryable: boolean): boolean {
  const clause = task.catch
  if (!matchesFilter(error, clause.errors)) return false
  const vars = variables(turn, task, frame, { input: frame.input, [clause.as]: error })
  if (!passes(turn, clause, frame.input, vars, task.id)) return false

  const delayMs = clause.retry === undefined || !retryable ? undefined : retryDelayMs(turn, clause.retry, frame, inside, vars)
  if (delayMs !== undefined) retry(turn, inside, delayMs)
  // Only to be tried again, and that did not help: not handled.
  else if (clause.tasks.length === 0 && clause.retry !== undefined) return false
  else beginCatch(turn, task, inside, error, frame.input)
  return true
}

function passes (turn: Turn, rule: Pick<RetryPolicy, 'when' | 'exceptWhen'>, input: unknown, vars: Vars, at: string): boolean {
  if (rule.when !== undefined && !holds(turn, rule.when, input, vars, at)) return false
  return rule.exceptWhen === undefined || !holds(turn, rule.exceptWhen, input, vars, at)
}

/** How long to wait before the next attempt; undefined: there is none. */
function retryDelayMs (turn: Turn, policy: RetryPolicy, frame: Frame, inside: TryInside, vars: Vars): number | undefined {
  const { limit, backoff, jitter } = policy
  // `limit.attempt.count: 5` is "retrying 5 times": six tries in all.
  if (limit.attempts !== undefined && inside.tries > limit.attempts) return undefined
  if (!passes(turn, policy, frame.input, vars, frame.task)) return undefined
  const baseMs = milliseconds(turn, policy.delay, frame.input, vars, frame.task)
  const steps = inside.tries - 1
  const grownMs = backoff.kind === 'constant'
    ? baseMs
    : backoff.kind === 'linear' ? baseMs + steps * (backoff.incrementMs ?? baseMs) : baseMs * backoff.factor ** steps
  const jitterMs = jitter === undefined ? 0 : jitter.fromMs + turn.draw() * (jitter.toMs - jitter.fromMs)
  const delayMs = Math.min(Math.round(grownMs + jitterMs), MAX_DELAY_MS)
  return limit.durationMs !== undefined && turn.now + delayMs - inside.since > limit.durationMs ? undefined : delayMs
}
/** A week: beyond it, exponential backoff means never. */
const MAX_DELAY_MS = 604_800_000

function retry (turn: Turn, inside: TryInside, delayMs: number): void {
  const { attemptDeadline: _over, ...rest } = inside
  if (delayMs <= 0) {
    turn.setInside(rest)
    return turn.goto({ op: 'attempt' })
  }
  turn.state.data = undefined
  turn.setInside({ ...rest, phase: 'delay', timer: { id: turn.serial(), dueAt: turn.now + delayMs } })
}

/** Without tasks the error is swallowed, and the task's output is its input. */
function beginCatch (turn: Turn, task: TryTask, inside: TryInside, error: WorkflowError, input: unknown): void {
  const { attemptDeadline: _over, ...rest } = inside
  // Its steps are new ones, also when an earlier attempt of a `try` further out had no need of it and went on.
  const high = turn.highest()
  turn.state.step = high
  turn.state.data = input
  turn.setInside({ ...rest, phase: 'catch', high, error })
  // From its beginning, not its end: what it undoes before it raises again is undone.
  turn.markCaught()
  enterList(turn, task.catch.tasks)
}
