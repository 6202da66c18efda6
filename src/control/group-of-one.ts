/**
 * The founder alone: an entry is synced in its store, then applied, then answered. Entries that arrive while one is being
 * synced share the next write. The log is compacted into a snapshot every so many entries. Every record carries its index
 * and a checksum; one that does not read back as it was written stops the member by name: acting on half a log would
 * decide twice. There is no torn tail to forgive, because the store applies a batch whole or not at all.
 */
import { crc32 } from 'node:zlib'
import { decode, encode } from '@ipld/dag-cbor'
import { FlowMeshError, UnavailableError } from '../errors.js'
import { failpoint } from '../failpoints.js'
import { decodeEntry } from './command.js'
import { applyEntry, emptyState, restore, snapshot } from './state.js'
import type { Store, Write } from '../store/port.js'
import type { Entry } from './command.js'
import type { Applied, Group, GroupStatus } from './group.js'
import type { State } from './state.js'

const LOG = 'control/log/'
const LOG_END = 'control/log0' // '0' follows '/'
const SNAPSHOT = 'control/snapshot'
/** A group of one never holds an election. */
const TERM = 1

/** The log or snapshot on this disk is not what was written. Nothing is emptied or skipped: a person decides. */
export class DamagedLogError extends FlowMeshError {
  override readonly name = 'DamagedLogError'
  readonly kind = 'failed'
  readonly retrySafe = false
  constructor (readonly key: string, why: string) {
    super(`the control plane's log is damaged at "${key}": ${why}. Restore this state directory from where the damage is not, or found a new mesh`)
  }
}

export interface GroupOfOneOptions {
  self: string
  store: Store
  /** Entries between two snapshots at least; a large state waits until its log is a quarter of it. @default 1024 */ snapshotEvery?: number
}

interface Proposal { bytes: Uint8Array, entry: Entry, resolve: (applied: Applied) => void, reject: (err: Error) => void }

export class GroupOfOne implements Group {
  private readonly waiting: Proposal[] = []
  private readonly appliedListeners: ((state: State) => void)[] = []
  private readonly failureListeners: ((err: Error) => void)[] = []
  private writing: Promise<void> = Promise.resolve()
  private busy = false
  private failure: Error | undefined
  private closed = false
  private snapshotBytes = 0
  private logBytes = 0

  private constructor (
    private readonly options: Required<GroupOfOneOptions>, private current: State, private snapshotIndex: number
  ) {
    options.store.onFailure(err => { this.fail(err) })
  }

  /** Recovers by snapshot and replay. DamagedLogError when either does not read back. */
  static async open (options: GroupOfOneOptions): Promise<GroupOfOne> {
    const { store } = options
    const kept = await store.get(SNAPSHOT)
    let state = kept === undefined ? emptyState() : restore(unseal(SNAPSHOT, kept).bytes)
    const snapshotIndex = state.applied
    for await (const [key, sealed] of store.range({ from: LOG, to: LOG_END })) {
      const { index, bytes } = unseal(key, sealed)
      if (key !== keyOf(index) || index !== state.applied + 1) throw new DamagedLogError(key, `entry ${state.applied + 1} is missing`)
      state = applyEntry(state, index, readEntry(key, bytes)).state
    }
    return new GroupOfOne({ snapshotEvery: 1024, ...options }, state, snapshotIndex)
  }

  async propose (bytes: Uint8Array): Promise<Applied> {
    this.mustServe()
    // Read before it is written: what cannot be read must never get into the log.
    const entry = decodeEntry(bytes)
    return await new Promise<Applied>((resolve, reject) => {
      this.waiting.push({ bytes, entry, resolve, reject })
      if (!this.busy) this.writing = this.write()
    })
  }

  async readIndex (): Promise<number> {
    this.mustServe()
    return this.current.applied
  }

  state (): State { return this.current }
  onApplied (listener: (state: State) => void): void { this.appliedListeners.push(listener) }
  onFailure (listener: (err: Error) => void): void { this.failureListeners.push(listener) }

  status (): GroupStatus {
    const { self } = this.options
    const serves = this.failure === undefined && !this.closed
    return { term: TERM, leader: serves ? self : null, voters: [self], learners: [], commitIndex: this.current.applied, quorum: serves }
  }

  async close (): Promise<void> {
    this.closed = true
    await this.writing
  }

  private mustServe (): void {
    if (this.failure !== undefined) throw new UnavailableError(`the controller stopped: ${this.failure.message}`, [this.options.self], { cause: this.failure })
    if (this.closed) throw new UnavailableError('this controller is stopping', [this.options.self])
  }

  /** One write at a time: what waits when it ends goes together into the next. */
  private async write (): Promise<void> {
    this.busy = true
    while (this.waiting.length > 0) {
      const batch = this.waiting.splice(0)
      try {
        await this.commit(batch)
      } catch (err) {
        this.fail(err as Error)
        // Of the batch nobody knows whether it was kept: no promise of a safe retry for it.
        for (const { reject } of [...batch, ...this.waiting.splice(0)]) reject(err as Error)
      }
    }
    this.busy = false // in the same turn as the last look at what waits
  }

  private async commit (batch: Proposal[]): Promise<void> {
    const first = this.current.applied + 1
    await this.options.store.batch(batch.map(({ bytes }, i) => put(keyOf(first + i), first + i, bytes)))
    await failpoint('control.before-apply')
    for (const [i, { entry, resolve }] of batch.entries()) {
      const { state, outcome } = applyEntry(this.current, first + i, entry)
      this.current = state
      for (const listener of this.appliedListeners) listener(state)
      resolve({ index: first + i, outcome })
    }
    for (const { bytes } of batch) this.logBytes += bytes.length
    const due = this.current.applied - this.snapshotIndex >= this.options.snapshotEvery
    if (due && this.logBytes * 4 >= this.snapshotBytes) await this.compact()
  }

  private async compact (): Promise<void> {
    const index = this.current.applied
    const bytes = snapshot(this.current)
    await this.options.store.batch([
      put(SNAPSHOT, index, bytes),
      { type: 'deleteRange', from: LOG, to: keyOf(index + 1) }
    ])
    this.snapshotIndex = index
    this.snapshotBytes = bytes.length
    this.logBytes = 0
  }

  private fail (err: Error): void {
    if (this.failure !== undefined) return
    this.failure = err
    for (const listener of this.failureListeners) listener(err)
  }
}

const keyOf = (index: number): string => LOG + index.toString().padStart(16, '0')

const put = (key: string, index: number, bytes: Uint8Array): Write => ({ type: 'put', key, value: seal(index, bytes) })

function seal (index: number, bytes: Uint8Array): Uint8Array {
  return encode({ index, term: TERM, check: checkOf(index, bytes), bytes })
}

function unseal (key: string, sealed: Uint8Array): { index: number, bytes: Uint8Array } {
  let record: { index: number, check: number, bytes: Uint8Array }
  try {
    record = decode(sealed)
  } catch {
    throw new DamagedLogError(key, 'it is no record')
  }
  const whole = Number.isSafeInteger(record.index) && record.bytes instanceof Uint8Array && record.check === checkOf(record.index, record.bytes)
  if (!whole) throw new DamagedLogError(key, 'its checksum does not match')
  return record
}

const checkOf = (index: number, bytes: Uint8Array): number => crc32(bytes, crc32(index.toString()))

function readEntry (key: string, bytes: Uint8Array): Entry {
  try {
    return decodeEntry(bytes)
  } catch (err) {
    throw new DamagedLogError(key, (err as Error).message)
  }
}
