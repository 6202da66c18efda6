/** One random walk: a drawn world, a drawn temperament, then a calm end in which everything must be finished. */
import { perform } from './actions.js'
import type { Action } from './actions.js'
import type { WriterState } from '../../src/branch/index.js'
import { fail } from './observe.js'
import { bodyAt, startExecution } from './shell.js'
import { makeWorld, peerAt, RULES } from './world.js'
import type { Op, Peer, Protocol, ShellRules, Spec, World } from './world.js'

const CALM_EVERY = 4

export interface Walked { world: World, /** Peer that accepted the execution. */ starter: number, trace: Action[] }

const PROGRAMS: Op[][] = [
  ['call', 'call', 'end'], ['call', 'exclusive', 'call', 'end'], ['fork', 'join', 'end'], ['fork', 'join', 'exclusive', 'end'],
  ['race', 'join', 'call', 'end'], ['fork', 'call', 'end'], ['call', 'fork', 'join', 'call', 'end'], ['race', 'join', 'fork', 'join', 'end'], ['exclusive', 'fork', 'join', 'end']
]
const CHILDREN: Op[][] = [['end'], ['call', 'end'], ['call', 'end'], ['exclusive', 'end'], ['fork', 'join', 'end'], ['race', 'join', 'end']]
const GRANDCHILDREN: Op[][] = [['end'], ['call', 'end']]

export class Random {
  private state: number
  constructor (seed: number) {
    // Neighbouring seeds must not give neighbouring walks.
    let mixed = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(Math.floor(seed / 4294967296) + 1, 0xc2b2ae35)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d)
    this.state = (mixed ^ (mixed >>> 13)) >>> 0
  }

  next (): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return (mixed ^ (mixed >>> 14)) >>> 0
  }

  below (bound: number): number { return this.next() % bound }
  of<T> (list: readonly T[]): T { return list[this.below(list.length)] as T }
}

type Weights = [number, (world: World, random: Random) => Action | undefined][]

/** What a walk is mostly about: everything at once would hide the rare meetings. */
type Theme = 'all' | 'changes' | 'splits'

export function drawSpec (random: Random, rules: ShellRules, theme: Theme): Spec {
  const copies = random.below(4) === 0 ? 3 : 2
  const members = random.below(12) === 0 ? 1 : copies
  const simple = theme === 'changes' && random.below(3) > 0
  return {
    name: theme, peers: Math.max(3, copies) + random.below(3 - (copies - 2)), members, copies,
    program: simple ? ['call', 'call', 'call', 'end'] : random.of(PROGRAMS), child: random.of(CHILDREN), grandchild: random.of(GRANDCHILDREN),
    runAhead: random.below(3), degraded: theme === 'splits' || random.below(4) === 0, rules
  }
}

export function walk (seed: number, protocol: Protocol, rules = RULES, counters?: World['counters'], traced = false): Walked {
  const random = new Random(seed)
  const theme = random.of(['all', 'all', 'changes', 'splits'] as const)
  const spec = drawSpec(random, rules, theme)
  const world = makeWorld(spec, protocol, counters === undefined ? undefined : { counters, records: new Map(), bodies: new Map() })
  const weights = temperament(random, theme)
  const total = weights.reduce((sum, [weight]) => sum + weight, 0)
  const trace: Action[] = []
  const length = 60 + random.below(4) * 60
  const starter = random.below(spec.peers)
  let taken = false
  startExecution(world, world.peers[starter] as Peer)
  for (let i = 0; i < length && world.observed.violation === null; i++) {
    const action = draw(world, random, weights, total)
    if (action === undefined) continue
    const done = perform(world, action)
    if (done && traced) trace.push(action)
    if (done && action.type === 'take') taken = true
    if (world.net.length > 60) perform(world, { type: 'lose', message: random.of(world.net) })
  }
  // The calm end costs as much as the walk, so most walks go without and leave their time to more walks.
  if (seed % CALM_EVERY === 0 && world.observed.violation === null) calm(world, !taken && hasLived(world.peers[starter] as Peer))
  return { world, starter, trace }
}

function hasLived ({ alive, life }: Peer): boolean { return alive && life === 1 }

function draw (world: World, random: Random, weights: Weights, total: number): Action | undefined {
  let pick = random.below(total)
  for (const [weight, make] of weights) {
    pick -= weight
    if (pick < 0) return make(world, random)
  }
  return undefined
}

/** Which kinds of trouble this walk has, and how much: all of it at once would hide the rare ones. */
function temperament (random: Random, theme: Theme): Weights {
  const changes = theme === 'changes' ? 3 : 1
  const splits = theme === 'splits' ? 4 : 1
  const some = (weight: number) => random.below(3) === 0 ? 0 : weight
  return [
    [400, (world, r) => world.net.length === 0 ? undefined : { type: 'deliver', message: r.of(world.net) }],
    [some(30), (world, r) => world.net.length === 0 ? undefined : { type: 'deliver', message: r.of(world.net), repeat: true }],
    [some(40), (world, r) => world.net.length === 0 ? undefined : { type: 'lose', message: r.of(world.net) }],
    [160, (world, r) => ofWriter(world, r, (at, branch) => ({ type: 'step', at, branch, choice: r.next() >>> 8 }))],
    [50, (world, r) => ofWriter(world, r, (at, branch) => ({ type: 'resend', at, branch }))],
    [20, (world, r) => ofWriter(world, r, (at, branch) => ({ type: 'handOver', at, branch }))],
    [60, (world, r) => ofWriter(world, r, (at, branch) => ({ type: 'offer', at, branch, to: r.below(world.peers.length) }))],
    [some(30) * splits, (world, r) => ofWriter(world, r, (at, branch) => ({ type: 'degrade', at, branch }))],
    [10 + some(40), (world, r) => ofBranch(world, r, (at, branch) => ({ type: 'take', at, branch }))],
    [60, (world, r) => ofTakeover(world, r, (at, branch) => ({ type: r.below(4) === 0 ? 'adoptAlone' : 'adopt', at, branch }))],
    [20, (world, r) => ofTakeover(world, r, (at, branch) => ({ type: 'askAgain', at, branch }))],
    [some(12), (world, r) => ({ type: 'crash', at: r.below(world.peers.length) })],
    [25, (world, r) => ({ type: 'restart', at: r.below(world.peers.length) })],
    [some(8), (world, r) => ({ type: 'wipe', at: r.below(world.peers.length) })],
    [some(10) * splits, (world, r) => pair(world, r, (at, to) => ({ type: 'cut', at, to }))],
    [10, () => ({ type: 'heal' })],
    [some(30) * changes, (world, r) => ({ type: 'replace', at: peerAt(r.of(world.group.config.members).peer), to: r.below(world.peers.length) })],
    [some(8), (world, r) => ({ type: 'grow', to: r.below(world.peers.length) })],
    [50 * changes, (world, r) => ({ type: 'learn', at: r.below(world.peers.length) })],
    [40 * changes, (world, r) => copying(world, r)]
  ]
}

function ofWriter (world: World, random: Random, make: (at: number, branch: string) => Action): Action | undefined {
  return ofMap(world, random, peer => peer.writers, make)
}

function ofBranch (world: World, random: Random, make: (at: number, branch: string) => Action): Action | undefined {
  return ofMap(world, random, peer => peer.branches, make)
}

function ofTakeover (world: World, random: Random, make: (at: number, branch: string) => Action): Action | undefined {
  return ofMap(world, random, peer => peer.takeovers, make)
}

function ofMap (
  world: World, random: Random, map: (peer: Peer) => Map<string, unknown>, make: (at: number, branch: string) => Action
): Action | undefined {
  const from = random.below(world.peers.length)
  for (let i = 0; i < world.peers.length; i++) {
    const peer = world.peers[(from + i) % world.peers.length] as Peer
    const { size } = map(peer)
    if (!peer.alive || size === 0) continue
    let skip = random.below(size)
    for (const branch of map(peer).keys()) if (skip-- === 0) return make(peer.at, branch)
  }
  return undefined
}

function pair (world: World, random: Random, make: (at: number, to: number) => Action): Action | undefined {
  const [at, to] = [random.below(world.peers.length), random.below(world.peers.length)]
  return at === to ? undefined : make(at, to)
}

/** A newcomer asks one of those that were there before it. */
function copying (world: World, random: Random): Action | undefined {
  const from = random.below(world.peers.length)
  for (let i = 0; i < world.peers.length; i++) {
    const peer = world.peers[(from + i) % world.peers.length] as Peer
    const sources = peer.set === undefined ? [] : world.protocol.sourcesFor(peer.set)
    if (sources.length > 0) return { type: 'askCopy', at: peer.at, to: peerAt(random.of(sources).peer) }
  }
  return undefined
}

/**
 * The calm end: every peer is up, nothing is lost, dead disks are replaced. The outcome must become final. Takeovers are
 * made only of branches that nobody works on. `isOwed`: who began it lived through it all, and nobody else took it from there.
 */
export function calm (world: World, isOwed: boolean): void {
  world.cuts.clear()
  for (const peer of world.peers) if (!peer.alive) perform(world, { type: 'restart', at: peer.at })
  for (let round = 0; round < 60; round++) {
    if (round > 8 && !isOwed && !world.observed.done.has('x')) return
    if (world.observed.violation !== null || (world.observed.final !== null && isHealed(world))) return
    mend(world)
    for (const peer of world.peers) {
      for (const writer of [...peer.writers.values()]) urge(world, peer, writer, round)
      deliverAll(world)
      for (const branch of [...peer.writers.keys()]) perform(world, { type: 'step', at: peer.at, branch, choice: 0 })
      for (const branch of [...peer.takeovers.keys()]) {
        perform(world, { type: 'askAgain', at: peer.at, branch })
        deliverAll(world)
        perform(world, { type: 'adopt', at: peer.at, branch })
      }
    }
    deliverAll(world)
    if (round % 4 === 3) suspectIdle(world, round >> 2)
  }
  // An execution whose first record never became done was never accepted: nothing is owed when who began it is gone.
  if (world.observed.violation === null && (isOwed || world.observed.done.has('x'))) fail(world, `stuck: ${stuck(world)}`)
}

/** A writer sends again what is not done, its handover, and its branch's result to whoever writes the parent. */
function urge (world: World, peer: Peer, writer: WriterState, round: number): void {
  const { branch, status } = writer
  if (status === 'parked' || status === 'stopped') return
  if (writer.pending.length > 0) perform(world, { type: 'resend', at: peer.at, branch })
  if (status !== 'ended' && round % 3 === 1) perform(world, { type: 'handOver', at: peer.at, branch })
  if (status !== 'ended' || writer.head === null) return
  const parent = world.protocol.lineageIn(branch, writer.head).at(-1)?.branch
  for (const to of world.peers) {
    if (parent !== undefined && to.writers.get(parent)?.status === 'writing') perform(world, { type: 'offer', at: peer.at, branch, to: to.at })
  }
}

function deliverAll (world: World): void {
  for (let i = 0; i < 2000; i++) {
    const message = world.net[0]
    if (message === undefined || world.observed.violation !== null) return
    if (!perform(world, { type: 'deliver', message })) perform(world, { type: 'lose', message })
  }
}

/** The group replaces members whose disk is gone; peers learn, newcomers copy. */
function mend (world: World): void {
  const { peers } = world
  for (const member of world.group.config.members) {
    const at = peerAt(member.peer)
    const { set, disk } = peers[at] as Peer
    const gone = `d${disk}` !== member.disk || (set !== undefined && set.number === world.group.config.number && set.self === null)
    if (gone) perform(world, { type: 'replace', at, to: at })
  }
  for (const peer of peers) perform(world, { type: 'learn', at: peer.at })
  for (const peer of peers) for (const to of peers) perform(world, { type: 'askCopy', at: peer.at, to: to.at })
}

function isHealed (world: World): boolean {
  return world.group.config.members.every(member => world.group.whole.has(world.protocol.memberKey(member)))
}

/**
 * A replica takes over what nobody works on, or what does not become done: its writer's record may rest on
 * a result that some replica can never accept, so each replica gets its turn.
 */
function suspectIdle (world: World, turn: number): void {
  const suspected = new Set<string>()
  for (const [i] of world.peers.entries()) {
    const peer = world.peers[(i + turn) % world.peers.length] as Peer
    for (const state of [...peer.branches.values()]) {
      const owed = world.protocol.duty(branch => peer.branches.get(branch), state)
      if (owed === null || peer.takeovers.has(state.branch)) continue
      const works = world.peers.some(other => {
        const writer = other.writers.get(state.branch)
        return writer !== undefined && (writer.status === 'writing' || writer.status === 'ended') && writer.pending.length === 0 &&
          world.protocol.compareEpochs(writer.epoch, state.noted) >= 0
      })
      if (!works && !suspected.has(state.branch) && perform(world, { type: 'take', at: peer.at, branch: state.branch })) suspected.add(state.branch)
    }
  }
}

function stuck (world: World): string {
  return world.peers.flatMap(peer => [...peer.writers.values()].map(writer =>
    `${peer.id}:${writer.branch.slice(0, 6)}:${writer.status}:${writer.head === null ? '-' : bodyAt(world, writer.branch, writer.head).pc}:${writer.pending.length}`)).join(' ')
}
