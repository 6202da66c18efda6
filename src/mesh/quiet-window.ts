/**
 * A session's small messages come one by one, and yamux answers each with a window update: a write, sealed and sent, to say
 * that the 256 KiB are free again. Here it is said once a quarter of them was used, well before whoever sends could wait.
 */
import type { Stream } from '@libp2p/interface'

/** What of a yamux stream this goes by; anything else is left as it is. */
interface Window { state: number, recvWindow: number, recvWindowCapacity: number, sendWindowUpdate: () => void }

/** Sent or acknowledged with flags, an update opens the stream; in all other states it only tells. */
const OPENING = new Set([0, 2])

export function quietWindow (stream: Stream): void {
  const window = stream as unknown as Partial<Window>
  if (typeof window.sendWindowUpdate !== 'function' || typeof window.recvWindowCapacity !== 'number') return
  const update = window.sendWindowUpdate.bind(window)
  window.sendWindowUpdate = () => {
    const { state, recvWindow, recvWindowCapacity } = window as Window
    if (OPENING.has(state) || recvWindowCapacity < 0.75 * recvWindow) update()
  }
}
