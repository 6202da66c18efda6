/**
 * What a replica keeps of executions beside what lives: records, blobs and summaries, read from disk; how newcomers get
 * them; and what remains of an execution whose history was deleted, so that nothing late can begin it again.
 */
import type { BranchRecord, ReplicaBranch } from '../branch/index.js'
import type { Store, Write } from '../store/index.js'
import {
  deleteExecution, keys, listFinal, listSummaries, loadBlobIds, loadBranches, loadHistories, loadHistory, loadSummary, nextSummary, putBranch,
  putHistory, putRecord, putSummary, under
} from './persist.js'
import type { Summary } from './persist.js'
import { blobId } from './record-codec.js'
import { setOf } from './takeovers.js'

export interface Kept { branches: ReplicaBranch[], records: BranchRecord[], blobs: Uint8Array[] }

/** Deleted executions remembered by name in each set; those before the oldest of them count as deleted without a name. */
const MAX_GONE = 100_000
const NOTHING = new Uint8Array()

export class History {
  private readonly copiedUnder = new Map<string, number>()

  constructor (private readonly store: Store, private readonly isLive: (execution: string) => boolean) {}

  async load (): Promise<void> {
    for (const [set, joined] of await loadHistories(this.store)) this.copiedUnder.set(set, joined)
  }

  /** The number this peer had joined the set under when it had copied all history; undefined: never. */
  copied (set: string): number | undefined { return this.copiedUnder.get(set) }
  async noteCopied (set: string, joined: number): Promise<void> {
    this.copiedUnder.set(set, joined)
    await this.store.batch([putHistory(set, joined)])
  }

  /** The execution after this one in the set's order of time, and what a list shows of it. */
  async next (set: string, after: string): Promise<[string, Summary] | undefined> { return await nextSummary(this.store, set, after) }
  /** Final executions of a set, oldest first, above `after`. */
  async finals (set: string, after: string, limit: number): Promise<[string, Summary][]> { return await listFinal(this.store, set, after, limit) }
  async summary (execution: string): Promise<Summary | undefined> { return await loadSummary(this.store, execution) }
  /** Newest first. */
  async list (set: string, limit: number, before?: string): Promise<[string, Summary][]> { return await listSummaries(this.store, set, limit, before) }

  /** All that is kept of an execution. */
  async everything (execution: string): Promise<Kept> {
    const { store } = this
    const [branches, records, ids] = await Promise.all([loadBranches(store, execution), loadHistory(store, execution), loadBlobIds(store, execution)])
    const blobs = await Promise.all(ids.map(async id => await store.get(keys.blob(execution, id))))
    return { branches, records, blobs: blobs.filter(bytes => bytes !== undefined) }
  }

  /** Older records, and executions that were over before this peer became a member. Changes nothing that lives here. */
  async add (execution: string, { branches, records, blobs, summary }: Kept & { summary?: Summary }): Promise<void> {
    if (await this.isGone(execution)) return
    const isOver = summary !== undefined && !this.isLive(execution)
    await this.store.batch([
      ...records.filter(record => record.execution === execution).map(putRecord),
      ...blobs.map((bytes): Write => ({ type: 'put', key: keys.blob(execution, blobId(bytes)), value: bytes })),
      ...isOver ? [...branches.map(putBranch), putSummary(execution, summary)] : []
    ])
  }

  /** Deletes what is kept of final executions, logs included, but for the memory that they were. */
  async retire (executions: string[]): Promise<void> {
    await this.store.batch(executions.flatMap((execution): Write[] => [
      ...deleteExecution(execution),
      { type: 'deleteRange', ...under(`l/${execution}/`) },
      { type: 'put', key: keys.gone(execution), value: NOTHING }
    ]))
  }

  /** Whether it was over and its history was deleted: a record of it that comes now is late by far. */
  async isGone (execution: string): Promise<boolean> {
    if (await this.store.get(keys.gone(execution)) !== undefined) return true
    const from = await this.store.get(keys.goneBefore(setOf(execution)))
    return from !== undefined && execution < new TextDecoder().decode(from)
  }

  /** Keeps the memory of deleted executions bounded: ids sort by time, so the oldest become one line. */
  async boundGone (set: string, most = MAX_GONE): Promise<void> {
    const { from, to } = under(keys.gone(`${set}.`))
    const newest: string[] = []
    for await (const [key] of this.store.range({ from, to, reverse: true, limit: most + 1 })) newest.push(key)
    const oldest = newest.at(most - 1)
    if (newest.length <= most || oldest === undefined) return
    const execution = oldest.slice(keys.gone('').length)
    await this.store.batch([
      { type: 'put', key: keys.goneBefore(set), value: new TextEncoder().encode(execution) },
      { type: 'deleteRange', from, to: oldest }
    ])
  }
}
