/** What is allowed but can hardly be meant. */
import type { Plan, SwitchTask, Task, Then } from '../plan.js'
import { warn } from './context.js'
import type { Context } from './context.js'

const WORDS = new Set(['continue', 'exit', 'end'])

export function addWarnings (context: Context, plan: Plan): void {
  warnUnreachable(context, plan, plan.tasks)
  for (const task of Object.values(plan.byId)) {
    if (WORDS.has(task.name)) {
      warn(context, task.id, `a task named \`${task.name}\` cannot be reached by \`then\`: the word has its own meaning`)
    }
    if (task.kind === 'switch') warnAfterDefault(context, task)
    if (task.kind === 'do' || task.kind === 'for') warnUnreachable(context, plan, task.tasks)
    if (task.kind === 'try') {
      warnUnreachable(context, plan, task.tasks)
      warnUnreachable(context, plan, task.catch.tasks)
    }
    if (task.kind === 'fork' && task.branches.length === 1) warn(context, task.id, 'a fork with one branch is a list')
  }
}

/** Tasks of a list that no path from its first task leads to. */
function warnUnreachable (context: Context, plan: Plan, list: string[]): void {
  const reached = new Set<string>()
  const after = new Map(list.map((id, at) => [id, list[at + 1]]))
  const open = list.slice(0, 1)
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (reached.has(id)) continue
    reached.add(id)
    const next = after.get(id)
    for (const way of waysOut(plan.byId[id]!)) {
      if (way.kind === 'task') open.push(way.id)
      if (way.kind === 'continue' && next !== undefined) open.push(next)
    }
  }
  for (const id of list) if (!reached.has(id)) warn(context, id, `no path leads to task \`${plan.byId[id]!.name}\``)
}

function waysOut (task: Task): Then[] {
  const skipped: Then[] = task.if === undefined ? [] : [{ kind: 'continue' }]
  if (task.kind === 'raise') return skipped
  if (task.kind === 'switch') {
    const hasDefault = task.cases.some(({ when }) => when === undefined)
    return [...skipped, ...task.cases.map(({ then }) => then), ...(hasDefault ? [] : [task.then])]
  }
  if (task.kind === 'try' && task.catch.then !== undefined) return [...skipped, task.then, task.catch.then]
  return [...skipped, task.then]
}

function warnAfterDefault (context: Context, task: SwitchTask): void {
  const first = task.cases.findIndex(({ when }) => when === undefined)
  const dead = first < 0 ? undefined : task.cases[first + 1]
  if (dead !== undefined) {
    warn(context, task.id, `case \`${dead.name}\` is never tried: \`${task.cases[first]!.name}\` before it has no \`when\``)
  }
}
