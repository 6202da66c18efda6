/**
 * Client sessions: a client numbers its commands, and a command that comes again gets the answer it got. `floor` is the
 * lowest number the client still waits for; answers below it are forgotten. Sessions are opened by a command of their own
 * (its index is the session's id), so a forgotten session is told so instead of applying a repetition. Consumed, not copied.
 */
import { ConflictError, NotPermittedError, OverloadedError } from '../../errors.js'
import { MAX_CONTROL_SESSIONS, MAX_SESSION_COMMANDS } from '../../limits.js'
import type { Outcome } from '../command.js'

export interface Session { peer: string, floor: number, answers: Map<number, Outcome> }
/** Longest unused first. */
export type Sessions = Map<number, Session>

export interface Numbered { session: number, sequence: number, floor: number }

export function openSession (state: Sessions, id: number, peer: string): void {
  if (state.size >= MAX_CONTROL_SESSIONS) {
    const [longestUnused] = state.keys()
    if (longestUnused !== undefined) state.delete(longestUnused)
  }
  state.set(id, { peer, floor: 1, answers: new Map() })
}

/** The answer given before; otherwise undefined, and the command is to be applied and `remember`ed. */
export function answered (state: Sessions, command: Numbered, peer: string): Outcome | undefined {
  const session = state.get(command.session)
  if (session === undefined) return { ok: false, kind: 'sessionExpired', message: 'this session is not known any more; open a new one' }
  if (session.peer !== peer) throw new NotPermittedError('this session belongs to another peer')

  state.delete(command.session)
  state.set(command.session, session)
  session.floor = Math.max(session.floor, command.floor)
  for (const sequence of session.answers.keys()) if (sequence < session.floor) session.answers.delete(sequence)
  if (command.sequence < session.floor) throw new ConflictError('this command was answered, and its answer seen, before')
  const answer = session.answers.get(command.sequence)
  if (answer === undefined && session.answers.size >= MAX_SESSION_COMMANDS) {
    throw new OverloadedError(`a session has at most ${MAX_SESSION_COMMANDS} commands under way`)
  }
  return answer
}

export function remember (state: Sessions, command: Numbered, answer: Outcome): void {
  state.get(command.session)?.answers.set(command.sequence, answer)
}
