/** The loop of a turn: one operation after the other until only the outside can go on. */
import { MAX_OPERATIONS_PER_RECORD } from '../limits.js'
import { open } from './children.js'
import { attempt, begin, finish, iterate } from './compound.js'
import { enter } from './enter.js'
import { Ask } from './expression.js'
import { Fault } from './fault.js'
import { leave } from './leave.js'
import { raise } from './raise.js'
import type { Turn } from './turn.js'
import type { Cursor } from './types.js'

export function run (turn: Turn): void {
  for (let { state } = turn; state.cursor !== undefined; state = turn.state) {
    if (state.question !== undefined || state.rest !== undefined) return
    if (++turn.operations > MAX_OPERATIONS_PER_RECORD) {
      // A loop of pure tasks: let a record be saved, others have their turn, and a cancel come in between.
      state.rest = { id: turn.serial(), dueAt: turn.now }
      return
    }
    const ask = operate(turn, state.cursor)
    if (ask !== undefined) turn.state.question = { id: turn.serial(), answers: turn.answers }
    else turn.answers = []
  }
}

/**
 * One operation, whole or not at all. Operations evaluate before they decide: so when one must ask, it is enough to put
 * back the state and the entries of the trace, and what it asks depends on the state and the answers alone.
 */
export function operate (turn: Turn, cursor: Cursor): Ask | undefined {
  const before = turn.state
  const entries = turn.trace.length
  turn.state = { ...before, frames: before.frames.slice(), cursor: undefined }
  turn.asked = 0
  try {
    perform(turn, cursor)
  } catch (err) {
    if (err instanceof Ask) {
      turn.state = before
      turn.trace.length = entries
      return err
    }
    if (!(err instanceof Fault)) throw err
    // An error while leaving a task, or while asking its catch clause, is not the task's own to catch.
    if (cursor.op === 'leave' || cursor.op === 'raise') turn.drop('faulted', err.error)
    turn.goto({ op: 'raise', error: err.error, retryable: true })
  }
  return undefined
}

function perform (turn: Turn, cursor: Cursor): void {
  switch (cursor.op) {
    case 'begin': return begin(turn)
    case 'enter': return enter(turn, cursor.task)
    case 'leave': return leave(turn, cursor.then)
    case 'iterate': return iterate(turn)
    case 'attempt': return attempt(turn)
    case 'open': return open(turn)
    case 'finish': return finish(turn)
    case 'raise': return raise(turn, cursor.error, cursor.retryable)
  }
}
