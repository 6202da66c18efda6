/** What a function threw, as the error of its task. It may say more by the fields `status`, `type`, `title`, `retryable`, `notDone`. */
import { failure, retryableStatus } from './failure.js'
import { NotJsonError } from './json-text.js'
import type { Failure } from './failure.js'

export function toErrorFacts (thrown: unknown): Pick<Failure, 'error' | 'retryable' | 'notDone'> {
  if (thrown instanceof NotJsonError) {
    return parts({ title: 'Function output is not valid', detail: thrown.message, status: 500, retryable: false, notDone: false })
  }
  const fields = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as Record<string, unknown>
  const status = isStatus(fields['status']) ? fields['status'] : 500
  const facts = parts({
    title: text(fields['title'], 200) ?? 'Function failed',
    detail: text(fields['detail']) ?? text(fields['message']) ?? describe(thrown),
    status,
    retryable: typeof fields['retryable'] === 'boolean' ? fields['retryable'] : retryableStatus(status),
    notDone: fields['notDone'] === true
  })
  const type = text(fields['type'], 500)
  if (type !== undefined && URL.canParse(type)) facts.error.type = type
  return facts
}

function parts (facts: { title: string, detail: string, status: number, retryable: boolean, notDone: boolean }): ReturnType<typeof toErrorFacts> {
  const { error, retryable, notDone } = failure({ kind: 'runtime', ...facts })
  return { error, retryable, notDone }
}

function isStatus (value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 400 && (value as number) <= 599
}

function text (value: unknown, limit = Infinity): string | undefined {
  return typeof value === 'string' && value !== '' && value.length <= limit ? value : undefined
}

function describe (thrown: unknown): string {
  try {
    return `the function threw ${typeof thrown === 'string' ? JSON.stringify(thrown) : String(thrown)}`
  } catch {
    return 'the function threw something that has no text'
  }
}
