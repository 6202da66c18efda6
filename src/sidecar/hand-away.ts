/** A clean stop: a branch goes to another peer with the result of the call that runs here, if that ends soon. */
import type { PeerRef } from '../branch/index.js'
import type { Clock } from '../clock.js'
import type { Driver } from './driver.js'

/** How long a call may run on; a longer one is begun again elsewhere. */
const FINISH_MS = 2000
const LOOK_MS = 25

/** Resolves when the record that hands it over is done; at once when there is nothing to hand over. */
export async function handAway (driver: Driver, to: PeerRef, clock: Clock): Promise<void> {
  const { writer } = driver
  driver.leaveFor(to)
  const until = clock.now() + FINISH_MS
  while (driver.isUnfinished && clock.now() < until) await new Promise<void>(resolve => { clock.after(LOOK_MS, resolve) })
  if (!driver.isOver && !driver.handOver(to)) return
  await new Promise<void>(resolve => { writer.whenDone(writer.last, resolve) })
}
