/** What the parser makes of a jq 1.8 program. Names follow jq's manual. */
export type Node =
  | { kind: 'identity' }
  | { kind: 'recurseAll' } // `..`
  | { kind: 'literal', value: null | boolean | number | string, fidelity: Fidelity }
  | { kind: 'string', format: string, parts: (string | Node)[] }
  | { kind: 'format', format: string }
  /** `optional` drops only the error of this access, not one of `on`: that is `try`. */
  | { kind: 'index', on: Node, key: Node, optional: boolean }
  | { kind: 'slice', on: Node, from: Node | undefined, to: Node | undefined, optional: boolean }
  | { kind: 'iterate', on: Node, optional: boolean }
  | { kind: 'try', body: Node, handler: Node | undefined }
  | { kind: 'pipe' | 'comma' | 'alternative' | 'and' | 'or', left: Node, right: Node }
  | { kind: 'binary', op: BinaryOp, left: Node, right: Node }
  | { kind: 'assign', op: AssignOp, left: Node, right: Node }
  | { kind: 'negate', value: Node }
  | { kind: 'if', condition: Node, then: Node, else: Node | undefined }
  | { kind: 'reduce', source: Node, patterns: Pattern[], init: Node, update: Node }
  | { kind: 'foreach', source: Node, patterns: Pattern[], init: Node, update: Node, extract: Node | undefined }
  | { kind: 'bind', source: Node, patterns: Pattern[], body: Node }
  | { kind: 'variable', name: string }
  | { kind: 'call', name: string, args: Node[] }
  | { kind: 'array', body: Node | undefined }
  | { kind: 'object', entries: { key: Node, value: Node }[] }
  | { kind: 'define', body: Node, rest: Node } // never run natively: its names are resolved by the parser
  | { kind: 'label', body: Node }
  | { kind: 'break' }

/** `written`: jq would print the number as written (`1.0`); `beyond`: it knows digits or a surrogate that JavaScript loses. */
export type Fidelity = 'plain' | 'written' | 'beyond'
export type BinaryOp = '+' | '-' | '*' | '/' | '%' | '==' | '!=' | '<' | '<=' | '>' | '>='
export type AssignOp = '=' | '|=' | '+=' | '-=' | '*=' | '/=' | '%=' | '//='

export type Pattern =
  | { kind: 'variable', name: string }
  | { kind: 'array', items: Pattern[] }
  | { kind: 'object', entries: { key: Node, variable: string | undefined, pattern: Pattern | undefined }[] }
