/**
 * What a peer does with the protocol: the shell around src/branch, as checkpoint/ and sidecar/ are in the product, without
 * their queues. Each function is one event at one peer: step the pure machine, save, then send.
 */
import type {
  Append, AppendReply, BranchRecord, Epoch, NextRecord, NoteReply, NoteRequest, PeerRef, RecordRef, ReplicaBranch, WriterEvent, WriterState,
  WriterStep
} from '../../src/branch/index.js'
import { allSaved, branchSaved, exclusiveCalled, recordDone, writerStopped } from './observe.js'
import { digest, diskOf, incarnationOf, peerAt } from './world.js'
import type { Body, Message, Peer, World } from './world.js'

const EMPTY = new Uint8Array(0)

export function send (world: World, message: Message): void {
  world.net.push(message)
}

/** Returns false when the message says nothing to this peer now. */
export function receive (world: World, message: Message): void {
  const peer = world.peers[message.to] as Peer
  switch (message.kind) {
    case 'append': onAppend(world, peer, message.append, message.from); return
    case 'reply': onReply(world, peer, message.reply); return
    case 'note': onNote(world, peer, message.request, message.from); return
    case 'noted': onNoted(world, peer, message.reply); return
    case 'handover': onHandover(world, peer, message.branch, message.record, message.epoch); return
    case 'result': onResult(world, peer, message); return
    case 'askCopy': {
      const copy = peer.set === undefined ? undefined : world.protocol.copyOut(peer.set, message.number, [...peer.branches.values()])
      if (copy !== undefined) send(world, { from: peer.at, to: message.from, kind: 'copy', copy })
      return
    }
    case 'copy': onCopy(world, peer, message); return
    case 'fetch': {
      const heads = world.protocol.attachments(branch => peer.branches.get(branch), message.missing)
      if (heads.length > 0) send(world, { from: peer.at, to: message.from, kind: 'heads', heads, branch: message.branch, hash: message.hash, for: message.for })
      return
    }
    case 'heads': onHeads(world, peer, message)
  }
}

function onAppend (world: World, peer: Peer, append: Append, from: number): void {
  if (peer.set === undefined) return
  const before = peer.branches.get(append.branch)
  const { writes, forgets, reply } = world.protocol.acceptAppend(peer.set, branch => peer.branches.get(branch), append)
  count(world, reply, append, before, writes)
  save(world, peer, writes, world.spec.rules.saveThenSend)
  for (const branch of forgets) forget(world, peer, branch)
  send(world, { from: peer.at, to: from, kind: 'reply', reply })
}

function count (world: World, reply: AppendReply, append: Append, before: ReplicaBranch | undefined, writes: ReplicaBranch[]): void {
  const { counters, protocol } = world
  if (reply.type === 'refusal') {
    if (reply.reason === 'missing') counters.missing++
    if (reply.reason === 'closed') counters.closedRefusals++
    if (reply.reason === 'oldNumber') counters.oldNumber++
    return
  }
  if (append.with.length > 0 && writes.length > 1) counters.attached++
  if (before?.head == null || writes.length === 0) return
  const gain = reply.index - protocol.indexIn(append.branch, before.head)
  if (gain > 1) counters.jumps++
  if (gain < 0) counters.back++
  const line = reply.hash === before.head.hash || gain > 0
  if (!line || (gain === 1 && append.record.prev !== before.head.hash)) counters.superseded++
}

/** Everything below a forgotten branch goes with it. */
function forget (world: World, peer: Peer, branch: string): void {
  const state = peer.branches.get(branch)
  if (state === undefined) return
  peer.branches.delete(branch)
  world.counters.forgotten++
  for (const child of world.protocol.childrenIn(branch, state.head)) forget(world, peer, child)
  for (const { branch: child } of state.dropped) forget(world, peer, child)
}

export function save (world: World, peer: Peer, writes: ReplicaBranch[], synced = true): void {
  for (const state of writes) {
    const before = peer.branches.get(state.branch)
    if (!synced) {
      peer.unsaved.push(() => {
        if (before === undefined) peer.branches.delete(state.branch)
        else peer.branches.set(state.branch, before)
      })
    }
    peer.branches.set(state.branch, state)
  }
  for (const state of writes) branchSaved(world, peer, state.branch)
}

function onReply (world: World, peer: Peer, reply: AppendReply): void {
  const writer = peer.writers.get(reply.branch)
  if (writer === undefined) return
  apply(world, peer, reply.type === 'ack' ? world.protocol.onAck(writer, reply) : world.protocol.onRefusal(writer, reply))
}

/** Take in a writer's step: keep its state, send what it says, tell the observer. */
export function apply (world: World, peer: Peer, { state, send: sends, events }: WriterStep): void {
  const before = peer.writers.get(state.branch)
  peer.writers.set(state.branch, state)
  peer.marks.set(state.branch, world.protocol.lastOf(state, peer.marks.get(state.branch)))
  for (const { to, append } of sends) for (const each of to) send(world, { from: peer.at, to: peerAt(each), kind: 'append', append })
  for (const event of events) {
    switch (event.type) {
      case 'done':
        if (before?.degraded === true && !state.degraded) world.counters.repaired++
        recordDone(world, state, event.index)
        break
      case 'parked': world.counters.parked++; break
      case 'stopped': writerStopped(world, state); break
      case 'attach': attach(world, peer, state, event); break
      case 'again': again(world, peer, state, event.number); break
      case 'learn': break // an action of its own: a peer learns late
    }
  }
}

/** Find the missing heads on the own disk or among the own writers; ask the other members for the rest. */
function attach (world: World, peer: Peer, writer: WriterState, { to, hash, missing }: WriterEvent & { type: 'attach' }): void {
  // Once between two resends: a replica that cannot be satisfied must not keep the wires busy.
  const asked = `${writer.branch} ${hash} ${to} ${missing.length}`
  if (peer.attached.has(asked)) return
  peer.attached.add(asked)
  const heads = world.protocol.attachments(branch => peer.branches.get(branch), missing)
  for (const { branch, hash: wanted } of missing) {
    if (heads.some(head => head.branch === branch)) continue
    const own = peer.writers.get(branch)
    if (own?.head != null && own.status !== 'parked') heads.push({ branch, record: own.head, epoch: own.epoch })
    else if (writer.head?.hash === wanted) heads.push({ branch, record: writer.head, epoch: writer.head.epoch })
  }
  apply(world, peer, world.protocol.sendWith(writer, to, hash, heads))
  if (heads.length === missing.length) return
  for (const member of writer.members) {
    const message = { from: peer.at, to: peerAt(member.peer), kind: 'fetch' as const, missing, branch: writer.branch, hash, for: to }
    if (member.peer !== to && member.peer !== peer.id) send(world, message)
  }
}

function onHeads (world: World, peer: Peer, message: Message & { kind: 'heads' }): void {
  const writer = peer.writers.get(message.branch)
  if (writer !== undefined) apply(world, peer, world.protocol.sendWith(writer, message.for, message.hash, message.heads))
}

function onNote (world: World, peer: Peer, request: NoteRequest, from: number): void {
  if (peer.set === undefined) return
  const { writes, reply } = world.protocol.noteEpoch(peer.set, branch => peer.branches.get(branch), request)
  save(world, peer, writes, world.spec.rules.saveNoted)
  send(world, { from: peer.at, to: from, kind: 'noted', reply })
}

function onNoted (world: World, peer: Peer, reply: NoteReply): void {
  const takeover = peer.takeovers.get(reply.branch)
  if (takeover !== undefined) peer.takeovers.set(reply.branch, world.protocol.onNoted(takeover, reply))
}

function onHandover (world: World, peer: Peer, branch: string, record: BranchRecord, epoch: Epoch): void {
  const last = world.spec.rules.remembersStarts ? peer.marks.get(branch) : undefined
  const self = { peer: peer.id, incarnation: incarnationOf(world, peer) }
  const named = world.protocol.namedWriter(peer.config, branch, record, self, last)
  if (named === undefined) return
  const writer = world.spec.rules.ownEpoch ? named : { ...named, epoch }
  world.counters.named++
  peer.writers.set(branch, writer)
  apply(world, peer, world.protocol.resend(writer))
}

function onResult (world: World, peer: Peer, message: Message & { kind: 'result' }): void {
  const writer = peer.writers.get(message.parent)
  if (writer?.status === 'writing') peer.results.set(message.child, message.hash)
}

function onCopy (world: World, peer: Peer, { copy }: Message & { kind: 'copy' }): void {
  const taken = peer.set === undefined ? undefined : world.protocol.copyIn(peer.set, copy)
  if (taken === undefined || taken.state.self === null) return
  world.counters.newcomers++
  peer.set = taken.state
  const own = peer.branches
  peer.branches = new Map(taken.branches.map(state => [state.branch, merged(world, own.get(state.branch), state)]))
  world.group.whole.add(world.protocol.memberKey(taken.state.self))
  allSaved(world, peer)
}

/** The copy, in place of the own state; mutants keep what they think is newer. */
function merged (world: World, own: ReplicaBranch | undefined, copied: ReplicaBranch): ReplicaBranch {
  const { compareEpochs } = world.protocol
  const { copyReplacesHeads, copyReplacesEpochs } = world.spec.rules
  if (own === undefined) return copied
  const newer = compareEpochs(own.synced, copied.synced) || (own.head?.index ?? -1) - (copied.head?.index ?? -1)
  const kept = !copyReplacesHeads && newer > 0 ? own : copied
  const noted = !copyReplacesEpochs && compareEpochs(own.noted, copied.noted) > 0 ? own.noted : copied.noted
  return { ...kept, noted }
}

/** The accepting peer writes the first record. */
export function startExecution (world: World, peer: Peer): void {
  const self = { peer: peer.id, incarnation: incarnationOf(world, peer) }
  writeFirst(world, peer, world.protocol.firstWriter(peer.config, 'x', self))
}

/** Under the number that refused it, if this peer knows that one; otherwise the next refusal says which. */
function again (world: World, peer: Peer, refused: WriterState, number: number): void {
  const writer = world.protocol.beginAgain(refused, peer.config, number)
  if (writer === undefined) return
  world.counters.begunAgain++
  writeFirst(world, peer, writer)
}

function writeFirst (world: World, peer: Peer, writer: WriterState): void {
  append(world, peer, writer, { next: writer.self, body: EMPTY }, { pc: 0, depth: 0, path: '', got: 0, value: '' })
}

/**
 * Where the writer of a branch stands: the body of its head, or for a child's first record its own beginning. A child's path
 * names the place in the program that opened it, so its keys do not depend on who opened it, or when.
 */
export function bodyAt (world: World, branch: string, head: BranchRecord): Body {
  const body = world.bodies.get(head.hash) as Body
  if (head.branch === branch) return body
  const place = branch.slice(branch.lastIndexOf('.') + 1)
  return { pc: 0, depth: body.depth + 1, path: `${body.path}/${body.pc}.${place}`, got: 0, value: '' }
}

/** One step of the branch's program, if it may be made now. `choice` picks who writes next. */
export function step (world: World, peer: Peer, branch: string, choice: number): boolean {
  const writer = peer.writers.get(branch)
  if (writer === undefined || writer.head === null || !world.protocol.mayGoOn(writer, world.spec.runAhead)) return false
  const body = bodyAt(world, branch, writer.head)
  const program = [world.spec.program, world.spec.child, world.spec.grandchild][body.depth] ?? []
  const op = program[body.pc] ?? 'end'
  const next = who(world, peer, choice)
  const onwards = { ...body, pc: body.pc + 1, value: `${peer.id}.${peer.life}` }
  switch (op) {
    case 'call': append(world, peer, writer, { next, body: EMPTY }, onwards); return true
    case 'end': append(world, peer, writer, { next: null, body: EMPTY }, onwards); return true
    case 'fork':
    case 'race': {
      world.counters.forks++
      const opens = [{ next: who(world, peer, choice >> 2) }, { next: who(world, peer, choice >> 4) }]
      append(world, peer, writer, { next, opens, body: EMPTY }, { ...onwards, got: 0 })
      return true
    }
    case 'join': return join(world, peer, writer, body, next)
    case 'exclusive': return exclusive(world, peer, writer, body, next)
  }
}

function who (world: World, peer: Peer, choice: number): PeerRef {
  const other = world.peers[choice % world.peers.length] as Peer
  const chosen = (choice & 3) === 0 || !other.alive ? peer : other
  return { peer: chosen.id, incarnation: incarnationOf(world, chosen) }
}

function append (world: World, peer: Peer, writer: WriterState, fields: NextRecord, body: Body): void {
  const { protocol, records, bodies, counters } = world
  const made = protocol.draft(writer, fields)
  const { epoch } = made
  const next = made.next === null ? '' : `${made.next.peer}.${made.next.incarnation}`
  const hash = digest([
    made.branch, made.index, made.prev, epoch.set, epoch.count, epoch.peer, made.writer.peer, made.writer.incarnation, next, body.pc,
    body.got, body.value, ...made.opens.map(open => open.next.peer + open.next.incarnation), ...made.takes.map(take => take.hash),
    ...made.open.flatMap(each => each.places), made.degraded
  ].join())
  let record = records.get(hash)
  if (record === undefined) {
    record = { hash, ...made }
    records.set(hash, record)
    bodies.set(hash, body)
  }
  counters.records++
  if (made.degraded) counters.degraded++
  apply(world, peer, protocol.write(writer, record))
  if (made.next !== null && made.next.peer !== peer.id) counters.handovers++
  handOver(world, peer, record, epoch)
}

/** To the next writer at the same moment as to the replicas; to the same peer without a message. */
export function handOver (world: World, peer: Peer, record: BranchRecord, epoch: Epoch): void {
  const named: [string, PeerRef][] = record.opens.map((open, place) => [world.protocol.childBranch(record.hash, place), open.next])
  if (record.next !== null && record.next.peer !== peer.id) named.push([record.branch, record.next])
  for (const [branch, next] of named) {
    const to = peerAt(next.peer)
    if (to === peer.at) onHandover(world, peer, branch, record, epoch)
    else send(world, { from: peer.at, to, kind: 'handover', branch, record, epoch })
  }
}

/** Take in the results that are here, in one record; a race takes the first and closes the others. */
function join (world: World, peer: Peer, writer: WriterState, body: Body, next: PeerRef | null): boolean {
  const { protocol, spec, counters } = world
  const program = [spec.program, spec.child, spec.grandchild][body.depth] ?? []
  const open = protocol.childrenIn(writer.branch, writer.head)
  const takes: RecordRef[] = []
  for (const branch of open) {
    const local = peer.writers.get(branch)
    const sent = peer.results.get(branch)
    if (sent !== undefined) takes.push({ branch, hash: sent })
    else if (local?.status === 'ended' && local.head !== null && mayTake(world, writer, local)) {
      takes.push({ branch, hash: local.head.hash })
      if (!protocol.isSettled(local)) counters.localTakes++
    }
  }
  if (takes.length === 0) return false
  const race = program[body.pc - 1] === 'race'
  const taken = race ? takes.slice(0, 1) : takes
  const closes = race ? open.filter(branch => branch !== taken[0]?.branch) : []
  counters.takes += taken.length
  if (taken.length > 1) counters.batchTakes++
  if (closes.length > 0) counters.closes++
  const left = open.length - taken.length - closes.length
  const value = `${peer.id}.${peer.life}`
  append(world, peer, writer, { next, takes: taken, closes, body: EMPTY }, { ...body, pc: left === 0 ? body.pc + 1 : body.pc, got: body.got + taken.length, value })
  return true
}

/** A local child's result may follow it in the same stream; one from elsewhere, or across a degraded record, waits until done. */
function mayTake (world: World, writer: WriterState, local: WriterState): boolean {
  const { rules } = world.spec
  if (world.protocol.isSettled(local) || !rules.resultWhenDone) return true
  return !rules.strictResults || (!local.degraded && !writer.degraded && local.head?.degraded !== true)
}

function exclusive (world: World, peer: Peer, writer: WriterState, body: Body, next: PeerRef | null): boolean {
  const { rules } = world.spec
  if (rules.exclusiveWhenDone && (!world.protocol.isSettled(writer) || writer.degraded)) return false
  const key = `${body.path}:${body.pc}`
  if (!peer.answered.has(key)) {
    const attempt = `${peer.id}.${peer.life}.${writer.epoch.set}.${writer.epoch.count}`
    const holder = world.group.intents.get(key)
    if (holder === undefined || !rules.firstIntent) {
      world.group.intents.set(key, attempt)
      exclusiveCalled(world, key, writer)
      peer.answered.add(key)
      return true
    }
    // Its end is unknown, so it is never repeated: a person says how to go on.
    world.counters.intentLost++
  }
  append(world, peer, writer, { next, body: EMPTY }, { ...body, pc: body.pc + 1, value: `${peer.id}.${peer.life}` })
  return true
}

/** Tell the parent's writer, whoever that is, until it has recorded the result. */
export function offerResult (world: World, peer: Peer, writer: WriterState, to: Peer): boolean {
  if (writer.status !== 'ended' || writer.head === null) return false
  if (world.spec.rules.resultWhenDone && !world.protocol.isSettled(writer)) return false
  const parent = world.protocol.lineageIn(writer.branch, writer.head).at(-1)?.branch
  if (parent === undefined) return false
  if (to.at === peer.at) onResult(world, peer, { from: peer.at, to: to.at, kind: 'result', child: writer.branch, parent, hash: writer.head.hash })
  else send(world, { from: peer.at, to: to.at, kind: 'result', child: writer.branch, parent, hash: writer.head.hash })
  return true
}

export function beginTakeover (world: World, peer: Peer, branch: string): boolean {
  const state = peer.branches.get(branch)
  const lookup = (name: string) => peer.branches.get(name)
  const owed = state === undefined ? null : world.protocol.duty(lookup, state)
  if (peer.set === undefined || owed === null) return false
  const self = { peer: peer.id, incarnation: incarnationOf(world, peer) }
  const begun = world.protocol.beginTakeover(peer.set, lookup, branch, self, owed.by)
  if (begun === undefined) return false
  world.counters.takeovers++
  save(world, peer, begun.writes, world.spec.rules.saveNoted)
  peer.takeovers.set(branch, begun.state)
  for (const to of begun.to) send(world, { from: peer.at, to: peerAt(to), kind: 'note', request: begun.state.request })
  return true
}

export function adopt (world: World, peer: Peer, branch: string, withoutAll: boolean): boolean {
  const takeover = peer.takeovers.get(branch)
  if (takeover === undefined || peer.set === undefined) return false
  const outcome = world.protocol.adopt(takeover, peer.set, name => peer.branches.get(name), withoutAll && world.spec.degraded)
  if (outcome.type === 'wait') return false
  peer.takeovers.delete(branch)
  if (outcome.type === 'over') { world.counters.gaveUp++; return true }
  if (outcome.type === 'restart') return beginTakeover(world, peer, branch) || true
  world.counters.adopted++
  if (outcome.writer.head?.hash !== peer.branches.get(branch)?.head?.hash) world.counters.adoptedOthers++
  save(world, peer, outcome.writes)
  peer.writers.set(branch, outcome.writer)
  apply(world, peer, world.protocol.resend(outcome.writer))
  return true
}

/** Learn the newest configuration: note it, and let the writers ask again. */
export function learn (world: World, peer: Peer): boolean {
  const { config } = world.group
  if (peer.config.number >= config.number) return false
  const before = peer.set
  peer.config = config
  peer.set = world.protocol.noteSet(before, config, peer.id, diskOf(peer))
  if (!world.spec.rules.saveNumber) peer.unsaved.push(() => { peer.set = before })
  for (const writer of [...peer.writers.values()]) apply(world, peer, world.protocol.changeSet(writer, config))
  return true
}
