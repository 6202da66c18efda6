/** A parsed and compiled jq expression; made by `compileExpression`, immutable, shared by everyone who asks for the text. */
export interface Compiled {
  readonly jq: string
  /** False: the own evaluator cannot run it, so it always goes to real jq. True does not exclude a fallback for some inputs. */
  readonly native: boolean
  /** Names, without `$`, of the variables it takes from outside. */
  readonly variables: readonly string[]
}

/** What real jq, or the own evaluator, says to one program. */
export type Answer = { kind: 'value', value: unknown } | { kind: 'error', message: string }

/**
 * `value`: the first output, null when there is none. `error`: what jq would report, or a limit of limits.ts by name.
 * `fallback`: the own evaluator is not certain to answer as jq does; ask real jq.
 */
export type Evaluation = Answer | { kind: 'fallback' }

/** As `Evaluation`; `programs` are all expressions of the template in order, for one `evaluate` effect. */
export type TemplateEvaluation = Answer | { kind: 'fallback', programs: { jq: string }[] }

export type ExpressionCheck = { ok: true } | { ok: false, message: string, offset: number }
