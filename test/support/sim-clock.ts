/**
 * Time and chance of a whole simulated mesh: one heap of events, one seeded generator. Between two events everything that
 * needs no time (promises, microtasks) runs to its end, so the same seed always takes the same path.
 */
import type { Clock } from '../../src/clock.js'

interface Timer { at: number, order: number, call: (() => void) | undefined }

/** mulberry32: small, fast, and good enough to draw faults. */
export function seeded (seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export class SimClock implements Clock {
  private readonly heap: Timer[] = []
  private order = 0
  private time = 1_700_000_000_000
  private readonly draw: () => number

  constructor (seed = 1) { this.draw = seeded(seed) }

  /** Whole milliseconds, as the system's clock; delays may be shorter. */ now (): number { return Math.floor(this.time) }
  exact (): number { return this.time }
  random (): number { return this.draw() }

  after (ms: number, call: () => void): () => void {
    const timer: Timer = { at: this.time + Math.max(0, ms), order: this.order++, call }
    this.push(timer)
    return () => { timer.call = undefined }
  }

  /** From `low` to `high`, drawn. */
  between (low: number, high: number): number { return low + this.draw() * (high - low) }

  async pass (ms: number): Promise<void> { await this.runUntil(() => false, ms) }

  /** Until it holds; an error after `ms` of simulated time. */
  async until (holds: () => boolean, ms = 60_000, what = holds.toString()): Promise<void> {
    if (!await this.runUntil(holds, ms)) throw new Error(`not within ${ms} simulated ms: ${what}`)
  }

  /** Until this is settled, which it must be within `ms`. */
  async settle<T> (promise: Promise<T>, ms = 60_000): Promise<T> {
    let over = false
    const watched = promise.finally(() => { over = true })
    watched.catch(() => {})
    await this.until(() => over, ms, 'a promise settles')
    return await watched
  }

  private async runUntil (holds: () => boolean, ms: number): Promise<boolean> {
    const end = this.time + ms
    await drained()
    while (!holds()) {
      const next = this.heap[0]
      if (next === undefined || next.at > end) {
        this.time = end
        return holds()
      }
      this.pop()
      if (next.call === undefined) continue
      this.time = next.at
      next.call()
      await drained()
    }
    return true
  }

  private push (timer: Timer): void {
    const { heap } = this
    let at = heap.push(timer) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (isBefore(heap[above]!, timer)) break
      heap[at] = heap[above]!
      at = above
    }
    heap[at] = timer
  }

  private pop (): void {
    const { heap } = this
    const last = heap.pop()!
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below++
      if (isBefore(last, heap[below]!)) break
      heap[at] = heap[below]!
      at = below
    }
    heap[at] = last
  }
}

/** One life of a peer: what it armed is gone with it. */
export class LifeClock implements Clock {
  /** How far this peer's idea of the time is off; may be changed at any moment. */ skewMs = 0
  private alive = true

  constructor (private readonly clock: SimClock) {}

  now (): number { return this.clock.now() + this.skewMs }
  random (): number { return this.clock.random() }
  after (ms: number, call: () => void): () => void { return this.clock.after(ms, () => { if (this.alive) call() }) }
  kill (): void { this.alive = false }
}

function isBefore (a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

/** Every microtask has run. */
async function drained (): Promise<void> {
  await new Promise<void>(resolve => { setImmediate(resolve) })
}
