/**
 * How a replica's memory lies in the store. One execution is a few ranges, so that it can be read and deleted whole:
 * `e/` summaries in order of time, `b/` branches, `r/` records (history; a branch's head is one of them), `x/` blobs.
 * `g/` names executions whose history was deleted, `gb/` says before which id none is remembered any more.
 * `s/` sets, `h/` the number under which a set's history was copied, and `p/` plan sources are shared by all executions.
 */
import type { BranchRecord, Epoch, ReplicaBranch, SetState } from '../branch/index.js'
import { InvalidInputError } from '../errors.js'
import type { Store, Write } from '../store/index.js'
import { readRecord, recordBytes } from './record-codec.js'

/** What lists show without reading a record. */
export interface Summary { workflow: string, version: string, status: string, startedAt: number, endedAt?: number, final: boolean }

interface StoredBranch { noted: Epoch, synced: Epoch, done: number, dropped: ReplicaBranch['dropped'], head: { branch: string, index: number, hash: string } | null }

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const json = (value: unknown): Uint8Array => encoder.encode(JSON.stringify(value))
const parse = <T>(bytes: Uint8Array): T => JSON.parse(decoder.decode(bytes)) as T

export const keys = {
  set: (set: string) => `s/${set}`,
  history: (set: string) => `h/${set}`,
  gone: (execution: string) => `g/${execution}`,
  goneBefore: (set: string) => `gb/${set}`,
  plan: (plan: string) => `p/${plan}`,
  summary: (execution: string) => `e/${execution}`,
  branch: (execution: string, branch: string) => `b/${execution}/${branch}`,
  record: (execution: string, branch: string, index: number, hash: string) => `r/${execution}/${branch}/${String(index).padStart(9, '0')}/${hash}`,
  blob: (execution: string, id: string) => `x/${execution}/${id}`
}

/** All keys that begin with a prefix. */
export function under (prefix: string): { from: string, to: string } {
  return { from: prefix, to: prefix + '\u{10ffff}' }
}

export function putSet (state: SetState): Write {
  return { type: 'put', key: keys.set(state.set), value: json(state) }
}

export function putSummary (execution: string, summary: Summary): Write {
  const { workflow, version, status, startedAt, endedAt, final } = summary
  return { type: 'put', key: keys.summary(execution), value: json({ workflow, version, status, startedAt, endedAt, final }) }
}

export function putRecord (record: BranchRecord): Write {
  return { type: 'put', key: keys.record(record.execution, record.branch, record.index, record.hash), value: recordBytes(record) }
}

export function putBranch (state: ReplicaBranch): Write {
  const { noted, synced, done, dropped, head } = state
  const stored: StoredBranch = { noted, synced, done, dropped, head: head === null ? null : { branch: head.branch, index: head.index, hash: head.hash } }
  return { type: 'put', key: keys.branch(state.execution, state.branch), value: json(stored) }
}

export async function loadSets (store: Store): Promise<SetState[]> {
  const sets: SetState[] = []
  for await (const [, value] of store.range(under('s/'))) sets.push(parse(value))
  return sets
}

export function putHistory (set: string, joined: number): Write {
  return { type: 'put', key: keys.history(set), value: json(joined) }
}

/** By set: the number it had joined under when it had copied all history. */
export async function loadHistories (store: Store): Promise<Map<string, number>> {
  const histories = new Map<string, number>()
  for await (const [key, value] of store.range(under('h/'))) histories.set(key.slice(2), parse(value))
  return histories
}

export async function loadSummary (store: Store, execution: string): Promise<Summary | undefined> {
  const value = await store.get(keys.summary(execution))
  return value === undefined ? undefined : parse(value)
}

/** Newest first, below `before` when given. */
export async function listSummaries (store: Store, set: string, limit: number, before?: string): Promise<[execution: string, summary: Summary][]> {
  const { from, to } = under(`e/${set}.`)
  const found: [string, Summary][] = []
  for await (const [key, value] of store.range({ from, to: before === undefined ? to : keys.summary(before), reverse: true, limit })) {
    found.push([key.slice(2), parse(value)])
  }
  return found
}

/** The first one after `after`; from the start when that is empty. */
export async function nextSummary (store: Store, set: string, after: string): Promise<[execution: string, summary: Summary] | undefined> {
  const { from, to } = under(`e/${set}.`)
  for await (const [key, value] of store.range({ from: after === '' ? from : `${keys.summary(after)}\u0001`, to, limit: 1 })) return [key.slice(2), parse(value)]
  return undefined
}

/** Executions that are not final here: what a restarted peer goes on with. */
export async function loadLive (store: Store): Promise<string[]> {
  const live: string[] = []
  for await (const [key, value] of store.range(under('e/'))) {
    if (!parse<Summary>(value).final) live.push(key.slice(2))
  }
  return live
}

/** Final executions of a set in the order of their ids, above `after`. */
export async function listFinal (store: Store, set: string, after: string, limit: number): Promise<[execution: string, summary: Summary][]> {
  const { from, to } = under(`e/${set}.`)
  const found: [string, Summary][] = []
  for await (const [key, value] of store.range({ from: after === '' ? from : `${keys.summary(after)}\u0001`, to })) {
    const summary = parse<Summary>(value)
    if (summary.final && found.push([key.slice(2), summary]) >= limit) break
  }
  return found
}

/** What a newcomer copies it keeps in place of its own. */
export function clearBranches (execution: string): Write {
  return { type: 'deleteRange', ...under(`b/${execution}/`) }
}

/** @throws InvalidInputError when a branch names a record that is not there: the directory is damaged */
export async function loadBranches (store: Store, execution: string): Promise<ReplicaBranch[]> {
  const branches: ReplicaBranch[] = []
  const prefix = `b/${execution}/`
  for await (const [key, value] of store.range(under(prefix))) {
    const { head, ...rest } = parse<StoredBranch>(value)
    branches.push({ execution, branch: key.slice(prefix.length), ...rest, head: head === null ? null : await loadHead(store, execution, head) })
  }
  return branches
}

async function loadHead (store: Store, execution: string, head: NonNullable<StoredBranch['head']>): Promise<BranchRecord> {
  const bytes = await store.get(keys.record(execution, head.branch, head.index, head.hash))
  if (bytes === undefined) throw new InvalidInputError(`the store lacks record ${head.hash} of execution ${execution}`)
  const record = readRecord(bytes)
  if (record.hash !== head.hash) throw new InvalidInputError(`record ${head.hash} of execution ${execution} is damaged`)
  return record
}

/** Every record of an execution, by branch and index. */
export async function loadHistory (store: Store, execution: string): Promise<BranchRecord[]> {
  const records: BranchRecord[] = []
  for await (const [, value] of store.range(under(`r/${execution}/`))) records.push(readRecord(value))
  return records
}

/** Ids of the blobs kept for an execution. */
export async function loadBlobIds (store: Store, execution: string): Promise<string[]> {
  const ids: string[] = []
  const prefix = `x/${execution}/`
  for await (const [key] of store.range(under(prefix))) ids.push(key.slice(prefix.length))
  return ids
}

/** Deletes whatever is kept for an execution. */
export function deleteExecution (execution: string): Write[] {
  const ranges = [`b/${execution}/`, `r/${execution}/`, `x/${execution}/`].map(prefix => ({ type: 'deleteRange' as const, ...under(prefix) }))
  return [...ranges, { type: 'delete', key: keys.summary(execution) }]
}
