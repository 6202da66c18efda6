/**
 * Finds a controller and asks it: the one that answered last, those of the view, those another peer named, and at last
 * whoever is connected, because any peer names them. Keeps asking until the deadline; then it says who was silent.
 */
import { Answer } from '../../protocols/control.js'
import { FailedError, FlowMeshError, TimeoutError, UnavailableError } from '../errors.js'
import { malformed } from '../telemetry.js'
import { answer, MAX_REDIRECTS } from './door.js'
import type { Clock } from '../clock.js'
import type { Mesh } from '../mesh/port.js'
import type { MeshView } from '../mesh-view.js'
import type { Door } from './door.js'
import type { Kind } from './service.js'

export interface RouteComponents {
  mesh: Pick<Mesh, 'self' | 'request' | 'connected'>
  clock: Clock
  view (): MeshView
  door: Door
}

export interface AskOptions {
  /** All attempts together, ms. */ deadlineMs: number
  /** One attempt, ms. */ attemptMs: number
  signal?: AbortSignal
}

const PAUSE_MS = 150
const MAX_PAUSE_MS = 1_000
/** Peers asked in one round: the controllers, and a few that may name others. */
const MAX_CANDIDATES = 8

export class Route {
  private last: string | undefined
  private redirected: string[] = []
  private silentSince: number

  constructor (private readonly components: RouteComponents) { this.silentSince = components.clock.now() }

  /**
   * What a controller answers, as `read` reads it. Its refusals pass; silence, and answers that cannot be read, become
   * UnavailableError, or TimeoutError when it may have been done.
   */
  async ask <T> (kind: Kind, body: Uint8Array, read: (bytes: Uint8Array) => T, options: AskOptions): Promise<T> {
    const { clock } = this.components
    const until = clock.now() + options.deadlineMs
    let inDoubt = false
    for (let round = 0; ; round++) {
      for (const peer of this.candidates(round)) {
        const left = Math.min(options.attemptMs, until - clock.now())
        if (left <= 0 || options.signal?.aborted === true) break
        try {
          const answered = await this.attempt(peer, kind, body, left, options.signal)
          if (answered !== undefined) return this.read(kind, peer, () => read(answered))
        } catch (err) {
          if (!mayPass(err)) throw err
          inDoubt ||= err.kind === 'timeout' || err.kind === 'failed'
        }
      }
      const pause = Math.min(PAUSE_MS * 2 ** round, MAX_PAUSE_MS)
      if (clock.now() + pause >= until || options.signal?.aborted === true) throw this.silence(kind, inDoubt, options.deadlineMs)
      await new Promise<void>(resolve => { clock.after(pause, resolve) })
    }
  }

  /** Sentence and names for whoever waits: which controllers, since when. */
  describeSilence (): UnavailableError {
    const { controllers, members } = this.components.view()
    const since = new Date(this.silentSince).toISOString()
    if (controllers.length === 0) return new UnavailableError(`no controller is known yet (since ${since}); this peer has to reach another peer of its mesh first`)
    const names = controllers.map(peer => `${members.get(peer)?.name ?? ''} (${peer})`.trim()).join(', ')
    return new UnavailableError(`no controller answers since ${since}: ${names}. Running work goes on; this has to wait until one is back`, [...controllers])
  }

  private silence (kind: Kind, inDoubt: boolean, deadlineMs: number): FlowMeshError {
    return inDoubt && kind === 'control/propose' ? new TimeoutError('the control plane', deadlineMs) : this.describeSilence()
  }

  /** Peers that are no controllers are asked when none is known, and now and then: the group may have moved. */
  private candidates (round: number): string[] {
    const { mesh, door } = this.components
    const own = door.service() === undefined ? [] : [mesh.self]
    const known = [...own, ...this.last === undefined ? [] : [this.last], ...this.components.view().controllers, ...this.redirected]
    const others = known.length === 0 || round % 4 === 1 ? mesh.connected().filter(peer => !known.includes(peer)).slice(0, 3) : []
    const useful = [...new Set([...known, ...others])].filter(peer => peer !== mesh.self || own.length > 0)
    return useful.slice(0, MAX_CANDIDATES)
  }

  /** Undefined when it named others. */
  private async attempt (peer: string, kind: Kind, body: Uint8Array, deadlineMs: number, signal?: AbortSignal): Promise<Uint8Array | undefined> {
    const { mesh, door, clock } = this.components
    const bytes = peer === mesh.self
      ? await unlessAborted(answer(door, kind, body, peer), signal)
      : await mesh.request(peer, kind, body, { deadlineMs, ...(signal === undefined ? {} : { signal }) })
    const { body: answered, redirect } = this.read(kind, peer, () => Answer.decode(bytes, { limits: { redirect: MAX_REDIRECTS } }))
    if (redirect.length > 0 || answered.length === 0) {
      this.redirected = redirect.slice(0, MAX_CANDIDATES)
      if (this.last === peer) this.last = undefined
      return undefined
    }
    this.last = peer
    this.silentSince = clock.now()
    return answered
  }

  /** Whoever answers with garbage is as good as silent: another may say it. */
  private read <T> (kind: Kind, peer: string, read: () => T): T {
    try {
      return read()
    } catch (err) {
      malformed(kind, peer, err)
      if (this.last === peer) this.last = undefined
      throw new FailedError(`peer ${peer} answered ${kind} with what cannot be read`, { cause: err })
    }
  }
}

/** The own controller holds a watch like any other; a peer that stops does not wait for it. */
async function unlessAborted <T> (asked: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return await asked
  let leave = (): void => {}
  const aborted = new Promise<never>((_resolve, reject) => {
    leave = () => { reject(new UnavailableError('this peer is stopping')) }
    signal.addEventListener('abort', leave, { once: true })
  })
  try {
    return await Promise.race([asked, aborted])
  } finally {
    signal.removeEventListener('abort', leave)
  }
}

/** Whether the next controller, or the same one later, may give the answer. */
function mayPass (err: unknown): err is FlowMeshError {
  // `notFound`: a peer that is just starting does not answer this kind of request yet.
  return err instanceof FlowMeshError && ['unavailable', 'timeout', 'failed', 'overloaded', 'notFound'].includes(err.kind)
}
