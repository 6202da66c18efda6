/**
 * Expressions inside a turn: the own evaluator answers at once; what it will not answer becomes a question to real jq.
 * The operation under way is then given up without a trace and done again, from its beginning, when the answers are there:
 * it uses them in the order in which it asked.
 */
import { InvalidInputError } from '../errors.js'
import { compileExpression, completeTemplate, evaluate, evaluateTemplate } from '../workflow/expressions/index.js'
import type { Answer } from '../workflow/expressions/index.js'
import { checkSchema, readDuration } from '../workflow/index.js'
import type { Duration, Expr, Task, Template } from '../workflow/plan.js'
import { Fault, standardError } from './fault.js'
import type { Turn } from './turn.js'
import type { BranchState, Frame } from './types.js'

export type Vars = Record<string, unknown>

/** Thrown inside the machine only: this question must be answered first. */
export class Ask extends Error {
  override readonly name = 'Ask'
  constructor (readonly programs: { jq: string }[], readonly input: unknown, readonly vars: Vars) { super('a question to real jq') }
}

/** @param at the task under way, for the error's `instance` */
export function fill (turn: Turn, template: Template, input: unknown, vars: Vars, at: string): unknown {
  if (template.kind === 'literal') return template.value
  const first = accepted(() => evaluateTemplate(template, input, vars), at)
  const answer = first.kind === 'fallback' ? completeTemplate(template, answersTo(turn, first.programs, input, vars)) : first
  return valueOf(answer, at)
}

export function compute (turn: Turn, expression: Expr, input: unknown, vars: Vars, at: string): unknown {
  const first = accepted(() => evaluate(compileExpression(expression.jq), input, vars), at)
  if (first.kind !== 'fallback') return valueOf(first, at)
  const [answer] = answersTo(turn, [{ jq: expression.jq }], input, vars)
  return valueOf(answer ?? { kind: 'value', value: null }, at)
}

/** jq's truth: all but false and null. */
export function holds (turn: Turn, expression: Expr, input: unknown, vars: Vars, at: string): boolean {
  const value = compute(turn, expression, input, vars, at)
  return value !== false && value !== null && value !== undefined
}

export function milliseconds (turn: Turn, duration: Duration, input: unknown, vars: Vars, at: string): number {
  if ('ms' in duration) return duration.ms
  const read = readDuration(compute(turn, duration, input, vars, at))
  if (!read.ok) throw new Fault(standardError('expression', `\${ ${duration.jq} }: ${read.message}`, at))
  return read.ms
}

export function requireSchema (schema: unknown, value: unknown, what: string, at: string): void {
  if (schema === undefined) return
  const check = checkSchema(schema, value)
  if (!check.ok) throw new Fault(standardError('validation', `${what}${check.pointer}: ${check.message}`, at))
}

/** `$runtime $workflow $context` and the loop and error variables in scope; with a frame also `$task`. */
export function variables (turn: Turn, task?: Task, frame?: Pick<Frame, 'raw' | 'startedAt'>, more?: Vars): Vars {
  const state = turn.state
  const vars: Vars = { ...scopeVars(turn, state), runtime: RUNTIME }
  if (turn.index.readsContext) vars['context'] = state.context ?? null
  if (turn.index.readsWorkflow) vars['workflow'] = workflowDescriptor(turn)
  if (task !== undefined && turn.index.readsTask) vars['task'] = taskDescriptor(task, frame)
  return more === undefined ? vars : Object.assign(vars, more)
}

/** Loop and error variables: those the branch was born with, then from the outermost frame inwards. */
export function scopeVars (turn: Pick<Turn, 'task'>, state: BranchState): Vars {
  const vars: Vars = { ...state.vars }
  for (const frame of state.frames) {
    if (frame.inside?.kind === 'loop') Object.assign(vars, loopVars(turn.task(frame.task), frame.inside.items, frame.inside.index))
    if (frame.inside?.kind === 'try' && frame.inside.phase === 'catch') {
      const task = turn.task(frame.task)
      if (task.kind === 'try') vars[task.catch.as] = frame.inside.error
    }
  }
  return vars
}

export function loopVars (task: Task, items: unknown, index: number): Vars {
  if (task.kind !== 'for' || !Array.isArray(items)) return {}
  return { [task.each]: (items[index] ?? null) as unknown, [task.at]: index }
}

/** The same on every peer, whatever its version: a branch must go on alike wherever it goes. */
const RUNTIME = { name: 'flowmesh', version: '1', metadata: {} }

function workflowDescriptor (turn: Turn): unknown {
  const { dsl, namespace, name, version } = turn.plan
  return {
    id: turn.state.execution,
    definition: { document: { dsl, namespace, name, version } },
    input: turn.state.input ?? null,
    startedAt: moment(turn.state.executionStartedAt)
  }
}

function taskDescriptor (task: Task, frame?: Pick<Frame, 'raw' | 'startedAt'>): Vars {
  return { name: task.name, reference: task.id, input: frame?.raw ?? null, startedAt: moment(frame?.startedAt ?? 0) }
}

function moment (ms: number): unknown {
  return { iso8601: new Date(ms).toISOString(), epoch: { seconds: Math.floor(ms / 1000), milliseconds: ms } }
}

/** A text that is no expression was refused with the workflow; a plan of other rules must still not stop the peer. */
function accepted<T> (evaluation: () => T, at: string): T {
  try {
    return evaluation()
  } catch (err) {
    if (err instanceof InvalidInputError) throw new Fault(standardError('expression', err.message, at))
    throw err
  }
}

function answersTo (turn: Turn, programs: { jq: string }[], input: unknown, vars: Vars): Answer[] {
  const answers = turn.answers.slice(turn.asked, turn.asked + programs.length)
  if (answers.length < programs.length) throw new Ask(programs, input, vars)
  turn.asked += programs.length
  return answers
}

function valueOf (answer: Answer, at: string): unknown {
  if (answer.kind === 'error') throw new Fault(standardError('expression', answer.message, at))
  return answer.value === undefined ? null : answer.value
}
