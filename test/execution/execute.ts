/** Short forms for examples: a document, its input, and what functions give. */
import type { CallEffect, HttpEffect, WorkflowError } from '../../src/execution/index.js'
import { planOf } from './plans.js'
import type { Doc } from './plans.js'
import { World } from './world.js'
import type { FunctionResult, Options } from './world.js'

/** By function name: a result, one for each attempt (the last one stays), or what to do with the call. */
export type Functions = Record<string, FunctionResult | FunctionResult[] | ((call: CallEffect) => FunctionResult & { afterMs?: number })>

export function execute (doc: Doc, input: unknown = null, functions: Functions = {}, options: Partial<Options> = {}): World {
  const made: Record<string, number> = {}
  const answer = (call: CallEffect | HttpEffect): FunctionResult & { afterMs: number } => {
    if (call.type === 'http') return { output: { url: call.endpoint }, afterMs: 10 }
    const given = functions[call.fn]
    const at = made[call.fn] = (made[call.fn] ?? -1) + 1
    if (given === undefined) return { output: call.input, afterMs: 10 }
    if (typeof given === 'function') return { afterMs: 10, ...given(call) }
    const one = Array.isArray(given) ? given[Math.min(at, given.length - 1)] : given
    return { ...one ?? { output: null }, afterMs: 10 }
  }
  return new World(planOf(doc), { answer, ...options }).run(input)
}

export function failure (status = 503, more: Partial<WorkflowError> = {}, retryable = true): FunctionResult {
  return { ...(retryable ? {} : { retryable }), error: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/communication', status, title: 'no', ...more } }
}

export function completed (output: unknown): unknown { return { status: 'completed', output } }

export function errorOf (world: World): WorkflowError {
  if (world.outcome?.status !== 'faulted') throw new Error(`it ended ${JSON.stringify(world.outcome)}`)
  return world.outcome.error
}

/** Names of the tasks in the order in which they ended. */
export function endedTasks (world: World): string[] {
  return world.records.flatMap(({ trace }) => trace).filter(({ endedAt }) => endedAt !== undefined).map(({ task }) => task.slice(task.lastIndexOf('/') + 1))
}
