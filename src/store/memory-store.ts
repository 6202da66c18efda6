/**
 * The store in memory: for tests and simulations. Keeps the port's whole contract but one: it does not survive the process.
 */
import { UnavailableError } from '../errors.js'
import { checkWrites, compareKeys } from './keys.js'
import type { RangeOptions, Store, Write } from './port.js'

export class MemoryStore implements Store {
  private readonly values = new Map<string, Uint8Array>()
  private keys: string[] = [] // in order
  private closed = false

  async get (key: string): Promise<Uint8Array | undefined> {
    this.checkOpen()
    return this.values.get(key)?.slice()
  }

  async * range (options: RangeOptions): AsyncIterable<[key: string, value: Uint8Array]> {
    this.checkOpen()
    const keys = this.keys.slice(this.indexOf(options.from), this.indexOf(options.to))
    if (options.reverse === true) keys.reverse()
    if (options.limit !== undefined) keys.length = Math.min(keys.length, options.limit)
    // Values are never changed in place, so taking them now makes the snapshot.
    for (const [key, value] of keys.map(key => [key, this.values.get(key)!] as const)) yield [key, value.slice()]
  }

  async batch (writes: Write[]): Promise<void> {
    this.checkOpen()
    checkWrites(writes)
    for (const write of writes) this.apply(write)
  }

  /** Memory does not fail. */
  onFailure (): void {}

  async close (): Promise<void> { this.closed = true }

  private apply (write: Write): void {
    if (write.type === 'deleteRange') {
      const from = this.indexOf(write.from)
      const removed = this.keys.splice(from, Math.max(0, this.indexOf(write.to) - from))
      for (const key of removed) this.values.delete(key)
    } else if (write.type === 'delete') {
      if (this.values.delete(write.key)) this.keys.splice(this.indexOf(write.key), 1)
    } else {
      if (!this.values.has(write.key)) this.keys.splice(this.indexOf(write.key), 0, write.key)
      this.values.set(write.key, write.value.slice())
    }
  }

  /** Where the first key not before this one stands. */
  private indexOf (key: string): number {
    let low = 0
    let high = this.keys.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (compareKeys(this.keys[middle]!, key) < 0) low = middle + 1
      else high = middle
    }
    return low
  }

  private checkOpen (): void {
    if (this.closed) throw new UnavailableError('the store is closed')
  }
}
