/**
 * One peer's disk: survives its lives. A batch takes time, in order; what was not synced when the peer dies is lost, or
 * kept up to some point. A test may hold every sync, to see what waits for it.
 */
import { MemoryStore } from '../../src/store/index.js'
import type { RangeOptions, Store, Write } from '../../src/store/index.js'
import type { SimClock } from './sim-clock.js'

export class SimDisk {
  readonly kept = new MemoryStore()

  constructor (private readonly clock: SimClock, readonly syncMs: [number, number] = [1, 4]) {}

  open (): SimStore { return new SimStore(this.kept, this.clock, this.syncMs) }
}

interface Waiting { writes: Write[], done: () => void, failed: (err: Error) => void }

export class SimStore implements Store {
  /** Batches synced since this life began. */ synced = 0
  /** What reading a key takes now. */ readMs = 0
  private waiting: Waiting[] = []
  private busy = false
  private held = false
  private alive = true

  constructor (private readonly kept: MemoryStore, private readonly clock: SimClock, private readonly syncMs: [number, number]) {}

  async get (key: string): Promise<Uint8Array | undefined> {
    if (this.readMs > 0) await new Promise<void>(resolve => { this.clock.after(this.readMs, resolve) })
    return await this.kept.get(key)
  }

  range (options: RangeOptions): AsyncIterable<[key: string, value: Uint8Array]> { return this.kept.range(options) }

  async batch (writes: Write[]): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.waiting.push({ writes, done: resolve, failed: reject })
      this.sync()
    })
  }

  onFailure (): void {}
  async close (): Promise<void> {}

  /** Nothing is synced until it is called again with false. */
  hold (held: boolean): void {
    this.held = held
    this.sync()
  }

  /** The peer is dead: what waits was never acknowledged; some of it may have reached the disk. */
  async kill (keep: number): Promise<void> {
    this.alive = false
    for (const { writes } of this.waiting.splice(0).slice(0, keep)) await this.kept.batch(writes)
  }

  get unsynced (): number { return this.waiting.length }

  /** Group commit: all that waits shares one sync. */
  private sync (): void {
    if (this.busy || this.held || !this.alive || this.waiting.length === 0) return
    this.busy = true
    const group = this.waiting.length
    this.clock.after(this.clock.between(...this.syncMs), () => { void this.commit(group) })
  }

  private async commit (group: number): Promise<void> {
    this.busy = false
    if (!this.alive || this.held) return
    for (const { writes, done, failed } of this.waiting.splice(0, group)) {
      this.synced++
      await this.kept.batch(writes).then(done, failed)
    }
    this.sync()
  }
}
