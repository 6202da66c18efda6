/**
 * A controller's guess who is alive, rebuilt from beats after every start and never committed: it says when to act, never
 * what is true. A pause of this process looks like everybody's silence; `wake` forgives it.
 */
import type { MemberView } from '../mesh-view.js'
import type { Liveness } from './port.js'

export const BEAT_INTERVAL_MS = 1_000
const SUSPECT_AFTER_MS = 2_500

export interface Pulse {
  status: Liveness
  /** Since when it stands so. */ since: number
  /** Heard lately, also when it has said that it leaves. */ beating: boolean
  load?: number
}

export class Beats {
  private readonly heard = new Map<string, { at: number, load: number }>()
  private statuses = new Map<string, Pulse>()
  private revision = 1

  /** `startedAt`: silence is counted from here for whoever was not heard yet. Times are any clock's that never goes back. */
  constructor (private startedAt: number) {}

  /** True when it was not known to live before. */
  beat (peer: string, load: number, now: number): boolean {
    this.heard.set(peer, { at: now, load })
    return this.statuses.get(peer)?.status !== 'alive'
  }

  /** This process stood still for a while: nobody's silence in that time counts. */
  wake (now: number): void {
    this.startedAt = now
    for (const one of this.heard.values()) one.at = now
  }

  /** Raised whenever what `statuses` says has changed. */
  get version (): number { return this.revision }

  refresh (members: ReadonlyMap<string, MemberView>, deadAfterMs: number, now: number): ReadonlyMap<string, Pulse> {
    const next = new Map<string, Pulse>()
    for (const [peer, member] of members) {
      if (member.removed === true) continue
      const heard = this.heard.get(peer)
      const silence = statusAfter(now - Math.max(heard?.at ?? 0, this.startedAt), deadAfterMs)
      // Whoever was not heard yet may be dead since long: nothing is placed there before it beats.
      const guess = heard === undefined && silence === 'alive' ? 'suspect' : silence
      const status = member.left ? 'left' : guess
      const before = this.statuses.get(peer)
      const load = heard === undefined ? {} : { load: heard.load }
      next.set(peer, { status, since: before?.status === status ? before.since : now, beating: guess === 'alive', ...load })
    }
    if (!same(this.statuses, next)) this.revision++
    this.statuses = next
    return next
  }
}

function statusAfter (silentMs: number, deadAfterMs: number): Liveness {
  if (silentMs >= deadAfterMs) return 'dead'
  return silentMs >= Math.min(SUSPECT_AFTER_MS, deadAfterMs) ? 'suspect' : 'alive'
}

/** Loads are told only when they moved by a tenth: the list goes to every peer. */
function same (a: ReadonlyMap<string, Pulse>, b: ReadonlyMap<string, Pulse>): boolean {
  if (a.size !== b.size) return false
  for (const [peer, { status, load }] of b) {
    const before = a.get(peer)
    if (before?.status !== status || Math.round((before.load ?? -1) * 10) !== Math.round((load ?? -1) * 10)) return false
  }
  return true
}
