/** `=`, `|=` and the arithmetic updates: every path on the left is taken from the input as it was before. */
import type { Node } from './ast.js'
import type { Code, Many, Paths } from './code.js'
import { single, withOne } from './code.js'
import type { Compiler } from './compile.js'
import type { Environment } from './environment.js'
import { add, OPERATORS } from './operators.js'
import { deletePaths, getPath, setPath } from './paths.js'
import { isTruthy } from './values.js'
import type { Path } from './values.js'

export function compileAssignment (node: Node & { kind: 'assign' }, compiler: Compiler): Code {
  const paths = compiler.paths(node.left)
  const right = compiler.code(node.right)
  if (node.op === '=') return withOne(right, (env, input, value) => assign(env, paths, input, value))
  if (node.op === '|=') return modifying(paths, right.many)
  const op = node.op
  const combine = op === '+=' ? add : op === '//=' ? orElse : OPERATORS[op.slice(0, -1) as '-' | '*' | '/' | '%']
  return withOne(right, (env, input, value) =>
    modify(env, paths, input, (env, old, emit) => emit(combine(env, old, value))))
}

function orElse (_env: Environment, old: unknown, value: unknown): unknown { return isTruthy(old) ? old : value }

function assign (env: Environment, paths: Paths, input: unknown, value: unknown): unknown {
  let result = input
  const owned = new WeakSet<object>()
  paths(env, [], input, path => {
    result = setPath(env, result, path, value, owned)
    return true
  })
  return result
}

export function modifying (paths: Paths, update: Many): Code {
  return single((env, input) => modify(env, paths, input, update))
}

/** The first output of the update replaces the value; without one the path is deleted, after all others were updated. */
function modify (env: Environment, paths: Paths, input: unknown, update: Many): unknown {
  let result = input
  let owned = new WeakSet<object>()
  const doomed: Path[] = []
  paths(env, [], input, path => {
    const old = getPath(env, result, path)
    // The update sees it and may keep it: from here on it is not ours to write into.
    if (typeof old === 'object' && old !== null && owned.has(old)) owned = new WeakSet()
    const emitsNothing = update(env, old, value => {
      result = setPath(env, result, path, value, owned)
      return false
    })
    if (emitsNothing) doomed.push(path)
    return true
  })
  return deletePaths(env, result, doomed)
}
