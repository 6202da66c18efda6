/** A place in a list of tokens, with the questions a parser asks there. */
import { SyntaxFault } from './lexer.js'
import type { Token } from './lexer.js'

export class TokenCursor {
  protected at = 0
  constructor (protected readonly tokens: Token[]) {}

  protected peek (): Token { return this.tokens[this.at]! }
  protected next (): Token { return this.tokens[this.at++]! }
  protected isOp (op: string): boolean { return this.peek().kind === 'op' && this.peek().text === op }
  protected isWord (word: string): boolean { return this.peek().kind === 'word' && this.peek().text === word }
  protected takeOp (op: string): boolean { return this.isOp(op) && ++this.at > 0 }
  protected takeWord (word: string): boolean { return this.isWord(word) && ++this.at > 0 }
  protected expectOp (op: string): void { if (!this.takeOp(op)) this.unexpected(`"${op}"`) }
  protected expectWord (word: string): void { if (!this.takeWord(word)) this.unexpected(`"${word}"`) }

  protected unexpected (wanted: string): never {
    const token = this.peek()
    const found = token.kind === 'end' || token.kind === 'string' ? token.text : `"${token.text}"`
    throw new SyntaxFault(`unexpected ${found}; expected ${wanted}`, token.start)
  }
}
