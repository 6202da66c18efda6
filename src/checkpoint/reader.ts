/**
 * What people ask of an execution: its records from the replicas that its id names, from any peer. Every reachable member
 * answers with what it has; the newest head is the truth, and an outcome is final when a replica was told so or when every
 * member has it.
 */
import { ListReplyMessage, ListRequestMessage, ReadReplyMessage, ReadRequestMessage } from '../../protocols/checkpoint.js'
import type { ListedMessage } from '../../protocols/checkpoint.js'
import { compareEpochs, formatEpoch } from '../branch/index.js'
import type { BranchRecord, Epoch } from '../branch/index.js'
import { NotFoundError, UnavailableError } from '../errors.js'
import { MAX_DATA_BYTES } from '../limits.js'
import type { Mesh } from '../mesh/port.js'
import type { MeshView } from '../mesh-view.js'
import type { Store } from '../store/index.js'
import { readFrom } from '../telemetry.js'
import { loadHistory } from './persist.js'
import { blobId, readRecord, recordBytes } from './record-codec.js'
import type { Replicas } from './replicas.js'
import type { Ring } from './ring.js'
import { setOf } from './takeovers.js'
import { DECODE } from './wire.js'

export const READ_KIND = 'checkpoint/read'
export const LIST_KIND = 'checkpoint/list'
const READ_WITHIN_MS = 2000

const NONE: ReadonlySet<string> = new Set()

export interface ExecutionRecords {
  /** Of all branches, by branch and index. */ records: { record: BranchRecord, superseded: boolean }[]
  blobs: Map<string, Uint8Array>
  final: boolean
  /** Its first record is done: every member has synced one of its line under one number and one epoch. */ accepted: boolean
  /** Of the root branch's head: `set number.count`. */ epoch: string
  /** Nobody of the set answered: from gossip. */ stale: boolean
}

export interface ReaderOptions { store: Store, mesh: Mesh, replicas: Replicas, ring: Ring, view: () => MeshView, shown: (record: BranchRecord) => string[] }

/** `number`: of the set, as the replica has noted it. */
interface Reply { peer: string, known: boolean, whole: boolean, number: number, records: BranchRecord[], heads: { branch: string, hash: string, synced: Epoch }[], blobs: Uint8Array[], final: boolean }

export class Reader {
  constructor (private readonly options: ReaderOptions) {}

  start (): void {
    this.options.mesh.onRequest(READ_KIND, async (body, from) => await this.answer(readFrom(READ_KIND, from, () => ReadRequestMessage.decode(body)).execution))
    this.options.mesh.onRequest(LIST_KIND, async (body, from) => await this.answerList(readFrom(LIST_KIND, from, () => ListRequestMessage.decode(body))))
  }

  /**
   * @param final the caller knows that its outcome is final: records kept here, if they are whole, need no second opinion
   * @param without blobs that the caller has
   * @throws NotFoundError when every replica answered and none knows it; else UnavailableError, naming those that did not
   */
  async read (execution: string, { final = false, without = NONE }: { final?: boolean, without?: ReadonlySet<string> } = {}): Promise<ExecutionRecords> {
    const set = this.options.view().sets.get(setOf(execution))
    if (set === undefined) throw new NotFoundError(`no execution ${execution}: there is no replica set "${setOf(execution)}" in this mesh`)
    const own = set.members.some(member => member.peer === this.options.mesh.self) ? await this.local(execution, without) : undefined
    if (own !== undefined && (own.final || (final && own.whole)) && isWhole(own.records, execution)) return merge([own], 1)
    const others = set.members.filter(member => member.peer !== this.options.mesh.self)
    const replies = (await Promise.all(others.map(async member => await this.ask(member.peer, execution)))).filter(reply => reply !== undefined)
    if (own !== undefined) replies.push(own)
    const known = replies.filter(reply => reply.known)
    if (known.length > 0) return merge(known, set.members.length)
    // One that does not know it proves nothing: it may have left the set before the execution was accepted, and not know that.
    const answered = replies.filter(reply => reply.whole && reply.number === set.number).map(reply => reply.peer)
    const owes = set.members.map(member => member.peer).filter(peer => !answered.includes(peer))
    if (owes.length === 0) throw new NotFoundError(`no execution ${execution}: its replicas do not know it`)
    return this.fromRing(execution, owes)
  }

  /** Newest first. Undefined when nobody of the set answered. */
  async list (set: string, limit: number, before: string): Promise<ListedMessage[] | undefined> {
    const members = this.options.view().sets.get(set)?.members.map(member => member.peer) ?? []
    const request = { set, limit, before }
    const encoded = ListRequestMessage.encode(request)
    const own = members.filter(peer => peer === this.options.mesh.self)
    for (const peer of [...own, ...members.filter(peer => peer !== this.options.mesh.self)]) {
      try {
        const body = peer === this.options.mesh.self ? await this.answerList(request) : await this.options.mesh.request(peer, LIST_KIND, encoded, { deadlineMs: READ_WITHIN_MS })
        const reply = readFrom(LIST_KIND, peer, () => ListReplyMessage.decode(body, DECODE.listReply))
        if (reply.whole) return reply.executions
      } catch {
        // Out of reach: the next member has the same list.
      }
    }
    return undefined
  }

  private fromRing (execution: string, owes: string[]): ExecutionRecords {
    const records = this.options.ring.latest(execution)
    const root = records.find(record => record.branch === execution)
    if (root === undefined) throw new UnavailableError(`not every replica of ${execution} can be asked, and none that answered knows it`, owes)
    return { records: records.map(record => ({ record, superseded: false })), blobs: new Map(), final: false, accepted: false, epoch: formatEpoch(root.epoch), stale: true }
  }

  private async ask (peer: string, execution: string): Promise<Reply | undefined> {
    try {
      const body = await this.options.mesh.request(peer, READ_KIND, ReadRequestMessage.encode({ execution, history: true }), { deadlineMs: READ_WITHIN_MS, channel: 'bulk' })
      return readFrom(READ_KIND, peer, () => replyOf(peer, ReadReplyMessage.decode(body, DECODE.readReply)))
    } catch {
      return undefined
    }
  }

  private async answer (execution: string): Promise<Uint8Array> {
    const { peer: _peer, records, blobs, ...rest } = await this.local(execution)
    return ReadReplyMessage.encode({
      ...rest, records: records.map(recordBytes), blobs: blobs.map(bytes => ({ execution, bytes }))
    })
  }

  private async local (execution: string, without: ReadonlySet<string> = NONE): Promise<Reply> {
    const { store, replicas, mesh } = this.options
    const recent = replicas.recent.get(execution)
    const summary = recent ?? await replicas.history.summary(execution)
    const set = replicas.sets.get(setOf(execution))
    const whole = set?.self != null && set.whole
    const number = set?.number ?? 0
    if (summary === undefined) return { peer: mesh.self, known: false, whole, number, records: [], heads: [], blobs: [], final: false }
    const records = recent?.records.slice() ?? await loadHistory(store, execution)
    const heads = (await replicas.kept(execution)).flatMap(({ branch, head, synced }) => head === null ? [] : [{ branch, hash: head.hash, synced }])
    return { peer: mesh.self, known: true, whole, number, records, heads, blobs: await this.blobs(execution, records, without), final: summary.final }
  }

  private async blobs (execution: string, records: BranchRecord[], without: ReadonlySet<string>): Promise<Uint8Array[]> {
    const found: Uint8Array[] = []
    let bytes = 0
    // The outcome's first: what does not fit is left out.
    const isOutcome = (record: BranchRecord): boolean => record.branch === execution && record.next === null
    const inOrder = [...records.filter(isOutcome), ...records.filter(record => !isOutcome(record))]
    for (const id of new Set(inOrder.flatMap(record => this.options.shown(record)))) {
      const blob = without.has(id) ? undefined : await this.options.replicas.blob(execution, id)
      if (blob === undefined || bytes + blob.length > MAX_DATA_BYTES) continue
      bytes += blob.length
      found.push(blob)
    }
    return found
  }

  private async answerList ({ set, limit, before }: ListRequestMessage): Promise<Uint8Array> {
    const state = this.options.replicas.sets.get(set)
    const found = await this.options.replicas.history.list(set, Math.min(limit, 1000), before === '' ? undefined : before)
    return ListReplyMessage.encode({
      whole: state?.self != null && state.whole,
      executions: found.map(([execution, summary]) => ({ execution, ...summary }))
    })
  }
}

function replyOf (peer: string, { known, whole, number, final, records, heads, blobs }: ReadReplyMessage): Reply {
  return {
    peer, known, whole, number, final,
    records: records.map(readRecord),
    heads: heads.flatMap(({ branch, hash, synced }) => synced === undefined ? [] : [{ branch, hash, synced }]),
    blobs: blobs.map(blob => blob.bytes)
  }
}

/** Whether every record is there that an ended execution's outcome rests on. */
function isWhole (records: BranchRecord[], execution: string): boolean {
  const hashes = new Set(records.map(record => record.hash))
  const has = (hash: string | null): boolean => hash === null || hashes.has(hash)
  return records.some(record => record.branch === execution && record.next === null) &&
    records.every(({ prev, takes }) => has(prev) && takes.every(take => has(take.hash)))
}

/** One story out of what several replicas have. */
function merge (replies: Reply[], members: number): ExecutionRecords {
  const byHash = new Map<string, BranchRecord>()
  const blobs = new Map<string, Uint8Array>()
  const heads = new Map<string, { hash: string, synced: Epoch }>()
  for (const reply of replies) {
    for (const record of reply.records) byHash.set(record.hash, record)
    for (const bytes of reply.blobs) blobs.set(blobId(bytes), bytes)
    for (const { branch, hash, synced } of reply.heads) {
      const best = heads.get(branch)
      if (best === undefined || newer(byHash, branch, { hash, synced }, best)) heads.set(branch, { hash, synced })
    }
  }
  const alive = onChain(byHash, new Map([...heads].map(([branch, { hash }]) => [branch, hash])))
  const records = [...byHash.values()]
    .sort((a, b) => a.branch < b.branch ? -1 : a.branch > b.branch ? 1 : a.index - b.index)
    .map(record => ({ record, superseded: !alive.has(record.hash) }))
  const root = records.filter(({ record, superseded }) => record.branch === record.execution && !superseded).at(-1)?.record
  const final = replies.some(reply => reply.final) || (root?.next === null && replies.length >= members && areSynced(replies, root))
  const accepted = final || (root !== undefined && replies.length >= members && areSynced(replies, { branch: root.branch }))
  return { records, blobs, final, accepted, epoch: root === undefined ? '0.0' : formatEpoch(heads.get(root.execution)?.synced ?? root.epoch), stale: false }
}

/** What the writer would find out too: synced by every member under one number and one epoch; some head of it where none is named. */
function areSynced (replies: Reply[], { branch, hash }: { branch: string, hash?: string }): boolean {
  const synced = replies.map(reply => reply.heads.find(head => head.branch === branch && (hash === undefined || head.hash === hash))?.synced)
  const [first] = synced
  return first !== undefined && synced.every(epoch => epoch !== undefined && compareEpochs(epoch, first) === 0) &&
    replies.every(reply => reply.whole && reply.number === replies[0]?.number)
}

function newer (byHash: Map<string, BranchRecord>, branch: string, a: { hash: string, synced: Epoch }, b: { hash: string, synced: Epoch }): boolean {
  const order = compareEpochs(a.synced, b.synced)
  const index = (hash: string): number => {
    const record = byHash.get(hash)
    return record?.branch === branch ? record.index : 0
  }
  return order > 0 || (order === 0 && index(a.hash) > index(b.hash))
}

/** Hashes of the records that count: each branch's newest and what it follows. A taken child's newest is the one taken. */
function onChain (byHash: Map<string, BranchRecord>, tips: Map<string, string>): Set<string> {
  const records = [...byHash.values()].sort((a, b) => a.index - b.index)
  for (const record of records) for (const take of record.takes) if (!tips.has(take.branch)) tips.set(take.branch, take.hash)
  for (const record of records) {
    const known = tips.get(record.branch)
    if (known !== undefined && byHash.has(known)) continue
    const last = records.filter(each => each.branch === record.branch).at(-1)
    tips.set(record.branch, (last ?? record).hash)
  }
  const alive = new Set<string>()
  for (const tip of tips.values()) {
    for (let hash: string | null = tip; hash !== null && !alive.has(hash);) {
      alive.add(hash)
      hash = byHash.get(hash)?.prev ?? null
    }
  }
  return alive
}
