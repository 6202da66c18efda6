/** What may stand left of `=` and in `path(…)`, `del(…)`: each output together with where in the input it stands. */
import type { Node } from './ast.js'
import { PATH_BUILTINS } from './path-builtins.js'
import type { Paths } from './code.js'
import { notNative } from './code.js'
import type { Compiler } from './compile.js'
import { destructuring, keeping, optional } from './compile.js'
import type { Environment } from './environment.js'
import { JqFault } from './environment.js'
import { getKey } from './paths.js'
import { elements, isArray, isTruthy } from './values.js'
import type { Path } from './values.js'

export function compilePaths (node: Node, compiler: Compiler): Paths {
  switch (node.kind) {
    case 'identity': return (_env, path, input, emit) => emit(path, input)
    case 'index': return keyed(node.on, compiler.code(node.key).many, node.optional, compiler)
    case 'slice': {
      const range: Node = { kind: 'object', entries: [
        { key: literal('start'), value: node.from ?? literal(null) }, { key: literal('end'), value: node.to ?? literal(null) }] }
      return keyed(node.on, compiler.code(range).many, node.optional, compiler)
    }
    case 'iterate': {
      const on = compiler.paths(node.on)
      const lenient = node.optional
      return (env, path, input, emit) => on(env, path, input, (at, value) =>
        (lenient && (typeof value !== 'object' || value === null)) || eachChild(env, at, value, emit))
    }
    case 'recurseAll': return descend
    case 'pipe': {
      const [left, right] = [compiler.paths(node.left), compiler.paths(node.right)]
      return (env, path, input, emit) => left(env, path, input, (at, value) => right(env, at, value, emit))
    }
    case 'comma': {
      const [left, right] = [compiler.paths(node.left), compiler.paths(node.right)]
      return (env, path, input, emit) => left(env, path, input, emit) && right(env, path, input, emit)
    }
    case 'alternative': return alternative(compiler.paths(node.left), compiler.paths(node.right))
    case 'if': {
      const test = compiler.code(node.condition)
      const then = compiler.paths(node.then)
      const otherwise = compiler.paths(node.else ?? { kind: 'identity' })
      return (env, path, input, emit) => test.many(env, input, value => (isTruthy(value) ? then : otherwise)(env, path, input, emit))
    }
    case 'try': return node.handler === undefined ? attempt(compiler.paths(node.body)) : notNative('try … catch as a path')
    case 'bind': {
      const source = compiler.code(node.source)
      const { scope, slots, assign } = destructuring(node.patterns, compiler.scope)
      const body = compiler.paths(node.body, scope)
      return (env, path, input, emit) => source.many(env, input, value => {
        assign(env, value)
        return body(env, path, input, (at, found) => {
          let more = true
          keeping(env, slots, () => { more = emit(at, found); return more })(found)
          return more
        })
      })
    }
    case 'call': {
      const builtin = PATH_BUILTINS.get(`${node.name}/${node.args.length}`)
      return builtin === undefined ? notNative(`${node.name} as a path`) : builtin(node.args, compiler)
    }
    default: return notNative(`${node.kind} as a path`)
  }
}

function literal (value: string | null): Node { return { kind: 'literal', value, fidelity: 'plain' } }

type Keys = (env: Environment, input: unknown, emit: (key: unknown) => boolean) => boolean

function keyed (on: Node, keys: Keys, lenient: boolean, compiler: Compiler): Paths {
  const container = compiler.paths(on)
  return (env, path, input, emit) => keys(env, input, key => container(env, path, input, (at, value) => {
    env.spend(1)
    const found = lenient ? optional(() => getKey(env, value, key)) : getKey(env, value, key)
    return found === undefined || emit([...at, key], found)
  }))
}

export function eachChild (env: Environment, path: Path, value: unknown, emit: (path: Path, value: unknown) => boolean): boolean {
  const values = elements(env, value)
  const keys = isArray(value) ? undefined : Object.keys(value as object)
  return values.every((child, i) => {
    env.spend(1)
    return emit([...path, keys === undefined ? i : keys[i]], child)
  })
}

/** `..`, the value itself first. */
export const descend: Paths = (env, path, value, emit) => {
  if (!emit(path, value)) return false
  if (typeof value !== 'object' || value === null) return true
  env.enter()
  const more = eachChild(env, path, value, (at, child) => descend(env, at, child, emit))
  env.leave()
  return more
}

function alternative (left: Paths, right: Paths): Paths {
  return (env, path, input, emit) => {
    let found = false
    const more = left(env, path, input, (at, value) => {
      if (!isTruthy(value)) return true
      found = true
      return emit(at, value)
    })
    return found || !more ? more : right(env, path, input, emit)
  }
}

function attempt (body: Paths): Paths {
  return (env, path, input, emit) => {
    let downstream = false
    const depth = env.depth
    try {
      return body(env, path, input, (at, value) => {
        downstream = true
        const more = emit(at, value)
        downstream = false
        return more
      })
    } catch (err) {
      if (downstream || !(err instanceof JqFault)) throw err
      env.depth = depth
      return true
    }
  }
}
