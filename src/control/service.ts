/**
 * A controller's side of every request to the control plane. Who may ask is checked here, by permissions.ts; then the group
 * decides. It knows nothing of how many controllers there are.
 */
import { encode } from '@ipld/dag-cbor'
import { Admit, AdmitAnswer, Beat, Page, Propose, Proposed, Pulse, ReadAnswer, Watch } from '../../protocols/control.js'
import { InvalidInputError, NotPermittedError } from '../errors.js'
import { readFrom } from '../telemetry.js'
import { hashSecret } from './authority.js'
import { Beats } from './beats.js'
import { Changes } from './changes.js'
import { decodeCbor, decodeCommand, encodeEntry, parseShape } from './command.js'
import { mustBeAllowed } from './permissions.js'
import { viewOf } from './state.js'
import { facts as factsShape } from './tables/shapes.js'
import type { Certifier } from './authority.js'
import type { Clock } from '../clock.js'
import type { MemberView } from '../mesh-view.js'
import type { Pulse as PeerPulse } from './beats.js'
import type { Command, Outcome } from './command.js'
import type { Group } from './group.js'
import type { Liveness } from './port.js'
import type { PlannedView } from './sets.js'
import type { Facts } from './tables/shapes.js'

export const KINDS = ['control/propose', 'control/read', 'control/watch', 'control/beat', 'control/admit', 'control/renew'] as const
export type Kind = typeof KINDS[number]

/** Longest time a watch is held before it is answered with nothing new, ms. */
export const MAX_HOLD_MS = 10_000
/** Changes that follow each other closely go out together, ms. */
const COALESCE_MS = 10

/** As `PeerPulse.status` of control.proto counts them. */
export const LIVENESS: readonly Liveness[] = ['alive', 'suspect', 'dead', 'left']

export interface ServiceComponents { self: string, group: Group, clock: Clock, certify: Certifier }

export class ControlService {
  private readonly changes: Changes
  private readonly beats: Beats
  private pulses: ReadonlyMap<string, PeerPulse> = new Map()
  private readonly watchers = new Set<() => void>()
  private stopped = false
  /** A peer lives that was not known to. */ onArrival = (): void => {}

  constructor (private readonly components: ServiceComponents) {
    const { group, clock } = components
    this.changes = new Changes(Math.floor(clock.random() * 2 ** 52).toString(36), group.state())
    this.beats = new Beats(clock.now())
    group.onApplied(state => { if (this.changes.observe(state)) this.wakeWatchers() })
  }

  /** `from` is proven by the connection. */
  async answer (kind: Kind, body: Uint8Array, from: string): Promise<Uint8Array> {
    const member = this.components.group.state().members.get(from)
    if (member === undefined || member.removed === true) throw new NotPermittedError(`peer ${from} is no member of this mesh`)
    switch (kind) {
      case 'control/propose': return await this.propose(readFrom(kind, from, () => proposalOf(Propose.decode(body))), from, member)
      case 'control/read': return await this.read()
      case 'control/watch': return await this.watch(readFrom(kind, from, () => Watch.decode(body)))
      case 'control/beat': return this.beat(readFrom(kind, from, () => Beat.decode(body)), member)
      case 'control/admit': return AdmitAnswer.encode(await this.admit(readFrom(kind, from, () => knockOf(Admit.decode(body)))))
      case 'control/renew': return AdmitAnswer.encode(await this.renew(from))
    }
  }

  /** What this controller itself decides to propose; refusals are answers. */
  async decide (command: Command): Promise<Outcome> {
    return (await this.enter(command, this.components.self, { session: 0, sequence: 0, floor: 0 })).outcome
  }

  /** What set planning looks at, with every peer's state brought up to now. */
  survey (): { view: PlannedView, pulses: ReadonlyMap<string, PeerPulse>, version: string } {
    const view = viewOf(this.components.group.state())
    this.pulses = this.beats.refresh(view.members, view.settings.replaceAfterMs, this.components.clock.now())
    return { view, pulses: this.pulses, version: `${this.changes.newest}/${this.beats.version}` }
  }

  /** This process stood still: nobody's silence in that time counts. */
  wake (): void { this.beats.wake(this.components.clock.now()) }

  stop (): void {
    this.stopped = true
    this.wakeWatchers()
  }

  private async propose ({ session, sequence, floor, command }: Proposal, from: string, member: MemberView): Promise<Uint8Array> {
    mustBeAllowed(command, from, member)
    const { index, outcome } = await this.enter(command, from, { session, sequence, floor })
    return Proposed.encode({ index, outcome: new Uint8Array(encode(outcome)), view: this.changes.newest })
  }

  private async enter (command: Command, by: string, numbered: { session: number, sequence: number, floor: number }): ReturnType<Group['propose']> {
    const { group, clock } = this.components
    return await group.propose(encodeEntry({ by, now: clock.now(), ...numbered, command }))
  }

  private async read (): Promise<Uint8Array> {
    await this.components.group.readIndex()
    return ReadAnswer.encode({ index: this.changes.newest })
  }

  private async watch ({ log, position, holdMs }: Watch): Promise<Uint8Array> {
    if (!this.changes.has(log, position) && !this.stopped) await this.news(Math.min(holdMs, MAX_HOLD_MS))
    await this.components.group.readIndex()
    return Page.encode(this.changes.page(log, position))
  }

  private async news (holdMs: number): Promise<void> {
    const { clock } = this.components
    await new Promise<void>(resolve => {
      const done = (): void => {
        this.watchers.delete(woken)
        over()
        resolve()
      }
      const over = clock.after(holdMs, done)
      const woken = (): void => {
        this.watchers.delete(woken)
        clock.after(COALESCE_MS, done)
      }
      this.watchers.add(woken)
    })
  }

  private wakeWatchers (): void {
    for (const woken of [...this.watchers]) woken()
  }

  /** A start that is not the one committed beats in vain: it has to say hello first. */
  private beat ({ incarnation, nonce, load, liveness }: Beat, member: MemberView): Uint8Array {
    const { clock, group } = this.components
    const current = member.incarnation === incarnation && member.nonce === nonce
    if (current && this.beats.beat(member.peer, Math.min(load, 1000) / 1000, clock.now())) this.onArrival()
    const { term, leader, voters, learners, commitIndex, quorum } = group.status()
    const peers = liveness === this.beats.version ? [] : [...this.pulses].map(([peer, pulse]) => ({
      peer, status: LIVENESS.indexOf(pulse.status) + 1, load: pulse.load === undefined ? 0 : Math.round(pulse.load * 1000) + 1
    }))
    return Pulse.encode({
      index: this.changes.newest, liveness: this.beats.version, peers, term, leader: leader ?? '', voters, learners, commitIndex, quorum
    })
  }

  /** A peer knocks somewhere; whoever it knocked at has proven its id and forwards its request. */
  private async admit ({ peer, secret, known, disk, incarnation, nonce, facts }: Knock): Promise<AdmitAnswer> {
    const secretHash = secret.length === 0 ? {} : { secretHash: hashSecret(secret) }
    const outcome = await this.decide({ type: 'admit', peer, disk, incarnation, nonce, facts, known, ...secretHash })
    if (!outcome.ok) return refused(outcome)
    return await this.certificate(peer)
  }

  private async renew (peer: string): Promise<AdmitAnswer> {
    await this.components.group.readIndex()
    return await this.certificate(peer)
  }

  private async certificate (peer: string): Promise<AdmitAnswer> {
    const member = this.components.group.state().members.get(peer)
    if (member === undefined) throw new InvalidInputError(`peer ${peer} is no member of this mesh`)
    if (member.removed === true) return { certificate: new Uint8Array(), refused: 'revoked', message: '' }
    return { certificate: new Uint8Array(await this.components.certify.sign(member)), refused: '', message: '' }
  }
}

type Proposal = Omit<Propose, 'command'> & { command: Command }
type Knock = Omit<Admit, 'facts'> & { facts: Facts }

function proposalOf (message: Propose): Proposal { return { ...message, command: decodeCommand(message.command) } }

function knockOf (message: Admit): Knock {
  return { ...message, facts: parseShape(factsShape, decodeCbor(message.facts, 'facts'), 'what the peer says of itself') }
}

function refused (outcome: Extract<Outcome, { ok: false }>): AdmitAnswer {
  const certificate = new Uint8Array()
  const { message, refusal } = outcome
  // Without a reason of its own (the mesh is full, say) it may be worth another try.
  return { certificate, refused: refusal ?? 'notReady', message }
}
