/** What is outstanding, from a state alone: after recovery, takeover or handover; and what is new after a turn. */
import type { FunctionCall, HttpCall, Plan } from '../workflow/plan.js'
import type { HttpRequest } from './enter.js'
import { taskOf } from './plan-index.js'
import { operate } from './run.js'
import { openChildren, Turn } from './turn.js'
import type { BranchState, CallEffect, CallInside, Effect, Frame, HttpEffect, Outcome, Timer } from './types.js'

export function pending (plan: Plan, state: BranchState): Effect[] {
  const effects = outstanding(plan, state, 0)
  const top = state.frames.at(-1)
  const children = top?.inside?.kind === 'children' ? openChildren(state.place, top, top.inside) : []
  return children.length === 0 ? effects : [...effects, { type: 'open', children }]
}

/** All but the children; only what has come since the serial number. */
export function outstanding (plan: Plan, state: BranchState, since: number): Effect[] {
  if (hasEnded(state)) return [{ type: 'finish', outcome: outcomeOf(state) }]
  const effects: Effect[] = []
  const top = state.frames.at(-1)
  if (top?.inside?.kind === 'call' && top.inside.id > since) effects.push(callEffect(plan, state, top, top.inside))
  if (state.question !== undefined && state.question.id > since) effects.push(evaluateEffect(plan, state, state.question))
  for (const { id, dueAt } of timersOf(state)) if (id > since) effects.push({ type: 'timer', id, dueAt })
  return effects
}

export function timersOf (state: BranchState): Timer[] {
  const timers: Timer[] = []
  const add = (timer: Timer | undefined): void => { if (timer !== undefined) timers.push(timer) }
  add(state.rest)
  add(state.deadline)
  for (const { deadline, inside } of state.frames) {
    add(deadline)
    if (inside?.kind === 'wait') add(inside.timer)
    if (inside?.kind === 'try') {
      add(inside.timer)
      add(inside.attemptDeadline)
    }
  }
  return timers
}

export function hasEnded (state: BranchState): boolean {
  return state.status === 'completed' || state.status === 'faulted' || state.status === 'cancelled'
}

/** How a branch ended, from its last state: all that a parent asks about. */
export function outcomeOf (state: BranchState): Outcome {
  // What only a parent asks about.
  const isChild = state.scope.kind !== 'root'
  const caught = isChild && state.caught === true ? { caught: true as const } : {}
  const retryable = isChild && state.retryable === false ? { retryable: false as const } : {}
  const steps = isChild ? { steps: Math.max(state.step, state.below ?? 0) } : {}
  if (state.error !== undefined) return { status: 'faulted', error: state.error, ...retryable, ...steps, ...caught }
  if (state.status === 'completed') return { status: 'completed', output: state.output ?? null, ...steps, ...caught }
  return { status: 'cancelled', ...(state.reason === undefined ? {} : { reason: state.reason }), ...caught }
}

function callEffect (plan: Plan, state: BranchState, frame: Frame, inside: CallInside): Effect {
  const task = taskOf(plan, frame.task)
  if (task.kind !== 'function' && task.kind !== 'http') throw new Error(`task ${task.id} is no call: the state belongs to another plan`)
  const common = {
    task: task.id, name: task.name, step: frame.step, attempt: frame.attempt, place: state.place, ...optional(task, state)
  }
  return task.kind === 'function' ? functionEffect(common, task, inside.request) : httpEffect(common, task, inside.request as HttpRequest)
}

type Common = Omit<CallEffect, 'type' | 'fn' | 'version' | 'input'>

function functionEffect (common: Common, task: FunctionCall, input: unknown): CallEffect {
  const version = task.version === undefined ? {} : { version: task.version }
  return { type: 'call', ...common, fn: task.fn, ...version, input }
}

function httpEffect (common: Common, task: HttpCall, request: HttpRequest): HttpEffect {
  const method = task.method.toUpperCase()
  const effects = common.effects ?? (method === 'GET' || method === 'HEAD' ? 'pure' : 'idempotent')
  return { type: 'http', ...common, effects, method, ...request, output: task.output, redirect: task.redirect }
}

function optional (task: FunctionCall | HttpCall, state: BranchState): Pick<Common, 'effects' | 'timeoutMs' | 'deadlineAt' | 'placement'> {
  const { effects, deadlineMs, placement } = task.settings
  const deadlines = timersAround(state)
  return {
    ...(effects === undefined ? {} : { effects }),
    ...(deadlineMs === undefined ? {} : { timeoutMs: deadlineMs }),
    ...(deadlines.length === 0 ? {} : { deadlineAt: Math.min(...deadlines) }),
    ...(placement === undefined ? {} : { placement })
  }
}

/** While a call is out, every open timer bounds it. */
function timersAround (state: BranchState): number[] {
  return timersOf(state).map(({ dueAt }) => dueAt)
}

/** The questions are not kept: the operation that asked is done again, up to where it asks. */
function evaluateEffect (plan: Plan, state: BranchState, question: NonNullable<BranchState['question']>): Effect {
  const { question: _asked, ...before } = state
  const turn = new Turn(plan, before, state.at, 0)
  turn.answers = question.answers
  const ask = state.cursor === undefined ? undefined : operate(turn, state.cursor)
  if (ask === undefined) throw turn.damaged()
  return { type: 'evaluate', id: question.id, programs: ask.programs, input: ask.input, vars: ask.vars }
}
