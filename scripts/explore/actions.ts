/** Everything that can happen in the world, as data, so that a walk can be written down, shortened and walked again. */
import { adopt, beginTakeover, handOver, learn, offerResult, receive, send, step } from './shell.js'
import * as shell from './shell.js'
import { diskOf, isCut, peerAt } from './world.js'
import type { Message, Peer, World } from './world.js'

export type Action =
  | { type: 'deliver', message: Message, repeat?: boolean }
  | { type: 'lose', message: Message }
  | { type: 'step', at: number, branch: string, choice: number }
  | { type: 'resend' | 'handOver' | 'degrade' | 'take' | 'askAgain' | 'adopt' | 'adoptAlone', at: number, branch: string }
  | { type: 'offer', at: number, branch: string, to: number }
  | { type: 'crash' | 'restart' | 'wipe' | 'learn', at: number }
  | { type: 'askCopy', at: number, to: number }
  | { type: 'cut', at: number, to: number }
  | { type: 'heal' }
  | { type: 'replace', at: number, to: number } // `at` leaves, `to` enters
  | { type: 'grow', to: number }

/** Do it if it can be done now; false when it says nothing in this world. */
export function perform (world: World, action: Action): boolean {
  switch (action.type) {
    case 'deliver': return deliver(world, action.message, action.repeat === true)
    case 'lose': return drop(world, action.message)
    case 'cut':
      if (isCut(world, action.at, action.to)) return false
      world.cuts.add(Math.min(action.at, action.to) * 16 + Math.max(action.at, action.to))
      world.counters.cuts++
      return true
    case 'heal': {
      const cut = world.cuts.size > 0
      world.cuts.clear()
      return cut
    }
    case 'replace': return replace(world, action.at, action.to)
    case 'grow': return grow(world, action.to)
    default: {
      const peer = world.peers[action.at] as Peer
      if (action.type === 'restart') return restart(world, peer)
      if (action.type === 'wipe') return wipe(world, peer)
      return peer.alive && act(world, peer, action)
    }
  }
}

function act (world: World, peer: Peer, action: Action & { at: number }): boolean {
  switch (action.type) {
    case 'step': return step(world, peer, action.branch, action.choice)
    case 'resend': {
      const writer = peer.writers.get(action.branch)
      if (writer === undefined) return false
      peer.attached.clear()
      const made = world.protocol.resend(writer)
      shell.apply(world, peer, made)
      return made.send.length > 0
    }
    case 'handOver': {
      const writer = peer.writers.get(action.branch)
      if (writer?.head == null) return false
      handOver(world, peer, writer.head, writer.epoch)
      return true
    }
    case 'degrade': {
      const writer = peer.writers.get(action.branch)
      if (writer === undefined || writer.degraded || !world.spec.degraded) return false
      const degraded = world.protocol.degrade(writer)
      peer.writers.set(action.branch, degraded)
      return degraded.degraded
    }
    case 'take': return beginTakeover(world, peer, action.branch)
    case 'askAgain': {
      const takeover = peer.takeovers.get(action.branch)
      if (takeover === undefined) return false
      for (const key of takeover.waiting) {
        send(world, { from: peer.at, to: peerAt(key.split('/')[0] as string), kind: 'note', request: takeover.request })
      }
      return takeover.waiting.length > 0
    }
    case 'adopt': return adopt(world, peer, action.branch, false)
    case 'adoptAlone': return adopt(world, peer, action.branch, true)
    case 'offer': {
      const writer = peer.writers.get(action.branch)
      return writer !== undefined && offerResult(world, peer, writer, world.peers[action.to] as Peer)
    }
    case 'crash': return crash(world, peer)
    case 'learn': return learn(world, peer)
    case 'askCopy': {
      if (peer.set === undefined) return false
      const asked = world.protocol.sourcesFor(peer.set).some(member => peerAt(member.peer) === action.to)
      if (asked) send(world, { from: peer.at, to: action.to, kind: 'askCopy', number: peer.set.number })
      return asked
    }
    default: return false
  }
}

function deliver (world: World, message: Message, repeat: boolean): boolean {
  const at = world.net.indexOf(message)
  if (at < 0 || world.peers[message.to]?.alive !== true || isCut(world, message.from, message.to)) return false
  if (repeat) world.counters.repeated++
  else world.net.splice(at, 1)
  receive(world, message)
  return true
}

function drop (world: World, message: Message): boolean {
  const at = world.net.indexOf(message)
  if (at < 0) return false
  world.net.splice(at, 1)
  world.counters.lost++
  return true
}

function crash (world: World, peer: Peer): boolean {
  world.counters.crashes++
  peer.alive = false
  for (const undo of peer.unsaved.reverse()) undo()
  peer.unsaved = []
  peer.writers.clear()
  peer.marks.clear()
  peer.takeovers.clear()
  peer.results.clear()
  peer.attached.clear()
  peer.answered.clear()
  return true
}

function restart (world: World, peer: Peer): boolean {
  if (peer.alive) return false
  world.counters.restarts++
  peer.alive = true
  peer.life++
  peer.set ??= world.protocol.noteSet(undefined, peer.config, peer.id, diskOf(peer))
  return true
}

/** A disk is lost only while another whole member keeps everything: the promise covers `copies - 1` per repair. */
function wipe (world: World, peer: Peer): boolean {
  const others = world.group.config.members.some(member => peerAt(member.peer) !== peer.at && isIntact(world, member))
  if (!others) return false
  if (peer.alive) crash(world, peer)
  world.counters.wipes++
  peer.disk++
  peer.set = undefined
  peer.branches.clear()
  return true
}

function isIntact (world: World, member: { peer: string, disk: string, joined: number }): boolean {
  const peer = world.peers[peerAt(member.peer)] as Peer
  const { set } = peer
  if (diskOf(peer) !== member.disk || set === undefined || !set.whole || set.self === null) return false
  return set.self.disk === member.disk && set.self.joined === member.joined
}

/** The group changes one member at a time, and waits until a newcomer is whole unless it replaces that one. */
function replace (world: World, out: number, to: number): boolean {
  const { group, spec, protocol } = world
  const { members } = group.config
  const leaving = members.find(member => peerAt(member.peer) === out)
  if (leaving === undefined || (to !== out && members.some(member => peerAt(member.peer) === to))) return false
  const entering = world.peers[to] as Peer
  if (to === out && diskOf(entering) === leaving.disk) return false
  const rest = members.filter(member => member !== leaving)
  // Replacing the last member whose disk is not lost is one fault more than the promise covers: `copies - 1` per repair.
  if (!rest.some(member => diskOf(world.peers[peerAt(member.peer)] as Peer) === member.disk)) return false
  if (spec.rules.replaceWhenWhole && !rest.every(member => group.whole.has(protocol.memberKey(member)))) return false
  if (!spec.rules.replaceNewcomer && !group.whole.has(protocol.memberKey(leaving))) return false
  world.counters.replacements++
  if (to === out || entering.branches.size > 0) world.counters.returns++
  setMembers(world, members.map(member => member === leaving ? newcomer(world, entering) : member))
  return true
}

function grow (world: World, to: number): boolean {
  const { group, spec, protocol } = world
  const { members } = group.config
  if (members.length >= spec.copies || members.some(member => peerAt(member.peer) === to)) return false
  if (spec.rules.replaceWhenWhole && !members.every(member => group.whole.has(protocol.memberKey(member)))) return false
  world.counters.growths++
  setMembers(world, [...members, newcomer(world, world.peers[to] as Peer)])
  return true
}

function newcomer (world: World, peer: Peer): { peer: string, disk: string, joined: number } {
  return { peer: peer.id, disk: diskOf(peer), joined: world.group.config.number + 1 }
}

function setMembers (world: World, members: World['group']['config']['members']): void {
  const { group } = world
  group.config = { ...group.config, number: group.config.number + 1, members }
}
