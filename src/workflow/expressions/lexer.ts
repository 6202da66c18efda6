/** jq 1.8's tokens. A string is one token whose interpolations are tokens again, so that `"\( "a" )"` nests as in jq. */
export interface Token {
  kind: 'op' | 'word' | 'field' | 'variable' | 'number' | 'format' | 'string' | 'end'
  /** The operator, the name without `.`, `$` or `@`, or the number as written. */
  text: string
  start: number
  /** Of a string: literal text and the tokens of each interpolation, each list with its own `end`. */
  parts?: (string | Token[])[]
}

/** `offset` counts UTF-16 units from the start of the program. */
export class SyntaxFault extends Error {
  constructor (message: string, readonly offset: number) { super(message) }
}

const SPACE = /(?:[ \r\n\t]+|#(?:\\(?:\\|\r?\n)|[^\n])*(?:\n|$))*/y
const NUMBER = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?/y
const WORD = /(?:[a-zA-Z_][a-zA-Z_0-9]*::)*[a-zA-Z_][a-zA-Z_0-9]*/y
const FIELD = /\.([a-zA-Z_][a-zA-Z_0-9]*)/y
const VARIABLE = /\$((?:[a-zA-Z_][a-zA-Z_0-9]*::)*[a-zA-Z_][a-zA-Z_0-9]*)/y
const FORMAT = /@([a-zA-Z0-9_]+)/y
const OPERATOR = /\?\/\/|\/\/=|!=|==|\/\/|\|=|\+=|-=|\*=|\/=|%=|<=|>=|\.\.|[.?=;,:|+\-*/%<>()[\]{}]/y
const TEXT = /[^\\"]+/y
const ESCAPES = /(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))+/y
const CLOSING: Record<string, string> = { '(': ')', '[': ']', '{': '}' }

export function tokenize (source: string, maxDepth: number): Token[] {
  return new Lexer(source, maxDepth).tokens(undefined, 0)
}

class Lexer {
  private at = 0
  constructor (private readonly source: string, private readonly maxDepth: number) {}

  /** Up to the end of the source, or up to the `)` that ends the interpolation which began at `opened`. */
  tokens (opened: number | undefined, depth: number): Token[] {
    const tokens: Token[] = []
    const open: string[] = []
    for (;;) {
      this.match(SPACE)
      const start = this.at
      if (start >= this.source.length) {
        if (opened !== undefined) throw new SyntaxFault('the interpolation "\\(" is not closed', opened)
        tokens.push({ kind: 'end', text: 'the end', start })
        return tokens
      }
      const token = this.token(start, depth)
      if (token.kind === 'op') {
        const closing = CLOSING[token.text]
        if (closing !== undefined) open.push(closing)
        if (depth + open.length > this.maxDepth) throw new SyntaxFault(`nested deeper than ${this.maxDepth} (MAX_EXPRESSION_DEPTH)`, start)
        if (token.text === ')' || token.text === ']' || token.text === '}') {
          if (token.text === ')' && open.length === 0 && opened !== undefined) {
            tokens.push({ kind: 'end', text: ')', start })
            return tokens
          }
          if (open.pop() !== token.text) throw new SyntaxFault(`unexpected "${token.text}"`, start)
        }
      }
      tokens.push(token)
    }
  }

  private token (start: number, depth: number): Token {
    if (this.source[start] === '"') return this.string(start, depth)
    let match: RegExpExecArray | undefined
    if ((match = this.match(NUMBER)) !== undefined) return { kind: 'number', text: match[0], start }
    if ((match = this.match(FIELD)) !== undefined) return { kind: 'field', text: match[1]!, start }
    if ((match = this.match(WORD)) !== undefined) return { kind: 'word', text: match[0], start }
    if ((match = this.match(VARIABLE)) !== undefined) return { kind: 'variable', text: match[1]!, start }
    if ((match = this.match(FORMAT)) !== undefined) return { kind: 'format', text: match[1]!, start }
    if ((match = this.match(OPERATOR)) !== undefined) return { kind: 'op', text: match[0], start }
    throw new SyntaxFault(`unexpected character "${String.fromCodePoint(this.source.codePointAt(start)!)}"`, start)
  }

  private string (start: number, depth: number): Token {
    const parts: (string | Token[])[] = []
    this.at++
    for (;;) {
      const match = this.match(TEXT) ?? this.match(ESCAPES)
      if (match !== undefined) {
        const text = match[0]
        parts.push(text.startsWith('\\') ? JSON.parse(`"${text}"`) as string : text)
      } else if (this.source[this.at] === '"') {
        this.at++
        return { kind: 'string', text: 'a string', start, parts }
      } else if (this.source.startsWith('\\(', this.at)) {
        const opened = this.at
        if (depth >= this.maxDepth) throw new SyntaxFault(`nested deeper than ${this.maxDepth} (MAX_EXPRESSION_DEPTH)`, opened)
        this.at += 2
        parts.push(this.tokens(opened, depth + 1))
      } else if (this.at >= this.source.length) {
        throw new SyntaxFault('the string is not closed', start)
      } else {
        throw new SyntaxFault(`invalid escape "${this.source.slice(this.at, this.at + 2)}"`, this.at)
      }
    }
  }

  private match (pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.at
    const match = pattern.exec(this.source)
    if (match === null || match[0] === '') return undefined
    this.at = pattern.lastIndex
    return match
  }
}
