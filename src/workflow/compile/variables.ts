/** Names that a task gives to variables of expressions: `as`, `each`, `at`. */
import { MAX_NAME_LENGTH } from '../../limits.js'
import { fail } from '../source.js'
import { GIVEN, warn } from './context.js'
import type { Context } from './context.js'

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/

export function variable (context: Context, name: string, pointer: string): string {
  if (name.startsWith('$') && NAME.test(name.slice(1))) {
    fail(context.source, pointer, `a variable is named without \`$\`: write \`${name.slice(1)}\``)
  }
  if (!NAME.test(name) || name.length > MAX_NAME_LENGTH) {
    fail(
      context.source,
      pointer,
      `${JSON.stringify(name.slice(0, 64))} cannot be a variable: letters, digits and \`_\`, not beginning with a digit`
    )
  }
  if (GIVEN.includes(name)) warn(context, pointer, `variable \`${name}\` hides the one that every expression has`)
  return name
}
