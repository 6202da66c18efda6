/**
 * Takeovers this replica makes: the pure rules of branch/takeover.ts, their questions over the sessions, and patience.
 * Whoever stays silent is asked again; where the workflow allows degraded records, the takeover goes on without the silent
 * ones after a while. Several takeovers of one branch are one.
 */
import { NoteReplyMessage, NoteRequestMessage } from '../../protocols/checkpoint.js'
import { adopt, beginTakeover, memberKey, onNoted } from '../branch/index.js'
import type { Adoption, NoteReply, NoteRequest, PeerRef, TakeoverState, WriterState } from '../branch/index.js'
import type { Clock } from '../clock.js'
import type { Sessions } from '../mesh/port.js'
import { metrics, readFrom } from '../telemetry.js'
import type { Replicas } from './replicas.js'
import { DECODE, noteReplyOf } from './wire.js'

export const NOTE_KIND = 'checkpoint/note'

export interface TakeoversOptions {
  replicas: Replicas
  sessions: Pick<Sessions, 'request'>
  clock: Clock
  self: () => PeerRef
  /** Ask again after this long without an answer, ms. */ askAgainMs?: number
  /** The others have noted a newer set than this replica: fetch it. Safe to repeat often. */ learn: () => void
  /** Go on without silent replicas after this long where the workflow allows it, ms. */ withoutAllMs?: number
  answerWithinMs?: number
}

const begun = metrics.counter('flowmesh_takeovers_begun_total', 'takeovers begun by this peer')
const adopted = metrics.counter('flowmesh_takeovers_total', 'branches this peer took over')

export class Takeovers {
  private readonly running = new Map<string, TakeoverState>()
  /** When a replica last answered without agreeing. */ private readonly answeredAt = new Map<string, number>()

  constructor (private readonly options: TakeoversOptions) {}

  isRunning (branch: string): boolean { return this.running.has(branch) }

  /**
   * Takes `branch` over from the suspect. Resolves with the writer to go on with, or undefined when it was given up: a
   * higher epoch was noted, the branch is closed, or this peer is no whole replica.
   */
  async take (branch: string, suspect: string, mayDegrade: boolean): Promise<WriterState | undefined> {
    if (this.running.has(branch)) return undefined
    begun.add(1)
    try {
      for (;;) {
        const adoption = await this.once(branch, suspect, mayDegrade)
        if (adoption.type === 'restart') continue
        if (adoption.type !== 'adopted') return undefined
        adopted.add(1)
        return adoption.writer
      }
    } finally {
      this.running.delete(branch)
      this.answeredAt.delete(branch)
    }
  }

  private async once (branch: string, suspect: string, mayDegrade: boolean): Promise<Adoption> {
    const { replicas, clock, askAgainMs = 400, withoutAllMs = 4000 } = this.options
    const state = replicas.lookup(branch)
    const set = state === undefined ? undefined : replicas.sets.get(setOf(state.execution))
    if (state === undefined || set === undefined) return { type: 'over' }
    const first = beginTakeover(set, replicas.lookup, branch, this.options.self(), suspect)
    if (first === undefined) return { type: 'over' }
    this.running.set(branch, first.state)
    await replicas.save(state.execution, first.writes, [])
    const since = clock.now()
    this.answeredAt.delete(branch)
    for (;;) {
      const waiting = set.members.filter(member => this.running.get(branch)?.waiting.includes(memberKey(member)))
      await Promise.race([
        Promise.all(waiting.map(async member => { await this.ask(member.peer, branch, first.state.request) })),
        this.sleep(askAgainMs)
      ])
      const current = replicas.sets.get(set.set) ?? set
      // Whoever answers, though with a refusal, is not out of reach: without it there would be two lines for no reason.
      const silentSince = Math.max(since, this.answeredAt.get(branch) ?? 0)
      const withoutAll = mayDegrade && clock.now() - silentSince >= withoutAllMs
      const adoption = adopt(this.running.get(branch) ?? first.state, current, replicas.lookup, withoutAll)
      if (adoption.type === 'adopted') await replicas.save(state.execution, adoption.writes, [])
      if (adoption.type !== 'wait') return adoption
      await this.sleep(askAgainMs / 4)
    }
  }

  private async ask (peer: string, branch: string, request: NoteRequest): Promise<void> {
    const { sessions, answerWithinMs = 2000 } = this.options
    try {
      const body = await sessions.request(peer, NOTE_KIND, NoteRequestMessage.encode(request), { deadlineMs: answerWithinMs })
      this.onReply(branch, peer, readFrom(NOTE_KIND, peer, () => noteReplyOf(NoteReplyMessage.decode(body, DECODE.noteReply))))
    } catch {
      await this.sleep(this.options.askAgainMs ?? 400) // silent, or not understood: asked again
    }
  }

  private onReply (branch: string, from: string, reply: NoteReply): void {
    const state = this.running.get(branch)
    // Nobody answers for another member.
    if (state === undefined || (reply.member !== null && reply.member.peer !== from)) return
    const after = onNoted(state, reply)
    this.running.set(branch, after)
    if (after === state) this.answeredAt.set(branch, this.options.clock.now())
    if (reply.refused === 'oldNumber') this.options.learn()
  }

  private async sleep (ms: number): Promise<void> {
    await new Promise<void>(resolve => { this.options.clock.after(ms, resolve) })
  }
}

/** The set's name stands in the execution's id. */
export function setOf (execution: string): string {
  return execution.slice(0, execution.indexOf('.'))
}
