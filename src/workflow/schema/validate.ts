/**
 * The document against the specification's schema: one walk, one generated validator for each task, chosen by its keyword.
 * What passes here has the shape the compiler relies on.
 */
import { MAX_NAME_LENGTH, MAX_TASKS, MAX_TASK_NESTING } from '../../limits.js'
import { hint } from '../nearest.js'
import { child, fail } from '../source.js'
import type { Source } from '../source.js'
import * as generated from './generated/validators.js'
import { explain, isPlainObject, kindOf } from './messages.js'
import type { SchemaError } from './messages.js'
import { refuseUnsupportedSchema, refuseUnsupportedTask, refuseUnsupportedTop, TASK_KEYWORDS } from './unsupported.js'
import type { SupportedKeyword, TaskKeyword } from './unsupported.js'

type Fields = Record<string, unknown>
type Validator = ((value: unknown) => boolean) & { errors?: SchemaError[] | null }
interface Walk { source: Source, tasks: number }

const VERSIONS = ['1.0.0', '1.0.1', '1.0.2', '1.0.3']
const TASK_BASE = ['if', 'input', 'output', 'export', 'timeout', 'then', 'metadata']
const PARTS = ['with', 'catch', 'while', 'foreach']

/** Throws InvalidInputError for the first mistake. */
export function validateDocument (source: Source, document: unknown): asserts document is Fields {
  if (!isPlainObject(document)) fail(source, '', `a workflow is an object with \`document\` and \`do\`, not ${kindOf(document)}`)
  refuseUnsupportedTop(source, document)
  check(source, 'workflow', document, '')
  const { dsl } = document['document'] as { dsl: string }
  if (!VERSIONS.includes(dsl)) {
    fail(
      source,
      '/document/dsl',
      `specification version ${dsl} is not supported; write 1.0.3 (or ${VERSIONS.slice(0, 3).join(', ')})`
    )
  }

  const { input, output, timeout, use } = document
  check(source, 'taskBase', pick({ input, output, timeout }), '')
  checkDataFlow(source, document, '')
  checkUse(source, isPlainObject(use) ? use : {})
  checkList({ source, tasks: 0 }, document['do'], '/do', 1)
}

function checkUse (source: Source, use: Fields): void {
  const { retries, errors } = use as { retries?: Fields, errors?: Fields }
  for (const [name, policy] of Object.entries(retries ?? {})) check(source, 'retryPolicy', policy, child('/use/retries', name))
  for (const [name, error] of Object.entries(errors ?? {})) check(source, 'error', error, child('/use/errors', name))
}

function checkList (walk: Walk, list: unknown, pointer: string, nesting: number): void {
  const { source } = walk
  if (nesting > MAX_TASK_NESTING) fail(source, pointer, `task lists stand more than ${MAX_TASK_NESTING} deep in each other`)
  const seen = new Set<string>()
  for (const [at, item] of (list as Fields[]).entries()) {
    const [name, task] = Object.entries(item)[0] as [string, Fields]
    const place = child(`${pointer}/${at}`, name)
    if (++walk.tasks > MAX_TASKS) fail(source, place, `more than ${MAX_TASKS} tasks`, 'key')
    if (name.length === 0 || name.length > MAX_NAME_LENGTH) {
      fail(source, place, `the name of a task has 1 to ${MAX_NAME_LENGTH} characters`, 'key')
    }
    if (seen.has(name)) fail(source, place, `two tasks of this list are named \`${name}\``, 'key')
    seen.add(name)
    checkTask(walk, task, place, nesting)
  }
}

function checkTask (walk: Walk, task: Fields, pointer: string, nesting: number): void {
  const { source } = walk
  const keyword = keywordOf(source, task, pointer)
  refuseUnsupportedTask(source, pointer, keyword, task)
  check(source, validatorOf(keyword, task), task, pointer)
  check(source, 'taskBase', task, pointer)
  checkDataFlow(source, task, pointer)
  checkParts(walk, keyword, task, pointer, nesting + 1)
}

function checkParts (walk: Walk, keyword: SupportedKeyword, task: Fields, pointer: string, nesting: number): void {
  const { source } = walk
  if (keyword === 'do' || keyword === 'for') checkList(walk, task['do'], `${pointer}/do`, nesting)
  if (keyword === 'fork') checkList(walk, (task['fork'] as Fields)['branches'], `${pointer}/fork/branches`, nesting)
  if (keyword === 'raise') {
    const { error } = task['raise'] as Fields
    if (isPlainObject(error)) check(source, 'error', error, `${pointer}/raise/error`)
  }
  if (keyword === 'try') {
    const { retry, do: handler } = task['catch'] as Fields
    checkList(walk, task['try'], `${pointer}/try`, nesting)
    if (isPlainObject(retry)) check(source, 'retryPolicy', retry, `${pointer}/catch/retry`)
    if (handler !== undefined) checkList(walk, handler, `${pointer}/catch/do`, nesting)
  }
}

/** The one key that says what a task is. `for` has a `do` of its own. */
function keywordOf (source: Source, task: Fields, pointer: string): TaskKeyword {
  const keys = Object.keys(task)
  const found = TASK_KEYWORDS.filter(keyword => keys.includes(keyword) && !(keyword === 'do' && keys.includes('for')))
  if (found.length === 1) return found[0]!
  if (found.length > 1) {
    fail(
      source,
      child(pointer, found[1]!),
      `a task does one thing, this one has both \`${found[0]}\` and \`${found[1]}\`; make it two tasks`,
      'key'
    )
  }

  const unknown = keys.find(key => !TASK_BASE.includes(key) && !PARTS.includes(key))
  if (unknown === undefined) {
    fail(
      source,
      pointer,
      `says not what to do; a task has one of ${TASK_KEYWORDS.map(keyword => `\`${keyword}\``).join(', ')}`,
      'key'
    )
  }
  return fail(source, child(pointer, unknown), `unknown task keyword \`${unknown}\`${hint(unknown, TASK_KEYWORDS)}`, 'key')
}

function validatorOf (keyword: SupportedKeyword, task: Fields): keyof typeof generated {
  if (keyword !== 'call') return `${keyword}Task`
  return task['call'] === 'http' ? 'httpCall' : 'functionCall'
}

function checkDataFlow (source: Source, owner: Fields, pointer: string): void {
  for (const part of ['input', 'output', 'export']) {
    const { schema } = (owner[part] ?? {}) as Fields
    if (!isPlainObject(schema)) continue
    refuseUnsupportedSchema(source, `${pointer}/${part}/schema`, schema)
    check(source, 'schema', schema, `${pointer}/${part}/schema`)
  }
}

function check (source: Source, name: keyof typeof generated, value: unknown, pointer: string): void {
  const validator = generated[name] as Validator
  if (validator(value)) return
  const { pointer: at, message, what } = explain(`${name}`, validator.errors ?? [], pointer, value)
  fail(source, at, message, what)
}

function pick (fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
