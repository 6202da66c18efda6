/** What the machine looks up in a plan again and again, worked out once per plan object. */
import type { Plan, Task, Template } from '../workflow/plan.js'

export interface PlanIndex {
  /** The next task in the same list; undefined at its end. */
  readonly following: ReadonlyMap<string, string>
  /** Tasks whose `output.as` or `export.as` reads `$task`, or `$input` (then only the transformed input is kept). */
  readonly keepsRaw: ReadonlySet<string>
  readonly keepsInput: ReadonlySet<string>
  readonly readsContext: boolean
  readonly readsWorkflow: boolean
  readonly readsTask: boolean
}

const cache = new WeakMap<Plan, PlanIndex>()

export function indexOf (plan: Plan): PlanIndex {
  let index = cache.get(plan)
  if (index === undefined) {
    index = build(plan)
    cache.set(plan, index)
  }
  return index
}

/** Plans come from a compiler that has checked every reference; a miss is a state of another plan. */
export function taskOf (plan: Plan, id: string): Task {
  const task = plan.byId[id]
  if (task === undefined) throw new Error(`plan ${plan.id} has no task ${id}: the state belongs to another plan`)
  return task
}

/** Whether there is such a task at or below one. */
export function contains (plan: Plan, id: string, is: (task: Task) => boolean): boolean {
  const task = taskOf(plan, id)
  return is(task) || listsOf(task).flat().some(inner => contains(plan, inner, is))
}

function build (plan: Plan): PlanIndex {
  const following = new Map<string, string>()
  const keepsRaw = new Set<string>()
  const keepsInput = new Set<string>()
  link(following, plan.tasks)
  for (const task of Object.values(plan.byId)) {
    for (const list of listsOf(task)) if (task.kind !== 'fork') link(following, list)
    const after = source(task.outputAs) + source(task.exportAs)
    if (after.includes('$task')) keepsRaw.add(task.id)
    if (after.includes('$input')) keepsInput.add(task.id)
  }
  const all = JSON.stringify(plan)
  return {
    following, keepsRaw, keepsInput,
    readsContext: all.includes('$context'), readsWorkflow: all.includes('$workflow'), readsTask: all.includes('$task')
  }
}

function listsOf (task: Task): string[][] {
  switch (task.kind) {
    case 'do': case 'for': return [task.tasks]
    case 'fork': return [task.branches]
    case 'try': return [task.tasks, task.catch.tasks]
    default: return []
  }
}

function link (following: Map<string, string>, list: readonly string[]): void {
  list.forEach((id, at) => {
    const next = list[at + 1]
    if (next !== undefined) following.set(id, next)
  })
}

function source (template: Template | undefined): string {
  return template === undefined ? '' : JSON.stringify(template)
}
