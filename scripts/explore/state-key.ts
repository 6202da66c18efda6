/** One text per state, the same for states that behave the same: what the breadth-first exploration has seen. */
import type { Epoch, WriterState } from '../../src/branch/index.js'
import { digest } from './world.js'
import type { Message, Peer, World } from './world.js'

export function stateKey (world: World): string {
  const { group, observed } = world
  const net = world.net.map(messageDigest).sort()
  return [
    ...world.peers.map(peerDigest), group.config.number, group.config.members.map(m => m.peer + m.disk + m.joined).join(), [...group.whole].join(),
    pairs(group.intents), net.join(), [...observed.done].map(([branch, done]) => branch + done.hash).join(), pairs(observed.calls), observed.final
  ].join('#')
}

/** A peer that did not act is the same object as in the state before. */
function peerDigest (peer: Peer): string {
  let known = peers.get(peer)
  if (known === undefined) peers.set(peer, known = digest(peerKey(peer)))
  return known
}

const peers = new WeakMap<Peer, string>()

function messageDigest (message: Message): string {
  let known = digests.get(message)
  if (known === undefined) digests.set(message, known = digest(messageKey(message)))
  return known
}

const digests = new WeakMap<Message, string>()

function peerKey (peer: Peer): string {
  const { set } = peer
  return [
    peer.alive ? peer.life : -peer.life, peer.disk, peer.config.number, set?.number, set?.whole, set?.self?.joined,
    ...[...peer.branches.values()].map(b => `${b.branch}:${epochKey(b.noted)}:${b.head?.hash}:${epochKey(b.synced)}:${b.done}:${b.dropped.map(d => d.branch + d.index).join()}`),
    ...[...peer.writers.values()].map(w =>
      `${w.branch}:${w.status}:${epochKey(w.epoch)}:${w.number}:${w.head?.hash}:${w.done}:${w.degraded}:${w.pending.map(r => r.hash).join()}:${acks(w.acked)}:${w.rooted}`),
    ...[...peer.marks].map(([branch, mark]) => `${branch}${epochKey(mark.epoch)}.${mark.index}`),
    ...[...peer.takeovers.values()].map(t => `${t.request.branch}:${epochKey(t.request.epoch)}:${t.waiting.join()}:${t.head.hash}:${epochKey(t.synced)}:${t.over}`),
    pairs(peer.results), [...peer.attached].sort().join(), [...peer.answered].join()
  ].join(';')
}

const keys = new WeakMap<Message, string>()

export function messageKey (message: Message): string {
  const known = keys.get(message)
  if (known !== undefined) return known
  const key = `${message.from}>${message.to} ${contentKey(message)}`
  keys.set(message, key)
  return key
}

function contentKey (message: Message): string {
  switch (message.kind) {
    case 'append': {
      const { branch, record, epoch, number, done, with: heads } = message.append
      return `append ${branch} ${record.hash} ${epochKey(epoch)} ${number} ${done} ${heads.map(head => head.record.hash + epochKey(head.epoch)).join()}`
    }
    case 'reply': {
      const { reply } = message
      const said = reply.type === 'ack' ? `${reply.index} ${reply.member.peer}${reply.member.joined} ${reply.parents}` : `${reply.reason} ${reply.missing?.map(m => m.branch).join()}`
      return `${reply.type} ${reply.branch} ${reply.hash} ${epochKey(reply.epoch)} ${reply.number} ${said}`
    }
    case 'note': return `note ${message.request.branch} ${epochKey(message.request.epoch)} ${message.request.number}`
    case 'noted': {
      const { reply } = message
      return `noted ${reply.branch} ${epochKey(reply.epoch)} ${reply.number} ${reply.refused} ${reply.head?.hash} ${epochKey(reply.synced)} ${reply.member?.joined}`
    }
    case 'handover': return `handover ${message.branch} ${message.record.hash}`
    case 'result': return `result ${message.child} ${message.hash}`
    case 'askCopy': return `askCopy ${message.number}`
    case 'copy': {
      const { copy } = message
      return `copy ${copy.number} ${copy.branches.map(b => b.branch + epochKey(b.noted) + b.head?.hash + epochKey(b.synced) + b.done).join()}`
    }
    case 'fetch': return `fetch ${message.branch} ${message.hash} ${message.for} ${message.missing.map(ref => ref.branch).join()}`
    case 'heads': return `heads ${message.branch} ${message.hash} ${message.for} ${message.heads.map(head => head.record.hash).join()}`
  }
}

function epochKey (epoch: Epoch): string {
  return `${epoch.set}.${epoch.count}${epoch.peer}`
}

function acks (acked: WriterState['acked']): string {
  return Object.keys(acked).sort().map(key => `${key}${acked[key]?.index}${acked[key]?.parents}`).join()
}

function pairs (map: Map<string, string | number>): string {
  return [...map].map(([key, value]) => `${key}=${value}`).join()
}
