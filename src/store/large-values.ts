/**
 * Values that LevelDB would write three times (log, table, compaction) while small batches wait: each has a file of its own,
 * synced before the batch that names it. In LevelDB stands a pointer, and under `INDEX` the key, so that the files of deleted
 * keys are known without reading them.
 */
import { mkdir, open, readdir, readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { LARGE_VALUE_BYTES } from '../limits.js'

/** Keys of callers never begin with a zero character. */
export const INDEX = '\u0000large/'
export const INDEX_END = '\u0000large0'
/** A value of a caller that begins like a pointer goes to a file, whatever its size: so it is never taken for one. */
const MAGIC = Buffer.from('\u0000large\u00001', 'latin1')
const POINTER_BYTES = MAGIC.length + 16
/** File writes at once: the thread pool has four threads, and LevelDB needs one of them. */
const LANES = 2

export class LargeValues {
  private readonly lanes: Promise<unknown>[] = Array.from({ length: LANES }, () => Promise.resolve())
  private readonly files = new Map<string, number>()
  private readonly dropped: number[] = []
  private next = 1
  private turn = 0
  private readers = 0

  private constructor (private readonly folder: string) {}

  /** Removes what an unfinished batch left behind. */
  static async open (folder: string, index: AsyncIterable<[key: string, pointer: Uint8Array]>): Promise<LargeValues> {
    const values = new LargeValues(folder)
    await mkdir(folder, { recursive: true, mode: 0o700 })
    for await (const [key, pointer] of index) values.files.set(key.slice(INDEX.length), numberOf(pointer))
    const known = new Set(values.files.values())
    for (const name of await readdir(folder)) {
      const number = Number(name)
      if (!known.has(number)) await unlink(join(folder, name))
      else values.next = Math.max(values.next, number + 1)
    }
    return values
  }

  belongsInFile (value: Uint8Array): boolean {
    return value.length >= LARGE_VALUE_BYTES || isPointer(value)
  }

  /** Resolves with the pointer once the file is synced. */
  write (value: Uint8Array): Promise<Uint8Array> {
    const lane = this.turn++ % LANES
    const number = this.next++
    const written = this.lanes[lane]!.then(() => this.writeFile(number, value))
    this.lanes[lane] = written.catch(() => {})
    return written
  }

  /** The key now stands for this pointer, or for none: returns what follows from it for the index. Its old file goes. */
  point (key: string, pointer: Uint8Array | undefined): { type: 'put', key: string, value: Uint8Array } | { type: 'del', key: string } | undefined {
    const old = this.files.get(key)
    if (old !== undefined) this.dropped.push(old)
    if (pointer !== undefined) {
      this.files.set(key, numberOf(pointer))
      return { type: 'put', key: INDEX + key, value: pointer }
    }
    return this.files.delete(key) ? { type: 'del', key: INDEX + key } : undefined
  }

  /** Call once the batch is synced. Files stay while somebody reads an older state. */
  removeDropped (): void {
    if (this.readers > 0) return
    // One that cannot be removed now is found at the next opening.
    for (const number of this.dropped.splice(0)) void unlink(this.path(number)).catch(() => {})
  }

  beginReading (): void { this.readers++ }

  endReading (): void {
    this.readers--
    this.removeDropped()
  }

  /** The value a stored value stands for: itself, or what its file holds. */
  async resolve (stored: Uint8Array): Promise<Uint8Array> {
    if (!isPointer(stored)) return stored
    const path = this.path(numberOf(stored))
    const value = await readFile(path)
    if (value.length !== lengthOf(stored)) throw new Error(`${path} has ${value.length} bytes, not ${lengthOf(stored)}`)
    return value
  }

  private async writeFile (number: number, value: Uint8Array): Promise<Uint8Array> {
    const file = await open(this.path(number), 'wx', 0o600)
    try {
      await file.writeFile(value)
      await file.datasync()
    } finally {
      await file.close()
    }
    const folder = await open(this.folder, 'r')
    try {
      await folder.sync()
    } finally {
      await folder.close()
    }
    return pointerTo(number, value.length)
  }

  private path (number: number): string { return join(this.folder, String(number)) }
}

function isPointer (value: Uint8Array): boolean {
  return value.length >= MAGIC.length && MAGIC.compare(value, 0, MAGIC.length) === 0
}

function pointerTo (number: number, length: number): Uint8Array {
  const pointer = Buffer.alloc(POINTER_BYTES)
  MAGIC.copy(pointer)
  pointer.writeDoubleBE(number, MAGIC.length)
  pointer.writeDoubleBE(length, MAGIC.length + 8)
  return pointer
}

function numberOf (pointer: Uint8Array): number { return Buffer.from(pointer).readDoubleBE(MAGIC.length) }
function lengthOf (pointer: Uint8Array): number { return Buffer.from(pointer).readDoubleBE(MAGIC.length + 8) }
