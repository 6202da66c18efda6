/**
 * Time and chance as a port: everything below the pure folders takes them from here, so that a simulation can own both.
 * No safety rule reads a clock; what it says decides only when to act.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now (): number
  /** In [0, 1). */
  random (): number
  /** Calls once after `ms`; returns the way to call it off. Never keeps the process alive. */
  after (ms: number, call: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  after: (ms, call) => {
    const timer = setTimeout(call, Math.min(ms, 0x7fffffff))
    timer.unref()
    return () => { clearTimeout(timer) }
  }
}

/** Calls every `ms` until called off. */
export function every (clock: Clock, ms: number, call: () => void): () => void {
  let stop = (): void => {}
  const again = (): void => {
    stop = clock.after(ms, () => {
      again()
      call()
    })
  }
  again()
  return () => { stop() }
}
