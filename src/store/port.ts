/**
 * The key-value port: ordered string keys, byte values, batches that are applied whole or not at all and synced before
 * they resolve. Memory and disk implement it and pass one contract suite. Any write error is final for the instance
 * (fail-stop): every later call rejects with the same `StoreFailedError`, because after an I/O error nobody knows what
 * reached the disk; reopen and replay.
 */
export type Write =
  | { type: 'put', key: string, value: Uint8Array }
  | { type: 'delete', key: string }
  | { type: 'deleteRange', from: string, to: string } // [from, to)

export interface RangeOptions {
  /** First key, included. */ from: string
  /** End, excluded. */ to: string
  reverse?: boolean
  limit?: number
}

export interface Store {
  get (key: string): Promise<Uint8Array | undefined>
  /** Keys in order; reads a consistent snapshot. */
  range (options: RangeOptions): AsyncIterable<[key: string, value: Uint8Array]>
  /**
   * Durable when it resolves. Concurrent batches share one synced write (group commit) and become visible and durable
   * in the order of the calls: when a batch has resolved, so have all before it.
   */
  batch (writes: Write[]): Promise<void>
  /** Called once, at the first write error; the owner must stop whatever acknowledges to others. */
  onFailure (listener: (err: Error) => void): void
  close (): Promise<void>
}
