/** Builtins that make many outputs, or take only some of them. */
import type { Node } from './ast.js'
import type { Builtin } from './builtins.js'
import type { Code } from './code.js'
import { collect, multi, notNative, single } from './code.js'
import type { Compiler } from './compile.js'
import type { Environment } from './environment.js'
import { fail, fallBack } from './environment.js'
import { elements, equals, isArray, isObject, isTruthy, kindOf, setKey, textOf } from './values.js'
import type { JsonObject, Kind } from './values.js'

const EACH: Node = { kind: 'iterate', on: { kind: 'identity' }, optional: false }

export const GENERATOR_BUILTINS: Record<string, Builtin> = {
  'empty/0': () => multi(() => true),
  'select/1': ([condition], compiler) => {
    const test = compiler.code(condition!)
    const one = test.one
    if (one !== undefined) return multi((env, input, emit) => !isTruthy(one(env, input)) || emit(input))
    return multi((env, input, emit) => test.many(env, input, ok => !isTruthy(ok) || emit(input)))
  },
  'values/0': () => only(value => value !== null),
  'nulls/0': () => only(value => value === null),
  'booleans/0': () => kinds('boolean'),
  'numbers/0': () => kinds('number'),
  'strings/0': () => kinds('string'),
  'arrays/0': () => kinds('array'),
  'objects/0': () => kinds('object'),
  'iterables/0': () => kinds('array', 'object'),
  'scalars/0': () => kinds('null', 'boolean', 'number', 'string'),
  'recurse/0': () => multi(descend),
  'recurse/1': ([step], compiler) => recursion(compiler.code(step!)),
  'recurse/2': ([step, condition], compiler) =>
    recursion(compiler.code({ kind: 'pipe', left: step!, right: { kind: 'call', name: 'select', args: [condition!] } })),
  'range/1': ([end], compiler) => range(single(() => 0), compiler.code(end!)),
  'range/2': ([start, end], compiler) => range(compiler.code(start!), compiler.code(end!)),
  'range/3': ([start, end, step], compiler) => stepped(compiler.code(start!), compiler.code(end!), compiler.code(step!)),
  'first/1': ([values], compiler) => {
    const code = compiler.code(values!)
    return multi((env, input, emit) => {
      let more = true
      code.many(env, input, value => {
        more = emit(value)
        return false
      })
      return more
    })
  },
  'last/1': ([values], compiler) => {
    const code = compiler.code(values!)
    return multi((env, input, emit) => {
      const found = collect(code, env, input)
      return found.length === 0 || emit(found.at(-1))
    })
  },
  'limit/2': ([count, values], compiler) => limit(compiler.code(count!), compiler.code(values!)),
  'skip/2': ([count, values], compiler) => skip(compiler.code(count!), compiler.code(values!)),
  'isempty/1': ([values], compiler) => {
    const code = compiler.code(values!)
    return single((env, input) => code.many(env, input, () => false))
  },
  'until/2': ([condition, next], compiler) => until(compiler.code(condition!), compiler.code(next!)),
  'while/2': ([condition, next], compiler) => whileTrue(compiler.code(condition!), compiler.code(next!)),
  'all/0': (_args, compiler) => quantifier(EACH, { kind: 'identity' }, compiler, false),
  'all/1': ([condition], compiler) => quantifier(EACH, condition!, compiler, false),
  'all/2': ([values, condition], compiler) => quantifier(values!, condition!, compiler, false),
  'any/0': (_args, compiler) => quantifier(EACH, { kind: 'identity' }, compiler, true),
  'any/1': ([condition], compiler) => quantifier(EACH, condition!, compiler, true),
  'any/2': ([values, condition], compiler) => quantifier(values!, condition!, compiler, true),
  'IN/1': ([values], compiler) => {
    const code = compiler.code(values!)
    return single((env, input) => !code.many(env, input, value => !equals(env, value, input)))
  },
  'INDEX/1': ([key], compiler) => indexed(EACH, key!, compiler),
  'INDEX/2': ([values, key], compiler) => indexed(values!, key!, compiler)
}

function only (test: (value: unknown) => boolean): Code {
  return multi((_env, input, emit) => !test(input) || emit(input))
}

function kinds (...kinds: Kind[]): Code { return only(value => kinds.includes(kindOf(value))) }

function descend (env: Environment, value: unknown, emit: (value: unknown) => boolean): boolean {
  env.spend(1)
  if (!emit(value)) return false
  if (!isArray(value) && !isObject(value)) return true
  env.enter()
  const more = elements(env, value).every(child => descend(env, child, emit))
  env.leave()
  return more
}

function recursion (step: Code): Code {
  const run = (env: Environment, value: unknown, emit: (value: unknown) => boolean): boolean => {
    env.spend(1)
    if (!emit(value)) return false
    env.enter()
    const more = step.many(env, value, next => run(env, next, emit))
    env.leave()
    return more
  }
  return multi(run)
}

function range (start: Code, end: Code): Code {
  return multi((env, input, emit) => start.many(env, input, from => end.many(env, input, to => {
    if (typeof from !== 'number' || typeof to !== 'number') return fail('Range bounds must be numeric')
    for (let value = from; value < to; value++) {
      env.spend(1)
      if (!emit(value)) return false
    }
    return true
  })))
}

function stepped (start: Code, end: Code, step: Code): Code {
  return multi((env, input, emit) => start.many(env, input, from => end.many(env, input, to => step.many(env, input, by => {
    if (typeof from !== 'number' || typeof to !== 'number' || typeof by !== 'number') return fallBack()
    for (let value = from; by > 0 ? value < to : by < 0 && value > to; value += by) {
      env.spend(1)
      if (!emit(value)) return false
    }
    return true
  }))))
}

function limit (count: Code, values: Code): Code {
  return multi((env, input, emit) => count.many(env, input, count => {
    if (typeof count !== 'number') return fallBack()
    if (count <= 0) return count === 0 || fail('limit doesn\'t support negative count')
    let left = count
    let more = true
    values.many(env, input, value => {
      left--
      more = emit(value)
      return more && left > 0
    })
    return more
  }))
}

function skip (count: Code, values: Code): Code {
  return multi((env, input, emit) => count.many(env, input, count => {
    if (typeof count !== 'number') return fallBack()
    if (count < 0) return fail('skip doesn\'t support negative count')
    let left = count
    return values.many(env, input, value => {
      env.spend(1)
      return left > 0 && --left >= 0 ? true : emit(value)
    })
  }))
}

function until (condition: Code, next: Code): Code {
  const [done, step] = [condition.one, next.one]
  if (done === undefined || step === undefined) return notNative('until over several')
  return single((env, input) => {
    let value = input
    for (; !isTruthy(done(env, value)); value = step(env, value)) env.spend(1)
    return value
  })
}

function whileTrue (condition: Code, next: Code): Code {
  const [test, step] = [condition.one, next.one]
  if (test === undefined || step === undefined) return notNative('while over several')
  return multi((env, input, emit) => {
    for (let value = input; isTruthy(test(env, value)); value = step(env, value)) {
      env.spend(1)
      if (!emit(value)) return false
    }
    return true
  })
}

/** `any` when `decisive`, else `all`: stops at the first output that decides. */
function quantifier (values: Node, condition: Node, compiler: Compiler, decisive: boolean): Code {
  const code = compiler.code({ kind: 'pipe', left: values, right: condition })
  return single((env, input) => code.many(env, input, value => isTruthy(value) !== decisive) ? !decisive : decisive)
}

function indexed (values: Node, key: Node, compiler: Compiler): Code {
  const [rows, name] = [compiler.code(values), compiler.code(key)]
  const one = name.one
  if (one === undefined) return notNative('INDEX by several')
  return single((env, input) => {
    const made: JsonObject = {}
    rows.many(env, input, row => {
      env.spend(1)
      setKey(env, made, textOf(env, one(env, row)), row)
      return true
    })
    return made
  })
}

