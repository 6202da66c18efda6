/** Entering a task: `if`, `input.schema`, `input.from`, its timeout, and its definition. */
import type { Expr, ForTask, HttpCall, RaiseTask, SwitchTask, Task, WaitTask } from '../workflow/plan.js'
import { fill, holds, milliseconds, requireSchema, variables } from './expression.js'
import type { Vars } from './expression.js'
import { boundError, Fault, standardError } from './fault.js'
import { follow } from './leave.js'
import { countTry } from './tries.js'
import { isRetrying } from './turn.js'
import type { Turn } from './turn.js'
import type { Frame } from './types.js'
import { expandUri } from './uri.js'

export function enter (turn: Turn, id: string): void {
  const task = turn.task(id)
  const raw = turn.state.data
  // A task whose `if` fails was not entered: it takes no step, and flow goes on to the next in the list.
  if (task.if !== undefined && !holds(turn, task.if, raw, variables(turn, task, { raw, startedAt: turn.now }, { input: raw }), id)) {
    follow(turn, task, { kind: 'continue' })
    return
  }
  const frame = pushFrame(turn, task)
  requireSchema(task.inputSchema, raw, 'input', id)
  const about = { raw, startedAt: turn.now }
  const input = task.inputFrom === undefined ? raw : fill(turn, task.inputFrom, raw, variables(turn, task, about, { input: raw }), id)
  const vars = variables(turn, task, about, { input })
  keep(turn, task, frame, raw, input, vars)
  turn.state.data = input
  perform(turn, task, input, vars)
}

/** Begins a list of tasks inside the top frame; an empty one ends its task at once. */
export function enterList (turn: Turn, list: readonly string[]): void {
  const first = list[0]
  turn.goto(first === undefined ? { op: 'leave' } : { op: 'enter', task: first })
}

function pushFrame (turn: Turn, task: Task): Frame {
  const state = turn.state
  const step = ++state.step
  if (isRetrying(task)) state.tries ??= []
  const counted = state.tries === undefined ? undefined : countTry(state.tries, step)
  if (counted !== undefined) state.tries = counted.runs
  const attempt = (state.attemptBase ?? 0) + (counted?.count ?? 1)
  const frame: Frame = { task: task.id, step, attempt, startedAt: turn.now }
  state.frames.push(frame)
  turn.trace.push({ task: task.id, step, attempt, status: 'running', startedAt: turn.now })
  return frame
}

/** Puts into the frame what will be read after the task, and its deadline. */
function keep (turn: Turn, task: Task, frame: Frame, raw: unknown, input: unknown, vars: Vars): void {
  const change: Partial<Frame> = {}
  if (turn.index.keepsRaw.has(task.id)) change.raw = raw
  const children = task.kind === 'fork' || (task.kind === 'for' && task.concurrency > 1)
  if (children || task.kind === 'try' || turn.index.keepsInput.has(task.id)) change.input = input
  if (task.timeout !== undefined) {
    const ms = milliseconds(turn, task.timeout, input, vars, frame.task)
    change.deadline = { id: turn.serial(), dueAt: turn.now + ms }
  }
  turn.setTop(change)
}

function perform (turn: Turn, task: Task, input: unknown, vars: Vars): void {
  switch (task.kind) {
    case 'do': return enterList(turn, task.tasks)
    case 'set': return pass(turn, fill(turn, task.value, input, vars, task.id), input)
    case 'switch': return turn.goto({ op: 'leave', then: chooseCase(turn, task, input, vars) })
    case 'raise': throw new Fault(raised(turn, task, input, vars))
    case 'wait': return wait(turn, task, input, vars)
    case 'for': return loop(turn, task, input, vars)
    case 'fork': return openChildren(turn, task.branches.length)
    case 'try': return beginTry(turn)
    case 'function': return call(turn, task.with === undefined ? input : fill(turn, task.with, input, vars, task.id))
    case 'http': return call(turn, httpRequest(turn, task, input, vars))
  }
}

/** The pure end of a task: its raw output is there at once. */
function pass (turn: Turn, output: unknown, input: unknown): void {
  traceInput(turn, input)
  turn.state.data = output
  turn.goto({ op: 'leave' })
}

function traceInput (turn: Turn, input: unknown): void {
  const entry = turn.trace.at(-1)
  if (entry !== undefined) entry.input = input
}

function chooseCase (turn: Turn, task: SwitchTask, input: unknown, vars: Vars): SwitchTask['then'] {
  const matches = (when: Expr | undefined): boolean => when === undefined || holds(turn, when, input, vars, task.id)
  traceInput(turn, input)
  return task.cases.find(({ when }) => matches(when))?.then ?? task.then
}

function raised (turn: Turn, task: RaiseTask, input: unknown, vars: Vars): ReturnType<typeof boundError> {
  const error = fill(turn, task.error, input, vars, task.id)
  traceInput(turn, input)
  return boundError(typeof error === 'object' && error !== null ? error : { detail: error }, task.id)
}

function wait (turn: Turn, task: WaitTask, input: unknown, vars: Vars): void {
  const ms = milliseconds(turn, task.duration, input, vars, task.id)
  if (ms <= 0) return pass(turn, input, input)
  const entry = turn.trace.at(-1)
  if (entry !== undefined) entry.status = 'waiting'
  turn.setInside({ kind: 'wait', timer: { id: turn.serial(), dueAt: turn.now + ms } })
}

function loop (turn: Turn, task: ForTask, input: unknown, vars: Vars): void {
  const items = fill(turn, task.in, input, vars, task.id)
  if (!Array.isArray(items)) {
    throw new Fault(standardError('expression', `for.in must give an array, not ${items === null ? 'null' : typeof items}`, task.id))
  }
  if (task.concurrency > 1) return openChildren(turn, items.length, items)
  turn.setInside({ kind: 'loop', items, index: 0 })
  turn.goto({ op: 'iterate' })
}

function openChildren (turn: Turn, count: number, items?: unknown[]): void {
  const inside = { kind: 'children' as const, opening: turn.serial(), count, opened: 0, ended: 0, results: [] }
  turn.setInside(items === undefined ? inside : { ...inside, items })
  turn.state.data = undefined
  turn.goto({ op: 'open' })
}

function beginTry (turn: Turn): void {
  const base = turn.state.step
  turn.setInside({ kind: 'try', phase: 'body', tries: 0, base, high: base, since: turn.now })
  turn.goto({ op: 'attempt' })
}

function call (turn: Turn, request: unknown): void {
  traceInput(turn, request)
  turn.setInside({ kind: 'call', id: turn.serial(), request })
  turn.state.data = undefined
}

/** What an http call sends, evaluated. */
export interface HttpRequest { endpoint: string, headers: Record<string, string>, query: Record<string, string>, body?: unknown }

function httpRequest (turn: Turn, task: HttpCall, input: unknown, vars: Vars): HttpRequest {
  const evaluated = fill(turn, task.endpoint, input, vars, task.id)
  // Only what the author wrote has variables; what an expression gives is data.
  const literal = task.endpoint.kind === 'literal' && typeof evaluated === 'string'
  const endpoint = literal ? expandUri(evaluated, input, task.id) : evaluated
  if (typeof endpoint !== 'string') throw new Fault(standardError('expression', 'endpoint must be a text', task.id))
  const texts = (name: 'headers' | 'query'): Record<string, string> => {
    const template = task[name]
    return template === undefined ? {} : textFields(fill(turn, template, input, vars, task.id), name, task.id)
  }
  const request: HttpRequest = { endpoint, headers: texts('headers'), query: texts('query') }
  if (task.body !== undefined) request.body = fill(turn, task.body, input, vars, task.id)
  return request
}

function textFields (value: unknown, what: string, at: string): Record<string, string> {
  if (value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw new Fault(standardError('expression', `${what} must be an object`, at))
  const fields = Object.entries(value as Record<string, unknown>).filter(([, field]) => field !== null)
  return Object.fromEntries(fields.map(([name, field]) => [name, typeof field === 'string' ? field : JSON.stringify(field)]))
}

