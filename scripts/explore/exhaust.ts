/** Small worlds, breadth-first until nothing new is left: every order of every event, within each world's budget of trouble. */
import { perform } from './actions.js'
import type { Action } from './actions.js'
import { startExecution } from './shell.js'
import { messageKey, stateKey } from './state-key.js'
import { cloneFor, digestNumber, makeWorld, noCounters, RULES } from './world.js'
import type { Message, Op, Peer, Protocol, ShellRules, Spec, World } from './world.js'

export interface SmallWorld {
  name: string
  members: number
  program: Op[]
  degraded: boolean
  runAhead: number
  /** How often each may happen on one path. */ budget: Partial<Record<Budgeted, number>>
}

type Budgeted = 'take' | 'crash' | 'restart' | 'wipe' | 'replace' | 'resend' | 'degrade' | 'away' | 'adoptAlone' | 'repeat'

/** `away` counts records that name another peer as the next writer; what has no budget cannot happen there. */
export const WORLDS: SmallWorld[] = [
  { name: 'handover', members: 2, program: ['call', 'end'], degraded: false, runAhead: 1, budget: { away: 2 } },
  { name: 'takeover', members: 2, program: ['end'], degraded: false, runAhead: 1, budget: { take: 2 } },
  { name: 'crash', members: 2, program: ['end'], degraded: false, runAhead: 1, budget: { take: 1, crash: 1, restart: 1 } },
  { name: 'degraded', members: 2, program: ['end'], degraded: true, runAhead: 0, budget: { take: 1, degrade: 1, adoptAlone: 1 } },
  { name: 'exclusive', members: 2, program: ['exclusive', 'end'], degraded: false, runAhead: 0, budget: { take: 1 } },
  { name: 'replacement', members: 2, program: ['end'], degraded: false, runAhead: 1, budget: { replace: 1, resend: 1 } }
]

export interface Exhausted { world: SmallWorld, states: number, transitions: number, depth: number, ended: boolean, violation: string | null, trace: Action[], finals: number }

interface State { world: World, spent: Partial<Record<Budgeted, number>>, from: State | undefined, action: Action | undefined }

export function exhaust (small: SmallWorld, protocol: Protocol, rules: ShellRules = RULES, maxStates = Infinity): Exhausted {
  const spec: Spec = { ...small, peers: 3, copies: 2, child: ['end'], grandchild: ['end'], rules }
  const first = makeWorld(spec, protocol, { records: new Map(), bodies: new Map(), counters: noCounters() })
  startExecution(first, first.peers[0] as Peer)
  const seen = new Set<number>()
  let frontier: State[] = [{ world: first, spent: {}, from: undefined, action: undefined }]
  let [depth, transitions] = [0, 0]
  let states = 1
  const found = (state: State | undefined, ended: boolean): Exhausted => ({
    world: small, states, transitions, depth, ended, violation: state?.world.observed.violation ?? null, trace: traceOf(state), finals: first.counters.finals
  })
  for (; frontier.length > 0; depth++) {
    const next: State[] = []
    for (const state of frontier) {
      for (const [action, costs] of actionsOf(state.world, small, state.spent)) {
        const after = cloneFor(state.world, actsAt(action))
        if (!perform(after, action)) continue
        transitions++
        prune(after)
        const spent = costs === undefined ? state.spent : { ...state.spent, [costs]: (state.spent[costs] ?? 0) + 1 }
        const key = digestNumber(stateKey(after) + JSON.stringify(spent))
        if (seen.has(key)) continue
        seen.add(key)
        states++
        const reached: State = { world: after, spent, from: state, action }
        if (after.observed.violation !== null) return found(reached, false)
        next.push(reached)
      }
      // The path back keeps only actions: a state that was expanded is needed no more.
      state.world = undefined as unknown as World
      if (states > maxStates) return found(undefined, false)
    }
    frontier = next
  }
  return found(undefined, true)
}

function actsAt (action: Action): number {
  if (action.type === 'deliver' || action.type === 'lose') return action.message.to
  return 'at' in action && action.type !== 'replace' && action.type !== 'cut' ? action.at : -1
}

function * actionsOf (world: World, small: SmallWorld, spent: State['spent']): Generator<[Action, Budgeted | undefined]> {
  const left = (what: Budgeted) => (spent[what] ?? 0) < (small.budget[what] ?? 0)
  for (const message of world.net) {
    yield [{ type: 'deliver', message }, undefined]
    if (left('repeat')) yield [{ type: 'deliver', message, repeat: true }, 'repeat']
  }
  for (const peer of world.peers) yield * peerActions(world, peer, left)
  if (left('replace')) {
    for (const member of world.group.config.members) {
      for (const to of world.peers) yield [{ type: 'replace', at: Number(member.peer.slice(1)), to: to.at }, 'replace']
    }
  }
}

function * peerActions (world: World, peer: Peer, left: (what: Budgeted) => boolean): Generator<[Action, Budgeted | undefined]> {
  const { at } = peer
  if (!peer.alive) {
    if (left('restart')) yield [{ type: 'restart', at }, 'restart']
    return
  }
  for (const [branch, writer] of peer.writers) {
    if (writer.status === 'writing') {
      yield [{ type: 'step', at, branch, choice: 0 }, undefined]
      // choice & 3 must not be 0, and choice modulo the number of peers names the next writer.
      if (left('away')) for (const choice of [1, 2, 3]) if (choice % 3 !== at) yield [{ type: 'step', at, branch, choice }, 'away']
    }
    if (left('resend') && writer.pending.length > 0) yield [{ type: 'resend', at, branch }, 'resend']
    if (left('degrade')) yield [{ type: 'degrade', at, branch }, 'degrade']
  }
  for (const branch of peer.takeovers.keys()) {
    yield [{ type: 'adopt', at, branch }, undefined]
    if (left('adoptAlone')) yield [{ type: 'adoptAlone', at, branch }, 'adoptAlone']
  }
  if (left('take')) for (const branch of peer.branches.keys()) yield [{ type: 'take', at, branch }, 'take']
  if (left('crash')) yield [{ type: 'crash', at }, 'crash']
  if (left('wipe')) yield [{ type: 'wipe', at }, 'wipe']
  yield [{ type: 'learn', at }, undefined]
  for (const to of world.peers) if (to !== peer && peer.set?.whole === false) yield [{ type: 'askCopy', at, to: to.at }, undefined]
}

/** Messages that can never change anything any more, and second copies: a resend makes them again. */
function prune (world: World): void {
  const seen = new Set<string>()
  world.net = world.net.filter(message => {
    const key = messageKey(message)
    if (seen.has(key) || !matters(world, message)) return false
    seen.add(key)
    return true
  })
}

function matters (world: World, message: Message): boolean {
  const peer = world.peers[message.to] as Peer
  const { compareEpochs, memberKey } = world.protocol
  if (message.kind === 'reply') {
    const { reply } = message
    const writer = peer.writers.get(reply.branch)
    if (writer === undefined) return peer.alive
    const order = compareEpochs(reply.epoch, writer.epoch)
    if (order < 0 || (order === 0 && writer.status === 'parked')) return false
    if (reply.type === 'refusal') return reply.reason !== 'oldNumber' && reply.reason !== 'newNumber' && reply.reason !== 'notWhole'
    return reply.number >= writer.number && (writer.acked[memberKey(reply.member)]?.index ?? -1) < reply.index
  }
  if (message.kind === 'append') return peer.set === undefined || message.append.number >= peer.set.number
  if (message.kind === 'note') return peer.set === undefined || message.request.number >= peer.set.number
  if (message.kind === 'noted') return peer.takeovers.get(message.reply.branch)?.waiting.length !== 0 && peer.takeovers.has(message.reply.branch)
  if (message.kind === 'askCopy' || message.kind === 'copy') return peer.set === undefined || message.kind === 'askCopy' || !peer.set.whole
  return true
}

function traceOf (state: State | undefined): Action[] {
  const trace: Action[] = []
  for (let at = state; at?.action !== undefined; at = at.from) trace.unshift(at.action)
  return trace
}
