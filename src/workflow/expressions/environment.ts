/**
 * What one evaluation carries, and its ways to end early. Numbers in here are always finite: whatever would make another
 * one (overflow, the root of a negative number) throws FALLBACK, as does all else of which the answer is not certain.
 */
import { MAX_DATA_BYTES, MAX_EVALUATION_DEPTH, MAX_EXPRESSION_STEPS } from '../../limits.js'

/** Ask real jq. Never caught by `try`. Thrown as it is, since making an Error is slow. */
export const FALLBACK: unique symbol = Symbol('fallback')

/** A limit is passed; `message` names it. Never caught by `try`. */
export class LimitFault {
  constructor (readonly message: string) {}
}

/** An error that a program may catch. `exact` is false where jq's own wording, which a `catch` would see, is not known. */
export class JqFault {
  constructor (readonly value: unknown, readonly exact: boolean) {}
}

export class Environment {
  steps = 0
  depth = 0
  /** A number may be one that jq would print as it was written (`1.0`): none can be turned into text any more. */
  oddNumbers = false
  /** Objects whose keys jq would list in another order, since JavaScript puts integer keys first. */
  disordered: WeakSet<object> | undefined

  constructor (readonly slots: unknown[]) {}

  spend (steps: number): void {
    this.steps += steps
    if (this.steps > MAX_EXPRESSION_STEPS) fallBack()
  }

  enter (): void { if (++this.depth > MAX_EVALUATION_DEPTH) fallBack() }
  leave (): void { this.depth-- }

  /** Before anything that depends on the order of the object's keys. */
  needOrder (object: object): void {
    if (this.disordered?.has(object) === true) fallBack()
  }

  noteDisorder (object: object): void { (this.disordered ??= new WeakSet()).add(object) }
}

export function fail (message: string): never { return end(new JqFault(message, false)) }

export function fallBack (): never { return end(FALLBACK) }

/** Throws what is no Error on purpose: a stack trace costs more than the evaluation. */
export function end (how: JqFault | LimitFault | typeof FALLBACK): never {
  // eslint-disable-next-line @typescript-eslint/only-throw-error
  throw how
}

export function checkLength (chars: number): void {
  if (chars > MAX_DATA_BYTES) end(new LimitFault(`the expression makes a text of more than ${MAX_DATA_BYTES} bytes (MAX_DATA_BYTES)`))
}
