/**
 * The branches this peer writes: the pure rules of branch/writer.ts, one state per branch, their offers through the
 * outbox, and whoever waits for a record to be done. Silence is answered by offering again; after `degradeAfterMs`, where
 * the workflow allows it, by going on degraded.
 */
import {
  attachments, changeSet, compareEpochs, degrade, draft, indexIn, isSettled, lastOf, mayGoOn, onAck, onRefusal, resend, sendWith, write
} from '../branch/index.js'
import type { Ack, BranchRecord, Lookup, NextRecord, RecordRef, Refusal, SetConfig, WriterMark, WriterState, WriterStep } from '../branch/index.js'
import { every } from '../clock.js'
import type { Clock } from '../clock.js'
import { metrics } from '../telemetry.js'
import type { BlobToSend, Outbox } from './outbox.js'
import { sealRecord } from './record-codec.js'

export interface WriterOptions {
  /** Go on within the branch when replicas are silent. */ mayDegrade: boolean
  /** Nothing is written here any more: a higher epoch, or the parent, decided against it. */ onParked: (reason: 'epoch' | 'closed' | 'stopped') => void
  /** The set changed before this new execution was kept: begin it again under exactly this number, once it is known here. */ onAgain: (number: number) => void
  /** Called after each change that may let the branch go on. */ onProgress: () => void
  /**
   * A replica refuses a record for what it rests on, again and again: a higher epoch has overtaken a child whose result this
   * writer took. That record will never be done, and only a takeover by `peer` can go back before it.
   */
  onDeadEnd: (peer: string, hash: string) => void
}

/** Refusals of one record for what it rests on are no misunderstanding any more after this long. */
const DEAD_END_AFTER_MS = 2000

/** Silence before the next offer of the same: doubled so often at most. */
const MAX_DOUBLINGS = 2

export interface WritersOptions {
  clock: Clock
  outbox: Outbox
  self: string
  lookup: Lookup
  /** A newer set exists: fetch it. */ learn: (set: string, number: number) => void
  /** Blobs of an execution to be sent again. */ loadBlobs: (execution: string, ids: string[]) => Promise<BlobToSend[]>
  /** Whether there is a connection to the peer now. */ isReachable: (peer: string) => boolean
  resendAfterMs?: number
  /** A silent replica that can be reached is waited for so long, one without a connection only `lostAfterMs`. */ degradeAfterMs?: number
  lostAfterMs?: number
}

const SWEEP_MS = 250
/** What was lost and found late must not make the next loss wait long. */
const MAX_USUAL_MS = 2000
/** A quiet writer offers its head again after this long, then less and less often, up to every five minutes. */
const PROBE_AFTER_MS = 5000
const MAX_PROBE_DOUBLINGS = 6
const ATTACH_AGAIN_MS = 200
/**
 * Branches remembered by where they were left, also of executions that have ended: a record may be delivered again long
 * after the acknowledgement that followed it, because the two travel on different channels. About 16 MB.
 */
const MAX_MARKS = 65_536

const written = metrics.counter('flowmesh_records_written_total', 'records written by this peer')
const done = metrics.counter('flowmesh_records_done_total', 'records this peer saw done at the whole set')

/** One branch as its driver sees it. */
export class BranchWriter {
  private readonly blobs = new Map<string, BlobToSend>()
  private waiting: { index: number, call: () => void }[] = []
  private offeredAt: number

  constructor (private current: WriterState, readonly options: WriterOptions, private readonly shell: WritersOptions, private readonly pace: Pace) {
    this.offeredAt = shell.clock.now()
  }

  get state (): WriterState { return this.current }
  /** Index of the newest record in this branch's own count, in which a child's opening record is 0; -1: none. */
  get last (): number { return lastOf(this.current, undefined).index }

  /** Seals and offers the next record, hands it to its next writers, and returns it. Throws when another epoch parked it. */
  append (next: NextRecord, blobs: BlobToSend[]): BranchRecord {
    const record = sealRecord(draft(this.current, next))
    for (const blob of blobs) this.blobs.set(blob.id, blob)
    written.add(1)
    if (this.current.pending.length === 0) this.offeredAt = this.shell.clock.now()
    this.take(write(this.current, record))
    this.handOver(record)
    return record
  }

  /** Sends a record to whoever it names, on other peers. Safe to repeat. */
  handOver (record: BranchRecord): void {
    const { self, outbox } = this.shell
    const blobs = this.blobsFor(record)
    if (record.next !== null && record.next.peer !== self) outbox.hand(record.next.peer, record.branch, record, blobs)
    record.opens.forEach(({ next }, place) => {
      if (next.peer !== self) outbox.hand(next.peer, `${record.hash}.${place}`, record, blobs)
    })
  }

  mayGoOn (runAhead: number): boolean { return mayGoOn(this.current, runAhead) }
  isSettled (): boolean { return isSettled(this.current) }

  /** Calls once the record with this index is done at the whole set; never when the branch is parked before. */
  whenDone (index: number, call: () => void): void {
    if (this.current.done >= index) call()
    else this.waiting.push({ index, call })
  }

  /**
   * The branch came back before what this peer had written was known to be done. Acknowledgements reach only the newest
   * writer, so whoever waits at the one before, under the same epoch, is told by this one: what a done record follows is done.
   */
  inherit (before: BranchWriter): void {
    if (compareEpochs(before.state.epoch, this.current.epoch) === 0) this.waiting.push(...before.waiting.splice(0))
  }

  /** Offers what is not done; also the way a fresh writer makes its first record known. */
  offer (): void { this.take(resend(this.current)) }

  onAck (ack: Ack): void { this.take(onAck(this.current, ack)) }

  onRefusal (refusal: Refusal, blobs: string[]): void {
    if (blobs.length > 0) {
      void this.resendWithBlobs(refusal.from, blobs)
      return
    }
    if (refusal.reason === 'missing' && this.current.pending[0]?.hash === refusal.hash) this.noteMissing(refusal)
    this.take(onRefusal(this.current, refusal))
  }

  private missingSince: { hash: string, at: number } | undefined

  private noteMissing ({ hash, from }: Refusal): void {
    const now = this.shell.clock.now()
    if (this.missingSince?.hash !== hash) this.missingSince = { hash, at: now }
    if (now - this.missingSince.at < DEAD_END_AFTER_MS) return
    this.missingSince = undefined
    this.options.onDeadEnd(from, hash)
  }

  changeSet (config: SetConfig): void {
    if (config.set === this.current.set) this.take(changeSet(this.current, config))
  }

  /** From the sweep: offer again after silence, degrade after more of it. */
  tick (now: number, { resendAfterMs = 500, degradeAfterMs = 2000, lostAfterMs = 250 }: Pick<WritersOptions, 'resendAfterMs' | 'degradeAfterMs' | 'lostAfterMs'>): void {
    // A clock that was set back must not keep silent until that time comes again.
    this.offeredAt = Math.min(this.offeredAt, now)
    this.lastOffer = Math.min(this.lastOffer, now)
    const { pending, degraded, members } = this.current
    if (pending.length === 0) {
      this.probe(now)
      return
    }
    const isLost = members.some(({ peer }) => peer !== this.shell.self && !this.shell.isReachable(peer))
    if (this.options.mayDegrade && !degraded && now - this.offeredAt >= (isLost ? lostAfterMs : degradeAfterMs)) {
      this.current = degrade(this.current)
      if (this.current.degraded) this.options.onProgress()
    }
    // Who is only slow would be slower still with everything twice: ask less and less often.
    if (now - Math.max(this.lastOffer, this.offeredAt) < resendAfterMs * 2 ** Math.min(this.resent, MAX_DOUBLINGS)) return
    this.lastOffer = now
    this.resent++
    this.take(resend(this.current))
  }

  /** One that waits, for a timer or its children, is refused nothing and so would not hear that it was taken over. */
  private probe (now: number): void {
    const { set, number, branch, head, epoch, done, members, status } = this.current
    if (status !== 'writing' || head === null) return
    if (now - Math.max(this.lastOffer, this.offeredAt) < PROBE_AFTER_MS * 2 ** Math.min(this.resent, MAX_PROBE_DOUBLINGS)) return
    this.lastOffer = now
    this.resent++
    for (const { peer } of members) this.shell.outbox.offer(peer, { set, number, branch, record: head, epoch, done, with: [] }, [])
  }

  private lastOffer = 0
  private readonly attachedAt = new Map<string, number>()
  /** Times everything was offered again since something was done. */ private resent = 0

  private take (step: WriterStep): void {
    const before = this.current
    this.current = step.state
    for (const { to, append } of step.send) {
      // What is done everywhere is offered again only to say so.
      const isTold = append.done >= indexIn(append.branch, append.record)
      for (const peer of to) {
        if (isTold) this.shell.outbox.offerLater(peer, append)
        else this.shell.outbox.offer(peer, append, this.blobsFor(append.record))
      }
    }
    for (const event of step.events) {
      switch (event.type) {
        case 'done': this.onDone(event.index); break
        case 'parked': this.options.onParked(event.reason); break
        case 'stopped': this.options.onParked('stopped'); break
        case 'learn': this.shell.learn(this.current.set, event.number); break
        case 'again': this.again(event.number); break
        case 'attach': this.attach(event.to, event.hash, event.missing); break
      }
    }
    // Degraded, a record that some replica keeps is progress too.
    const { done, degraded, acked } = this.current
    if (before.done !== done || (degraded && before.acked !== acked)) this.options.onProgress()
  }

  private again (number: number): void {
    if (this.current.number < number) this.shell.learn(this.current.set, number)
    this.options.onAgain(number)
  }

  /** At most now and then: a replica that cannot accept what it asks for would ask without end. */
  private attach (to: string, hash: string, missing: RecordRef[]): void {
    const now = this.shell.clock.now()
    if (now - (this.attachedAt.get(to) ?? 0) < ATTACH_AGAIN_MS) return
    this.attachedAt.set(to, now)
    this.take(sendWith(this.current, to, hash, attachments(this.shell.lookup, missing)))
  }

  private onDone (index: number): void {
    done.add(1)
    this.pace.note(this.shell.clock.now() - this.offeredAt)
    this.resent = 0
    this.offeredAt = this.shell.clock.now()
    const due = this.waiting.filter(each => each.index <= index)
    this.waiting = this.waiting.filter(each => each.index > index)
    for (const id of this.blobs.keys()) {
      if (!this.current.pending.some(record => record.needs.includes(id))) this.blobs.delete(id)
    }
    for (const { call } of due) call()
  }

  private blobsFor (record: BranchRecord): BlobToSend[] {
    return record.needs.flatMap(id => this.blobs.get(id) ?? [])
  }

  private async resendWithBlobs (peer: string, ids: string[]): Promise<void> {
    const { execution } = this.current
    const missing = ids.filter(id => !this.blobs.has(id))
    const found = await this.shell.loadBlobs(execution, missing).catch(() => [])
    for (const blob of found) this.blobs.set(blob.id, blob)
    if (found.length < missing.length) return // nobody has them now: the next offer asks again
    this.shell.outbox.forgetSent(peer, execution, ids)
    this.take(resend(this.current))
  }
}

/** How long it takes here, of late, until a record is done: only what is clearly longer is silence. */
class Pace {
  private usualMs = 0

  note (ms: number): void { this.usualMs += (Math.min(ms, MAX_USUAL_MS) - this.usualMs) / 16 }
  silenceMs (atLeastMs = 500): number { return Math.max(atLeastMs, 4 * this.usualMs) }
}

export class Writers {
  private readonly open = new Map<string, BranchWriter>()
  private readonly pace = new Pace()
  /** Where each branch was left, so that a repeated handover starts nothing twice; per execution, to be dropped whole. */
  private readonly marks = new Map<string, Map<string, WriterMark>>()
  private marked = 0
  private readonly stopSweep: () => void

  constructor (private readonly options: WritersOptions) {
    const { clock } = options
    this.stopSweep = every(clock, SWEEP_MS, () => {
      const now = clock.now()
      const resendAfterMs = this.pace.silenceMs(options.resendAfterMs)
      for (const writer of this.open.values()) writer.tick(now, { ...options, resendAfterMs })
    })
  }

  start (state: WriterState, options: WriterOptions): BranchWriter {
    const before = this.open.get(state.branch)
    if (before !== undefined) this.mark(before.state)
    const writer = new BranchWriter(state, options, this.options, this.pace)
    if (before !== undefined) writer.inherit(before)
    this.open.set(state.branch, writer)
    this.mark(state)
    return writer
  }

  get (branch: string): BranchWriter | undefined { return this.open.get(branch) }
  all (): Iterable<BranchWriter> { return this.open.values() }
  size (): number { return this.open.size }

  /** The last record this peer started on or wrote, also while it still offers what it handed over, and after parking. */
  markOf (execution: string, branch: string): WriterMark | undefined {
    const open = this.open.get(branch)
    if (open !== undefined) this.mark(open.state)
    return this.marks.get(execution)?.get(branch)
  }

  /** The branch is settled or lost here: nothing is offered any more, but where it stood is remembered. */
  close (writer: BranchWriter): void {
    if (this.open.get(writer.state.branch) === writer) this.open.delete(writer.state.branch)
    this.mark(writer.state)
  }

  onAck (ack: Ack): void { this.open.get(ack.branch)?.onAck(ack) }
  onRefusal (refusal: Refusal, blobs: string[]): void { this.open.get(refusal.branch)?.onRefusal(refusal, blobs) }
  changeSet (config: SetConfig): void { for (const writer of [...this.open.values()]) writer.changeSet(config) }

  stop (): void { this.stopSweep() }

  private mark (state: WriterState): void {
    if (state.head === null) return
    let marks = this.marks.get(state.execution)
    if (marks === undefined) this.marks.set(state.execution, marks = new Map<string, WriterMark>())
    if (!marks.has(state.branch)) this.marked++
    marks.set(state.branch, lastOf(state, marks.get(state.branch)))
    if (this.marked > MAX_MARKS) this.dropOldest()
  }

  /** What is still open is looked at again after all others. */
  private dropOldest (): void {
    const [execution, marks] = this.marks.entries().next().value as [string, Map<string, WriterMark>]
    this.marks.delete(execution)
    if ([...marks.keys()].some(branch => this.open.has(branch))) this.marks.set(execution, marks)
    else this.marked -= marks.size
  }
}
