/**
 * jq 1.8's grammar, the whole of it except modules: what parses here and is not run by the own evaluator goes to real jq,
 * so nothing may pass that could break out of the place it is put there.
 */
import { MAX_EXPRESSION_DEPTH, MAX_EXPRESSION_CHARS } from '../../limits.js'
import type { Node, Pattern } from './ast.js'
import { TokenCursor } from './cursor.js'
import { SyntaxFault, tokenize } from './lexer.js'
import type { Token } from './lexer.js'
import { FunctionScope } from './names.js'
import { LEVELS, operation } from './precedence.js'

const KEYWORDS = new Set(['as', 'import', 'include', 'module', 'def', 'if', 'then', 'else', 'elif', 'and', 'or', 'end', 'reduce', 'foreach',
  'try', 'catch', 'label', 'break'])

/** Throws SyntaxFault. */
export function parse (source: string): Node {
  if (source.length > MAX_EXPRESSION_CHARS) throw new SyntaxFault(`longer than ${MAX_EXPRESSION_CHARS} characters (MAX_EXPRESSION_CHARS)`, MAX_EXPRESSION_CHARS)
  const parser = new Parser(tokenize(source, MAX_EXPRESSION_DEPTH), new FunctionScope(), 0)
  return parser.program()
}

class Parser extends TokenCursor {
  constructor (tokens: Token[], private scope: FunctionScope, private depth: number) { super(tokens) }

  program (): Node {
    if (this.peek().kind === 'end') throw new SyntaxFault('an expression is expected; "." is the input itself', this.peek().start)
    const node = this.query()
    if (this.peek().kind !== 'end') this.unexpected('the end')
    return node
  }

  /** Pipes, commas, bindings, labels and definitions: everything to the right belongs to them. */
  private query (): Node {
    return this.nested(() => {
      if (this.isWord('def')) return this.define()
      if (this.takeWord('label')) {
        this.variable()
        this.expectOp('|')
        return { kind: 'label', body: this.query() }
      }
      let left = this.expression()
      if (this.takeWord('as')) return this.binding(left)
      while (this.takeOp(',')) {
        // A binding or definition after the comma takes the rest, pipes included.
        const right = this.commaItem()
        left = { kind: 'comma', left, right }
      }
      return this.takeOp('|') ? { kind: 'pipe', left, right: this.query() } : left
    })
  }

  private commaItem (): Node {
    if (this.isWord('def') || this.isWord('label')) return this.query()
    const item = this.expression()
    return this.takeWord('as') ? this.binding(item) : item
  }

  private binding (source: Node): Node {
    const patterns = this.patterns()
    this.expectOp('|')
    return { kind: 'bind', source, patterns, body: this.query() }
  }

  private define (): Node {
    this.expectWord('def')
    const outer = this.scope
    const name = this.word('a function name')
    const parameters: string[] = []
    const inner = outer.child()
    if (this.takeOp('(')) {
      do {
        const isValue = this.peek().kind === 'variable'
        const parameter = isValue ? this.variable() : this.word('a parameter')
        parameters.push(parameter)
        inner.define(parameter, 0)
      } while (this.takeOp(';'))
      this.expectOp(')')
    }
    this.expectOp(':')
    inner.define(name, parameters.length)
    this.scope = inner
    const body = this.query()
    this.expectOp(';')
    this.scope = outer.child()
    this.scope.define(name, parameters.length)
    const rest = this.query()
    this.scope = outer
    return { kind: 'define', body, rest }
  }

  private expression (level = 0): Node {
    const entry = LEVELS[level]
    if (entry === undefined) return this.postfix()
    return this.nested(() => {
      let left = this.expression(level + 1)
      for (let op = this.operator(entry.ops); op !== undefined; op = this.operator(entry.ops)) {
        this.at++
        left = operation(op, left, this.expression(entry.side === 'right' ? level : level + 1))
        if (entry.side === 'none' && this.operator(entry.ops) !== undefined) this.unexpected('no second operator of this kind without parentheses')
      }
      return left
    })
  }

  private operator (ops: readonly string[]): string | undefined {
    const token = this.peek()
    return (token.kind === 'op' || token.kind === 'word') && ops.includes(token.text) ? token.text : undefined
  }

  /** A term with its `.a`, `[…]` and `?`. */
  private postfix (): Node {
    return this.nested(() => {
      let on = this.term()
      for (let next = this.suffix(on); next !== undefined; next = this.suffix(on)) on = next
      return on
    })
  }

  private suffix (on: Node): Node | undefined {
    const token = this.peek()
    if (token.kind === 'field') {
      this.at++
      return { kind: 'index', on, key: text(token.text), optional: this.takeOp('?') }
    }
    if (this.takeOp('?')) return { kind: 'try', body: on, handler: undefined }
    if (this.takeOp('[')) return this.bracket(on)
    if (!this.isOp('.')) return undefined
    const after = this.tokens[this.at + 1]
    if (after?.kind === 'string') {
      this.at++
      return { kind: 'index', on, key: this.string('text'), optional: this.takeOp('?') }
    }
    if (after?.kind === 'op' && after.text === '[') {
      this.at += 2
      return this.bracket(on)
    }
    this.at++
    return this.unexpected('a name; write .["name"] for unusual ones')
  }

  private bracket (on: Node): Node {
    if (this.takeOp(']')) return { kind: 'iterate', on, optional: this.takeOp('?') }
    if (this.takeOp(':')) {
      const to = this.query()
      this.expectOp(']')
      return { kind: 'slice', on, from: undefined, to, optional: this.takeOp('?') }
    }
    const key = this.query()
    if (!this.takeOp(':')) {
      this.expectOp(']')
      return { kind: 'index', on, key, optional: this.takeOp('?') }
    }
    const to = this.isOp(']') ? undefined : this.query()
    this.expectOp(']')
    return { kind: 'slice', on, from: key, to, optional: this.takeOp('?') }
  }

  private term (): Node {
    const token = this.peek()
    switch (token.kind) {
      case 'number': this.at++; return number(token)
      case 'string': return this.string('text')
      case 'format': return this.format()
      case 'variable': return { kind: 'variable', name: this.readVariable() }
      case 'field': this.at++; return { kind: 'index', on: { kind: 'identity' }, key: text(token.text), optional: this.takeOp('?') }
      case 'word': return this.wordTerm(token)
      case 'op': return this.opTerm(token)
      case 'end': return this.unexpected('an expression')
    }
  }

  private opTerm (token: Token): Node {
    this.at++
    switch (token.text) {
      case '..': return { kind: 'recurseAll' }
      case '-': return { kind: 'negate', value: this.postfix() }
      case '.': {
        if (this.peek().kind !== 'string') return { kind: 'identity' }
        return { kind: 'index', on: { kind: 'identity' }, key: this.string('text'), optional: this.takeOp('?') }
      }
      case '(': {
        const inner = this.query()
        this.expectOp(')')
        return inner
      }
      case '[': {
        if (this.takeOp(']')) return { kind: 'array', body: undefined }
        const body = this.query()
        this.expectOp(']')
        return { kind: 'array', body }
      }
      case '{': return this.object()
    }
    this.at--
    return this.unexpected('an expression')
  }

  private wordTerm (token: Token): Node {
    this.at++
    switch (token.text) {
      case 'if': return this.condition()
      case 'try': {
        const body = this.postfix()
        return { kind: 'try', body, handler: this.takeWord('catch') ? this.postfix() : undefined }
      }
      case 'reduce': {
        const [source, patterns, init, update] = this.fold()
        this.expectOp(')')
        return { kind: 'reduce', source, patterns, init, update }
      }
      case 'foreach': {
        const [source, patterns, init, update] = this.fold()
        const extract = this.takeOp(';') ? this.query() : undefined
        this.expectOp(')')
        return { kind: 'foreach', source, patterns, init, update, extract }
      }
      case 'break': this.variable(); return { kind: 'break' }
    }
    if (KEYWORDS.has(token.text)) {
      this.at--
      return this.unexpected('an expression')
    }
    return this.call(token)
  }

  private call (token: Token): Node {
    const args: Node[] = []
    if (this.takeOp('(')) {
      do args.push(this.query()); while (this.takeOp(';'))
      this.expectOp(')')
    } else if (token.text === 'true' || token.text === 'false') {
      return { kind: 'literal', value: token.text === 'true', fidelity: 'plain' }
    } else if (token.text === 'null') {
      return { kind: 'literal', value: null, fidelity: 'plain' }
    }
    const complaint = this.scope.complaint(token.text, args.length)
    if (complaint !== undefined) throw new SyntaxFault(complaint, token.start)
    return { kind: 'call', name: token.text, args }
  }

  private condition (): Node {
    const condition = this.query()
    this.expectWord('then')
    const then = this.query()
    if (this.takeWord('elif')) return { kind: 'if', condition, then, else: this.nested(() => this.condition()) }
    const otherwise = this.takeWord('else') ? this.query() : undefined
    this.expectWord('end')
    return { kind: 'if', condition, then, else: otherwise }
  }

  private fold (): [source: Node, patterns: Pattern[], init: Node, update: Node] {
    const source = this.expression()
    this.expectWord('as')
    const patterns = this.patterns()
    this.expectOp('(')
    const init = this.query()
    this.expectOp(';')
    return [source, patterns, init, this.query()]
  }

  private format (): Node {
    const format = this.next().text
    return this.peek().kind === 'string' ? this.string(format) : { kind: 'format', format }
  }

  private string (format: string): Node {
    const parts = (this.next().parts ?? []).map(part =>
      typeof part === 'string' ? part : new Parser(part, this.scope, this.depth).program())
    if (parts.every(part => typeof part === 'string')) return text(parts.join(''))
    return { kind: 'string', format, parts }
  }

  private object (): Node {
    const entries: { key: Node, value: Node }[] = []
    while (!this.isOp('}')) {
      entries.push(this.entry())
      if (!this.takeOp(',')) break
    }
    this.expectOp('}')
    return { kind: 'object', entries }
  }

  private entry (): { key: Node, value: Node } {
    const token = this.peek()
    if (token.kind === 'variable') {
      const name = this.readVariable()
      const variable: Node = { kind: 'variable', name }
      return this.takeOp(':') ? { key: variable, value: this.entryValue() } : { key: text(name), value: variable }
    }
    if (this.isOp('(')) {
      this.at++
      const key = this.query()
      this.expectOp(')')
      if (key.kind === 'literal' && typeof key.value !== 'string') throw new SyntaxFault('an object key must be a string', token.start)
      this.expectOp(':')
      return { key, value: this.entryValue() }
    }
    const key = this.key()
    if (this.takeOp(':')) return { key, value: this.entryValue() }
    return { key, value: { kind: 'index', on: { kind: 'identity' }, key, optional: false } }
  }

  private key (): Node {
    const token = this.peek()
    if (token.kind === 'word') return text(this.next().text)
    if (token.kind === 'string') return this.string('text')
    if (token.kind === 'format' && this.tokens[this.at + 1]?.kind === 'string') return this.format()
    return this.unexpected('an object key; put an expression in parentheses')
  }

  private entryValue (): Node {
    return this.nested(() => {
      const left = this.expression()
      return this.takeOp('|') ? { kind: 'pipe', left, right: this.entryValue() } : left
    })
  }

  private patterns (): Pattern[] {
    const patterns = [this.pattern()]
    while (this.takeOp('?//')) patterns.push(this.pattern())
    return patterns
  }

  private pattern (): Pattern {
    return this.nested(() => {
      if (this.peek().kind === 'variable') return { kind: 'variable', name: this.variable() }
      if (this.takeOp('[')) {
        const items = [this.pattern()]
        while (this.takeOp(',')) items.push(this.pattern())
        this.expectOp(']')
        return { kind: 'array', items }
      }
      if (!this.takeOp('{')) return this.unexpected('$name, [pattern] or {pattern}')
      const entries = [this.patternEntry()]
      while (this.takeOp(',')) entries.push(this.patternEntry())
      this.expectOp('}')
      return { kind: 'object', entries }
    })
  }

  private patternEntry (): { key: Node, variable: string | undefined, pattern: Pattern | undefined } {
    if (this.peek().kind === 'variable') {
      const variable = this.variable()
      return { key: text(variable), variable, pattern: this.takeOp(':') ? this.pattern() : undefined }
    }
    let key: Node
    if (this.takeOp('(')) {
      key = this.query()
      this.expectOp(')')
    } else {
      key = this.key()
    }
    this.expectOp(':')
    return { key, variable: undefined, pattern: this.pattern() }
  }

  /** A variable that is given a value here. */
  private variable (): string {
    if (this.peek().kind !== 'variable') this.unexpected('a $name')
    return this.readVariable()
  }

  private readVariable (): string {
    const token = this.next()
    if (token.text === 'ENV' || token.text === '__loc__' || token.text === '__prog_args') {
      throw new SyntaxFault(`$${token.text} is not available in a workflow: an expression sees only data and workflow variables`, token.start)
    }
    if (token.text.includes('::')) throw new SyntaxFault('modules are not available in a workflow', token.start)
    return token.text
  }

  private word (what: string): string {
    const token = this.peek()
    if (token.kind !== 'word' || KEYWORDS.has(token.text) || token.text.includes('::')) this.unexpected(what)
    return this.next().text
  }

  private nested<T> (read: () => T): T {
    if (++this.depth > MAX_EXPRESSION_DEPTH * (LEVELS.length + 3)) {
      throw new SyntaxFault(`nested deeper than ${MAX_EXPRESSION_DEPTH} (MAX_EXPRESSION_DEPTH)`, this.peek().start)
    }
    const result = read()
    this.depth--
    return result
  }
}

function text (value: string): Node {
  return { kind: 'literal', value, fidelity: /\p{Surrogate}/u.test(value) ? 'beyond' : 'plain' }
}

function number (token: Token): Node {
  const value = Number(token.text)
  const digits = token.text.replace(/[eE].*/, '').length
  const beyond = digits > 16 || !Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER
  return { kind: 'literal', value, fidelity: beyond ? 'beyond' : String(value) === token.text ? 'plain' : 'written' }
}
