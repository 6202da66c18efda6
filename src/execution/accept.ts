/** Events from outside: which of them count, and where the machine goes on because of them. */
import { takeChild } from './children.js'
import { boundError, standardError } from './fault.js'
import type { Turn } from './turn.js'
import type { BranchEvent, Frame } from './types.js'

/** False when the event is for something no longer current: then nothing may have been changed. */
export function accept (turn: Turn, event: BranchEvent): boolean {
  switch (event.type) {
    case 'callCompleted': return completeCall(turn, event.step, event.attempt, event.output)
    case 'callFailed': return failCall(turn, event)
    case 'evaluated': return answer(turn, event)
    case 'timerFired': return fire(turn, event.id)
    case 'childEnded': return takeChild(turn, event.opening, event.index, event.outcome)
    case 'cancel': return cancel(turn, event.reason)
  }
}

function completeCall (turn: Turn, step: number, attempt: number, output: unknown): boolean {
  const frame = callFrame(turn, step, attempt)
  if (frame === undefined) return false
  leaveWith(turn, frame, output ?? null)
  return true
}

function failCall (turn: Turn, event: BranchEvent & { type: 'callFailed' }): boolean {
  const frame = callFrame(turn, event.step, event.attempt)
  if (frame === undefined) return false
  withoutInside(turn, frame)
  turn.goto({ op: 'raise', error: boundError(event.error, frame.task), retryable: event.retryable !== false })
  return true
}

function callFrame (turn: Turn, step: number, attempt: number): Frame | undefined {
  const frame = turn.top
  return frame?.inside?.kind === 'call' && frame.step === step && frame.attempt === attempt ? frame : undefined
}

function answer (turn: Turn, event: BranchEvent & { type: 'evaluated' }): boolean {
  const question = turn.state.question
  if (question?.id !== event.id) return false
  turn.answers = [...question.answers, ...event.answers]
  turn.state.question = undefined
  return true
}

function fire (turn: Turn, id: number): boolean {
  const state = turn.state
  if (state.rest?.id === id) {
    state.rest = undefined
    return true
  }
  if (state.deadline?.id === id) {
    expire(turn, 0, '/timeout')
    return true
  }
  return state.frames.some((frame, at) => fireFrame(turn, frame, at, id))
}

function fireFrame (turn: Turn, frame: Frame, at: number, id: number): boolean {
  const inside = frame.inside
  if (frame.deadline?.id === id) expire(turn, at, frame.task)
  else if (inside?.kind === 'wait' && inside.timer.id === id) leaveWith(turn, frame, turn.state.data)
  else if (inside?.kind === 'try' && inside.timer?.id === id) turn.goto({ op: 'attempt' })
  else if (inside?.kind === 'try' && inside.attemptDeadline?.id === id) expire(turn, at + 1, frame.task)
  else return false
  return true
}

/** A timeout against what it bounds: the frames from `depth` on are gone, and the error is raised where they began. */
function expire (turn: Turn, depth: number, instance: string): void {
  const error = standardError('timeout', 'not done in time', instance)
  turn.settle()
  turn.decision = true
  while (turn.state.frames.length > depth) turn.drop(turn.state.frames.length === depth + 1 ? 'faulted' : 'cancelled', error)
  turn.goto({ op: 'raise', error, retryable: !turn.cutExclusive })
}

function cancel (turn: Turn, reason: string | undefined): boolean {
  turn.settle()
  turn.decision = true
  while (turn.top !== undefined) turn.drop('cancelled')
  turn.end(reason === undefined ? { status: 'cancelled' } : { status: 'cancelled', reason })
  return true
}

function leaveWith (turn: Turn, frame: Frame, output: unknown): void {
  withoutInside(turn, frame)
  turn.state.data = output
  turn.goto({ op: 'leave' })
}

/** The call or the wait is over: the same event again no longer finds it. */
function withoutInside (turn: Turn, frame: Frame): void {
  const { inside: _over, ...rest } = frame
  turn.pop()
  turn.state.frames.push(rest)
}
