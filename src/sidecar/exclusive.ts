/**
 * Exclusive calls: at most once, without any clock. The intent is committed before the call; the first one holds. Whoever
 * finds that another made the intent never calls, because nobody knows how that call ended.
 */
import type { PeerRef } from '../branch/index.js'
import type { Clock } from '../clock.js'
import type { Control } from '../control/index.js'
import type { Call, Driver } from './driver.js'

const RETRY_MS = 1000

export class Exclusive {
  /** Calls begun in this life, until their end stands in a done record: then nobody asks for them again. */
  private readonly begun = new Set<string>()

  constructor (private readonly control: Control, private readonly clock: Clock, private readonly self: PeerRef) {}

  size (): number { return this.begun.size }

  /** True when this peer may call. False when another's intent stands, or the call was stopped; says why in `waiting`. */
  async intend (driver: Driver, call: Call, signal: AbortSignal): Promise<boolean> {
    const by = `${this.self.peer}/${this.self.incarnation}`
    const key = keyOf(driver, call)
    while (!signal.aborted) {
      try {
        const { holder } = await this.control.intend(key, by)
        if (signal.aborted) return false
        // The branch may have left and come back while the call it began here was under way.
        const mayCall = holder === by && !this.begun.has(JSON.stringify(key))
        if (mayCall) this.begun.add(JSON.stringify(key))
        if (!mayCall) driver.unknownEnd = { step: call.step, attempt: call.attempt, by: holder.split('/')[0] ?? '' }
        driver.waiting = mayCall ? undefined : `the end of the exclusive call ${call.task}, begun by ${holder === '' ? 'a peer no longer remembered' : holder}, is unknown; say how it ended with settle`
        return mayCall
      } catch (err) {
        driver.waiting = `the exclusive call ${call.task} waits for the control plane: ${(err as Error).message}`
        await new Promise<void>(resolve => { this.clock.after(RETRY_MS, resolve) })
      }
    }
    return false
  }

  /** Its end is known, and the next record says so. */
  ended (driver: Driver, call: Call): void {
    const { writer } = driver
    writer.whenDone(writer.last + 1, () => { this.begun.delete(JSON.stringify(keyOf(driver, call))) })
  }
}

function keyOf ({ execution }: Driver, { place, step, attempt }: Call): Parameters<Control['intend']>[0] {
  return { execution, branch: place === '' ? '/' : place, step, attempt }
}
