/**
 * How this peer follows its sets: notes each newer configuration, and as a newcomer copies heads, noted epochs and blobs
 * from a member that has noted the same number, page by page, before it counts as whole and says so.
 */
import { BlobReplyMessage, BlobRequestMessage, CopyReplyMessage, CopyRequestMessage } from '../../protocols/checkpoint.js'
import type { CopyReplyMessage as CopyReply } from '../../protocols/checkpoint.js'
import { copyIn, copyOut, noteSet, sourcesFor } from '../branch/index.js'
import type { ReplicaBranch, SetConfig, SetState } from '../branch/index.js'
import type { Clock } from '../clock.js'
import { InvalidInputError } from '../errors.js'
import type { Sessions } from '../mesh/port.js'
import { log, metrics, readFrom } from '../telemetry.js'
import { blobId, readRecord, recordBytes } from './record-codec.js'
import type { Replicas } from './replicas.js'
import { setOf } from './takeovers.js'
import { branchMessage, branchOf, DECODE, memberOf } from './wire.js'

export const COPY_KIND = 'checkpoint/copy'
export const BLOB_KIND = 'checkpoint/blob'
/** Bytes of one page, about: a page is one message. */
const PAGE_BYTES = 512 * 1024
/** Blobs of one execution that go with its branches; an execution may have more than any message holds. */
const MAX_PAGE_BLOB_BYTES = 4 * 1024 * 1024
/** Final executions looked at for one page. */
const PAGE_EXECUTIONS = 500

export interface NewcomerOptions {
  replicas: Replicas
  sessions: Pick<Sessions, 'request'>
  clock: Clock
  self: string
  disk: string
  /** Safe to repeat. */ reportWhole: (set: string, joined: number) => Promise<void>
}

const copiedBranches = metrics.counter('flowmesh_copied_branches_total', 'branches copied as a newcomer of a set')
const logger = log('checkpoint')

export class Newcomer {
  private readonly busy = new Set<string>()
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

  /** What a member gives to a newcomer that asks. */
  async give ({ set, number, after, history }: CopyRequestMessage): Promise<Uint8Array> {
    const { replicas } = this.options
    const state = replicas.sets.get(set)
    if (history) return CopyReplyMessage.encode(await this.historyPage(set, number, after))
    const page: CopyReply = { ...emptyPage(set, number), from: state?.self ?? undefined }
    const mayGive = (): boolean => {
      const now = replicas.sets.get(set)
      return now !== undefined && copyOut(now, number, []) !== undefined
    }
    if (!mayGive()) return CopyReplyMessage.encode({ ...page, refused: 'notWhole' })
    const { executions, isEnd } = await this.executionsAfter(set, after)
    let bytes = 0
    for (const execution of executions) {
      if (bytes > PAGE_BYTES) return CopyReplyMessage.encode(page)
      bytes += await this.add(page, execution)
      page.next = execution
    }
    return CopyReplyMessage.encode(mayGive() ? { ...page, next: isEnd ? '' : page.next } : { ...page, refused: 'notWhole' })
  }

  /** Live and final ones, in order: an outcome that was final must be known to whoever keeps the set from now on. */
  private async executionsAfter (set: string, after: string): Promise<{ executions: string[], isEnd: boolean }> {
    const { replicas } = this.options
    const finals = (await replicas.history.finals(set, after, PAGE_EXECUTIONS)).map(([execution]) => execution)
    const isEnd = finals.length < PAGE_EXECUTIONS
    const last = finals.at(-1) ?? ''
    const live = [...new Set([...replicas.liveBranches()].map(branch => branch.execution))]
      .filter(execution => setOf(execution) === set && execution > after && (isEnd || execution <= last))
    return { executions: [...new Set([...finals, ...live])].sort(), isEnd }
  }

  /** Of what is final, only the outcome. Returns about how many bytes that were. */
  private async add (page: CopyReply, execution: string): Promise<number> {
    const { replicas } = this.options
    const blobs = await replicas.blobsOf(execution)
    const isLive = replicas.branchesOf(execution).length > 0
    const branches = (await replicas.kept(execution)).filter(({ branch }) => isLive || branch === execution)
    for (const branch of branches) page.branches.push(branchMessage(branch))
    let size = branches.reduce((sum, { head }) => sum + 300 + (head?.body.length ?? 0), 0)
    for (const bytes of blobs) {
      if (size + bytes.length > MAX_PAGE_BLOB_BYTES) continue // asked for one by one
      page.blobs.push({ execution, bytes })
      size += bytes.length
    }
    return size
  }

  /** One execution a page: whatever is kept of it. */
  private async historyPage (set: string, number: number, after: string): Promise<CopyReply> {
    const { replicas } = this.options
    const found = await replicas.history.next(set, after)
    if (found === undefined) return emptyPage(set, number)
    const [execution, summary] = found
    const kept = await replicas.history.everything(execution)
    return {
      ...emptyPage(set, number),
      branches: summary.final ? kept.branches.map(branchMessage) : [],
      blobs: within(kept.blobs, MAX_PAGE_BLOB_BYTES).map(bytes => ({ execution, bytes })),
      records: kept.records.map(recordBytes),
      finals: summary.final ? [{ execution, ...summary }] : [],
      next: execution
    }
  }

  private async becomeWhole (set: string): Promise<void> {
    this.busy.add(set)
    try {
      for (let attempt = 0; !this.stopped; attempt++) {
        const state = this.options.replicas.sets.get(set)
        if (state?.self == null) return
        if (state.whole && (this.told.get(set) === state.self.joined || await this.report(set, state.self.joined))) break
        if (!state.whole) await this.copyFrom(state, attempt)
        await new Promise<void>(resolve => { this.options.clock.after(state.whole ? 1000 : 100, resolve) })
      }
      await this.copyHistory(set)
    } finally {
      this.busy.delete(set)
    }
  }

  /** Behind everything else, from any member that was there before. What could not be had now is still at the others. */
  private async copyHistory (set: string): Promise<void> {
    const { replicas } = this.options
    const state = replicas.sets.get(set)
    const joined = state?.self?.joined ?? 0
    const source = state?.members.find(member => member.joined < joined)
    if (state === undefined || source === undefined || replicas.history.copied(set) === joined) return
    try {
      for (let after = ''; !this.stopped;) {
        const page = await this.page(source.peer, state, after, true)
        if (page.next === '') {
          await replicas.history.noteCopied(set, joined)
          return
        }
        const [final] = page.finals
        await replicas.history.add(page.next, {
          branches: page.branches.map(branchOf), records: page.records.map(readRecord), blobs: page.blobs.map(blob => blob.bytes),
          ...(final === undefined ? {} : { summary: final })
        })
        after = page.next
      }
    } catch (err) {
      logger.info('the history of a set could not be copied whole', { set, reason: (err as Error).message })
    }
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
      let after = ''
      do {
        const page = await this.page(source.peer, state, after, false)
        for (const execution of await this.keepPage(page, source.peer)) copied.add(execution)
        after = page.next
      } while (after !== '')
      await replicas.dropUnnamed(state.set, copied)
      const current = replicas.sets.get(state.set)
      const whole = current === undefined ? undefined : copyIn(current, { set: state.set, number: state.number, from: source, branches: [] })
      if (whole !== undefined) await replicas.saveSet(whole.state)
    } catch {
      // Unreachable, or it has not noted the number itself: the next member is asked.
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

  /** Nothing when the source has it not: a plan, or what a final execution rests on and the history brings. */
  private async blobFrom (source: string, execution: string, id: string): Promise<Uint8Array[]> {
    const { replicas, sessions } = this.options
    if (replicas.hasPlan(id) || await replicas.blob(execution, id) !== undefined) return []
    const body = await sessions.request(source, BLOB_KIND, BlobRequestMessage.encode({ execution, ids: [id] }), { deadlineMs: 10_000, channel: 'bulk' })
    return readFrom(BLOB_KIND, source, () => BlobReplyMessage.decode(body, DECODE.blobReply)).blobs.map(({ bytes }) => bytes).filter(bytes => blobId(bytes) === id)
  }
}

/** As many as fit; what is left out is asked for when somebody needs it. */
function within (blobs: Uint8Array[], budget: number): Uint8Array[] {
  return blobs.filter(({ length }) => (budget -= length) >= 0)
}

function emptyPage (set: string, number: number): CopyReply {
  return { set, number, branches: [], blobs: [], records: [], finals: [], next: '', refused: '' }
}
