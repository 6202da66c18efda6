/**
 * Follows what the group decides: one watch, held by a controller until there is news, and one beat a second that tells
 * the controllers this peer lives and brings back who else does. Both go on for ever; silence only makes the view stale.
 */
import { Beat, Page, Pulse, Watch } from '../../protocols/control.js'
import { every } from '../clock.js'
import { BEAT_INTERVAL_MS } from './beats.js'
import { LIVENESS, MAX_HOLD_MS } from './service.js'
import type { Clock } from '../clock.js'
import type { MeshView } from '../mesh-view.js'
import type { GroupStatus } from './group.js'
import type { Liveness } from './port.js'
import type { Route } from './route.js'
import type { Incarnation } from './tables/shapes.js'
import type { ViewCopy } from './view-copy.js'

/** As control.proto has them; generated code checks only what it is given. */
const DECODE = {
  page: { limits: { items: 65_536 } },
  pulse: { limits: { peers: 8192, voters: 16, learners: 64 } }
}
const RETRY_MS = 250
const BEAT_DEADLINE_MS = 2_500

export interface FollowComponents {
  route: Pick<Route, 'ask'>
  copy: ViewCopy
  clock: Clock
  start: Incarnation
  load (): number
  onView (view: MeshView): void
}

export class Follow {
  liveness: ReadonlyMap<string, Liveness> = new Map()
  loads: ReadonlyMap<string, number> = new Map()
  group: GroupStatus | undefined
  /** Of this peer's clock; undefined: never since the start. */ confirmedAt: number | undefined
  private readonly waiting = new Set<() => void>()
  private readonly stopping = new AbortController()
  private livenessVersion = 0
  private beating = false
  private stopBeats = (): void => {}
  private watching: Promise<void> | undefined

  constructor (private readonly components: FollowComponents) {}

  start (): void {
    this.watching = this.watch()
    this.stopBeats = every(this.components.clock, BEAT_INTERVAL_MS, () => { this.beat() })
    this.beat()
  }

  async stop (): Promise<void> {
    this.stopBeats()
    this.stopping.abort()
    for (const wake of [...this.waiting]) wake()
    await this.watching
  }

  /** True when the view is at that index or newer before the deadline. */
  async reaches (index: number, deadlineMs: number): Promise<boolean> {
    const { copy, clock } = this.components
    if (copy.view().index >= index) return true
    return await new Promise<boolean>(resolve => {
      const look = (): void => { if (copy.view().index >= index || this.stopping.signal.aborted) done() }
      const done = (): void => {
        this.waiting.delete(look)
        over()
        resolve(copy.view().index >= index)
      }
      const over = clock.after(deadlineMs, done)
      this.waiting.add(look)
    })
  }

  private async watch (): Promise<void> {
    const { copy, clock } = this.components
    while (!this.stopping.signal.aborted) {
      try {
        const { changed, stored } = copy.take(await this.nextPage())
        this.confirmedAt = clock.now()
        if (changed) this.components.onView(copy.view())
        for (const look of [...this.waiting]) look()
        await stored
      } catch {
        if (!this.stopping.signal.aborted) await new Promise<void>(resolve => { clock.after(RETRY_MS, resolve) })
      }
    }
  }

  private async nextPage (): Promise<Page> {
    const { copy, route } = this.components
    const body = Watch.encode({ ...copy.place(), holdMs: MAX_HOLD_MS })
    const { signal } = this.stopping
    return await route.ask('control/watch', body, bytes => Page.decode(bytes, DECODE.page), { deadlineMs: MAX_HOLD_MS + 2_000, attemptMs: MAX_HOLD_MS + 2_000, signal })
  }

  private beat (): void {
    if (this.beating) return
    this.beating = true
    this.exchange().catch(() => {}).finally(() => { this.beating = false })
  }

  /** Silence is no error: the view then says how stale it is. */
  private async exchange (): Promise<void> {
    const { route, start, clock, copy } = this.components
    const load = Math.round(Math.min(1, Math.max(0, this.components.load())) * 1000)
    const body = Beat.encode({ ...start, load, liveness: this.livenessVersion })
    const options = { deadlineMs: BEAT_DEADLINE_MS, attemptMs: BEAT_DEADLINE_MS, signal: this.stopping.signal }
    const pulse = await route.ask('control/beat', body, bytes => Pulse.decode(bytes, DECODE.pulse), options)
    const { term, leader, voters, learners, commitIndex, quorum } = pulse
    this.group = { term, leader: leader === '' ? null : leader, voters, learners, commitIndex, quorum }
    if (pulse.index <= copy.view().index) this.confirmedAt = clock.now()
    if (pulse.peers.length === 0 && pulse.liveness === this.livenessVersion) return
    this.livenessVersion = pulse.liveness
    this.liveness = new Map(pulse.peers.flatMap(({ peer, status }) => {
      const known = LIVENESS[status - 1]
      return known === undefined ? [] : [[peer, known]]
    }))
    this.loads = new Map(pulse.peers.filter(({ load: told }) => told > 0).map(({ peer, load: told }) => [peer, (told - 1) / 1000]))
  }
}
