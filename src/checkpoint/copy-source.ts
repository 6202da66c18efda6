/** What a member of a set gives to a newcomer that asks: heads, noted epochs and blobs page by page, and history behind them. */
import { CopyReplyMessage } from '../../protocols/checkpoint.js'
import type { CopyReplyMessage as CopyReply, CopyRequestMessage } from '../../protocols/checkpoint.js'
import { copyOut } from '../branch/index.js'
import { recordBytes } from './record-codec.js'
import type { Replicas } from './replicas.js'
import { setOf } from './takeovers.js'
import { branchMessage } from './wire.js'

export const COPY_KIND = 'checkpoint/copy'
/** Bytes of one page, about: a page is one message. */
const PAGE_BYTES = 512 * 1024
/** Blobs of one execution that go with its branches; an execution may have more than any message holds. */
const MAX_PAGE_BLOB_BYTES = 4 * 1024 * 1024
/** Final executions looked at for one page. */
const PAGE_EXECUTIONS = 500

export class CopySource {
  constructor (private readonly replicas: Replicas) {}

  async give ({ set, number, after, history }: CopyRequestMessage): Promise<Uint8Array> {
    const { replicas } = this
    const state = replicas.sets.get(set)
    if (history) return CopyReplyMessage.encode(await this.historyPage(set, number, after))
    const page: CopyReply = { ...emptyPage(set, number), from: state?.self ?? undefined }
    const mayGive = (): boolean => {
      const now = replicas.sets.get(set)
      return now !== undefined && copyOut(now, number, []) !== undefined
    }
    if (!mayGive()) return CopyReplyMessage.encode({ ...page, refused: 'notWhole' })
    // Save, then send: a crash must not take it back to a number under which the newcomer is not asked.
    await replicas.synced()
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
    const { replicas } = this
    const finals = (await replicas.history.finals(set, after, PAGE_EXECUTIONS)).map(([execution]) => execution)
    const isEnd = finals.length < PAGE_EXECUTIONS
    const last = finals.at(-1) ?? ''
    const live = [...new Set([...replicas.liveBranches()].map(branch => branch.execution))]
      .filter(execution => setOf(execution) === set && execution > after && (isEnd || execution <= last))
    return { executions: [...new Set([...finals, ...live])].sort(), isEnd }
  }

  /** Of what is final, only the outcome. Returns about how many bytes that were. */
  private async add (page: CopyReply, execution: string): Promise<number> {
    const { replicas } = this
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
    const { replicas } = this
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
}

/** As many as fit; what is left out is asked for when somebody needs it. */
function within (blobs: Uint8Array[], budget: number): Uint8Array[] {
  return blobs.filter(({ length }) => (budget -= length) >= 0)
}

function emptyPage (set: string, number: number): CopyReply {
  return { set, number, branches: [], blobs: [], records: [], finals: [], next: '', refused: '' }
}
