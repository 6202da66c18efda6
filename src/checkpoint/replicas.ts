/**
 * What this peer keeps as a replica: the pure rules of branch/replica.ts over memory and the store. Everything accepted is
 * applied to memory at once, saved in one synced batch with others, and only then answered (save, then send). After a
 * failed write nothing is answered any more: the store is fail-stop, and so is this.
 */
import { acceptAppend, indexIn, noteEpoch } from '../branch/index.js'
import type { Append, AppendReply, BranchRecord, NoteReply, NoteRequest, ReplicaBranch, SetState } from '../branch/index.js'
import { log, malformed, metrics } from '../telemetry.js'
import type { Store, Write } from '../store/index.js'
import { History } from './history.js'
import {
  clearBranches, deleteExecution, keys, loadBlobIds, loadBranches, loadLive, loadSets, putBranch, putRecord, putSet, putSummary
} from './persist.js'
import type { Summary } from './persist.js'
import { Recent } from './recent.js'
import { blobId } from './record-codec.js'
import { setOf } from './takeovers.js'

/** One save's worth of what others sent. */
export interface Batch { appends: Append[], blobs: { execution: string, bytes: Uint8Array }[] }

/** An answer, and with reason `missing` the blobs that must come along. */
export interface Answer { reply: AppendReply, blobs: string[] }

export interface ReplicasOptions {
  store: Store
  /** What a list shows of an execution, from its root branch's first or last record. */ describe: (record: BranchRecord) => Omit<Summary, 'final'>
  /** Plans are kept once for all executions, by whoever can read them. */ hasPlan: (plan: string) => boolean
  /** A blob that came in a message before the one that needs it. */ arrived: (execution: string, id: string) => Uint8Array | undefined
  /** A plan's source that came along; what must be written so that `hasPlan` stays true; nothing of one that cannot be read. */
  keepPlan: (source: Uint8Array) => Write[]
}

/** One execution in memory, as long as it is not final. */
interface Live {
  branches: Set<string>
  blobs: Set<string>
  /** Saves under way; until they are on disk, memory alone is right. */ saving: number
  /** Its history was deleted: it was over. */ gone?: boolean
}

/** What one save brings to the disk that readers want to see. */
interface News { records: BranchRecord[], finals: string[] }

const logger = log('checkpoint')
const records = metrics.counter('flowmesh_replica_records_total', 'records accepted by this peer as a replica')
const refusals = metrics.counter('flowmesh_replica_refusals_total', 'records refused by this peer as a replica')

export class Replicas {
  readonly sets = new Map<string, SetState>()
  readonly recent = new Recent()
  readonly history: History
  private readonly branches = new Map<string, ReplicaBranch>()
  private readonly live = new Map<string, Live>()
  private readonly listeners: ((execution: string, branches: string[]) => void)[] = []
  /** Resolves when everything written so far is on disk. */ private saved: Promise<void> = Promise.resolve()
  /** What waits for executions to be loaded goes on in order. */ private queue: Promise<void> | undefined
  /** Appends in it, by execution. */ private readonly queued = new Map<string, number>()

  constructor (private readonly options: ReplicasOptions) {
    this.history = new History(options.store, execution => this.live.has(execution))
  }

  readonly lookup = (branch: string): ReplicaBranch | undefined => this.branches.get(branch)

  async load (): Promise<void> {
    await this.history.load()
    for (const set of await loadSets(this.options.store)) this.sets.set(set.set, set)
    for (const execution of await loadLive(this.options.store)) {
      await this.ensure(execution)
      this.release(execution)
    }
  }

  /** An execution that this peer has just named: nothing about it can be on any disk. */
  found (set: string, execution: string): void {
    if (this.sets.get(set)?.self != null) this.openNew(execution)
  }

  /** Called after a change of these branches is saved. */
  onChange (listener: (execution: string, branches: string[]) => void): void { this.listeners.push(listener) }

  /** Branches of executions that are not final. */
  liveBranches (): Iterable<ReplicaBranch> { return this.branches.values() }
  branchesOf (execution: string): ReplicaBranch[] {
    return [...this.live.get(execution)?.branches ?? []].flatMap(branch => this.branches.get(branch) ?? [])
  }

  /** Executions of a set that are not final here; undefined when this peer keeps none of that set. */
  liveIn (set: string): number | undefined {
    if (this.sets.get(set)?.self == null) return undefined
    let count = 0
    for (const execution of this.live.keys()) if (execution.startsWith(`${set}.`)) count++
    return count
  }

  /** Accepts or refuses each append in order; `answer` gets the replies once they are true. */
  accept (batch: Batch, answer: (answers: Answer[]) => void): void {
    const unknown = [...new Set(batch.appends.map(append => append.record.execution))].filter(execution => !this.live.has(execution))
    if (this.queue === undefined && unknown.length === 0) {
      this.acceptNow(batch, answer)
      return
    }
    const executions = batch.appends.map(append => append.record.execution)
    for (const execution of executions) this.queued.set(execution, (this.queued.get(execution) ?? 0) + 1)
    this.enqueue(unknown, unreadable => {
      for (const execution of executions) this.unqueue(execution)
      const appends = batch.appends.filter(({ record }) => !unreadable.has(record.execution))
      this.acceptNow({ appends, blobs: batch.blobs.filter(({ execution }) => !unreadable.has(execution)) }, answer)
    })
  }

  /** Records of it wait here to be accepted: what is known of it is not the newest. */
  isQueued (execution: string): boolean { return this.queued.has(execution) }

  private unqueue (execution: string): void {
    const left = (this.queued.get(execution) ?? 1) - 1
    if (left === 0) this.queued.delete(execution)
    else this.queued.set(execution, left)
  }

  /** A taker's question; resolves once the noted epoch is durable. */
  async note (request: NoteRequest): Promise<NoteReply> {
    return await new Promise((resolve, reject) => {
      this.enqueue([request.execution], unreadable => {
        const failed = unreadable.get(request.execution)
        if (failed !== undefined) {
          reject(failed)
          return
        }
        const set = this.sets.get(request.set) ?? noSet(request.set)
        const { writes, reply } = noteEpoch(set, this.lookup, request)
        const isGone = this.live.get(request.execution)?.gone === true
        this.save(request.execution, isGone ? [] : writes, []).then(() => { resolve(isGone ? { ...reply, refused: 'closed' } : reply) }, reject)
      })
    })
  }

  /** Saves what another pure step decided: a taker's own noted epoch, adopted heads. */
  async save (execution: string, writes: ReplicaBranch[], more: Write[]): Promise<void> {
    const news: News = { records: [], finals: [] }
    const batch = [...this.apply(execution, writes, news), ...more]
    await this.persistOf([execution], batch)
    this.tellRecent(news)
    if (writes.length > 0) this.changed(execution, writes.map(({ branch }) => branch))
  }

  /** Resolves when all that memory holds now is on disk. */
  async synced (): Promise<void> { await this.saved }

  async saveSet (state: SetState, writes: Write[] = []): Promise<void> {
    this.sets.set(state.set, state)
    await this.persist([putSet(state), ...writes])
  }

  /** In place of whatever this peer had of the execution: what a newcomer copied. */
  async replace (execution: string, branches: ReplicaBranch[], blobs: Uint8Array[]): Promise<void> {
    this.evict(execution)
    this.recent.drop(execution)
    const live = this.open(execution)
    const news: News = { records: [], finals: [] }
    const puts = blobs.map(bytes => this.keepBlob(live, execution, bytes))
    const writes = [clearBranches(execution), ...this.apply(execution, branches, news), ...puts]
    await this.persistOf([execution], writes)
    this.tellRecent(news)
    this.changed(execution, branches.map(({ branch }) => branch))
  }

  /** What the copied set does not name was done nowhere, or is history the others have dropped. */
  async dropUnnamed (set: string, named: ReadonlySet<string>): Promise<void> {
    const gone = [...this.live.keys()].filter(execution => setOf(execution) === set && !named.has(execution))
    for (const execution of gone) await this.delete(execution)
  }

  /** To memory, also when it is final: whoever asked has to `release` it in the turn in which it is used. */
  async ensure (execution: string): Promise<void> {
    if (this.live.has(execution)) return
    // Whatever is kept of an execution, its root branch is among it.
    const root = await this.options.store.get(keys.branch(execution, execution))
    if (this.live.has(execution)) return
    if (root === undefined) {
      const gone = await this.history.isGone(execution)
      if (this.live.has(execution)) return
      this.openNew(execution)
      if (gone) this.open(execution).gone = true
      return
    }
    const [branches, blobs] = await Promise.all([loadBranches(this.options.store, execution), loadBlobIds(this.options.store, execution)])
    if (this.live.has(execution)) return
    const live = this.open(execution)
    for (const id of blobs) live.blobs.add(id)
    for (const state of branches) {
      live.branches.add(state.branch)
      this.branches.set(state.branch, state)
    }
  }

  /** A final execution is only history, and one of which nothing is kept is nothing: they leave memory once they are saved. */
  release (execution: string): void {
    const root = this.branches.get(execution)
    const isFinal = root?.head?.next === null && root.done >= indexIn(execution, root.head)
    const live = this.live.get(execution)
    if (live === undefined || live.saving > 0) return
    const isNothing = live.branches.size === 0 && live.blobs.size === 0
    if (isNothing) this.recent.drop(execution)
    if (isFinal || isNothing) this.evict(execution)
  }

  /** Branches as they are kept, final or not; nothing stays in memory for it. */
  async kept (execution: string): Promise<ReplicaBranch[]> {
    return this.live.has(execution) ? this.branchesOf(execution) : await loadBranches(this.options.store, execution)
  }

  hasPlan (plan: string): boolean { return this.options.hasPlan(plan) }

  async blob (execution: string, id: string): Promise<Uint8Array | undefined> {
    return await this.options.store.get(keys.blob(execution, id))
  }

  /** Every blob kept for an execution, in no order. */
  async blobsOf (execution: string): Promise<Uint8Array[]> {
    const ids = [...this.live.get(execution)?.blobs ?? []]
    const found = await Promise.all(ids.map(async id => await this.blob(execution, id)))
    return found.filter(bytes => bytes !== undefined)
  }

  /** Final executions whose history is not kept any longer. */
  async retire (executions: string[]): Promise<void> {
    for (const execution of executions) this.recent.drop(execution)
    await this.history.retire(executions)
  }

  async delete (execution: string): Promise<void> {
    this.evict(execution)
    this.recent.drop(execution)
    await this.persist(deleteExecution(execution))
  }

  /** @param step `unreadable`: executions of which the disk does not give what was written */
  private enqueue (executions: string[], step: (unreadable: ReadonlyMap<string, Error>) => void): void {
    // Looked for at once, so that a thousand new ones do not wait for each other's disk reads; again when it is their turn.
    const looked = Promise.allSettled(executions.map(async execution => { await this.ensure(execution) }))
    const turn = (this.queue ?? Promise.resolve()).then(async () => {
      await looked
      const unreadable = new Map<string, Error>()
      for (const execution of executions) await this.ensure(execution).catch((err: Error) => { unreadable.set(execution, err) })
      for (const [execution, err] of unreadable) logger.seldom(execution, 'an execution cannot be read from the disk: nothing about it is answered', { execution, reason: err.message })
      step(unreadable)
    })
    const done = turn.catch(() => {}).then(() => { if (this.queue === done) this.queue = undefined })
    this.queue = done
  }

  private acceptNow (batch: Batch, answer: (answers: Answer[]) => void): void {
    const writes: Write[] = []
    const changed = new Map<string, Set<string>>()
    const news: News = { records: [], finals: [] }
    for (const { execution, bytes } of batch.blobs) {
      writes.push(...execution === '' ? this.options.keepPlan(bytes) : [this.keepBlob(this.open(execution), execution, bytes)])
    }
    const answers = batch.appends.flatMap(append => {
      try {
        return this.acceptOne(append, writes, changed, news)
      } catch (err) {
        malformed('a record', append.record.writer.peer, err)
        return []
      }
    })
    this.persistOf(batch.appends.map(({ record }) => record.execution), writes).then(() => {
      this.tellRecent(news)
      answer(answers)
      for (const [execution, branches] of changed) this.changed(execution, [...branches])
    }, () => {}) // fail-stop: whoever owns the store has been told
  }

  private acceptOne (append: Append, writes: Write[], changed: Map<string, Set<string>>, news: News): Answer {
    const { record } = append
    const live = this.open(record.execution)
    if (live.gone === true) {
      const { branch, epoch } = append
      return { blobs: [], reply: { type: 'refusal', set: append.set, branch, hash: record.hash, epoch, number: append.number, from: '', reason: 'closed' } }
    }
    const lacking = record.needs.filter(id => !live.blobs.has(id) && !this.options.hasPlan(id))
    const blobs = lacking.filter(id => {
      const bytes = this.options.arrived(record.execution, id)
      if (bytes !== undefined) writes.push(this.keepBlob(live, record.execution, bytes))
      return bytes === undefined
    })
    const set = this.sets.get(append.set) ?? noSet(append.set)
    if (blobs.length > 0) {
      refusals.add(1)
      const { branch, epoch } = append
      return { blobs, reply: { type: 'refusal', set: append.set, branch, hash: record.hash, epoch, number: set.number, from: set.self?.peer ?? '', reason: 'missing' } }
    }
    const accepted = acceptAppend(set, this.lookup, append)
    const applied = this.apply(record.execution, accepted.writes, news)
    if (accepted.reply.type === 'refusal') refusals.add(1)
    else records.add(1)
    let branches = changed.get(record.execution)
    if (branches === undefined) changed.set(record.execution, branches = new Set())
    for (const { branch } of accepted.writes) branches.add(branch)
    for (const branch of accepted.forgets) branches.add(branch)
    writes.push(...applied, ...this.forget(record.execution, accepted.forgets))
    return { reply: accepted.reply, blobs: [] }
  }

  /** To memory at once; returns what goes to disk, and notes what is news once it is there. When it throws, nothing was changed. */
  private apply (execution: string, states: ReplicaBranch[], news: News): Write[] {
    const root = states.find(({ branch }) => branch === execution)
    const writes = root?.head == null ? [] : this.summarize(root, this.branches.get(execution), root.head, news)
    const live = this.open(execution)
    const put = new Set<BranchRecord>()
    for (const state of states) {
      const before = this.branches.get(state.branch)
      if (state.head !== null && state.head !== before?.head && !put.has(state.head)) {
        put.add(state.head) // fifty children share their opening record
        writes.push(putRecord(state.head))
        news.records.push(state.head)
      }
      writes.push(putBranch(state))
      live.branches.add(state.branch)
      this.branches.set(state.branch, state)
    }
    return writes
  }

  private summarize (state: ReplicaBranch, before: ReplicaBranch | undefined, head: BranchRecord, news: News): Write[] {
    const ended = head.next === null
    if (!ended && before?.head != null && before.head.next !== null) return []
    const final = ended && state.done >= head.index
    const summary = putSummary(state.execution, { ...this.options.describe(head), final })
    if (final) news.finals.push(state.execution)
    return [summary]
  }

  private tellRecent ({ records, finals }: News): void {
    for (const record of records) this.recent.add(record)
    for (const execution of finals) this.recent.end(execution)
  }

  private keepBlob (live: Live, execution: string, bytes: Uint8Array): Write {
    const id = blobId(bytes)
    live.blobs.add(id)
    return { type: 'put', key: keys.blob(execution, id), value: bytes }
  }

  /** These branches and everything below them. */
  private forget (execution: string, forgotten: string[]): Write[] {
    if (forgotten.length === 0) return []
    const live = this.open(execution)
    const gone = new Set(forgotten)
    const isGone = (name: string): boolean => gone.has(name) || this.branches.get(name)?.head?.lineage.some(({ branch }) => gone.has(branch)) === true
    return [...live.branches].filter(isGone).map(name => {
      live.branches.delete(name)
      this.branches.delete(name)
      return { type: 'delete', key: keys.branch(execution, name) }
    })
  }

  private evict (execution: string): void {
    for (const branch of this.live.get(execution)?.branches ?? []) this.branches.delete(branch)
    this.live.delete(execution)
  }

  private openNew (execution: string): void {
    this.open(execution)
    this.recent.begin(execution)
  }

  private open (execution: string): Live {
    let live = this.live.get(execution)
    if (live === undefined) this.live.set(execution, live = { branches: new Set(), blobs: new Set(), saving: 0 })
    return live
  }

  /** A final execution leaves memory when all of it is on disk, not before. */
  private async persistOf (executions: string[], writes: Write[]): Promise<void> {
    const lives = executions.map(execution => this.open(execution))
    for (const live of lives) live.saving++
    await this.persist(writes)
    for (const live of lives) live.saving--
    for (const execution of executions) this.release(execution)
  }

  private async persist (writes: Write[]): Promise<void> {
    // Even an answer without a write of its own waits: what it tells of may still be on its way to the disk.
    if (writes.length > 0) this.saved = this.options.store.batch(writes)
    await this.saved
  }

  private changed (execution: string, branches: string[]): void {
    for (const listener of this.listeners) listener(execution, branches)
  }
}

/** Under a set this peer was never told of it is no member of anything. */
function noSet (set: string): SetState {
  return { set, generation: 0, number: 0, members: [], self: null, whole: false }
}
