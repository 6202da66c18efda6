/**
 * The store on disk: LevelDB with one writer. Batches that arrive while a sync is under way wait and share the next one, so
 * under load a sync serves many; alone, a batch is written at once. After any I/O error nobody knows what reached the disk:
 * the store stops (fail-stop) and its owner reopens and replays.
 */
import { ClassicLevel } from 'classic-level'
import { join } from 'node:path'
import { StoreFailedError, UnavailableError } from '../errors.js'
import { failpoint } from '../failpoints.js'
import { MAX_GROUP_BYTES, MAX_GROUP_WRITES } from '../limits.js'
import { metrics } from '../telemetry.js'
import { checkWrites, compareKeys, FIRST_KEY } from './keys.js'
import { INDEX, INDEX_END, LargeValues } from './large-values.js'
import type { RangeOptions, Store, Write } from './port.js'

type Operation = { type: 'put', key: string, value: Uint8Array } | { type: 'del', key: string }
/** By key: of several for one key in a group only the last one reaches the disk. */
type Operations = Map<string, Operation>
interface Pending {
  writes: Write[]
  bytes: number
  /** Of each write that is too large for LevelDB, once its file is synced. */ pointers?: Map<Write, Promise<Uint8Array>>
  resolve: () => void
  reject: (err: Error) => void
}

const syncs = metrics.counter('flowmesh_store_syncs_total', 'Synced writes to disk')
const batches = metrics.counter('flowmesh_store_batches_total', 'Batches written; many may share a sync')
const bytesWritten = metrics.counter('flowmesh_store_bytes_total', 'Bytes of values written')
const syncMs = metrics.histogram('flowmesh_store_sync_ms', 'Time of one synced write')

export class LevelStore implements Store {
  private queue: Pending[] = []
  private writing: Promise<void> | undefined
  private failure: StoreFailedError | undefined
  private closing: Promise<void> | undefined
  private readonly listeners: ((err: Error) => void)[] = []

  private constructor (readonly path: string, private readonly db: ClassicLevel<string, Uint8Array>, private readonly large: LargeValues) {}

  /** Rejects with LevelDB's own error: LEVEL_LOCKED, LEVEL_CORRUPTION, LEVEL_IO_ERROR. */
  static async open (path: string, options: { create?: boolean } = {}): Promise<LevelStore> {
    const db = new ClassicLevel<string, Uint8Array>(path, {
      keyEncoding: 'utf8',
      valueEncoding: 'view',
      createIfMissing: options.create ?? true,
      compression: false // measured in docs/decisions/0013
    })
    await db.open().catch((err: unknown) => { throw rootCause(err) })
    try {
      return new LevelStore(path, db, await LargeValues.open(join(path, 'large'), db.iterator({ gte: INDEX, lt: INDEX_END })))
    } catch (err) {
      await db.close()
      throw err
    }
  }

  async get (key: string): Promise<Uint8Array | undefined> {
    this.checkUsable()
    this.large.beginReading()
    try {
      const stored = await this.db.get(key)
      return stored === undefined ? undefined : await this.large.resolve(stored)
    } catch (err) {
      throw this.failed(err)
    } finally {
      this.large.endReading()
    }
  }

  async * range (options: RangeOptions): AsyncIterable<[key: string, value: Uint8Array]> {
    this.checkUsable()
    const { from, to, reverse = false, limit = -1 } = options
    this.large.beginReading()
    const iterator = this.db.iterator({ gte: from < FIRST_KEY ? FIRST_KEY : from, lt: to, reverse, limit })
    try {
      for (;;) {
        const entry = await this.nextOf(iterator)
        if (entry === undefined) return
        yield entry
      }
    } finally {
      this.large.endReading()
      await iterator.close()
    }
  }

  private async nextOf (iterator: { next: () => Promise<[string, Uint8Array] | undefined> }): Promise<[string, Uint8Array] | undefined> {
    try {
      const entry = await iterator.next()
      return entry === undefined ? undefined : [entry[0], await this.large.resolve(entry[1])]
    } catch (err) {
      throw this.failed(err)
    }
  }

  /** The bytes belong to the store until it resolves: do not change them. */
  batch (writes: Write[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.checkUsable()
      checkWrites(writes)
      if (writes.length === 0 && this.writing === undefined) {
        resolve()
        return
      }
      const bytes = writes.reduce((sum, write) => write.type === 'put' ? sum + write.value.length : sum, 0)
      this.queue.push({ writes, bytes, pointers: this.writeLarge(writes), resolve, reject })
      this.writing ??= this.writeGroups()
    })
  }

  onFailure (listener: (err: Error) => void): void {
    if (this.failure !== undefined) listener(this.failure)
    else this.listeners.push(listener)
  }

  /**
   * Writes what was handed in, then closes. Safe to repeat. `whole` runs in between, still under the lock, if everything
   * that was written is on disk.
   */
  close (whole?: () => Promise<void>): Promise<void> {
    this.closing ??= (async () => {
      await this.writing
      if (this.failure === undefined) await whole?.()
      await this.db.close()
    })()
    return this.closing
  }

  private async writeGroups (): Promise<void> {
    while (this.queue.length > 0 && this.failure === undefined) {
      await endOfTurn()
      const group = this.takeGroup()
      try {
        await this.write(group)
      } catch (err) {
        this.queue.unshift(...group)
        this.failed(err)
      }
    }
    this.writing = undefined // in the step that found the queue empty: what is queued next starts a writer of its own
  }

  private takeGroup (): Pending[] {
    let count = 0
    let bytes = 0
    let writes = 0
    for (const pending of this.queue) {
      bytes += pending.bytes
      writes += pending.writes.length
      if (count > 0 && (bytes > MAX_GROUP_BYTES || writes > MAX_GROUP_WRITES)) break
      count++
    }
    return this.queue.splice(0, count)
  }

  /** The files are written while other groups sync; the group that names them waits for them. */
  private writeLarge (writes: Write[]): Map<Write, Promise<Uint8Array>> | undefined {
    let pointers: Map<Write, Promise<Uint8Array>> | undefined
    for (const write of writes) {
      if (write.type !== 'put' || !this.large.belongsInFile(write.value)) continue
      const pointer = this.large.write(write.value)
      pointer.catch(() => {}) // looked at when its group is written
      pointers ??= new Map()
      pointers.set(write, pointer)
    }
    return pointers
  }

  private async write (group: Pending[]): Promise<void> {
    const operations: Operations = new Map()
    for (const pending of group) {
      for (const write of pending.writes) {
        const pointer = pending.pointers?.get(write)
        if (write.type === 'put') this.put(write.key, write.value, pointer && await pointer, operations)
        else if (write.type === 'delete') this.delete(write.key, operations)
        else for (const key of await this.keysBetween(write.from, write.to, operations)) this.delete(key, operations)
      }
    }
    await failpoint('store.before-sync')
    const start = performance.now()
    await this.db.batch([...operations.values()], { sync: true })
    syncMs.observe(performance.now() - start)
    syncs.add()
    await failpoint('store.after-sync')
    this.large.removeDropped()
    for (const pending of group) {
      batches.add()
      bytesWritten.add(pending.bytes)
      pending.resolve()
    }
  }

  private put (key: string, value: Uint8Array, pointer: Uint8Array | undefined, operations: Operations): void {
    operations.set(key, { type: 'put', key, value: pointer ?? value })
    const index = this.large.point(key, pointer)
    if (index !== undefined) operations.set(index.key, index)
  }

  private delete (key: string, operations: Operations): void {
    operations.set(key, { type: 'del', key })
    const index = this.large.point(key, undefined)
    if (index !== undefined) operations.set(index.key, index)
  }

  /** LevelDB deletes ranges outside of batches only: name the keys, on disk and earlier in this group. */
  private async keysBetween (from: string, to: string, earlier: Operations): Promise<string[]> {
    if (compareKeys(from, to) >= 0) return []
    const onDisk = await this.db.keys({ gte: from, lt: to }).all()
    const inGroup = [...earlier.keys()].filter(key => compareKeys(key, from) >= 0 && compareKeys(key, to) < 0)
    return [...onDisk, ...inGroup]
  }

  /** The first error stops the store for good; returns what every call from now on rejects with. */
  private failed (err: unknown): Error {
    // A read that was under way when the owner closed the store is no fault of the disk.
    if (this.closing !== undefined && this.writing === undefined) return new UnavailableError('the store is closed', [], { cause: err })
    if (this.failure === undefined) {
      this.failure = new StoreFailedError(this.path, { cause: rootCause(err) })
      for (const listener of this.listeners.splice(0)) listener(this.failure)
    }
    for (const pending of this.queue.splice(0)) pending.reject(this.failure)
    return this.failure
  }

  private checkUsable (): void {
    if (this.failure !== undefined) throw this.failure
    if (this.closing !== undefined) throw new UnavailableError('the store is closed')
  }
}

/** When everything that was ready to run in this turn of the event loop has run, so that what it appends shares the sync. */
function endOfTurn (): Promise<void> {
  // A tick that is queued from a promise job runs once all promise jobs have.
  return Promise.resolve().then(() => new Promise(resolve => { process.nextTick(resolve) }))
}

/** LevelDB's own error is the cause of "database failed to open". */
function rootCause (err: unknown): unknown {
  return err instanceof Error && err.cause instanceof Error ? err.cause : err
}
