/**
 * Sends commands so that each is applied once, however often it has to be sent: under a session of this start, numbered.
 * A refusal is thrown as the error it is. When the answer does not come in time, whether it was done is not known.
 */
import { decode } from '@ipld/dag-cbor'
import { Propose, Proposed } from '../../protocols/control.js'
import {
  ConflictError, InvalidInputError, NotFoundError, NotPermittedError, OverloadedError, TimeoutError, UnavailableError
} from '../errors.js'
import { MAX_SESSION_COMMANDS } from '../limits.js'
import { decodeCommand, encodeCommand } from './command.js'
import type { Command, Outcome } from './command.js'
import type { Route } from './route.js'

const DEADLINE_MS = 5_000
const ATTEMPT_MS = 2_000

/** `view`: index of a view that shows what the command did. */
export interface Decided<T> { view: number, value: T }

interface Answered { view: number, outcome: Outcome }

/** `underWay`: sequences whose answer is not seen yet. */
interface Session { id: number, next: number, underWay: Set<number> }

export class Proposer {
  private session: Promise<Session> | undefined
  private waiting = 0

  constructor (private readonly route: Pick<Route, 'ask'>) {}

  /** @throws what the group refused it with; UnavailableError (not done), TimeoutError (may be done) */
  async propose <T> (command: Command, deadlineMs = DEADLINE_MS): Promise<Decided<T>> {
    // Own mistakes are told here, with their field, and need no controller.
    decodeCommand(encodeCommand(command))
    if (this.waiting >= MAX_SESSION_COMMANDS) throw new OverloadedError('too many decisions are waited for; repeat later')
    this.waiting++
    try {
      return await this.decided<T>(command, deadlineMs)
    } finally {
      this.waiting--
    }
  }

  private async decided <T> (command: Command, deadlineMs: number): Promise<Decided<T>> {
    for (;;) {
      const opened = this.session ??= this.open(deadlineMs)
      try {
        const { view, outcome } = await this.numbered(await opened, command, deadlineMs)
        if (outcome.ok) return { view, value: outcome.value as T }
        if (outcome.kind !== 'sessionExpired') throw refusal(outcome)
      } catch (err) {
        await opened.catch(() => { this.forget(opened) })
        throw err
      }
      this.forget(opened)
    }
  }

  private forget (opened: Promise<Session>): void {
    if (this.session === opened) this.session = undefined
  }

  private async open (deadlineMs: number): Promise<Session> {
    const command = new Uint8Array(encodeCommand({ type: 'openSession' }))
    // Opened twice does no harm: the one nobody uses is forgotten. So silence here means that nothing was done.
    const { outcome } = await this.send({ session: 0, sequence: 0, floor: 0, command }, deadlineMs).catch((err: unknown) => {
      throw err instanceof TimeoutError ? new UnavailableError('no controller answers in time') : err
    })
    if (!outcome.ok) throw refusal(outcome)
    return { id: (outcome.value as { session: number }).session, next: 1, underWay: new Set() }
  }

  private async numbered (session: Session, command: Command, deadlineMs: number): Promise<Answered> {
    const sequence = session.next++
    session.underWay.add(sequence)
    try {
      const floor = Math.min(...session.underWay)
      return await this.send({ session: session.id, sequence, floor, command: new Uint8Array(encodeCommand(command)) }, deadlineMs)
    } finally {
      session.underWay.delete(sequence)
    }
  }

  private async send (request: Propose, deadlineMs: number): Promise<Answered> {
    return await this.route.ask('control/propose', Propose.encode(request), readProposed, { deadlineMs, attemptMs: ATTEMPT_MS })
  }
}

function readProposed (bytes: Uint8Array): Answered {
  const { view, outcome } = Proposed.decode(bytes)
  return { view, outcome: decode<Outcome>(outcome) }
}

export function refusal ({ kind, message }: Extract<Outcome, { ok: false }>): Error {
  switch (kind) {
    case 'invalid': case 'tooLarge': return new InvalidInputError(message)
    case 'notFound': return new NotFoundError(message)
    case 'conflict': return new ConflictError(message)
    case 'notPermitted': return new NotPermittedError(message)
    case 'overloaded': return new OverloadedError(message)
    case 'unavailable': case 'timeout': case 'failed': case 'sessionExpired': return new UnavailableError(message)
  }
}
