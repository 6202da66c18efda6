/**
 * Idempotency keys of starts: a key is bound to one execution id and input. A binding is pending until the start is done;
 * whoever meets a pending one whose execution no replica knows puts its own id there, against the id it met. Kept for the
 * retention of the settings, by the time inside the commands. The state given in is consumed, not copied.
 */
import { z } from 'zod'
import { ConflictError, NotFoundError, OverloadedError } from '../../errors.js'
import { MAX_KEYS } from '../../limits.js'
import { executionId, text } from './shapes.js'

export interface Binding { id: string, inputHash: string, pending: boolean, /** Of the command that bound it. */ at: number }
/** Oldest first. */
export type Keys = Map<string, Binding>
export type Bound = Omit<Binding, 'at'>

const common = { workflow: text(256).min(1), key: text(512).min(1), id: executionId }
export const bindKey = z.strictObject({ type: z.literal('bindKey'), ...common, inputHash: text(128) })
export const confirmKey = z.strictObject({ type: z.literal('confirmKey'), ...common })
export const rebindKey = z.strictObject({ type: z.literal('rebindKey'), ...common, from: executionId })
export type KeyCommand = z.infer<typeof bindKey> | z.infer<typeof confirmKey> | z.infer<typeof rebindKey>

export interface KeyContext { now: number, retentionMs: number }

export function applyKeys (state: Keys, command: KeyCommand, context: KeyContext): { state: Keys, result: Bound } {
  const name = `${command.workflow}\n${command.key}`
  switch (command.type) {
    case 'bindKey': return { state, result: bind(state, name, command, context) }
    case 'confirmKey': return { state, result: confirm(mustBeBound(state, name, command), command.id) }
    case 'rebindKey': {
      const found = mustBeBound(state, name, command)
      if (found.pending && found.id === command.from) found.id = command.id
      return { state, result: bound(found) }
    }
  }
}

function bind (state: Keys, name: string, command: z.infer<typeof bindKey>, { now, retentionMs }: KeyContext): Bound {
  dropOld(state, now - retentionMs)
  const found = state.get(name)
  if (found !== undefined) return bound(found)

  if (state.size >= MAX_KEYS) dropOldest(state)
  const made = { id: command.id, inputHash: command.inputHash, pending: true, at: now }
  state.set(name, made)
  return bound(made)
}

function confirm (found: Binding, id: string): Bound {
  if (found.id !== id) throw new ConflictError(`the key was bound to execution ${found.id} meanwhile`)
  found.pending = false
  return bound(found)
}

function mustBeBound (state: Keys, name: string, { key, workflow }: { key: string, workflow: string }): Binding {
  const found = state.get(name)
  if (found === undefined) throw new NotFoundError(`key "${key}" of workflow "${workflow}" is not bound`)
  return found
}

/** Times of commands never go back, so the old ones are the first. */
function dropOld (state: Keys, before: number): void {
  for (const [name, binding] of state) {
    if (binding.at >= before) return
    state.delete(name)
  }
}

function dropOldest (state: Keys): void {
  for (const [name, binding] of state) {
    if (binding.pending) continue
    state.delete(name)
    return
  }
  throw new OverloadedError(`${MAX_KEYS} idempotency keys wait for their start, the limit; repeat later`)
}

const bound = ({ id, inputHash, pending }: Binding): Bound => ({ id, inputHash, pending })
