/** Templates of plan.ts: JSON with expressions anywhere in it. */
import type { Template } from '../plan.js'
import { compileExpression, evaluate } from './evaluate.js'
import type { Answer, TemplateEvaluation } from './types.js'

/**
 * Evaluates every expression in order; the first error ends it. Where one needs real jq, all are listed, so that one
 * `evaluate` effect answers them against the same input. Throws InvalidInputError for an expression that does not parse.
 */
export function evaluateTemplate (template: Template, input: unknown, vars: Record<string, unknown>): TemplateEvaluation {
  let needsJq = false
  const result = fill(template, jq => {
    const answer = needsJq ? PLACEHOLDER : evaluate(compileExpression(jq), input, vars)
    if (answer.kind !== 'fallback') return answer
    needsJq = true
    return PLACEHOLDER
  })
  return needsJq ? { kind: 'fallback', programs: expressionsOf(template).map(jq => ({ jq })) } : result
}

const PLACEHOLDER: Answer = { kind: 'value', value: null }

/** Puts the answers to `programs`, in the same order, into the template; the first error among them is the result. */
export function completeTemplate (template: Template, answers: readonly Answer[]): Answer {
  let next = 0
  return fill(template, jq => answers[next++] ?? { kind: 'error', message: `no answer to "${jq}"` })
}

function expressionsOf (template: Template): string[] {
  switch (template.kind) {
    case 'literal': return []
    case 'expr': return [template.jq]
    case 'text': return template.parts.flatMap(part => typeof part === 'string' ? [] : [part.jq])
    case 'object': return template.entries.flatMap(([, value]) => expressionsOf(value))
    case 'array': return template.items.flatMap(expressionsOf)
  }
}

function fill (template: Template, answer: (jq: string) => Answer): Answer {
  switch (template.kind) {
    case 'literal': return { kind: 'value', value: template.value }
    case 'expr': return answer(template.jq)
    case 'text': return fillText(template.parts, answer)
    case 'array': {
      const items: unknown[] = []
      for (const item of template.items) {
        const filled = fill(item, answer)
        if (filled.kind === 'error') return filled
        items.push(filled.value)
      }
      return { kind: 'value', value: items }
    }
    case 'object': {
      const entries: [string, unknown][] = []
      for (const [key, value] of template.entries) {
        const filled = fill(value, answer)
        if (filled.kind === 'error') return filled
        entries.push([key, filled.value])
      }
      // Not by assignment: a key may be `__proto__`.
      return { kind: 'value', value: Object.fromEntries(entries) }
    }
  }
}

/** A string stands in the text as it is, anything else as JSON. */
function fillText (parts: (string | { jq: string })[], answer: (jq: string) => Answer): Answer {
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part
      continue
    }
    const filled = answer(part.jq)
    if (filled.kind === 'error') return filled
    text += typeof filled.value === 'string' ? filled.value : JSON.stringify(filled.value)
  }
  return { kind: 'value', value: text }
}
