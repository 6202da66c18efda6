/**
 * How this peer follows its sets: notes each newer configuration, and as a newcomer copies heads, noted epochs and blobs
 * from a member that has noted the same number, page by page, before it counts as whole and says so; history comes behind.
 */
import { BlobReplyMessage, BlobRequestMessage, CopyReplyMessage, CopyRequestMessage } from '../../protocols/checkpoint.js'
import type { CopyReplyMessage as CopyReply } from '../../protocols/checkpoint.js'
import { copyIn, noteSet, sourcesFor } from '../branch/index.js'
import type { ReplicaBranch, SetConfig, SetState } from '../branch/index.js'
import type { Clock } from '../clock.js'
import { InvalidInputError, UnavailableError } from '../errors.js'
import type { Sessions } from '../mesh/port.js'
import { log, metrics, readFrom } from '../telemetry.js'
import { COPY_KIND } from './copy-source.js'
import { blobId, readRecord } from './record-codec.js'
import type { Replicas } from './replicas.js'
import { branchOf, DECODE, memberOf } from './wire.js'

export const BLOB_KIND = 'checkpoint/blob'

export interface NewcomerOptions {
  replicas: Replicas
  sessions: Pick<Sessions, 'request'>
  clock: Clock
  self: string
  disk: string
  /** Safe to repeat. */ reportWhole: (set: string, joined: number) => Promise<void>
}

const HISTORY_AGAIN_MS = 1000
const MAX_HISTORY_AGAIN_MS = 60_000

const copiedBranches = metrics.counter('flowmesh_copied_branches_total', 'branches copied as a newcomer of a set')
const logger = log('checkpoint')

export class Newcomer {
  /** Sets in which this peer is becoming whole, */ private readonly busy = new Set<string>()
  /** and those whose history it copies. */ private readonly copying = new Set<string>()
  /** Sets this peer has said it is whole in, since it joined under that number: once a life, not at every news. */
  private readonly told = new Map<string, number>()
  private stopped = false

  constructor (private readonly options: NewcomerOptions) {}

  /** A set as the control plane last decided it. Resolves once it is noted; copying goes on behind. */
  async follow (config: SetConfig): Promise<SetState | undefined> {
    const { replicas, self, disk } = this.options
    const before = replicas.sets.get(config.set)
    const concerns = before !== undefined || config.members.some(member => member.peer === self && member.disk === disk)
    if (!concerns) return undefined
    const state = noteSet(before, config, self, disk)
    if (state !== before) await replicas.saveSet(state)
    if (state.self !== null && !this.busy.has(config.set)) void this.becomeWhole(config.set)
    return state
  }

  stop (): void { this.stopped = true }

  private async becomeWhole (set: string): Promise<void> {
    this.busy.add(set)
    try {
      for (let attempt = 0; !this.stopped; attempt++) {
        // Each time anew: it may have left meanwhile, and joined again.
        const state = this.options.replicas.sets.get(set)
        if (state?.self == null) return
        const isTold = this.told.get(set) === state.self.joined
        if (state.whole && isTold) break
        if (!state.whole) await this.copyFrom(state, attempt)
        else if (await this.report(set, state.self.joined)) continue
        await this.pause(state.whole ? 1000 : 100)
      }
    } finally {
      this.busy.delete(set)
    }
    if (!this.copying.has(set)) void this.copyHistory(set)
  }

  /** Behind everything else, from the members that were there before, again and again until all of it is here. */
  private async copyHistory (set: string): Promise<void> {
    const { replicas } = this.options
    let [after, under] = ['', 0]
    this.copying.add(set)
    for (let attempt = 0; !this.stopped; attempt++) {
      const state = replicas.sets.get(set)
      const joined = state?.self?.joined ?? 0
      const sources = state?.members.filter(member => member.joined < joined) ?? []
      const source = sources[attempt % Math.max(1, sources.length)]
      if (state?.whole !== true || source === undefined || replicas.history.copied(set) === joined) break
      if (under !== joined) [after, under] = ['', joined]
      try {
        for await (const page of this.pages(source.peer, state, true, after)) {
          await this.keepHistory(page)
          after = page.next
        }
        await replicas.history.noteCopied(set, joined)
      } catch (err) {
        logger.seldom(set, 'the history of a set could not be copied whole yet', { set, reason: (err as Error).message })
        await this.pause(Math.min(HISTORY_AGAIN_MS * 2 ** attempt, MAX_HISTORY_AGAIN_MS))
      }
    }
    this.copying.delete(set)
  }

  private async pause (ms: number): Promise<void> {
    await new Promise<void>(resolve => { this.options.clock.after(ms, resolve) })
  }

  private async report (set: string, joined: number): Promise<boolean> {
    try {
      await this.options.reportWhole(set, joined)
      this.told.set(set, joined)
      return true
    } catch {
      return false
    }
  }

  private async copyFrom (state: SetState, attempt: number): Promise<void> {
    const sources = sourcesFor(state)
    const source = sources[attempt % Math.max(1, sources.length)]
    if (source === undefined) return
    const { replicas } = this.options
    try {
      const copied = new Set<string>()
      for await (const page of this.pages(source.peer, state, false)) {
        for (const execution of await this.keepPage(page, source.peer)) copied.add(execution)
      }
      await replicas.dropUnnamed(state.set, copied)
      const current = replicas.sets.get(state.set)
      const whole = current === undefined ? undefined : copyIn(current, { set: state.set, number: state.number, from: source, branches: [] })
      if (whole !== undefined) await replicas.saveSet(whole.state)
    } catch {
      // Unreachable, or it has not noted the number itself: the next member is asked.
    }
  }

  /** All that a member has to give of a set above `after`. Throws when it cannot be had to its end. */
  private async * pages (peer: string, state: SetState, history: boolean, after = ''): AsyncGenerator<CopyReply> {
    for (;;) {
      if (this.stopped) throw new UnavailableError('this peer is stopping')
      if (this.options.replicas.sets.get(state.set)?.self?.joined !== state.self?.joined) throw new UnavailableError('this peer has left the set meanwhile')
      const page = await this.page(peer, state, after, history)
      yield page
      if (page.next === '') return
      if (page.next <= after) throw new InvalidInputError(`the copy of set ${state.set} goes round in circles`)
      after = page.next
    }
  }

  private async page (peer: string, { set, number }: SetState, after: string, history: boolean): Promise<CopyReply> {
    const body = await this.options.sessions.request(peer, COPY_KIND, CopyRequestMessage.encode({ set, number, after, history }), { deadlineMs: 10_000, channel: 'bulk' })
    const page = readFrom(COPY_KIND, peer, () => CopyReplyMessage.decode(body, DECODE.copyReply))
    if (page.refused !== '' || page.set !== set || page.number !== number) throw new InvalidInputError(`no copy of set ${set}: ${page.refused}`)
    if (!history) memberOf(page.from)
    return page
  }

  private async keepPage (page: CopyReply, source: string): Promise<string[]> {
    const { replicas } = this.options
    const byExecution = new Map<string, ReplicaBranch[]>()
    for (const branch of page.branches.map(branchOf)) byExecution.set(branch.execution, [...byExecution.get(branch.execution) ?? [], branch])
    for (const [execution, branches] of byExecution) {
      const blobs = page.blobs.filter(blob => blob.execution === execution).map(blob => blob.bytes)
      const given = new Set(blobs.map(blobId))
      const needed = new Set(branches.flatMap(({ head }) => head?.needs ?? []))
      for (const id of needed) if (!given.has(id)) blobs.push(...await this.blobFrom(source, execution, id))
      await replicas.replace(execution, branches, blobs)
      copiedBranches.add(branches.length)
    }
    return [...byExecution.keys()]
  }

  /** One execution a page, by which it is named; the last page is empty. */
  private async keepHistory ({ next, branches, records, blobs, finals: [summary] }: CopyReply): Promise<void> {
    if (next === '') return
    await this.options.replicas.history.add(next, {
      branches: branches.map(branchOf), records: records.map(readRecord), blobs: blobs.map(({ bytes }) => bytes), ...(summary === undefined ? {} : { summary })
    })
  }

  /** Nothing when the source has it not: a plan, or what a final execution rests on and the history brings. */
  private async blobFrom (source: string, execution: string, id: string): Promise<Uint8Array[]> {
    const { replicas, sessions } = this.options
    if (replicas.hasPlan(id) || await replicas.blob(execution, id) !== undefined) return []
    const body = await sessions.request(source, BLOB_KIND, BlobRequestMessage.encode({ execution, ids: [id] }), { deadlineMs: 10_000, channel: 'bulk' })
    return readFrom(BLOB_KIND, source, () => BlobReplyMessage.decode(body, DECODE.blobReply)).blobs.map(({ bytes }) => bytes).filter(bytes => blobId(bytes) === id)
  }
}
