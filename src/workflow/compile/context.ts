/** What every part of the compiler shares while one document is compiled. */
import { MAX_WARNINGS } from '../../limits.js'
import type { Task } from '../plan.js'
import { describe, placeOf } from '../source.js'
import type { Source, Warning } from '../source.js'

export type Fields = Record<string, unknown>

export interface Context {
  source: Source
  document: Fields
  /** What expressions may name here, without `$`. */
  variables: readonly string[]
  byId: Record<string, Task>
  warnings: Warning[]
}

/** What the specification gives to every expression. */
export const GIVEN: readonly string[] = ['context', 'input', 'output', 'secrets', 'authorization', 'task', 'workflow', 'runtime']

/** The same compilation, inside a task that names more variables. */
export function withVariables (context: Context, ...names: string[]): Context {
  return { ...context, variables: [...context.variables, ...names] }
}

/** What of `use` has this name; undefined when nothing. */
export function used (context: Context, kind: 'retries' | 'errors' | 'timeouts', name: string): unknown {
  const all = ((context.document['use'] ?? {}) as Fields)[kind] as Fields | undefined
  return all !== undefined && Object.hasOwn(all, name) ? all[name] : undefined
}

export function usedNames (context: Context, kind: 'retries' | 'errors' | 'timeouts'): string[] {
  return Object.keys(((context.document['use'] ?? {}) as Fields)[kind] ?? {})
}

export function warn (context: Context, pointer: string, message: string): void {
  if (context.warnings.length >= MAX_WARNINGS) return
  const place = placeOf(context.source, pointer, 'key')
  context.warnings.push({ message: describe(place) + message, place })
}
