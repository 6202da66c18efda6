/**
 * What a controller has beside every other peer: the group, the service in front of it, and the loop that keeps replica
 * sets as they should be. The founder's is made here; with Raft, whoever is elected makes one like it.
 */
import { every } from '../clock.js'
import { ConflictError } from '../errors.js'
import { certifier } from './authority.js'
import { GroupOfOne } from './group-of-one.js'
import { ControlService } from './service.js'
import { planSets } from './sets.js'
import { newcomer } from './tables/sets.js'
import type { Clock } from '../clock.js'
import type { MeshLog } from '../mesh/types.js'
import type { Store } from '../store/port.js'
import type { Command, Outcome } from './command.js'
import type { Group } from './group.js'
import type { PlannedView } from './sets.js'
import type { Facts } from './tables/shapes.js'

const PLAN_INTERVAL_MS = 500
/** Also without news: a quiet mesh may be moved for the better. */
const PLAN_ANYWAY_MS = 5_000
/** A newcomer copies heads, which takes seconds; one that is not whole after this long will not be. */
const STUCK_AFTER_MS = 30_000
/** The loop this late means that the process, or the machine, stood still. */
const STOOD_STILL_MS = 1_500

export interface ControllerOptions {
  self: string
  meshId: string
  /** As the founder's mesh file keeps it. */ meshPrivateKey: Uint8Array
  store: Store
  clock: Clock
  /** What the founder says of itself, and its start: for the first entries of the first log. */
  facts: Facts
  disk: string
  incarnation: { count: number, nonce: string }
  /** Of the founding: anyone may join as a plain peer. */ open: boolean
  log: MeshLog
  /** The group stopped for good; whoever owns the peer must stop it. */ onFailure (err: Error): void
}

export class Controller {
  private stopPlanning = (): void => {}
  private planning: Promise<void> | undefined
  private seen = ''
  private lastTick: number
  private lastPlan = 0
  /** Sets that are changing: under which number, since when. */ private readonly changing = new Map<string, { number: number, since: number }>()

  private constructor (readonly group: Group, readonly service: ControlService, private readonly options: ControllerOptions) {
    this.lastTick = options.clock.now()
  }

  /** Recovers the group and, where there is none yet, founds the mesh. ConflictError when the store is another mesh's. */
  static async open (options: ControllerOptions): Promise<Controller> {
    const { self, meshId, meshPrivateKey, store, clock } = options
    const group = await GroupOfOne.open({ self, store })
    group.onFailure(err => { options.onFailure(err) })
    const service = new ControlService({ self, group, clock, certify: certifier(meshId, meshPrivateKey, clock) })
    if (group.state().meshId === '') await found(service, options)
    if (group.state().meshId !== meshId) {
      throw new ConflictError(`the control plane in this state directory is of mesh ${group.state().meshId}, the peer of mesh ${meshId}`)
    }
    return new Controller(group, service, options)
  }

  start (): void {
    this.lastTick = this.options.clock.now()
    // The first peer's first beat makes the first sets: a mesh of one serves at once.
    this.service.onArrival = () => { this.tick() }
    this.stopPlanning = every(this.options.clock, PLAN_INTERVAL_MS, () => { this.tick() })
  }

  async stop (): Promise<void> {
    this.stopPlanning()
    await this.planning
    this.service.stop()
    await this.group.close()
  }

  private tick (): void {
    const now = this.options.clock.now()
    const late = now - this.lastTick
    this.lastTick = now
    if (late > STOOD_STILL_MS || late < 0) this.service.wake()
    this.planning ??= this.plan(now)
      .catch((err: unknown) => { this.options.log('warn', 'replica sets could not be planned', { err: String(err) }) })
      .finally(() => { this.planning = undefined })
  }

  private async plan (now: number): Promise<void> {
    const { view, pulses, version } = this.service.survey()
    if (version === this.seen && Math.abs(now - this.lastPlan) < PLAN_ANYWAY_MS) return
    this.lastPlan = now
    this.seen = version
    const outcomes = await Promise.all(planSets(view, pulses, now, this.stuck(view, now)).map(async plan => ({ plan, outcome: await this.service.decide(plan) })))
    for (const { plan, outcome } of outcomes) {
      const { log } = this.options
      if (outcome.ok) log('info', `replica set ${plan.set}: ${plan.type}`, { ...plan })
      else log('debug', `replica set ${plan.set}: ${plan.type} refused: ${outcome.message}`)
    }
  }

  private stuck (view: PlannedView, now: number): ReadonlySet<string> {
    const stuck = new Set<string>()
    for (const set of view.sets.values()) {
      const known = this.changing.get(set.name)
      if (newcomer(set) === undefined) this.changing.delete(set.name)
      else if (known?.number !== set.number) this.changing.set(set.name, { number: set.number, since: now })
      else if (now - known.since > STUCK_AFTER_MS) stuck.add(set.name)
    }
    return stuck
  }
}

/** Two entries; a crash between them is made good, because both may be repeated. */
async function found (service: ControlService, options: ControllerOptions): Promise<void> {
  const { self, meshId, facts, disk, incarnation: { count, nonce }, open } = options
  await mustHold(service, { type: 'admitFounder', peer: self, disk, incarnation: count, nonce, facts, known: false })
  await mustHold(service, { type: 'found', meshId, generation: 1, controllers: [self], open })
}

async function mustHold (service: ControlService, command: Command): Promise<void> {
  const outcome: Outcome = await service.decide(command)
  if (!outcome.ok) throw new ConflictError(`the mesh could not be founded: ${outcome.message}`)
}
