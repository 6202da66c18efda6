/** `then`: where flow goes. It may name a task of its own list and nothing else, so lists can be read on their own. */
import { hint } from '../nearest.js'
import type { Then } from '../plan.js'
import { child, fail } from '../source.js'
import type { Context, Fields } from './context.js'

/** One list of tasks: the ids by name. The branches of a fork stand beside each other, so none can go to another. */
export interface Scope { ids: ReadonlyMap<string, string>, fork: boolean }

export function then (context: Context, value: unknown, pointer: string, scope: Scope): Then {
  if (value === undefined || value === 'continue') return { kind: 'continue' }
  if (value === 'exit' || value === 'end') return { kind: value }
  const name = value as string
  const id = scope.ids.get(name)
  if (id !== undefined && !scope.fork) return { kind: 'task', id }

  if (id !== undefined) {
    fail(
      context.source,
      pointer,
      `a branch of a fork cannot go on with another branch (\`${name}\`); write \`continue\`, \`exit\` or \`end\``
    )
  }
  const elsewhere = findTask(context.document['do'] as Fields[], '/do', name)
  if (elsewhere !== undefined) {
    const line = context.source.positions.at(elsewhere, 'key')?.line ?? '?'
    const instead = '`then` may name only a task of its own list, or be `continue`, `exit` or `end`'
    fail(context.source, pointer, `task \`${name}\` stands in another list (line ${line}); ${instead}`)
  }
  const known = [...scope.fork ? [] : scope.ids.keys(), 'continue', 'exit', 'end']
  return fail(context.source, pointer, `no task \`${name}\` in this list${hint(name, known)}`)
}

/** The first task of that name anywhere, for the message. */
function findTask (list: Fields[], pointer: string, name: string): string | undefined {
  for (const [at, item] of list.entries()) {
    const [key, task] = Object.entries(item)[0] as [string, Fields]
    const place = child(`${pointer}/${at}`, key)
    if (key === name) return place
    for (const [inner, part] of innerLists(task)) {
      const found = findTask(inner, place + part, name)
      if (found !== undefined) return found
    }
  }
  return undefined
}

function innerLists (task: Fields): [Fields[], string][] {
  const candidates: [unknown, string][] = [
    [task['do'], '/do'],
    [task['try'], '/try'],
    [(task['catch'] as Fields | undefined)?.['do'], '/catch/do'],
    [(task['fork'] as Fields | undefined)?.['branches'], '/fork/branches']
  ]
  return candidates.filter((candidate): candidate is [Fields[], string] => Array.isArray(candidate[0]))
}
