/**
 * A value against a JSON Schema (2020-12) of a workflow: a small interpreter of the keywords in KEYWORDS, pure and bounded
 * in steps. `supported.ts` has refused every other keyword when the workflow was validated, so none is ignored here.
 * Patterns are the deployer's: a bad one costs time, so texts above MAX_PATTERN_TEXT are not matched but refused.
 */
import { MAX_JSON_DEPTH, MAX_SCHEMA_STEPS } from '../../limits.js'
import { canonicalText } from '../canonical.js'
import { child } from '../source.js'
import { isPlainObject, kindOf, show } from './messages.js'

export type SchemaCheck = { ok: true } | { ok: false, pointer: string, message: string }

type Schema = Record<string, unknown>
type Mistake = { pointer: string, message: string }
type Found = Mistake | undefined
interface Check { root: unknown, steps: number, depth: number }
type Rule = (check: Check, given: never, value: unknown, pointer: string, schema: Schema) => Found

const MAX_PATTERN_TEXT = 16 * 1024
const patterns = new Map<string, RegExp>()

class TooMuch extends Error {}

/** Whether a value fits a JSON Schema that compileWorkflow has let pass. Pure and bounded; the first mistake found. */
export function checkSchema (schema: unknown, value: unknown): SchemaCheck {
  try {
    const found = run({ root: schema, steps: 0, depth: 0 }, schema, value, '')
    return found === undefined ? { ok: true } : { ok: false, ...found }
  } catch (err) {
    if (!(err instanceof TooMuch)) throw err
    return { ok: false, pointer: '', message: err.message }
  }
}

function run (check: Check, schema: unknown, value: unknown, pointer: string): Found {
  if (++check.steps > MAX_SCHEMA_STEPS) throw new TooMuch(`the schema needs more than ${MAX_SCHEMA_STEPS} steps for this value`)
  if (schema === true || !isPlainObject(schema)) return schema === false ? { pointer, message: 'is not allowed here' } : undefined
  if (++check.depth > 2 * MAX_JSON_DEPTH) throw new TooMuch(`the schema refers to itself more than ${2 * MAX_JSON_DEPTH} deep`)
  for (const keyword of Object.keys(schema)) {
    const rule = Object.hasOwn(RULES, keyword) ? RULES[keyword] : undefined
    const found = rule?.(check, schema[keyword] as never, value, pointer, schema)
    if (found !== undefined) return found
  }
  check.depth--
  return undefined
}

/** Tried and dropped: what it found does not count. */
function fits (check: Check, schema: unknown, value: unknown, pointer: string): boolean {
  const { depth } = check
  const found = run(check, schema, value, pointer)
  check.depth = depth
  return found === undefined
}

const say = (pointer: string, message: string): Mistake => ({ pointer, message })
const own = (value: Schema, key: string): boolean => Object.hasOwn(value, key)

/** Of numbers: what must hold, and how it is called. */
const number = (holds: (value: number, given: number) => boolean, must: string): Rule =>
  (_check, given: number, value, pointer) =>
    typeof value !== 'number' || holds(value, given) ? undefined : say(pointer, `must be ${must} ${given}, is ${value}`)

/** Of a size, which values of another type do not have. */
const least = (size: (value: unknown) => number | undefined, what: string): Rule =>
  (_check, given: number, value, pointer) => atLeast(size(value), given, pointer, what)
const most = (size: (value: unknown) => number | undefined, what: string): Rule =>
  (_check, given: number, value, pointer) => atMost(size(value), given, pointer, what)

const itemsOf = (value: unknown): number | undefined => Array.isArray(value) ? value.length : undefined
const keysOf = (value: unknown): number | undefined => isPlainObject(value) ? Object.keys(value).length : undefined
/** In characters as people count them, not UTF-16 units. */
const charactersOf = (value: unknown): number | undefined => typeof value === 'string' ? [...value].length : undefined

const RULES: Record<string, Rule> = {
  type: (_check, given: string | string[], value, pointer) => {
    const types = [given].flat()
    return types.some(type => isOf(type, value)) ? undefined : say(pointer, `must be ${types.join(' or ')}, not ${kindOf(value)}`)
  },
  const: (check, given: unknown, value, pointer) =>
    same(check, given, value) ? undefined : say(pointer, `must be ${show(given)}, not ${show(value)}`),
  enum: (check, given: unknown[], value, pointer) => {
    if (given.some(one => same(check, one, value))) return undefined
    return say(pointer, `must be one of ${given.slice(0, 10).map(show).join(', ')}, not ${show(value)}`)
  },

  allOf: (check, given: unknown[], value, pointer) => first(given, one => run(check, one, value, pointer)),
  anyOf: (check, given: unknown[], value, pointer) =>
    given.some(one => fits(check, one, value, pointer)) ? undefined : say(pointer, 'fits none of `anyOf`'),
  oneOf: (check, given: unknown[], value, pointer) => {
    const count = given.filter(one => fits(check, one, value, pointer)).length
    return count === 1 ? undefined : say(pointer, `must fit exactly one of \`oneOf\`, fits ${count}`)
  },
  not: (check, given: unknown, value, pointer) =>
    fits(check, given, value, pointer) ? say(pointer, 'is what `not` excludes') : undefined,
  if: (check, given: unknown, value, pointer, schema) => {
    const branch = fits(check, given, value, pointer) ? 'then' : 'else'
    return run(check, schema[branch] ?? true, value, pointer)
  },
  $ref: (check, given: string, value, pointer) => run(check, resolveReference(check.root, given), value, pointer),

  properties: (check, given: Schema, value, pointer) => {
    if (!isPlainObject(value)) return undefined
    return first(Object.keys(given), key => own(value, key) ? run(check, given[key], value[key], child(pointer, key)) : undefined)
  },
  patternProperties: (check, given: Schema, value, pointer) => {
    if (!isPlainObject(value)) return undefined
    const ofPattern = (pattern: string): Found => first(Object.keys(value).filter(key => matches(pattern, key)), key =>
      run(check, given[pattern], value[key], child(pointer, key)))
    return first(Object.keys(given), ofPattern)
  },
  additionalProperties: (check, given: unknown, value, pointer, schema) => {
    if (!isPlainObject(value)) return undefined
    const named = (schema['properties'] ?? {}) as Schema
    const forms = Object.keys(schema['patternProperties'] ?? {})
    const others = Object.keys(value).filter(key => !own(named, key) && !forms.some(form => matches(form, key)))
    return first(others, key => run(check, given, value[key], child(pointer, key)))
  },
  propertyNames: (check, given: unknown, value, pointer) =>
    isPlainObject(value) ? first(Object.keys(value), key => run(check, given, key, child(pointer, key))) : undefined,
  required: (_check, given: string[], value, pointer) => isPlainObject(value)
    ? first(given, key => own(value, key) ? undefined : say(pointer, `\`${key}\` is missing`))
    : undefined,
  dependentRequired: (_check, given: Record<string, string[]>, value, pointer) => {
    if (!isPlainObject(value)) return undefined
    return first(Object.keys(given).filter(key => own(value, key)), key =>
      first(given[key]!, need => own(value, need) ? undefined : say(pointer, `\`${need}\` is missing beside \`${key}\``)))
  },
  dependentSchemas: (check, given: Schema, value, pointer) => isPlainObject(value)
    ? first(Object.keys(given).filter(key => own(value, key)), key => run(check, given[key], value, pointer))
    : undefined,
  minProperties: least(keysOf, 'keys'),
  maxProperties: most(keysOf, 'keys'),

  prefixItems: (check, given: unknown[], value, pointer) => Array.isArray(value)
    ? first(given.slice(0, value.length), (one, at) => run(check, one, value[at], child(pointer, at)))
    : undefined,
  items: (check, given: unknown, value, pointer, schema) => {
    if (!Array.isArray(value)) return undefined
    const from = ((schema['prefixItems'] ?? []) as unknown[]).length
    return first(value.slice(from), (item, at) => run(check, given, item, child(pointer, from + at)))
  },
  contains: (check, given: unknown, value, pointer, schema) => {
    if (!Array.isArray(value)) return undefined
    const count = value.filter((item, at) => fits(check, given, item, child(pointer, at))).length
    const { minContains = 1, maxContains = Infinity } = schema as { minContains?: number, maxContains?: number }
    const what = 'items that fit `contains`'
    return atLeast(count, minContains, pointer, what) ?? atMost(count, maxContains, pointer, what)
  },
  minItems: least(itemsOf, 'items'),
  maxItems: most(itemsOf, 'items'),
  uniqueItems: (check, given: boolean, value, pointer) => {
    if (!given || !Array.isArray(value)) return undefined
    const seen = new Set(value.map(item => textOf(check, item)))
    return seen.size === value.length ? undefined : say(pointer, 'has an item twice')
  },

  minLength: least(charactersOf, 'characters'),
  maxLength: most(charactersOf, 'characters'),
  pattern: (_check, given: string, value, pointer) =>
    typeof value !== 'string' || matches(given, value) ? undefined : say(pointer, `${show(value)} does not match ${given}`),

  minimum: number((value, given) => value >= given, 'at least'),
  maximum: number((value, given) => value <= given, 'at most'),
  exclusiveMinimum: number((value, given) => value > given, 'more than'),
  exclusiveMaximum: number((value, given) => value < given, 'less than'),
  multipleOf: number(isMultiple, 'a multiple of')
}

/** Read together with the keyword beside them, or not rules at all. */
const BESIDE = ['then', 'else', 'minContains', 'maxContains', '$defs', 'definitions']
const NOTES = [
  'title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly', '$comment', '$schema', '$id',
  'format', 'contentEncoding', 'contentMediaType'
]

/** Every keyword that is understood; `format` is a note, as the standard has it. */
export const KEYWORDS: readonly string[] = [...Object.keys(RULES), ...BESIDE, ...NOTES]

/** `#` or `#/…` inside the same schema; undefined when nothing is there. */
export function resolveReference (root: unknown, reference: string): unknown {
  let at = root
  for (const step of reference.slice(1).split('/').slice(1).map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))) {
    const held = typeof at === 'object' && at !== null && Object.hasOwn(at, step)
    at = held ? (at as Schema)[step] : undefined
  }
  return at
}

function isOf (type: string, value: unknown): boolean {
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value)
  if (type === 'null') return value === null
  if (type === 'array') return Array.isArray(value)
  return type === 'object' ? isPlainObject(value) : typeof value === type
}

function first <T> (items: readonly T[], look: (item: T, at: number) => Found): Found {
  for (const [at, item] of items.entries()) {
    const found = look(item, at)
    if (found !== undefined) return found
  }
  return undefined
}

function atLeast (count: number | undefined, least: number, pointer: string, what: string): Found {
  return count === undefined || count >= least ? undefined : say(pointer, `must have at least ${least} ${what}, has ${count}`)
}

function atMost (count: number | undefined, most: number, pointer: string, what: string): Found {
  return count === undefined || count <= most ? undefined : say(pointer, `must have at most ${most} ${what}, has ${count}`)
}

function same (check: Check, a: unknown, b: unknown): boolean {
  return typeof a === 'object' && typeof b === 'object' ? textOf(check, a) === textOf(check, b) : a === b
}

function textOf (check: Check, value: unknown): string {
  const text = canonicalText(value)
  check.steps += text.length >> 3
  return text
}

function matches (pattern: string, text: string): boolean {
  if (text.length > MAX_PATTERN_TEXT) {
    throw new TooMuch(`a text of more than ${MAX_PATTERN_TEXT} characters is not matched against a pattern`)
  }
  let compiled = patterns.get(pattern)
  if (compiled === undefined) {
    if (patterns.size >= 1024) patterns.clear()
    patterns.set(pattern, compiled = new RegExp(pattern, 'u'))
  }
  return compiled.test(text)
}

/** 0.3 is a multiple of 0.1, whatever binary fractions say. */
function isMultiple (value: number, of: number): boolean {
  const times = value / of
  return Math.abs(times - Math.round(times)) < 1e-9 * Math.max(1, Math.abs(times))
}
