/**
 * jq for workflows: what the own evaluator surely answers as jq 1.8 does is answered here, synchronously; everything else
 * is `fallback`, for real jq in a worker. Never a third thing: see docs/decisions/0010.
 */
import { InvalidInputError } from '../../errors.js'
import { MAX_CACHED_EXPRESSIONS, MAX_DATA_BYTES, MAX_JSON_DEPTH } from '../../limits.js'
import type { Node } from './ast.js'
import { NotNative } from './code.js'
import type { Code } from './code.js'
import { compile, Scope } from './compile.js'
import { end, Environment, FALLBACK, JqFault, LimitFault } from './environment.js'
import { SyntaxFault } from './lexer.js'
import { parse } from './parser.js'
import type { Compiled, Evaluation, ExpressionCheck } from './types.js'
import { jsonText } from './values.js'

interface Program extends Compiled {
  readonly code: Code | undefined
  /** Slots of the variables from outside, in the order of `variables`. */
  readonly slots: readonly number[]
  /** Whether it can make values that are larger than input and variables together. */
  readonly makes: boolean
}

const cache = new Map<string, Program>()

/** Whether real jq would accept it, functions included; `offset` counts UTF-16 units from the start. */
export function checkExpression (jq: string): ExpressionCheck {
  try {
    parse(jq)
    return { ok: true }
  } catch (err) {
    if (err instanceof SyntaxFault) return { ok: false, message: err.message, offset: err.offset }
    throw err
  }
}

/** Cached. Throws InvalidInputError when `checkExpression` would refuse it. */
export function compileExpression (jq: string): Compiled {
  const known = cache.get(jq)
  if (known !== undefined) return known
  const program = compileProgram(jq)
  if (cache.size >= MAX_CACHED_EXPRESSIONS) cache.delete(cache.keys().next().value as string)
  cache.set(jq, program)
  return program
}

/**
 * Input and variables are JSON values and are never changed; the result may share structure with them. An output that is
 * too large or nests too deep is an error that names the limit. Never throws.
 */
export function evaluate (compiled: Compiled, input: unknown, vars: Record<string, unknown>): Evaluation {
  const { code, slots, variables, makes } = compiled as Program
  if (code === undefined) return { kind: 'fallback' }
  const env = new Environment(new Array<unknown>(slots.length))
  for (let i = 0; i < slots.length; i++) {
    const name = variables[i]!
    if (!Object.hasOwn(vars, name)) return { kind: 'error', message: `$${name} is not defined` }
    env.slots[slots[i]!] = vars[name] ?? null
  }
  try {
    const value = firstOutput(code, env, input ?? null)
    if (makes) checkOutput(value)
    return { kind: 'value', value }
  } catch (err) {
    return faultOf(err, env)
  }
}

function compileProgram (jq: string): Program {
  let node: Node
  try {
    node = parse(jq)
  } catch (err) {
    if (!(err instanceof SyntaxFault)) throw err
    throw new InvalidInputError(`jq expression, character ${err.offset + 1}: ${err.message}`, { column: err.offset + 1 }, { cause: err })
  }
  const scope = Scope.outermost()
  try {
    const code = compile(node, scope)
    const free = [...scope.top.free]
    return { jq, native: true, variables: free.map(([name]) => name), code, slots: free.map(([, slot]) => slot), makes: !isPath(node) }
  } catch (err) {
    if (!(err instanceof NotNative)) throw err
    return { jq, native: false, variables: freeVariables(node), code: undefined, slots: [], makes: true }
  }
}

function firstOutput (code: Code, env: Environment, input: unknown): unknown {
  if (code.one !== undefined) return code.one(env, input)
  let first: unknown = null
  code.many(env, input, value => {
    first = value
    return false
  })
  return first
}

function faultOf (err: unknown, env: Environment): Evaluation {
  if (err === FALLBACK) return { kind: 'fallback' }
  if (err instanceof LimitFault) return { kind: 'error', message: err.message }
  // The stack is full: real jq has another one.
  if (err instanceof RangeError) return { kind: 'fallback' }
  if (!(err instanceof JqFault)) throw err
  return { kind: 'error', message: messageOf(err.value, env) }
}

function messageOf (value: unknown, env: Environment): string {
  if (typeof value === 'string') return value
  try {
    return `(not a string): ${jsonText(env, value)}`
  } catch {
    return '(not a string)'
  }
}

/** Whether the value can only be a part of the input or of a variable. */
function isPath (node: Node): boolean {
  switch (node.kind) {
    case 'identity': case 'variable': case 'literal': return true
    case 'index': return isPath(node.on)
    case 'pipe': case 'alternative': return isPath(node.left) && isPath(node.right)
    case 'binary': return !['+', '-', '*', '/', '%'].includes(node.op)
    case 'and': case 'or': return true
    default: return false
  }
}

/** Walks the output as it would be written, since a small program can share one part a billion times. */
function checkOutput (value: unknown): void {
  let bytes = 0
  const count = (more: number): void => {
    bytes += more
    if (bytes > MAX_DATA_BYTES) end(new LimitFault(`the expression makes more than ${MAX_DATA_BYTES} bytes (MAX_DATA_BYTES)`))
  }
  const walk = (part: unknown, depth: number): void => {
    if (typeof part === 'string') return count(part.length + 2)
    if (typeof part !== 'object' || part === null) return count(4)
    if (depth >= MAX_JSON_DEPTH) end(new LimitFault(`the expression nests its output deeper than ${MAX_JSON_DEPTH} (MAX_JSON_DEPTH)`))
    count(2)
    if (Array.isArray(part)) {
      for (const item of part) { count(1); walk(item, depth + 1) }
      return
    }
    for (const key of Object.keys(part)) {
      count(key.length + 4)
      walk((part as Record<string, unknown>)[key], depth + 1)
    }
  }
  walk(value, 0)
}

/** Every name read and not bound around it; names are over-approximated where `def` or `?//` bind them. */
function freeVariables (node: Node): string[] {
  const free = new Set<string>()
  const visit = (part: unknown, bound: ReadonlySet<string>): void => {
    if (typeof part !== 'object' || part === null) return
    if (Array.isArray(part)) { part.forEach(item => visit(item, bound)); return }
    const node = part as Record<string, unknown>
    if (node.kind === 'variable' && !bound.has(node.name as string)) free.add(node.name as string)
    const inner = node.patterns === undefined ? bound : new Set([...bound, ...boundNames(node.patterns)])
    for (const [field, child] of Object.entries(node)) {
      if (field === 'patterns') visitKeys(child, bound)
      else visit(child, field === 'source' || field === 'init' ? bound : inner)
    }
  }
  const visitKeys = (pattern: unknown, bound: ReadonlySet<string>): void => {
    if (typeof pattern !== 'object' || pattern === null) return
    for (const [field, child] of Object.entries(pattern)) {
      if (field === 'key') visit(child, bound)
      else visitKeys(child, bound)
    }
  }
  visit(node, new Set())
  return [...free]
}

function boundNames (pattern: unknown): string[] {
  if (typeof pattern !== 'object' || pattern === null) return []
  if (Array.isArray(pattern)) return pattern.flatMap(boundNames)
  const part = pattern as Record<string, unknown>
  if (part.kind === 'variable') return [part.name as string]
  return [...(typeof part.variable === 'string' ? [part.variable] : []), ...boundNames(part.items), ...boundNames(part.entries), ...boundNames(part.pattern)]
}
