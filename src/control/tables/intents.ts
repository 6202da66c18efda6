/**
 * Intents of exclusive calls: the first one holds, for ever. One that was forgotten could be held twice, so they go only
 * with their execution, of which the name stays: a peer that stood still longer than its history was kept must not hold
 * what another one held. When the table is full new ones are refused; when too many names are kept the first go, and from
 * then on no execution as old as they are begins to have intents. The state given in is consumed, not copied: this table is
 * large and written often.
 */
import { z } from 'zod'
import { OverloadedError } from '../../errors.js'
import { MAX_INTENTS, MAX_RETIRED } from '../../limits.js'
import { count, executionId, text } from './shapes.js'

export interface Intents {
  /** Execution → `branch step attempt` → who holds it. */ byExecution: Map<string, Map<string, string>>
  /** Of intents. */ size: number
  /** Executions whose intents went, in the order in which they did. */ retired: Set<string>
  /** The youngest that is not even named any more, by the part of an id that sorts by time; empty: none. */ floor: string
}

/** Who holds what a retired execution held: nobody knows any more. */
const FORGOTTEN = ''

/** A peer, or one start of it (`peer/incarnation`): a later start must not take an earlier one's call for its own. */
const holder = z.string().regex(/^[a-zA-Z0-9-]{1,128}(\/[\w.-]{1,128})?$/, 'is no peer and no start of one')

export const intend = z.strictObject({
  type: z.literal('intend'), execution: executionId, branch: text(512), step: count, attempt: count, by: holder
})
export const retire = z.strictObject({ type: z.literal('retire'), executions: z.array(executionId).min(1).max(1000) })
export type IntentCommand = z.infer<typeof intend> | z.infer<typeof retire>

export function applyIntents (state: Intents, command: IntentCommand): { state: Intents, result: { holder: string } | null } {
  if (command.type === 'retire') return { state: forget(state, command.executions), result: null }

  const key = `${command.step} ${command.attempt} ${command.branch}`
  const known = state.byExecution.get(command.execution)
  if (known === undefined && (state.retired.has(command.execution) || age(command.execution) <= state.floor)) {
    return { state, result: { holder: FORGOTTEN } }
  }
  const ofExecution = known ?? new Map<string, string>()
  const holder = ofExecution.get(key)
  if (holder !== undefined) return { state, result: { holder } }
  if (state.size >= MAX_INTENTS) throw new OverloadedError(`${MAX_INTENTS} intents of exclusive calls are kept, the limit; wait until executions are retired`)

  ofExecution.set(key, command.by)
  state.byExecution.set(command.execution, ofExecution)
  return { state: { ...state, size: state.size + 1 }, result: { holder: command.by } }
}

function forget (state: Intents, executions: string[]): Intents {
  let { size, floor } = state
  for (const execution of executions) {
    const held = state.byExecution.get(execution)
    if (held === undefined) continue // nobody called, so whoever comes late may still be the first
    size -= held.size
    state.byExecution.delete(execution)
    state.retired.add(execution)
  }
  for (const execution of state.retired) {
    if (state.retired.size <= MAX_RETIRED) break
    state.retired.delete(execution)
    if (age(execution) > floor) floor = age(execution)
  }
  return { ...state, size, floor }
}

/** No safety rests on the clock that made it: only names are compared. */
function age (execution: string): string { return execution.slice(execution.indexOf('.') + 1) }
