/**
 * A mesh of whole peers in one process: the real control plane, checkpoint and sidecar over simulated links, disks and
 * time. Functions are closures, and a ledger counts every call of them. What stands behind a port is simulated, nothing else.
 */
import { ControlClient, Controller, noteStart } from '../../src/control/index.js'
import type { ExecutionView, Sidecar as SidecarClass } from '../../src/sidecar/index.js'
import { LocalExecutions, Logs, Sidecar } from '../../src/sidecar/index.js'
import type { InvocationResult } from '../../src/runtime/index.js'
import type { FunctionManifest } from '../../src/mesh-view.js'
import { contentId } from '../../src/workflow/index.js'
import { LifeClock, SimClock } from './sim-clock.js'
import { SimMesh, SimNet } from './sim-mesh.js'
import type { NetOptions } from './sim-mesh.js'
import { SimDisk } from './sim-store.js'
import type { SimStore } from './sim-store.js'

export interface FunctionContext { peer: string, key: string, execution: string, task: string, attempt: number, epoch: string, clock: SimClock }
export type SimFunction = (input: unknown, context: FunctionContext) => unknown
export interface LedgerEntry { fn: string, key: string, peer: string, at: number, execution: string }

/** What a function throws to say how it ended. */
export class CallFailed extends Error {
  constructor (readonly retryable: boolean, readonly notDone: boolean, message: string) { super(message) }
}

export interface SimLife {
  clock: LifeClock
  store: SimStore
  mesh: SimMesh
  control: ControlClient
  controller: Controller | undefined
  sidecar: SidecarClass
  executions: LocalExecutions
  broken: Error[]
  events: { event: string, [field: string]: unknown }[]
}

export interface SimOptions {
  seed?: number
  peers?: number
  net?: NetOptions
  syncMs?: [number, number]
  /** How long a call takes, ms. */ callMs?: [number, number]
  slots?: number
  labels?: (peer: string) => Record<string, string>
}

export class SimPeers {
  readonly clock: SimClock
  readonly net: SimNet
  readonly names: string[]
  readonly lives = new Map<string, SimLife>()
  readonly ledger: LedgerEntry[] = []
  readonly functions = new Map<string, SimFunction>()
  private readonly disks = new Map<string, SimDisk>()
  private readonly starts = new Map<string, number>()

  private constructor (private readonly options: SimOptions) {
    this.clock = new SimClock(options.seed)
    this.net = new SimNet(this.clock, options.net)
    this.names = Array.from({ length: options.peers ?? 3 }, (_, i) => `p${i + 1}`)
  }

  /** Started, connected, and every set whole. */
  static async create (options: SimOptions = {}): Promise<SimPeers> {
    const peers = new SimPeers(options)
    for (const name of peers.names) await peers.start(name)
    const { names, clock } = peers
    await clock.until(() => names.every(name => peers.life(name).mesh.connected().length === names.length - 1), 10_000, 'all are connected')
    await clock.until(() => peers.isWhole(), 60_000, 'every set is whole')
    return peers
  }

  life (name: string): SimLife {
    const life = this.lives.get(name)
    if (life === undefined) throw new Error(`${name} is not running`)
    return life
  }

  isUp (name: string): boolean { return this.lives.has(name) }

  isWhole (): boolean {
    return this.names.filter(name => this.isUp(name)).every(name => {
      const { sets } = this.life(name).control.view()
      return sets.size >= 3 && [...sets.values()].every(set =>
        set.members.length === Math.min(set.copies, this.names.length) && set.members.every(({ peer }) => set.whole.includes(peer)))
    })
  }

  async start (name: string): Promise<SimLife> {
    const { options, clock: shared } = this
    const clock = new LifeClock(shared)
    const count = (this.starts.get(name) ?? 0) + 1
    this.starts.set(name, count)
    let kept = this.disks.get(name)
    if (kept === undefined) this.disks.set(name, kept = new SimDisk(shared, options.syncMs))
    const store = kept.open()
    const mesh = new SimMesh(this.net, name)
    const incarnation = { count, nonce: `n${count}` }
    const disk = `disk-${name}`
    const { labels, ...own } = mesh.facts(name)
    const facts = { name: own.name, region: own.region, zone: own.zone, tier: own.tier, labels: options.labels?.(name) ?? labels, domain: own.domain, addresses: [] }
    const broken: Error[] = []
    const events: SimLife['events'] = []
    const fatal = (err: Error): void => { broken.push(err) }
    const log = (): void => {}
    await shared.settle(noteStart(store, { incarnation: count, nonce: incarnation.nonce }))
    let controller: Controller | undefined
    const control = await shared.settle(ControlClient.open({
      mesh, store, clock, disk, incarnation, facts: () => facts, load: () => sidecar.loadShare(), service: () => controller?.service,
      makeToken: () => '', onRefused: fatal, log
    }))
    const sidecar: Sidecar = new Sidecar({
      mesh, store, clock, control, disk, httpMap: {},
      self: { peer: name, incarnation: `${count}.${incarnation.nonce}` },
      catalog: { ensure: async () => ({ folder: '', entry: '' }) },
      js: { invoke: async (_fn, call) => await this.call(name, clock, call) },
      jq: { evaluate: async ({ programs }) => programs.map(() => ({ kind: 'error', message: 'no jq here' })) },
      slots: options.slots ?? 64, maxBranches: 10_000,
      onEvent: event => { events.push({ at: shared.now(), ...event }) },
      keepLogs: (execution, task, attempt, lines) => { logs.keep(execution, task, attempt, lines) },
      onBroken: fatal
    })
    const logs = new Logs(store, mesh, incarnation.nonce)
    if (name === this.names[0]) {
      controller = await shared.settle(Controller.open({
        self: name, meshId: mesh.meshId, meshPrivateKey: new Uint8Array(), store, clock, disk, incarnation, open: true, facts, log, onFailure: fatal
      }))
      controller.start()
    } else if (count === 1) {
      const { service } = this.life(this.names[0]!).controller!
      await shared.settle(service.decide({ type: 'admit', peer: name, disk, incarnation: 1, nonce: 'n1', facts, known: false }))
    }
    control.start()
    logs.start()
    const executions = new LocalExecutions(sidecar, logs)
    executions.serve()
    await shared.settle(sidecar.start())
    this.net.join(mesh)
    const life: SimLife = { clock, store, mesh, control, controller, sidecar, executions, broken, events }
    this.lives.set(name, life)
    return life
  }

  /** As kill -9: what waits for the disk is lost from some point on, messages under way too. */
  async kill (name: string): Promise<void> {
    const { clock, store } = this.life(name)
    this.lives.delete(name)
    clock.kill()
    this.net.leave(name)
    await store.kill(Math.floor(this.clock.random() * (store.unsynced + 1)))
  }

  async restart (name: string): Promise<SimLife> {
    if (this.isUp(name)) await this.kill(name)
    return await this.start(name)
  }

  /** A clean stop, as `flowmesh up` does it at SIGTERM. */
  async stop (name: string): Promise<void> {
    const life = this.life(name)
    await this.clock.settle(life.sidecar.leave(3000))
    await this.clock.settle(life.control.leave(3000).catch(() => false))
    life.sidecar.stop()
    await this.kill(name)
  }

  /** Deploys functions of these names; one that is in `functions` runs that, any other echoes. */
  async deploy (workflow: string, functions: Record<string, Partial<FunctionManifest>> = {}): Promise<void> {
    const { control } = this.life(this.names[0]!)
    for (const [name, more] of Object.entries(functions)) {
      await this.clock.settle(control.deployFunction({ ...manifestOf(name), ...more }))
    }
    const { plan } = await this.clock.settle(control.deployWorkflow(workflow))
    await this.clock.until(() => this.names.every(name => !this.isUp(name) || [...this.life(name).control.view().workflows.values()].some(each => each.plan === plan)))
  }

  /** The final view, as that peer waits for it. */
  async ended (id: string, at: string, ms = 60_000): Promise<ExecutionView> {
    const view = await this.clock.settle(this.life(at).executions.waitFinal(id, ms), ms + 5000)
    if (view === undefined) throw new Error(`${id} did not end within ${ms} simulated ms`)
    return view
  }

  /** Calls at the outside by idempotency key. */
  callsByKey (): Map<string, LedgerEntry[]> {
    const byKey = new Map<string, LedgerEntry[]>()
    for (const entry of this.ledger) byKey.set(entry.key, [...byKey.get(entry.key) ?? [], entry])
    return byKey
  }

  private async call (peer: string, clock: LifeClock, { fn, input, idempotencyKey: key, execution, task, attempt, epoch, signal }: SimCall): Promise<InvocationResult> {
    this.ledger.push({ fn: fn.name, key, peer, at: this.clock.now(), execution })
    await new Promise<void>(resolve => { clock.after(this.clock.between(...this.options.callMs ?? [1, 10]), resolve) })
    try {
      const run = this.functions.get(fn.name)
      const output = run === undefined ? input : await run(input, { peer, key, execution, task, attempt, epoch, clock: this.clock })
      if (signal.aborted) throw new CallFailed(true, false, 'stopped')
      return { ok: true, output, logs: [] }
    } catch (err) {
      const { retryable, notDone, message } = err as CallFailed
      return { ok: false, error: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/runtime', status: 500, title: 'Failed', detail: message }, retryable, notDone, logs: [] }
    }
  }
}

interface SimCall { fn: { name: string }, input: unknown, idempotencyKey: string, execution: string, task: string, attempt: number, epoch: string, signal: AbortSignal }

function manifestOf (name: string): FunctionManifest {
  return {
    name, version: '1.0.0', runtime: 'js', entry: 'index.mjs', artefact: contentId(new TextEncoder().encode(name)), timeoutMs: 30_000, effects: 'idempotent',
    concurrency: 64, resources: { cpus: 0, memoryBytes: 1 << 27, accelerators: {} }, requires: {}, warm: { minimum: 0, keepMs: 300_000 }
  }
}
