/**
 * The control plane as every peer has it, controllers too: decisions go to the group, what was decided comes back as the
 * view. Nothing here waits for the group before it has to.
 */
import { randomBytes } from 'node:crypto'
import { encode } from '@ipld/dag-cbor'
import { Admit, AdmitAnswer, ReadAnswer } from '../../protocols/control.js'
import { InvalidInputError } from '../errors.js'
import { compileWorkflow, contentId } from '../workflow/index.js'
import type { Plan } from '../workflow/index.js'
import { hashSecret } from './authority.js'
import { parseShape } from './command.js'
import { serveControl } from './door.js'
import { Follow } from './follow.js'
import { Proposer } from './proposer.js'
import { Route } from './route.js'
import { noteStart, startCommitted } from './starts.js'
import { manifest as manifestShape } from './tables/functions.js'
import { ViewCopy } from './view-copy.js'
import type { Clock } from '../clock.js'
import type { Mesh } from '../mesh/port.js'
import type { Admitted, Authority, JoinRequest, MeshLog, Refusal } from '../mesh/types.js'
import type { FunctionManifest, MeshSettings, MeshView, Role } from '../mesh-view.js'
import type { Store } from '../store/port.js'
import type { Command } from './command.js'
import type { Door } from './door.js'
import type { Control, IntentKey, Liveness } from './port.js'
import type { Decided } from './proposer.js'
import type { ControlService } from './service.js'
import type { FunctionDeployed } from './tables/functions.js'
import type { Bound } from './tables/keys.js'
import type { Facts, Incarnation } from './tables/shapes.js'
import type { WorkflowDeployed } from './tables/workflows.js'

export interface ControlClientOptions {
  mesh: Pick<Mesh, 'self' | 'request' | 'connected' | 'onRequest'>
  store: Store
  clock: Clock
  /** What this peer says of itself now. */ facts (): Facts
  disk: string
  incarnation: { count: number, nonce: string }
  /** 0 idle to 1 full. */ load (): number
  /** This peer's own controller; undefined while it is none. */ service (): ControlService | undefined
  /** A join token around this secret, with this mesh's addresses and keys. */ makeToken (secret: Uint8Array, expiresAt: number): string
  /** The group does not take this peer as the member it says it is; the message says what to do. It must stop. */
  onRefused (err: Error): void
  log: MeshLog
}

const READ_ATTEMPT_MS = 2_000
/** Whether anybody is there at all is known after so long. */
const LOOK_MS = 1_500
/** Own changes are looked for in the own view for so long; the answer does not depend on it. */
const SEE_OWN_MS = 1_000
const HELLO_RETRY_MS = 1_000
const ADMIT_DEADLINE_MS = 7_000
/** A view confirmed longer ago than this says nothing about the quorum. */
const STALE_MS = 3_000
const DEFAULT_INVITE_TTL_MS = 24 * 3600_000
const MAX_INVITE_TTL_MS = 30 * 24 * 3600_000

const INVITED: Record<Role, Role[]> = {
  peer: ['peer'], deployer: ['deployer', 'peer'], operator: ['deployer', 'operator', 'peer', 'viewer'], viewer: ['viewer']
}

export class ControlClient implements Control, Authority {
  private readonly route: Route
  private readonly proposer: Proposer
  private readonly follow: Follow
  private readonly startedAs: Incarnation
  private readonly door: Door
  private readonly listeners: ((view: MeshView) => void)[] = []
  private stopHello = (): void => {}
  private stopped = false

  private constructor (
    private readonly options: ControlClientOptions, private readonly copy: ViewCopy, private readonly since: Incarnation[]
  ) {
    const { mesh, clock, incarnation } = options
    this.startedAs = { incarnation: incarnation.count, nonce: incarnation.nonce }
    this.door = { service: () => options.service(), controllers: () => this.view().controllers }
    this.route = new Route({ mesh, clock, view: () => this.view(), door: this.door })
    this.proposer = new Proposer(this.route)
    this.follow = new Follow({ route: this.route, copy, clock, start: this.startedAs, load: () => options.load(), onView: view => { this.notify(view) } })
  }

  /** Has the view of the last time at once. Call `noteStart` before the peer joins anything, and this before the mesh starts. */
  static async open (options: ControlClientOptions): Promise<ControlClient> {
    const { store, incarnation: { count, nonce } } = options
    const since = await noteStart(store, { incarnation: count, nonce })
    const client = new ControlClient(options, await ViewCopy.open(store), since)
    serveControl(options.mesh, client.door)
    return client
  }

  /** Waits for nobody. */
  start (): void {
    this.follow.start()
    this.hello()
  }

  async stop (): Promise<void> {
    this.stopped = true
    this.stopHello()
    await this.follow.stop()
  }

  view (): MeshView { return this.copy.view() }
  onChange (listener: (view: MeshView) => void): void { this.listeners.push(listener) }
  liveness (): ReadonlyMap<string, Liveness> { return this.follow.liveness }
  loads (): ReadonlyMap<string, number> { return this.follow.loads }

  staleMs (): number {
    const { confirmedAt } = this.follow
    return confirmedAt === undefined ? Infinity : Math.max(0, this.options.clock.now() - confirmedAt)
  }

  status (): ReturnType<Control['status']> {
    const { group } = this.follow
    const lately = this.staleMs() < STALE_MS
    if (group === undefined || !lately) {
      return { term: group?.term ?? 0, leader: null, voters: [...this.view().controllers], learners: [], commitIndex: this.view().index, quorum: false }
    }
    return group
  }

  async refresh (deadlineMs: number): Promise<MeshView> {
    const { clock } = this.options
    const until = clock.now() + deadlineMs
    const { index } = await this.route.ask('control/read', new Uint8Array(), bytes => ReadAnswer.decode(bytes), { deadlineMs, attemptMs: READ_ATTEMPT_MS })
    if (!await this.follow.reaches(index, Math.max(0, until - clock.now()))) throw this.route.describeSilence()
    return this.view()
  }

  async deployFunction (manifest: FunctionManifest): Promise<{ cid: string, created: boolean }> {
    const checked = parseShape(manifestShape, manifest, 'function manifest')
    return await this.decide<FunctionDeployed>({ type: 'deployFunction', manifest: checked, cid: contentId(encode(checked)) })
  }

  async deployWorkflow (source: string): ReturnType<Control['deployWorkflow']> {
    const { plan, warnings } = compileWorkflow(source)
    const { namespace, name, version, id, settings: { copies } } = plan
    const deployed = await this.decide<WorkflowDeployed>({ type: 'deployWorkflow', namespace, name, version, plan: id, source, copies })
    return { ...deployed, warnings: [...warnings.map(({ message }) => message), ...this.missing(plan)] }
  }

  /** Functions may be deployed after the workflow, so that one is missing is no error yet. */
  private missing ({ byId }: Plan): string[] {
    const known = [...this.view().functions.values()].map(({ manifest }) => manifest)
    const calls = Object.values(byId).filter(task => task.kind === 'function')
    const missing = calls.filter(({ fn, version }) => !known.some(manifest => manifest.name === fn && (version ?? manifest.version) === manifest.version))
    const names = new Set(missing.map(({ fn, version }) => version === undefined ? fn : `${fn}:${version}`))
    return [...names].map(name => `there is no function ${name} in this mesh yet; deploy it before the workflow is started`)
  }

  async invite ({ role = 'peer', uses = 1, ttlMs = DEFAULT_INVITE_TTL_MS }: { role?: string, uses?: number, ttlMs?: number }): Promise<{ token: string, expiresAt: number }> {
    if (!Object.hasOwn(INVITED, role)) throw new InvalidInputError(`"${role}" is no role: peer, deployer, operator or viewer`, { field: 'role' })
    if (!(ttlMs > 0 && ttlMs <= MAX_INVITE_TTL_MS)) throw new InvalidInputError('an invite lives between 1 ms and 30 days', { field: 'ttl' })
    const secret = new Uint8Array(randomBytes(32))
    const expiresAt = Math.round(this.options.clock.now() + ttlMs)
    await this.decide({ type: 'invite', secretHash: hashSecret(secret), roles: INVITED[role as Role], uses, expiresAt })
    return { token: this.options.makeToken(secret, expiresAt), expiresAt }
  }

  async intend ({ execution, branch, step, attempt }: IntentKey, by: string): Promise<{ holder: string }> {
    return (await this.reach<{ holder: string }>({ type: 'intend', execution, branch, step, attempt, by })).value
  }

  async bindKey (workflow: string, key: string, id: string, inputHash: string): Promise<Bound> {
    return (await this.reach<Bound>({ type: 'bindKey', workflow, key, id, inputHash })).value
  }

  async confirmKey (workflow: string, key: string, id: string): Promise<void> {
    await this.reach({ type: 'confirmKey', workflow, key, id })
  }

  async rebindKey (workflow: string, key: string, from: string, id: string): Promise<Bound> {
    return (await this.reach<Bound>({ type: 'rebindKey', workflow, key, from, id })).value
  }

  async retire (executions: string[]): Promise<void> {
    await this.reach({ type: 'retire', executions })
  }

  async configure (settings: Partial<MeshSettings>): Promise<void> {
    await this.decide({ type: 'configure', settings })
  }

  async reportWhole (set: string, joined: number): Promise<void> {
    await this.decide({ type: 'setWhole', set, peer: this.options.mesh.self, disk: this.options.disk, joined })
  }

  async leave (deadlineMs: number): Promise<boolean> {
    const { clock, mesh } = this.options
    const until = clock.now() + deadlineMs
    this.stopHello()
    await this.proposer.propose({ type: 'leave', peer: mesh.self, ...this.startedAs }, deadlineMs)
    while (this.placed() && clock.now() < until && this.othersLive()) {
      await this.follow.reaches(this.view().index + 1, Math.min(500, until - clock.now()))
    }
    return !this.placed()
  }

  // Authority: what the mesh asks at its handshakes.

  async admit (request: JoinRequest): Promise<Admitted> {
    const { peer, secret, expired, facts: { peer: _peer, ...facts }, disk, incarnation, nonce } = request
    const body = Admit.encode({
      peer, disk, incarnation, nonce, secret: new Uint8Array(secret ?? []), known: expired !== undefined, facts: new Uint8Array(encode(facts))
    })
    return await this.askForCertificate('control/admit', body)
  }

  async renew (peer: string): Promise<Admitted> {
    if (peer !== this.options.mesh.self) throw new InvalidInputError('a peer renews only its own certificate')
    return await this.askForCertificate('control/renew', new Uint8Array())
  }

  isRevoked (peer: string): boolean { return this.view().members.get(peer)?.removed === true }

  private async askForCertificate (kind: 'control/admit' | 'control/renew', body: Uint8Array): Promise<Admitted> {
    const options = { deadlineMs: ADMIT_DEADLINE_MS, attemptMs: READ_ATTEMPT_MS }
    const { certificate, refused, message } = await this.route.ask(kind, body, bytes => AdmitAnswer.decode(bytes), options)
    return refused === '' ? { certificate } : { refused: refused as Refusal, message }
  }

  /** Decides, and sees it in the own view before it answers, so that the caller can go on with it here. */
  private async decide <T> (command: Command): Promise<T> {
    const { view, value } = await this.reach<T>(command)
    await this.follow.reaches(view, SEE_OWN_MS)
    return value
  }

  /** Looks for a controller first when none was heard lately: then its silence means that nothing was done. */
  private async reach <T> (command: Command): Promise<Decided<T>> {
    if (this.staleMs() > STALE_MS) await this.route.ask('control/read', new Uint8Array(), bytes => ReadAnswer.decode(bytes), { deadlineMs: LOOK_MS, attemptMs: LOOK_MS })
    return await this.proposer.propose<T>(command)
  }

  private notify (view: MeshView): void {
    for (const listener of this.listeners) listener(view)
  }

  private placed (): boolean {
    const { self } = this.options.mesh
    return [...this.view().sets.values()].some(set => set.members.some(({ peer }) => peer === self))
  }

  private othersLive (): boolean {
    const liveness = this.liveness()
    return [...this.view().members.values()].some(({ peer, left, removed }) =>
      peer !== this.options.mesh.self && !left && removed !== true && liveness.get(peer) !== 'dead')
  }

  /** Tells the group of this start, again and again until it answers. */
  private hello (): void {
    const { mesh, disk, store, clock, log } = this.options
    const command = { type: 'hello' as const, peer: mesh.self, disk, ...this.startedAs, facts: this.options.facts(), since: this.since }
    this.proposer.propose(command).then(async () => { await startCommitted(store, this.startedAs) }).catch((err: unknown) => {
      if (this.stopped) return
      if (!isFinal(err)) {
        this.stopHello = clock.after(HELLO_RETRY_MS, () => { this.hello() })
        return
      }
      log('warn', 'the mesh does not take this peer as its member', { err: String(err) })
      this.options.onRefused(err as Error)
    })
  }
}

/** Refused for what this peer is, not for what stands in the way at the moment. */
function isFinal (err: unknown): boolean {
  const { kind } = err as { kind?: string }
  return kind === 'notPermitted'
}

