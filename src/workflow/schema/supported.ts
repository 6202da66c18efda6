/**
 * Whether `check.ts` can hold a value against this schema: every keyword known and of the right form, every reference
 * inside the schema itself. What it cannot do is refused by name, with its line, when the workflow is validated.
 */
import { hint, nearest } from '../nearest.js'
import { child, fail } from '../source.js'
import type { Source } from '../source.js'
import { KEYWORDS, resolveReference } from './check.js'
import { isPlainObject, kindOf, show } from './messages.js'

/** Of JSON Schema, but not understood by `check.ts`. */
const UNSUPPORTED = [
  '$anchor', '$dynamicAnchor', '$dynamicRef', '$recursiveRef', '$recursiveAnchor', '$vocabulary',
  'unevaluatedItems', 'unevaluatedProperties', 'dependencies', 'additionalItems', 'contentSchema'
]
const TYPES = ['string', 'number', 'integer', 'boolean', 'object', 'array', 'null']

type Form = (at: At, given: unknown) => void
interface At { source: Source, root: unknown, pointer: string }

/** Throws InvalidInputError. `pointer` is where the schema stands in its document. */
export function checkSchemaDocument (source: Source, schema: unknown, pointer: string): void {
  look({ source, root: schema, pointer }, schema)
}

function look (at: At, schema: unknown): void {
  if (typeof schema === 'boolean') return
  if (!isPlainObject(schema)) bad(at, `a schema is an object, true or false, not ${kindOf(schema)}`)
  for (const [keyword, given] of Object.entries(schema)) {
    const inner = { ...at, pointer: child(at.pointer, keyword) }
    if (UNSUPPORTED.includes(keyword)) fail(at.source, inner.pointer, `schema keyword \`${keyword}\` is not supported yet`, 'key')
    if (!KEYWORDS.includes(keyword)) {
      const near = nearest(keyword, KEYWORDS)
      fail(
        at.source,
        inner.pointer,
        `unknown schema keyword \`${keyword}\`${near === undefined ? '' : hint(keyword, KEYWORDS)}`,
        'key'
      )
    }
    const form = Object.hasOwn(FORMS, keyword) ? FORMS[keyword] : undefined
    form?.(inner, given)
  }
}

function bad (at: At, message: string): never {
  return fail(at.source, at.pointer, message)
}

const count: Form = (at, given) => {
  if (!Number.isSafeInteger(given) || (given as number) < 0) bad(at, `must be a whole number, 0 or more, not ${show(given)}`)
}
const number: Form = (at, given) => { if (typeof given !== 'number') bad(at, `must be a number, not ${kindOf(given)}`) }
const names: Form = (at, given) => {
  if (!Array.isArray(given) || given.some(name => typeof name !== 'string')) bad(at, 'must be a list of names')
}

const list: Form = (at, given) => {
  if (!Array.isArray(given) || given.length === 0) bad(at, 'must be a list of schemas')
  for (const [index, one] of (given as unknown[]).entries()) look({ ...at, pointer: child(at.pointer, index) }, one)
}

const each = (form: Form): Form => (at, given) => {
  if (!isPlainObject(given)) bad(at, `must be an object, not ${kindOf(given)}`)
  for (const [key, one] of Object.entries(given as object)) form({ ...at, pointer: child(at.pointer, key) }, one)
}

const pattern: Form = (at, given) => {
  if (typeof given !== 'string') bad(at, `must be a text, not ${kindOf(given)}`)
  try {
    new RegExp(given, 'u')
  } catch (err) {
    bad(at, `is not a regular expression: ${(err as Error).message}`)
  }
}

const patterns: Form = (at, given) => {
  each(look)(at, given)
  for (const key of Object.keys(given as object)) pattern({ ...at, pointer: child(at.pointer, key) }, key)
}

const reference: Form = (at, given) => {
  if (typeof given !== 'string' || !/^#(?:\/.*)?$/.test(given)) {
    bad(at, `${show(given)}: only references inside the schema (\`#/$defs/…\`) are supported`)
  }
  const target = resolveReference(at.root, given)
  if (target === undefined) bad(at, `nothing stands at ${show(given)}`)
  if (typeof target !== 'boolean' && !isPlainObject(target)) bad(at, `${show(given)} is not a schema`)
}

const type: Form = (at, given) => {
  for (const name of [given].flat()) {
    if (!TYPES.includes(name as string)) {
      bad(at, `must be one of ${TYPES.map(known => `\`${known}\``).join(', ')}, not ${show(name)}`)
    }
  }
}

const FORMS: Record<string, Form> = {
  type,
  enum: (at, given) => { if (!Array.isArray(given)) bad(at, 'must be a list of values') },
  allOf: list, anyOf: list, oneOf: list, prefixItems: list,
  not: look, if: look, then: look, else: look, items: look, contains: look, additionalProperties: look, propertyNames: look,
  properties: each(look), dependentSchemas: each(look), $defs: each(look), definitions: each(look),
  patternProperties: patterns,
  dependentRequired: each(names),
  required: names,
  pattern,
  $ref: reference,
  uniqueItems: (at, given) => { if (typeof given !== 'boolean') bad(at, 'must be true or false') },
  minProperties: count, maxProperties: count, minItems: count, maxItems: count, minContains: count, maxContains: count,
  minLength: count, maxLength: count,
  minimum: number, maximum: number, exclusiveMinimum: number, exclusiveMaximum: number,
  multipleOf: (at, given) => { if (typeof given !== 'number' || given <= 0) bad(at, 'must be a number above 0') }
}
