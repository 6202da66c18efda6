/** What people see of an execution, folded from the records of all its branches. */
import { hasEnded } from './pending.js'
import type { BranchState, BranchStatus, TraceEntry, WorkflowError } from './types.js'

/** What the view needs of one record. Records of one branch must come in their order; branches may be mixed. */
export interface ViewRecord {
  /** Branch id. */ branch: string
  /** The peer that wrote it, and the one it names to write the next. */ peer: string, next?: string
  epoch: string
  superseded?: boolean
  trace: TraceEntry[]
  state: BranchState
}

/** A task of the view; times are RFC 3339 UTC. */
export interface TaskRow {
  task: string, branch: string, step: number, attempt: number
  status: BranchStatus, peer: string, epoch: string
  startedAt: string, endedAt?: string, input?: unknown, output?: unknown, error?: WorkflowError, superseded?: boolean
}

export interface ExecutionFold {
  status: BranchStatus, output?: unknown, error?: WorkflowError, reason?: string
  startedAt: string, endedAt?: string, tasks: TaskRow[]
}

/**
 * Folds the records of all branches. The root branch is the one whose state has place ''; without a record of it the
 * execution is `pending` to its reader, so at least one must be there.
 */
export function foldExecution (records: readonly ViewRecord[]): ExecutionFold {
  const root = records.findLast(({ state, superseded }) => state.place === '' && superseded !== true)?.state
  if (root === undefined) throw new Error('no record of the root branch')
  const rows = new Map<string, Row>()
  records.forEach(record => {
    for (const entry of record.trace) addEntry(rows, record, entry)
  })
  const over = hasEnded(root) ? root.endedAt : undefined
  const ordered = [...rows.values()].sort((a, b) => a.entry.startedAt - b.entry.startedAt || a.order - b.order)
  return {
    status: root.status,
    ...(root.output === undefined ? {} : { output: root.output }),
    ...(root.error === undefined ? {} : { error: root.error }),
    ...(root.reason === undefined ? {} : { reason: root.reason }),
    startedAt: time(root.startedAt),
    ...(root.endedAt === undefined ? {} : { endedAt: time(root.endedAt) }),
    tasks: ordered.map(row => toTask(row, over))
  }
}

interface Row { order: number, record: ViewRecord, entry: TraceEntry }

function addEntry (rows: Map<string, Row>, record: ViewRecord, entry: TraceEntry): void {
  const id = `${record.branch} ${record.superseded === true} ${entry.task} ${entry.step} ${entry.attempt}`
  const before = rows.get(id)
  const merged = before === undefined ? entry : { ...before.entry, ...entry }
  rows.set(id, { order: before?.order ?? rows.size, record, entry: merged })
}

function toTask ({ record, entry }: Row, over: number | undefined): TaskRow {
  const { task, step, attempt } = entry
  const open = entry.endedAt === undefined
  // A closed child may have had no chance to say that it was cancelled.
  const endedAt = entry.endedAt ?? over
  return {
    task, branch: record.branch, step, attempt,
    status: open && over !== undefined ? 'cancelled' : entry.status,
    peer: open ? record.next ?? record.peer : record.peer,
    epoch: record.epoch,
    startedAt: time(entry.startedAt),
    ...(endedAt === undefined ? {} : { endedAt: time(endedAt) }),
    ...('input' in entry ? { input: entry.input } : {}),
    ...('output' in entry ? { output: entry.output } : {}),
    ...(entry.error === undefined ? {} : { error: entry.error }),
    ...(record.superseded === true ? { superseded: true } : {})
  }
}

function time (ms: number): string { return new Date(ms).toISOString() }
