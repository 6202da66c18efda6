import type { Compiled, Evaluation, ExpressionCheck } from './types.js'

/** Whether real jq would accept it as far as syntax goes; `offset` counts UTF-16 units from the start. */
export function checkExpression (_jq: string): ExpressionCheck { throw new Error('not built') }

/** Cached. Throws InvalidInputError when `checkExpression` would refuse it. */
export function compileExpression (_jq: string): Compiled { throw new Error('not built') }

/** Input and variables are JSON values and are never changed. The result may share structure with them. Never throws. */
export function evaluate (_compiled: Compiled, _input: unknown, _vars: Record<string, unknown>): Evaluation {
  throw new Error('not built')
}
