import type { Plan } from '../plan.js'
import type { Warning } from '../source.js'

export interface Compiled { plan: Plan, warnings: Warning[] }

/** Source text to plan. Throws InvalidInputError (file, line, column, field) or TooLargeError. */
export function compileWorkflow (_text: string, _file?: string): Compiled { throw new Error('not built') }
