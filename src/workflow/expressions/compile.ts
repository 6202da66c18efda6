/** Turns a parsed program into closures. Throws NotNative where only real jq is sure to be right. */
import type { Node, Pattern } from './ast.js'
import { BUILTINS } from './builtins.js'
import { collect, multi, notNative, single, withOne, withTwo } from './code.js'
import type { Code, Many, One, Paths } from './code.js'
import { compilePaths } from './compile-paths.js'
import { compileAssignment } from './assignment.js'
import type { Environment } from './environment.js'
import { fail, fallBack, JqFault } from './environment.js'
import { formatter } from './formats.js'
import { add, finite, OPERATORS } from './operators.js'
import { getField, getKey, getSlice } from './paths.js'
import { elements, isTruthy, kindOf, setKey } from './values.js'
import type { JsonObject } from './values.js'

/** Where each variable lies in `Environment.slots`; those taken from outside come first and are in `free`. */
export class Scope {
  private constructor (private readonly names: ReadonlyMap<string, number>, readonly top: { free: Map<string, number>, slots: number }) {}

  static outermost (): Scope { return new Scope(new Map(), { free: new Map(), slots: 0 }) }

  slot (name: string): number {
    const slot = this.names.get(name) ?? this.top.free.get(name)
    if (slot !== undefined) return slot
    this.top.free.set(name, this.top.slots)
    return this.top.slots++
  }

  with (names: string[]): Scope {
    return new Scope(new Map([...this.names, ...names.map((name): [string, number] => [name, this.top.slots++])]), this.top)
  }
}

export interface Compiler {
  code: (node: Node, scope?: Scope) => Code
  paths: (node: Node, scope?: Scope) => Paths
  scope: Scope
}

export function compilerIn (scope: Scope): Compiler {
  return {
    code: (node, inner = scope) => compile(node, inner),
    paths: (node, inner = scope) => compilePaths(node, compilerIn(inner)),
    scope
  }
}

export function compile (node: Node, scope: Scope): Code {
  const sub = (inner: Node): Code => compile(inner, scope)
  switch (node.kind) {
    case 'identity': return single((_env, input) => input)
    case 'literal': return literal(node)
    case 'string': return interpolation(node.parts.map(part => typeof part === 'string' ? part : sub(part)), node.format)
    case 'format': return single(formatter(node.format))
    case 'variable': {
      const slot = scope.slot(node.name)
      return single(env => env.slots[slot])
    }
    case 'index': return index(node, sub)
    case 'slice': return slice(node, sub)
    case 'iterate': return iterate(sub(node.on), node.optional)
    case 'recurseAll': return sub({ kind: 'call', name: 'recurse', args: [] })
    case 'pipe': return pipe(sub(node.left), sub(node.right))
    case 'comma': return comma(sub(node.left), sub(node.right))
    case 'negate': return withOne(sub(node.value), (_env, _input, value) => {
      return typeof value === 'number' ? finite(-value) : fail(`${kindOf(value)} cannot be negated`)
    })
    case 'binary': {
      const operator = OPERATORS[node.op]
      return withTwo(sub(node.right), sub(node.left), (env, _input, right, left) => operator(env, left, right))
    }
    case 'and': return logic(sub(node.left), sub(node.right), false)
    case 'or': return logic(sub(node.left), sub(node.right), true)
    case 'alternative': return alternative(sub(node.left), sub(node.right))
    case 'if': return condition(sub(node.condition), sub(node.then), node.else === undefined ? identity : sub(node.else))
    case 'try': return attempt(sub(node.body), node.handler)
    case 'array': return node.body === undefined ? single(() => []) : array(sub(node.body))
    case 'object': return object(node.entries.map(entry => ({ key: sub(entry.key), value: sub(entry.value) })))
    case 'bind': return binding(node, scope)
    case 'reduce': return reduce(node, scope)
    case 'foreach': return foreach(node, scope)
    case 'assign': return compileAssignment(node, compilerIn(scope))
    case 'call': {
      const builtin = BUILTINS.get(`${node.name}/${node.args.length}`)
      return builtin === undefined ? notNative(node.name) : builtin(node.args, compilerIn(scope))
    }
    case 'define': case 'label': case 'break': return notNative(node.kind)
  }

  // `try` and `catch` here, since only this function compiles handlers.
  function attempt (body: Code, handler: Node | undefined): Code {
    const caught = handler === undefined ? undefined : sub(handler)
    const blind = handler === undefined || handler.kind === 'literal' || handler.kind === 'variable' ||
      (handler.kind === 'call' && handler.name === 'empty')
    return multi(guarded(body.many, (env, fault, emit) => {
      if (caught === undefined) return true
      if (!blind && !fault.exact) return fallBack()
      return caught.many(env, fault.value, emit)
    }))
  }
}

const identity = single((_env, input) => input)

/** Runs `many`; its own faults go to `handle`, those of whoever receives its outputs pass. */
export function guarded (many: Many, handle: (env: Environment, fault: JqFault, emit: (value: unknown) => boolean) => boolean): Many {
  return (env, input, emit) => {
    let downstream = false
    const depth = env.depth
    try {
      return many(env, input, value => {
        downstream = true
        const more = emit(value)
        downstream = false
        return more
      })
    } catch (err) {
      if (downstream || !(err instanceof JqFault)) throw err
      env.depth = depth
      return handle(env, err, emit)
    }
  }
}

function literal (node: Node & { kind: 'literal' }): Code {
  const value = node.value
  if (node.fidelity === 'plain') return single(() => value)
  if (node.fidelity === 'beyond') return notNative('literal')
  return single(env => {
    env.oddNumbers = true
    return value
  })
}

function interpolation (parts: (string | Code)[], format: string): Code {
  const print = formatter(format)
  return parts.reduce<Code>((before, part) => {
    if (typeof part === 'string') return withOne(before, (env, _input, text) => add(env, text, part))
    return withTwo(part, before, (env, _input, value, text) => add(env, text, print(env, value)))
  }, single(() => ''))
}

function index (node: Node & { kind: 'index' }, sub: (node: Node) => Code): Code {
  const on = sub(node.on)
  if (node.optional) {
    const key = sub(node.key)
    return multi((env, input, emit) => key.many(env, input, name => on.many(env, input, value => {
      const found = optional(() => getKey(env, value, name))
      return found === undefined || emit(found)
    })))
  }
  if (node.key.kind === 'literal' && typeof node.key.value === 'string') {
    const key = node.key.value
    const one = on.one
    if (one === undefined) return withOne(on, (_env, _input, value) => getField(value, key))
    return node.on.kind === 'identity' ? single((_env, input) => getField(input, key)) : single((env, input) => getField(one(env, input), key))
  }
  return withTwo(sub(node.key), on, (env, _input, key, value) => getKey(env, value, key))
}

/** Undefined when the access itself fails. */
export function optional (access: () => unknown): unknown {
  try {
    return access()
  } catch (err) {
    if (err instanceof JqFault) return undefined
    throw err
  }
}

function slice (node: Node & { kind: 'slice' }, sub: (node: Node) => Code): Code {
  const nothing = single(() => null)
  const range = withTwo(node.from === undefined ? nothing : sub(node.from), node.to === undefined ? nothing : sub(node.to),
    (_env, _input, start, end) => ({ start, end }))
  const on = sub(node.on)
  const get = (env: Environment, value: unknown, key: unknown): unknown =>
    getSlice(env, value, (key as JsonObject).start, (key as JsonObject).end)
  if (!node.optional) return withTwo(range, on, (env, _input, key, value) => get(env, value, key))
  return multi((env, input, emit) => range.many(env, input, key => on.many(env, input, value => {
    const found = optional(() => get(env, value, key))
    return found === undefined || emit(found)
  })))
}

function iterate (on: Code, lenient: boolean): Code {
  return multi((env, input, emit) => on.many(env, input, container => {
    if (lenient && (typeof container !== 'object' || container === null)) return true
    for (const value of elements(env, container)) {
      env.spend(1)
      if (!emit(value)) return false
    }
    return true
  }))
}

export function pipe (left: Code, right: Code): Code {
  const [first, second] = [left.one, right.one]
  if (first === undefined) return multi((env, input, emit) => left.many(env, input, value => right.many(env, value, emit)))
  if (second !== undefined) return single((env, input) => second(env, first(env, input)))
  return multi((env, input, emit) => right.many(env, first(env, input), emit))
}

function comma (left: Code, right: Code): Code {
  return multi((env, input, emit) => {
    env.spend(1)
    return left.many(env, input, emit) && right.many(env, input, emit)
  })
}

/** `and` is decided by a false left side, `or` by a true one. */
function logic (left: Code, right: Code, decisive: boolean): Code {
  const [a, b] = [left.one, right.one]
  if (a !== undefined && b !== undefined) {
    return single((env, input) => isTruthy(a(env, input)) === decisive ? decisive : isTruthy(b(env, input)))
  }
  return multi((env, input, emit) => left.many(env, input, value => {
    return isTruthy(value) === decisive ? emit(decisive) : right.many(env, input, other => emit(isTruthy(other)))
  }))
}

function alternative (left: Code, right: Code): Code {
  const [a, b] = [left.one, right.one]
  if (a !== undefined && b !== undefined) {
    return single((env, input) => {
      const value = a(env, input)
      return isTruthy(value) ? value : b(env, input)
    })
  }
  return multi((env, input, emit) => {
    let found = false
    const more = left.many(env, input, value => {
      if (!isTruthy(value)) return true
      found = true
      return emit(value)
    })
    return found || !more ? more : right.many(env, input, emit)
  })
}

function condition (test: Code, then: Code, otherwise: Code): Code {
  const [a, b, c] = [test.one, then.one, otherwise.one]
  if (a !== undefined && b !== undefined && c !== undefined) {
    return single((env, input) => isTruthy(a(env, input)) ? b(env, input) : c(env, input))
  }
  return multi((env, input, emit) => test.many(env, input, value => (isTruthy(value) ? then : otherwise).many(env, input, emit)))
}

function array (body: Code): Code {
  const one = body.one
  return one === undefined ? single((env, input) => collect(body, env, input)) : single((env, input) => [one(env, input)])
}

function object (entries: { key: Code, value: Code }[]): Code {
  const ones: { key: One, value: One }[] = []
  for (const { key, value } of entries) if (key.one !== undefined && value.one !== undefined) ones.push({ key: key.one, value: value.one })
  if (ones.length === entries.length) {
    return single((env, input) => {
      const made: JsonObject = {}
      for (const { key, value } of ones) putEntry(env, made, key(env, input), value(env, input))
      return made
    })
  }
  const build = (env: Environment, input: unknown, at: number, before: readonly [unknown, unknown][], emit: (value: unknown) => boolean): boolean => {
    const entry = entries[at]
    if (entry === undefined) {
      const made: JsonObject = {}
      for (const [key, value] of before) putEntry(env, made, key, value)
      return emit(made)
    }
    return entry.key.many(env, input, key => entry.value.many(env, input, value => {
      env.spend(1)
      if (typeof key !== 'string') return fail('Object keys must be strings')
      return build(env, input, at + 1, [...before, [key, value]], emit)
    }))
  }
  return multi((env, input, emit) => build(env, input, 0, [], emit))
}

function putEntry (env: Environment, made: JsonObject, key: unknown, value: unknown): void {
  if (typeof key !== 'string') return fail('Object keys must be strings')
  setKey(env, made, key, value)
}

/** Writes what the pattern names into the slots. */
type Destructure = (env: Environment, value: unknown) => void

/** Compiles one pattern; its variables are visible in the returned scope. */
export function destructuring (patterns: Pattern[], scope: Scope): { scope: Scope, slots: number[], assign: Destructure } {
  const pattern = patterns[0]!
  if (patterns.length > 1) return notNative('?//')
  const names = variablesOf(pattern)
  if (new Set(names).size !== names.length) return notNative('pattern')
  const inner = scope.with(names)
  return { scope: inner, slots: names.map(name => inner.slot(name)), assign: destructure(pattern, inner) }
}

function variablesOf (pattern: Pattern): string[] {
  switch (pattern.kind) {
    case 'variable': return [pattern.name]
    case 'array': return pattern.items.flatMap(variablesOf)
    case 'object': return pattern.entries.flatMap(({ variable, pattern }) => [
      ...(variable === undefined ? [] : [variable]), ...(pattern === undefined ? [] : variablesOf(pattern))])
  }
}

function destructure (pattern: Pattern, scope: Scope): Destructure {
  if (pattern.kind === 'variable') {
    const slot = scope.slot(pattern.name)
    return (env, value) => { env.slots[slot] = value }
  }
  const parts: { key: unknown, assign: Destructure }[] = pattern.kind === 'array'
    ? pattern.items.map((item, key) => ({ key, assign: destructure(item, scope) }))
    : pattern.entries.flatMap(({ key, variable, pattern }) => {
      if (key.kind !== 'literal') return notNative('pattern')
      const inner: Pattern[] = [...(variable === undefined ? [] : [{ kind: 'variable', name: variable } as const]), ...(pattern === undefined ? [] : [pattern])]
      return inner.map(one => ({ key: key.value, assign: destructure(one, scope) }))
    })
  return (env, value) => { for (const { key, assign } of parts) assign(env, getKey(env, value, key)) }
}

function binding (node: Node & { kind: 'bind' }, scope: Scope): Code {
  const source = compile(node.source, scope)
  const { scope: inner, slots, assign } = destructuring(node.patterns, scope)
  const body = compile(node.body, inner)
  const [first, second] = [source.one, body.one]
  if (first !== undefined && second !== undefined) {
    return single((env, input) => {
      assign(env, first(env, input))
      return second(env, input)
    })
  }
  return multi((env, input, emit) => source.many(env, input, value => {
    assign(env, value)
    return body.many(env, input, keeping(env, slots, emit))
  }))
}

/** Whoever receives an output may evaluate this same code again (`recurse`): the variables are as they were afterwards. */
export function keeping (env: Environment, slots: number[], emit: (value: unknown) => boolean): (value: unknown) => boolean {
  return value => {
    const kept = slots.map(slot => env.slots[slot])
    const more = emit(value)
    slots.forEach((slot, i) => { env.slots[slot] = kept[i] })
    return more
  }
}

/** The last output of an update is the next state; without one it is null. */
function reduce (node: Node & { kind: 'reduce' }, scope: Scope): Code {
  const source = compile(node.source, scope)
  const { scope: inner, assign } = destructuring(node.patterns, scope)
  const update = compile(node.update, inner)
  const one = update.one
  return withOne(compile(node.init, scope), (env, input, init) => {
    let state = init
    source.many(env, input, value => {
      env.spend(1)
      assign(env, value)
      if (one !== undefined) {
        state = one(env, state)
        return true
      }
      const before = state
      state = null
      return update.many(env, before, next => { state = next; return true })
    })
    return state
  })
}

function foreach (node: Node & { kind: 'foreach' }, scope: Scope): Code {
  const source = compile(node.source, scope)
  const init = compile(node.init, scope)
  const { scope: inner, slots, assign } = destructuring(node.patterns, scope)
  const update = compile(node.update, inner)
  const extract = node.extract === undefined ? identity : compile(node.extract, inner)
  return multi((env, input, emit) => init.many(env, input, initial => {
    let state = initial
    return source.many(env, input, value => {
      env.spend(1)
      assign(env, value)
      const before = state
      state = null
      return update.many(env, before, next => {
        state = next
        return extract.many(env, next, keeping(env, slots, emit))
      })
    })
  }))
}
