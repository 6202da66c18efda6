/** Builtins that pass on places in their input, so that they may stand left of `=`. */
import type { Node } from './ast.js'
import type { Paths } from './code.js'
import type { Compiler } from './compile.js'
import { descend } from './compile-paths.js'
import { getKey, getPath } from './paths.js'
import { isTruthy, kindOf } from './values.js'
import type { Kind } from './values.js'

type PathBuiltin = (args: Node[], compiler: Compiler) => Paths

export const PATH_BUILTINS: ReadonlyMap<string, PathBuiltin> = new Map(Object.entries<PathBuiltin>({
  'empty/0': () => () => true,
  'recurse/0': () => descend,
  'recurse/1': ([step], compiler) => recursion(compiler.paths(step!)),
  'recurse/2': ([step, condition], compiler) => {
    const [walk, test] = [compiler.paths(step!), compiler.code(condition!)]
    return recursion((env, path, input, emit) => walk(env, path, input, (at, value) =>
      test.many(env, value, ok => !isTruthy(ok) || emit(at, value))))
  },
  'select/1': ([condition], compiler) => {
    const test = compiler.code(condition!)
    return (env, path, input, emit) => test.many(env, input, ok => !isTruthy(ok) || emit(path, input))
  },
  'first/1': ([paths], compiler) => {
    const inner = compiler.paths(paths!)
    return (env, path, input, emit) => {
      let more = true
      inner(env, path, input, (at, value) => {
        more = emit(at, value)
        return false
      })
      return more
    }
  },
  'getpath/1': ([wanted], compiler) => {
    const code = compiler.code(wanted!)
    return (env, path, input, emit) => code.many(env, input, rest => {
      const value = getPath(env, input, rest)
      return emit([...path, ...rest as unknown[]], value)
    })
  },
  'first/0': () => fixed(0),
  'last/0': () => fixed(-1),
  'nth/1': ([index], compiler) => {
    const code = compiler.code(index!)
    return (env, path, input, emit) => code.many(env, input, key => emit([...path, key], getKey(env, input, key)))
  },
  'values/0': () => only(value => value !== null),
  'nulls/0': () => only(value => value === null),
  'booleans/0': () => kinds('boolean'),
  'numbers/0': () => kinds('number'),
  'strings/0': () => kinds('string'),
  'arrays/0': () => kinds('array'),
  'objects/0': () => kinds('object'),
  'iterables/0': () => kinds('array', 'object'),
  'scalars/0': () => kinds('null', 'boolean', 'number', 'string')
}))

function recursion (step: Paths): Paths {
  const descend: Paths = (env, path, value, emit) => {
    env.spend(1)
    if (!emit(path, value)) return false
    env.enter()
    const more = step(env, path, value, (at, child) => descend(env, at, child, emit))
    env.leave()
    return more
  }
  return descend
}

function fixed (index: number): Paths {
  return (env, path, input, emit) => emit([...path, index], getKey(env, input, index))
}

function only (test: (value: unknown) => boolean): Paths {
  return (_env, path, input, emit) => !test(input) || emit(path, input)
}

function kinds (...kinds: Kind[]): Paths {
  return only(value => kinds.includes(kindOf(value)))
}
