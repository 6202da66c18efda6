/**
 * What the specification has and FlowMesh does not run yet. It is refused by name, with its line: a workflow that would do
 * less than it says must not start.
 */
import { fail, child } from '../source.js'
import type { Source } from '../source.js'
import { isPlainObject, show } from './messages.js'

export const TASK_KEYWORDS = [
  'call', 'do', 'emit', 'for', 'fork', 'listen', 'raise', 'run', 'set', 'switch', 'try', 'wait'
] as const
export type TaskKeyword = typeof TASK_KEYWORDS[number]
export type SupportedKeyword = Exclude<TaskKeyword, 'emit' | 'listen' | 'run'>

const UNSUPPORTED_TASKS: ReadonlySet<TaskKeyword> = new Set(['emit', 'listen', 'run'])
const UNSUPPORTED_CALLS = new Set(['asyncapi', 'grpc', 'openapi', 'a2a', 'mcp'])
const UNSUPPORTED_USES = ['authentications', 'catalogs', 'extensions', 'functions', 'secrets']

export function refuseUnsupportedTop (source: Source, document: Record<string, unknown>): void {
  if (has(document, 'schedule')) refuse(source, '/schedule', '`schedule`')
  if (isPlainObject(document['use'])) {
    for (const use of UNSUPPORTED_USES) if (has(document['use'], use)) refuse(source, `/use/${use}`, `\`use.${use}\``)
  }
  if (isPlainObject(document['evaluate'])) {
    const { language, mode } = document['evaluate']
    if (language !== undefined && language !== 'jq') refuse(source, '/evaluate/language', `expression language ${show(language)}`)
    if (mode === 'loose') refuse(source, '/evaluate/mode', '`evaluate.mode: loose`')
  }
}

export function refuseUnsupportedTask (
  source: Source, pointer: string, keyword: TaskKeyword, task: Record<string, unknown>
): asserts keyword is SupportedKeyword {
  if (UNSUPPORTED_TASKS.has(keyword)) refuse(source, child(pointer, keyword), `task type \`${keyword}\``)
  if (keyword !== 'call' || typeof task['call'] !== 'string') return
  if (UNSUPPORTED_CALLS.has(task['call'])) refuse(source, child(pointer, 'call'), `call type \`${task['call']}\``)
  const endpoint = isPlainObject(task['with']) ? task['with']['endpoint'] : undefined
  if (task['call'] === 'http' && isPlainObject(endpoint) && has(endpoint, 'authentication')) {
    refuse(source, `${pointer}/with/endpoint/authentication`, '`authentication`')
  }
}

/** `input.schema` and its like. */
export function refuseUnsupportedSchema (source: Source, pointer: string, schema: Record<string, unknown>): void {
  if (has(schema, 'resource')) {
    refuse(source, child(pointer, 'resource'), '`schema.resource`', 'write the schema in place, under `schema.document`')
  }
  const { format } = schema
  if (typeof format === 'string' && !/^json(?::.*)?$/i.test(format)) {
    refuse(source, child(pointer, 'format'), `schema format \`${format}\``)
  }
}

function has (object: Record<string, unknown>, key: string): boolean {
  return Object.hasOwn(object, key)
}

function refuse (source: Source, pointer: string, what: string, instead?: string): never {
  return fail(source, pointer, `${what} is not supported yet${instead === undefined ? '' : `; ${instead}`}`, 'key')
}
