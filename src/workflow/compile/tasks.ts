/** Lists of tasks, each task by its keyword. Ids are JSON Pointers into the source. */
import type { ForTask, SwitchTask, Task, TaskBase, Template } from '../plan.js'
import { child, fail } from '../source.js'
import { functionCall, httpCall, httpSettings } from './calls.js'
import { withVariables } from './context.js'
import type { Context, Fields } from './context.js'
import { dataFlow, duration, timeout } from './data-flow.js'
import { catchClause, raised } from './errors.js'
import { then } from './flow.js'
import type { Scope } from './flow.js'
import { taskSettings } from './settings.js'
import { expression, template } from './template.js'
import { variable } from './variables.js'

/** Compiles every task of the list into the context and returns their ids, in order. */
export function taskList (context: Context, list: unknown, pointer: string, parent: string | null, fork = false): string[] {
  const items = (list as Fields[]).map((item, at) => {
    const [name, fields] = Object.entries(item)[0] as [string, Fields]
    return { name, fields, id: child(`${pointer}/${at}`, name) }
  })
  const scope: Scope = { ids: new Map(items.map(({ name, id }) => [name, id])), fork }
  for (const { name, fields, id } of items) context.byId[id] = task(context, fields, { id, name, parent }, scope)
  return items.map(({ id }) => id)
}

function task (context: Context, fields: Fields, own: Pick<TaskBase, 'id' | 'name' | 'parent'>, scope: Scope): Task {
  const { id } = own
  const base: TaskBase = {
    ...own,
    ...dataFlow(context, fields, id),
    ...timeout(context, fields, id),
    ...(fields['if'] !== undefined && { if: expression(context, fields['if'] as string, `${id}/if`) }),
    then: then(context, fields['then'], `${id}/then`, scope),
    settings: taskSettings(context, fields, id)
  }
  if (fields['call'] === 'http') {
    const call = httpCall(context, fields, id)
    return { ...base, ...call, settings: httpSettings(call.method, base.settings) }
  }
  if (fields['call'] !== undefined) return { ...base, ...functionCall(context, fields, id) }
  if (fields['for'] !== undefined) return { ...base, ...forTask(context, fields, base) }
  if (fields['do'] !== undefined) return { ...base, kind: 'do', tasks: taskList(context, fields['do'], `${id}/do`, id) }
  if (fields['fork'] !== undefined) {
    const { branches, compete } = fields['fork'] as Fields
    const tasks = taskList(context, branches, `${id}/fork/branches`, id, true)
    return { ...base, kind: 'fork', branches: tasks, compete: compete === true }
  }
  if (fields['raise'] !== undefined) {
    return { ...base, kind: 'raise', error: raised(context, (fields['raise'] as Fields)['error'], `${id}/raise/error`) }
  }
  if (fields['set'] !== undefined) return { ...base, kind: 'set', value: setValue(context, fields['set'], `${id}/set`) }
  if (fields['switch'] !== undefined) {
    return { ...base, kind: 'switch', cases: cases(context, fields['switch'] as Fields[], `${id}/switch`, scope) }
  }
  if (fields['try'] !== undefined) {
    const clause = catchClause(context, fields['catch'] as Fields, `${id}/catch`, scope)
    const handler = (fields['catch'] as Fields)['do'] ?? []
    return {
      ...base,
      kind: 'try',
      tasks: taskList(context, fields['try'], `${id}/try`, id),
      catch: { ...clause, tasks: taskList(withVariables(context, clause.as), handler, `${id}/catch/do`, id) }
    }
  }
  return { ...base, kind: 'wait', duration: duration(context, fields['wait'], `${id}/wait`) }
}

function forTask (context: Context, fields: Fields, base: TaskBase): Omit<ForTask, keyof TaskBase> {
  const { id, settings } = base
  const { each = 'item', at = 'index', in: collection } = fields['for'] as Fields
  const concurrency = settings.concurrency ?? 1
  if (each === at) fail(context.source, `${id}/for`, `\`each\` and \`at\` are both named \`${String(each)}\``)
  if (concurrency > 1 && fields['while'] !== undefined) {
    fail(
      context.source,
      `${id}/while`,
      '`while` decides item after item, which `concurrency` above 1 does not; leave one of them out',
      'key'
    )
  }
  const names = [variable(context, each as string, `${id}/for/each`), variable(context, at as string, `${id}/for/at`)] as const
  const inside = withVariables(context, ...names)
  return {
    kind: 'for',
    each: names[0],
    at: names[1],
    in: items(context, collection, `${id}/for/in`),
    ...(fields['while'] !== undefined && { while: expression(inside, fields['while'] as string, `${id}/while`) }),
    tasks: taskList(inside, fields['do'], `${id}/do`, id),
    concurrency
  }
}

function items (context: Context, value: unknown, pointer: string): Template {
  return typeof value === 'string' ? { kind: 'expr', ...expression(context, value, pointer) } : template(context, value, pointer)
}

function setValue (context: Context, value: unknown, pointer: string) {
  const compiled = template(context, value, pointer)
  if (typeof value === 'string' && compiled.kind !== 'expr') {
    fail(context.source, pointer, 'must be an object, or one expression in `${ … }`')
  }
  return compiled
}

function cases (context: Context, list: Fields[], pointer: string, scope: Scope): SwitchTask['cases'] {
  const seen = new Set<string>()
  return list.map((item, at) => {
    const [name, fields] = Object.entries(item)[0] as [string, Fields]
    const place = child(`${pointer}/${at}`, name)
    if (seen.has(name)) fail(context.source, place, `two cases of this switch are named \`${name}\``, 'key')
    seen.add(name)
    return {
      name,
      ...(fields['when'] !== undefined && { when: expression(context, fields['when'] as string, child(place, 'when')) }),
      then: then(context, fields['then'], child(place, 'then'), scope)
    }
  })
}
