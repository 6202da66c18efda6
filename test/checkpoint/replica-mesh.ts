/** Checkpoints of several peers over a simulated mesh; what the control plane decides is what the test says. */
import { firstWriter, namedWriter } from '../../src/branch/index.js'
import type { BranchRecord, SetConfig, SetMember, WriterState } from '../../src/branch/index.js'
import { Checkpoint } from '../../src/checkpoint/index.js'
import type { BranchWriter } from '../../src/checkpoint/index.js'
import { APPEND_KIND } from '../../src/checkpoint/outbox.js'
import { offerOf } from '../../src/checkpoint/wire.js'
import { AppendMessage } from '../../protocols/checkpoint.js'
import { DEFAULT_SETTINGS } from '../../src/mesh-view.js'
import type { MeshView } from '../../src/mesh-view.js'
import { LifeClock, SimClock } from '../support/sim-clock.js'
import { SimMesh, SimNet } from '../support/sim-mesh.js'
import { SimDisk } from '../support/sim-store.js'
import type { SimStore } from '../support/sim-store.js'

export const SET = 's'

export interface Life {
  name: string
  clock: LifeClock
  store: SimStore
  mesh: SimMesh
  checkpoint: Checkpoint
  handed: { branch: string, record: BranchRecord, from: string }[]
  disowned: [branch: string, from: string][]
  wholes: number[]
}

export class ReplicaMesh {
  readonly clock: SimClock
  readonly net: SimNet
  readonly lives = new Map<string, Life>()
  config: SetConfig
  /** Throws on a body that peers cannot read. */ describe: (body: string) => void = () => {}
  private readonly disks = new Map<string, SimDisk>()
  private readonly counts = new Map<string, number>()

  constructor (members: string[], seed = 1) {
    this.clock = new SimClock(seed)
    this.net = new SimNet(this.clock)
    this.config = { set: SET, generation: 1, number: 1, members: members.map(peer => member(peer)) }
  }

  static async create (names: string[], members: string[], seed = 1): Promise<ReplicaMesh> {
    const mesh = new ReplicaMesh(members, seed)
    for (const name of names) await mesh.start(name)
    await mesh.clock.pass(2000)
    return mesh
  }

  life (name: string): Life { return this.lives.get(name)! }

  async start (name: string): Promise<Life> {
    const count = (this.counts.get(name) ?? 0) + 1
    this.counts.set(name, count)
    let disk = this.disks.get(name)
    if (disk === undefined) this.disks.set(name, disk = new SimDisk(this.clock))
    const clock = new LifeClock(this.clock)
    const store = disk.open()
    const mesh = new SimMesh(this.net, name)
    const life: Omit<Life, 'checkpoint'> = { name, clock, store, mesh, handed: [], disowned: [], wholes: [] }
    const checkpoint = new Checkpoint({
      store, mesh, clock, self: { peer: name, incarnation: `${count}` }, disk: `disk-${name}`,
      view: () => this.view(), refresh: () => {},
      reportWhole: async (_set, joined) => { life.wholes.push(joined) },
      describe: ({ next, body }) => {
        this.describe(new TextDecoder().decode(body))
        return { workflow: 'test/w', version: '1.0.0', status: next === null ? 'completed' : 'running', startedAt: 1 }
      },
      shown: ({ needs }) => needs, hasPlan: () => false, keepPlan: () => [], planSource: () => undefined,
      onHanded: (branch, record, from) => { life.handed.push({ branch, record, from }); return true },
      onDisowned: (branch, from) => { life.disowned.push([branch, from]) }
    })
    await this.clock.settle(checkpoint.start())
    this.net.join(mesh)
    const whole = { ...life, checkpoint }
    this.lives.set(name, whole)
    return whole
  }

  async kill (name: string): Promise<void> {
    const { clock, store } = this.life(name)
    this.lives.delete(name)
    clock.kill()
    this.net.leave(name)
    await store.kill(store.unsynced)
  }

  /** The control plane decides: these are the members now. Those that stay keep the number they joined under. */
  async change (names: string[], tell = [...this.lives.keys()]): Promise<void> {
    this.move(names)
    for (const name of tell) await this.clock.settle(this.life(name).checkpoint.follow(this.view()))
  }

  /** As `change`, and nobody has heard of it. */
  move (names: string[]): void {
    const number = this.config.number + 1
    const stays = new Map(this.config.members.map(each => [each.peer, each]))
    this.config = { ...this.config, number, members: names.map(peer => stays.get(peer) ?? member(peer, number)) }
  }

  /** Offers a record as a writer does, once and without waiting for an answer. */
  offer (from: string, to: string, record: BranchRecord): void {
    const offer = offerOf({ set: SET, number: this.config.number, branch: record.branch, record, epoch: record.epoch, done: -1, with: [] })
    this.life(from).mesh.send(to, APPEND_KIND, AppendMessage.encode({ blobs: [], offers: [offer], handed: [] }), 'bulk')
  }

  view (): MeshView {
    const { set, number, members } = this.config
    return {
      index: number, meshId: 'mesh-1', generation: 1, members: new Map(), functions: new Map(), workflows: new Map(), controllers: [], policies: new Map(),
      settings: DEFAULT_SETTINGS,
      sets: new Map([[set, { name: set, region: 'default', copies: members.length, number, members, whole: members.map(({ peer }) => peer) }]])
    }
  }

  /** A new execution written at that peer. */
  open (name: string, execution: string, options: { mayDegrade?: boolean } = {}): Written {
    const state = firstWriter(this.config, execution, { peer: name, incarnation: `${this.counts.get(name)}` })
    return new Written(this.life(name), state, options.mayDegrade ?? false)
  }

  /** Goes on from a record that names this peer. */
  goOn (name: string, branch: string, record: BranchRecord): Written {
    const state = namedWriter(this.config, branch, record, { peer: name, incarnation: `${this.counts.get(name)}` }, undefined)
    if (state === undefined) throw new Error(`${name} is not named`)
    return new Written(this.life(name), state, false)
  }
}

/** One branch being written, and what became of it. */
export class Written {
  readonly writer: BranchWriter
  readonly parked: string[] = []
  readonly deadEnds: string[] = []

  constructor (life: Life, state: WriterState, mayDegrade: boolean) {
    this.writer = life.checkpoint.writers.start(state, {
      mayDegrade, onProgress: () => {}, onParked: reason => { this.parked.push(reason) }, onAgain: () => {}, onDeadEnd: peer => { this.deadEnds.push(peer) }
    })
  }

  get done (): number { return this.writer.state.done }

  write (options: { next?: string | null, incarnation?: string, body?: string, opens?: string[], blobs?: { id: string, bytes: Uint8Array }[], takes?: { branch: string, hash: string }[] } = {}): BranchRecord {
    const { self, execution } = this.writer.state
    const { next = self.peer, incarnation = self.incarnation, body = '{}', opens = [], blobs = [], takes = [] } = options
    return this.writer.append({
      next: next === null ? null : { peer: next, incarnation }, opens: opens.map(peer => ({ next: { peer, incarnation: '1' } })), takes,
      needs: blobs.map(({ id }) => id), body: new TextEncoder().encode(body)
    }, blobs.map(blob => ({ execution, ...blob })))
  }
}

export function member (peer: string, joined = 1): SetMember { return { peer, disk: `disk-${peer}`, joined } }
