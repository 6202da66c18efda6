/**
 * One turn of the machine: from an event until it must wait for the outside again. Holds a state of its own to change
 * (frames are replaced, never changed in place, because the state before is still someone's) and gathers what the record
 * of this turn will say.
 */
import type { Answer } from '../workflow/expressions/index.js'
import type { Plan, Task } from '../workflow/plan.js'
import { contains, indexOf, taskOf } from './plan-index.js'
import type { PlanIndex } from './plan-index.js'
import type { BranchState, ChildRef, ChildrenInside, Cursor, Frame, Inside, Outcome, TraceEntry, TryInside, WorkflowError } from './types.js'

export class Turn {
  readonly index: PlanIndex
  readonly now: number
  state: BranchState
  readonly trace: TraceEntry[] = []
  readonly opens: ChildRef[] = []
  readonly takes: ChildRef[] = []
  readonly closes: ChildRef[] = []
  readonly interrupts: { step: number, attempt: number }[] = []
  decision = false
  /** An exclusive call was cut off that may be done: what follows may be handled, never tried again. */
  cutExclusive = false
  /** Answers of real jq for the operation under way, and how many of them it has used. */
  answers: Answer[] = []
  asked = 0
  /** Operations done, against the bound of one record. */
  operations = 0

  constructor (readonly plan: Plan, before: BranchState, now: number, private random: number) {
    // Peers' clocks differ; within a branch time does not go back.
    this.now = Math.max(now, before.at)
    this.state = { ...before, frames: before.frames.slice(), at: this.now }
    this.index = indexOf(plan)
  }

  /** A number in [0, 1): the event's own first, further ones derived from it. */
  draw (): number {
    const drawn = this.random
    this.random = (drawn * 16_807 + 0.5) % 1
    return drawn
  }

  serial (): number { return ++this.state.serial }

  goto (cursor: Cursor | undefined): void { this.state.cursor = cursor }

  get top (): Frame | undefined { return this.state.frames.at(-1) }

  /** The frame the present operation is about. */
  here (): Frame {
    const frame = this.top
    if (frame === undefined) throw this.damaged()
    return frame
  }

  damaged (): Error { return new Error(`the state of branch "${this.state.place}" does not fit plan ${this.plan.id}`) }

  task (id: string): Task { return taskOf(this.plan, id) }

  setTop (change: Partial<Frame>): void {
    const frames = this.state.frames
    frames[frames.length - 1] = { ...this.here(), ...change }
  }

  setInside (inside: Inside): void { this.setTop({ inside }) }

  /** Takes the top frame off, without a word about how it ended. */
  pop (): Frame {
    const frame = this.here()
    this.state.frames.pop()
    if (frame.inside?.kind === 'try') this.leaveTry(frame.inside)
    return frame
  }

  /** Ends the top frame's task from outside of it: by an error, a timeout, or cancel. */
  drop (status: 'faulted' | 'cancelled', error?: WorkflowError): void {
    const frame = this.pop()
    if (frame.inside?.kind === 'call') {
      this.interrupts.push({ step: frame.step, attempt: frame.attempt })
      if (isExclusive(this.task(frame.task))) this.cutExclusive = true
    }
    if (frame.inside?.kind === 'children') this.close(frame, frame.inside)
    this.traceEnd(frame, status, error === undefined ? {} : { error })
  }

  /** Closes the children of a frame that are still open. */
  close (frame: Frame, inside: ChildrenInside): void {
    const open = openChildren(this.state.place, frame, inside)
    if (open.length === 0) return
    this.decision = true
    this.closes.push(...open)
    const within = (is: (task: Task) => boolean): boolean => open.some(child => this.childHas(frame, child.index, is))
    if (within(({ kind }) => kind === 'try')) this.markCaught()
    if (within(isExclusive)) this.cutExclusive = true
  }

  /** Above every step number that any attempt under way has used. */
  highest (): number {
    const highs = this.state.frames.map(({ inside }) => inside?.kind === 'try' ? inside.high : 0)
    return Math.max(this.state.step, this.state.floor ?? 0, ...highs)
  }

  /** A `catch` has begun: what is around must not go back to step numbers that it may use. */
  markCaught (): void {
    this.state.caught = true
    this.state.frames.forEach((frame, at) => {
      if (frame.inside?.kind === 'try') this.state.frames[at] = { ...frame, inside: { ...frame.inside, caught: true } }
    })
  }

  traceEnd (frame: Frame, status: TraceEntry['status'], more: Pick<TraceEntry, 'output' | 'error'>): void {
    const { task, step, attempt, startedAt } = frame
    const begun = this.trace.findLast(entry => entry.step === step && entry.attempt === attempt && entry.task === task)
    const ended = { status, endedAt: this.now, ...more }
    if (begun !== undefined) Object.assign(begun, ended)
    else this.trace.push({ task, step, attempt, startedAt, ...ended })
  }

  /** Ends the branch. */
  end (outcome: Outcome): void {
    const state = this.state
    this.settle()
    state.status = outcome.status
    state.endedAt = this.now
    state.frames = []
    for (const field of ['data', 'context', 'input', 'vars', 'tries', 'deadline'] as const) state[field] = undefined
    if (outcome.status === 'completed') state.output = outcome.output
    if (outcome.status === 'faulted') state.error = outcome.error
    if (outcome.status === 'faulted' && outcome.retryable === false) state.retryable = false
    if (outcome.status === 'cancelled' && outcome.reason !== undefined) state.reason = outcome.reason
  }

  /** Forgets where it was going, what it asked, and its rest: something else is decided. */
  settle (): void {
    this.state.cursor = undefined
    this.state.question = undefined
    this.state.rest = undefined
  }

  private leaveTry (inside: TryInside): void {
    this.state.step = Math.max(this.state.step, inside.high)
    const retrying = this.state.frames.some(({ task }) => isRetrying(this.task(task)))
    if (!retrying) this.state.tries = undefined
  }

  /** What a closed child was doing nobody knows; so what it may have done. */
  private childHas (frame: Frame, index: number, is: (task: Task) => boolean): boolean {
    const task = this.task(frame.task)
    const heads = task.kind === 'fork' ? [task.branches[index] ?? ''] : task.kind === 'for' ? task.tasks : []
    return heads.some(head => contains(this.plan, head, is))
  }
}

function isExclusive (task: Task): boolean { return task.settings.effects === 'exclusive' }

export function isRetrying (task: Task): boolean { return task.kind === 'try' && task.catch.retry !== undefined }

/** The place of a child: its parent's place, the step of the fork, its index. */
export function childPlace (place: string, step: number, index: number): string { return `${place}/${step}/${index}` }

/** Outcomes are kept in chunks, so that a record carries anew only the chunk that changed. */
export const CHUNK = 64

export function resultAt (inside: ChildrenInside, index: number): ChildrenInside['results'][number][number] {
  return inside.results[Math.floor(index / CHUNK)]?.[index % CHUNK] ?? null
}

export function openChildren (place: string, frame: Frame, inside: ChildrenInside): ChildRef[] {
  const open: ChildRef[] = []
  for (let index = 0; index < inside.opened; index++) {
    if (resultAt(inside, index) === null) open.push({ opening: inside.opening, index, place: childPlace(place, frame.step, index) })
  }
  return open
}
