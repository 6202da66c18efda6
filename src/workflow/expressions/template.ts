import type { Template } from '../plan.js'
import type { Answer, TemplateEvaluation } from './types.js'

/** Evaluates every expression of the template; the first error ends it. Own evaluator only: see `fallback`. */
export function evaluateTemplate (_template: Template, _input: unknown, _vars: Record<string, unknown>): TemplateEvaluation {
  throw new Error('not built')
}

/** Puts the answers to `programs`, in the same order, into the template. */
export function completeTemplate (_template: Template, _answers: readonly Answer[]): Answer {
  throw new Error('not built')
}
