/** Round trip by the median of the last few pings: one slow answer, after a pause or a burst, says nothing about the link. */
const KEPT = 9

export class RttFilter {
  private readonly samples: number[] = []

  add (ms: number): void {
    this.samples.push(ms)
    if (this.samples.length > KEPT) this.samples.shift()
  }

  /** Undefined before the first sample. */
  get ms (): number | undefined {
    const sorted = [...this.samples].sort((a, b) => a - b)
    return sorted[Math.floor((sorted.length - 1) / 2)]
  }
}
