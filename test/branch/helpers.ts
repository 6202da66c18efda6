/** Two or three replicas and their writers in a hand-driven world: messages are function calls, in whatever order a test needs. */
import {
  acceptAppend, adopt, beginTakeover, childBranch, draft, firstWriter, namedWriter, noteEpoch, noteSet, onAck, onNoted, onRefusal, write
} from '../../src/branch/index.js'
import type {
  Append, AppendReply, BranchRecord, NextRecord, PeerRef, RecordRef, ReplicaBranch, SetConfig, SetState, TakeoverState, WriterState, WriterStep
} from '../../src/branch/index.js'

export class Replica {
  readonly branches = new Map<string, ReplicaBranch>()
  set: SetState

  constructor (readonly peer: string, config: SetConfig, readonly disk = 'd') {
    this.set = noteSet(undefined, config, peer, disk)
  }

  readonly look = (branch: string): ReplicaBranch | undefined => this.branches.get(branch)

  save (writes: ReplicaBranch[]): void {
    for (const state of writes) this.branches.set(state.branch, state)
  }

  accept (append: Append): AppendReply {
    const { writes, forgets, reply } = acceptAppend(this.set, this.look, append)
    this.save(writes)
    for (const branch of forgets) this.branches.delete(branch)
    return reply
  }

  note (takeover: TakeoverState): TakeoverState {
    const { writes, reply } = noteEpoch(this.set, this.look, takeover.request)
    this.save(writes)
    return onNoted(takeover, reply)
  }

  head (branch: string): string | undefined { return this.branches.get(branch)?.head?.hash }
}

export class Writer {
  events: WriterStep['events'] = []
  sent: Append[] = []
  constructor (public state: WriterState) {}

  take (step: WriterStep): this {
    this.state = step.state
    this.events.push(...step.events)
    this.sent = step.send.map(each => each.append)
    return this
  }

  /** Append the next record and leave its delivery to the test. */
  append (next: PeerRef | null, more: Partial<NextRecord> & { takes?: RecordRef[] } = {}): BranchRecord {
    const made = draft(this.state, { next, body: new Uint8Array(0), ...more })
    const hash = `${made.branch}/${made.index}/${made.writer.peer}/${made.epoch.set}.${made.epoch.count}`
    const record = { hash, ...made }
    this.take(write(this.state, record))
    return record
  }

  /** Offer a record to replicas and take in their answers. */
  offer (record: BranchRecord, ...replicas: Replica[]): AppendReply[] {
    const { set, number, branch, epoch, done } = this.state
    return replicas.map(replica => {
      const reply = replica.accept({ set, number, branch, record, epoch, done, with: [] })
      this.take(reply.type === 'ack' ? onAck(this.state, reply) : onRefusal(this.state, reply))
      return reply
    })
  }
}

export function configOf (number: number, members: [peer: string, joined: number, disk?: string][]): SetConfig {
  return { set: 's', generation: 1, number, members: members.map(([peer, joined, disk = 'd']) => ({ peer, disk, joined })) }
}

export function ref (peer: string, incarnation = '1'): PeerRef {
  return { peer, incarnation }
}

/** The first record of `x` is done at these replicas; `w` wrote it and writes the next. */
export function startedAt (config: SetConfig): { replicas: Replica[], writer: Writer } {
  const replicas = config.members.map(({ peer }) => new Replica(peer, config))
  const writer = new Writer(firstWriter(config, 'x', ref('w')))
  writer.offer(writer.append(ref('w')), ...replicas)
  return { replicas, writer }
}

export const two = configOf(1, [['a', 1], ['b', 1]])
export const three = configOf(1, [['a', 1], ['b', 1], ['c', 1]])

export function atTwo (): { a: Replica, b: Replica, writer: Writer } {
  const { replicas: [a, b], writer } = startedAt(two)
  return { a: a!, b: b!, writer }
}

export function atThree (): { a: Replica, b: Replica, c: Replica, writer: Writer } {
  const { replicas: [a, b, c], writer } = startedAt(three)
  return { a: a!, b: b!, c: c!, writer }
}

/** The writer that `opening` names for its child at `place`. */
export function childOf (opening: BranchRecord, place = 0, config = two): Writer {
  const next = opening.opens[place]?.next
  const named = next === undefined ? undefined : namedWriter(config, childBranch(opening.hash, place), opening, next, undefined)
  if (named === undefined) throw new Error('no such child')
  return new Writer(named)
}

/** A takeover that goes on without whoever is not among `others`. */
export function takeOver (taker: Replica, branch: string, suspect: string, others: Replica[] = []): Writer {
  const begun = beginTakeover(taker.set, taker.look, branch, ref(taker.peer), suspect)
  if (begun === undefined) throw new Error('no takeover')
  taker.save(begun.writes)
  const answered = others.reduce((state, other) => other.note(state), begun.state)
  const outcome = adopt(answered, taker.set, taker.look, true)
  if (outcome.type !== 'adopted') throw new Error(outcome.type)
  taker.save(outcome.writes)
  return new Writer(outcome.writer)
}
