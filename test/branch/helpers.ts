/** Two or three replicas and their writers in a hand-driven world: messages are function calls, in whatever order a test needs. */
import { acceptAppend, draft, noteEpoch, noteSet, onAck, onNoted, onRefusal, write } from '../../src/branch/index.js'
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
    const { writes, reply } = acceptAppend(this.set, this.look, append)
    this.save(writes)
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
