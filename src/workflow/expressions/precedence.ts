/** jq's infix operators. */
import type { AssignOp, BinaryOp, Node } from './ast.js'

/** Lowest first; `none` may not be chained, as in `1 == 1 == 1`. */
export const LEVELS: { ops: readonly string[], side: 'left' | 'right' | 'none' }[] = [
  { ops: ['//'], side: 'right' },
  { ops: ['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='], side: 'none' },
  { ops: ['or'], side: 'left' },
  { ops: ['and'], side: 'left' },
  { ops: ['==', '!=', '<', '<=', '>', '>='], side: 'none' },
  { ops: ['+', '-'], side: 'left' },
  { ops: ['*', '/', '%'], side: 'left' }
]

export function operation (op: string, left: Node, right: Node): Node {
  if (op === 'and' || op === 'or') return { kind: op, left, right }
  if (op === '//') return { kind: 'alternative', left, right }
  if (LEVELS[1]!.ops.includes(op)) return { kind: 'assign', op: op as AssignOp, left, right }
  return { kind: 'binary', op: op as BinaryOp, left, right }
}
