/**
 * What a generated validator reports, reduced to the one mistake the author made: of a choice (`oneOf`, `anyOf`) only the
 * branch whose type fits the value speaks. Then it is said in words.
 */
import { hint } from '../nearest.js'
import { child } from '../source.js'
import { KNOWN_KEYS, SHAPES } from './generated/tables.js'

/** As ajv reports it. */
export interface SchemaError { instancePath: string, schemaPath: string, keyword: string, params: Record<string, unknown> }

export interface Mistake { pointer: string, message: string, what: 'key' | 'value' }

const CHOICE = /^(.*\/(?:oneOf|anyOf))$/
const NAME = 'letters, digits and dashes, 1 to 63, beginning and ending with a letter or digit'
const PATTERNS: Record<string, string> = {
  dsl: 'a version of the specification such as 1.0.3',
  version: 'a semantic version such as 1.0.0, in quotes',
  namespace: NAME,
  name: NAME
}
const SHAPE_WORDS: Record<string, string> = {
  endpoint: 'an absolute URI, such as https://example.com/orders/{id}, an expression `${ … }`, or an object with `uri`',
  uriTemplate: 'a URI, such as https://example.com/orders/{id}',
  runtimeExpression: 'an expression in `${ … }`'
}

/** The first mistake by place in the schema's order, `root` naming the validator and `pointer` where its value stands. */
export function explain (root: string, errors: SchemaError[], pointer: string, value: unknown): Mistake {
  const meant = reduce(errors.filter(error => !isArtefact(root, error)))
  // A misspelt key explains a missing one, so it speaks first.
  const first = meant.find(error => isUnknownKey(error)) ?? meant[0]!
  return inWords(root, first, pointer, value)
}

/** Drops every branch of a choice but the one meant; when none fits better than another, the choice itself speaks. */
function reduce (errors: SchemaError[]): SchemaError[] {
  let left = errors
  // Outermost first: what it drops need not be looked at.
  const choices = errors.filter(error => CHOICE.test(error.schemaPath))
  for (const choice of choices.sort((a, b) => a.schemaPath.length - b.schemaPath.length)) {
    if (!left.includes(choice)) continue
    const below = `${choice.schemaPath}/`
    const inside = left.filter(error => error.schemaPath.startsWith(below) && error.instancePath.startsWith(choice.instancePath))
    const tooMany = Array.isArray(choice.params['passingSchemas'])
    const keep = tooMany ? [] : meantOf([...group(inside, choice).values()], choice)
    const typed = inside.filter(error => error.keyword === 'type' && error.instancePath === choice.instancePath)
    choice.params = { ...choice.params, wanted: [...new Set(typed.flatMap(error => error.params['type']))] }
    left = left.filter(error => error === choice ? keep.length === 0 : !inside.includes(error) || keep.includes(error))
  }
  return left
}

function group (errors: SchemaError[], choice: SchemaError): Map<string, SchemaError[]> {
  const branches = new Map<string, SchemaError[]>()
  for (const error of errors) {
    const branch = error.schemaPath.slice(choice.schemaPath.length + 1).split('/')[0]!
    branches.set(branch, [...branches.get(branch) ?? [], error])
  }
  return branches
}

/** The only branch that is for this type of value, or the only one of those whose marking keys and form are there. */
function meantOf (branches: SchemaError[][], choice: SchemaError): SchemaError[] {
  const fails = (branch: SchemaError[], keywords: string[]) =>
    branch.some(error => error.instancePath === choice.instancePath && keywords.includes(error.keyword))
  const ofType = branches.filter(branch => !fails(branch, ['type']))
  if (ofType.length === 1) return ofType[0]!
  const marked = ofType.filter(branch => !fails(branch, ['required', 'not', 'pattern', 'anyOf']))
  return marked.length === 1 ? marked[0]! : []
}

function isUnknownKey (error: SchemaError): boolean {
  return error.keyword === 'additionalProperties' || error.keyword === 'unevaluatedProperties'
}

/** A key that is known there, but was in a branch that did not fit: the choice says so itself. */
function isArtefact (root: string, error: SchemaError): boolean {
  return isUnknownKey(error) && (KNOWN_KEYS[ownerOf(root, error)] ?? []).includes(keyOf(error))
}

function keyOf (error: SchemaError): string {
  return String(error.params['additionalProperty'] ?? error.params['unevaluatedProperty'])
}

/** The place of the closed object in the schema. */
function ownerOf (root: string, error: SchemaError): string {
  return root + error.schemaPath.slice(0, error.schemaPath.lastIndexOf('/'))
}

function inWords (root: string, error: SchemaError, pointer: string, value: unknown): Mistake {
  const at = pointer + error.instancePath
  const found = dig(value, error.instancePath)
  if (isUnknownKey(error)) {
    const key = keyOf(error)
    const known = KNOWN_KEYS[ownerOf(root, error)] ?? []
    return { pointer: child(at, key), message: `unknown key \`${key}\`${hint(key, known)}`, what: 'key' }
  }
  return { pointer: at, message: sentence(root, error, at, found), what: 'value' }
}

function sentence (root: string, error: SchemaError, pointer: string, found: unknown): string {
  const { keyword, params } = error
  switch (keyword) {
    case 'required': return `\`${String(params['missingProperty'])}\` is missing`
    case 'type': return `must be ${types(params['type'])}, not ${kindOf(found)}`
    case 'enum': return oneOf(params['allowedValues'] as unknown[], found)
    case 'maxProperties': return 'must have exactly one key, the name; write one `- name:` for each entry of the list'
    case 'minProperties': // the schema never asks for more than one
    case 'minItems': return 'must not be empty'
    case 'pattern': return `${show(found)} is not ${formOf(pointer, String(params['pattern']))}`
    case 'oneOf':
    case 'anyOf': return choice(SHAPES[root + error.schemaPath], error, pointer, found)
    default: return `is not as the specification's schema wants it (${keyword})`
  }
}

function formOf (pointer: string, pattern: string): string {
  if (pattern.startsWith('^\\s*\\$')) return SHAPE_WORDS['runtimeExpression']!
  return PATTERNS[lastOf(pointer)] ?? 'of the form expected here'
}

function choice (shape: string | undefined, error: SchemaError, pointer: string, found: unknown): string {
  if (shape !== undefined) return `must be ${SHAPE_WORDS[shape] ?? shape}, not ${show(found)}`
  const field = lastOf(pointer)
  if (field === 'backoff') return 'must have one of `constant`, `linear`, `exponential`'
  if (field === 'schema') return 'must have `document` with the JSON Schema'
  if (field === 'type' || field === 'uri') {
    return `must be ${SHAPE_WORDS['uriTemplate']} or an expression in \`\${ … }\`, not ${show(found)}`
  }
  const wanted = error.params['wanted'] as unknown[]
  return wanted.length > 0 ? `must be ${types(wanted)}, not ${kindOf(found)}` : 'is not as the specification\'s schema wants it'
}

function oneOf (allowed: unknown[], found: unknown): string {
  return `must be one of ${allowed.map(value => `\`${String(value)}\``).join(', ')}, not ${show(found)}`
}

function lastOf (pointer: string): string {
  return pointer.slice(pointer.lastIndexOf('/') + 1)
}

function dig (value: unknown, pointer: string): unknown {
  let at = value
  for (const step of pointer.split('/').slice(1)) {
    at = (at as Record<string, unknown> | undefined)?.[step.replaceAll('~1', '/').replaceAll('~0', '~')]
  }
  return at
}

function types (type: unknown): string {
  return (Array.isArray(type) ? type : [type]).map(name => WITH_ARTICLE[String(name)] ?? String(name)).join(' or ')
}

const WITH_ARTICLE: Record<string, string> = {
  string: 'a text', object: 'an object', array: 'a list', integer: 'a whole number', number: 'a number', boolean: 'true or false'
}

/** What a value is, in the words of messages. */
export function kindOf (value: unknown): string {
  if (value === null || value === undefined) return 'empty'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object') return 'an object'
  return typeof value === 'string' ? 'a text' : show(value)
}

/** A value, short enough for one line. */
export function show (value: unknown): string {
  if (value === null || typeof value === 'object') return kindOf(value)
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

export function isPlainObject (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
