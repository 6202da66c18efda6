/**
 * A compiled expression is a closure. `one` exists where there is exactly one output, which is nearly always, and is the
 * fast way; `many` hands each output to `emit`, which says false when no more are wanted, and then says false itself.
 */
import type { Environment } from './environment.js'
import type { Path } from './values.js'

export type One = (env: Environment, input: unknown) => unknown
export type Emit = (value: unknown) => boolean
export type Many = (env: Environment, input: unknown, emit: Emit) => boolean
export interface Code { one?: One, many: Many }

/** Emits each output together with where in the input it stands. */
export type EmitPath = (path: Path, value: unknown) => boolean
export type Paths = (env: Environment, path: Path, input: unknown, emit: EmitPath) => boolean

/** The own evaluator does not run this construct: the whole program goes to real jq. */
export class NotNative {
  constructor (readonly construct: string) {}
}

export function notNative (construct: string): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  throw new NotNative(construct)
}

export function single (one: One): Code {
  return { one, many: (env, input, emit) => emit(one(env, input)) }
}

export function multi (many: Many): Code { return { many } }

/** `make` of every output of `arg`. */
export function withOne (arg: Code, make: (env: Environment, input: unknown, arg: unknown) => unknown): Code {
  const one = arg.one
  if (one !== undefined) return single((env, input) => make(env, input, one(env, input)))
  return multi((env, input, emit) => arg.many(env, input, value => emit(make(env, input, value))))
}

/** `make` of every pair of outputs; `outer` is evaluated first and varies slowest. */
export function withTwo (
  outer: Code, inner: Code, make: (env: Environment, input: unknown, outer: unknown, inner: unknown) => unknown
): Code {
  const [oneOuter, oneInner] = [outer.one, inner.one]
  if (oneOuter !== undefined && oneInner !== undefined) {
    return single((env, input) => {
      const value = oneOuter(env, input)
      return make(env, input, value, oneInner(env, input))
    })
  }
  return multi((env, input, emit) => outer.many(env, input, a => inner.many(env, input, b => {
    env.spend(1)
    return emit(make(env, input, a, b))
  })))
}

export function collect (code: Code, env: Environment, input: unknown): unknown[] {
  const values: unknown[] = []
  code.many(env, input, value => {
    env.spend(1)
    values.push(value)
    return true
  })
  return values
}
