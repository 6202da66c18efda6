/** Bodies of records as the sidecar needs them: loaded with their blobs, and the parts that are asked for. */
import { childBranch } from '../branch/index.js'
import type { BranchRecord } from '../branch/index.js'
import type { Checkpoint, Summary } from '../checkpoint/index.js'
import { blobsOf, blobValue, decodeBody, peekBody } from './body.js'
import type { Body, OpenChild } from './body.js'
import type { OpenBranch } from './driver.js'

/** All that is needed to go on, from here or from peers that have it; of the past only what needs no blob. Rejects when one is nowhere. */
export async function loadBody (checkpoint: Checkpoint, record: BranchRecord, from: string[]): Promise<Body> {
  const values = new Map<string, unknown>()
  const needed = blobsOf(record.body).filter(({ part }) => part === 'state').map(({ id }) => id)
  await Promise.all([...new Set(needed)].map(async id => {
    const bytes = await checkpoint.blob(record.execution, id, from)
    if (bytes !== undefined) values.set(id, blobValue(bytes))
  }))
  return decodeBody(record.body, (id, part) => part === 'state' ? values.get(id) : null)
}

/** Values of tasks above this are left out where an execution is shown: its input and its output are there once. */
export const MAX_SHOWN_BYTES = 64 * 1024

/** The blobs of a record that are read to show its execution. */
export function shownBlobs (record: BranchRecord): string[] {
  if (record.needs.length === 0) return []
  const isOutcome = record.next === null && record.branch === record.execution
  return blobsOf(record.body).filter(({ part, bytes }) => part === 'trace' ? bytes <= MAX_SHOWN_BYTES : part === 'start' || isOutcome).map(({ id }) => id)
}

/** What a list shows, and the plan's id: read without any blob. */
export function summarize (record: BranchRecord): Omit<Summary, 'final'> & { plan: string } {
  const { workflow, plan, state } = peekBody(record.body)
  const { status, startedAt, endedAt } = state
  return {
    workflow: `${workflow.namespace}/${workflow.name}`, version: workflow.version, plan, status, startedAt,
    ...(record.next === null && endedAt !== undefined ? { endedAt } : {})
  }
}

/** Which child of this opening record's body a branch is. */
export function childOf (body: Body, branch: string): OpenChild {
  const child = body.opened[Number(branch.slice(branch.lastIndexOf('.') + 1))]
  if (child === undefined) throw new Error(`record opens no branch ${branch}`)
  return child
}

/** Children open after this record, by branch. */
export function childrenOf (body: Body, record: BranchRecord): [string, OpenBranch][] {
  const opened = body.opened.map(({ opening, index }, place): [string, OpenBranch] =>
    [childBranch(record.hash, place), { opening, index, openedBy: record.hash, place }])
  const before = Object.entries(body.children).flatMap(([openedBy, children]) => children.map(([place, opening, index]): [string, OpenBranch] =>
    [childBranch(openedBy, place), { opening, index, openedBy, place }]))
  return [...before, ...opened]
}
