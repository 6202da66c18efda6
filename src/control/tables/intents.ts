/**
 * Intents of exclusive calls: the first one holds, for ever. One that was forgotten could be held twice, so they go only
 * with their execution, and when the table is full new ones are refused. The state given in is consumed, not copied: this
 * table is large and written often.
 */
import { z } from 'zod'
import { OverloadedError } from '../../errors.js'
import { MAX_INTENTS } from '../../limits.js'
import { count, executionId, text } from './shapes.js'

/** Execution → `branch step attempt` → who holds it. `size` counts the intents. */
export interface Intents { byExecution: Map<string, Map<string, string>>, size: number }

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
  const ofExecution = state.byExecution.get(command.execution) ?? new Map<string, string>()
  const holder = ofExecution.get(key)
  if (holder !== undefined) return { state, result: { holder } }
  if (state.size >= MAX_INTENTS) throw new OverloadedError(`${MAX_INTENTS} intents of exclusive calls are kept, the limit; wait until executions are retired`)

  ofExecution.set(key, command.by)
  state.byExecution.set(command.execution, ofExecution)
  return { state: { byExecution: state.byExecution, size: state.size + 1 }, result: { holder: command.by } }
}

function forget (state: Intents, executions: string[]): Intents {
  let { size } = state
  for (const execution of executions) {
    size -= state.byExecution.get(execution)?.size ?? 0
    state.byExecution.delete(execution)
  }
  return { byExecution: state.byExecution, size }
}
