/**
 * Records and blobs between the peers: this peer as replica, as writer, as taker and as reader, put together over one
 * store and one mesh. What the messages mean stands in branch/; here is how they travel and when they are saved.
 */
import {
  AppendMessage, BlobReplyMessage, BlobRequestMessage, CopyRequestMessage, DisownMessage, NoteReplyMessage, NoteRequestMessage, RepliesMessage
} from '../../protocols/checkpoint.js'
import type { BranchRecord, PeerRef, SetConfig } from '../branch/index.js'
import type { Clock } from '../clock.js'
import { afterFailpoint } from '../failpoints.js'
import type { Mesh } from '../mesh/port.js'
import type { MeshView } from '../mesh-view.js'
import type { Store, Write } from '../store/index.js'
import { heard, malformed, readFrom } from '../telemetry.js'
import { COPY_KIND, CopySource } from './copy-source.js'
import { BLOB_KIND, Newcomer } from './newcomer.js'
import { APPEND_KIND, Outbox } from './outbox.js'
import type { BlobToSend } from './outbox.js'
import type { Summary } from './persist.js'
import { Reader } from './reader.js'
import { blobId, readRecord } from './record-codec.js'
import { Replicas } from './replicas.js'
import type { Answer, Batch } from './replicas.js'
import { Ring } from './ring.js'
import { NOTE_KIND, Takeovers, setOf } from './takeovers.js'
import { Writers } from './writers.js'
import { ackOf, appendOf, DECODE, noteReplyMessage, noteRequestOf, refusalMessage, refusalOf } from './wire.js'

const REPLIES_KIND = 'checkpoint/replies'
const DISOWN_KIND = 'checkpoint/disown'
/** Blobs that came with a handover, for the moment until they are used. */
const MAX_CACHED_BYTES = 64 * 1024 * 1024

export interface CheckpointOptions {
  store: Store
  mesh: Mesh
  clock: Clock
  self: PeerRef
  disk: string
  view: () => MeshView
  /** Something newer was decided than this peer knows: catch up. Safe to repeat often. */ refresh: () => void
  reportWhole: (set: string, joined: number) => Promise<void>
  describe: (record: BranchRecord) => Omit<Summary, 'final'>
  /** The blobs of a record that readers of its execution want to see. */ shown: (record: BranchRecord) => string[]
  hasPlan: (plan: string) => boolean
  keepPlan: (source: Uint8Array) => Write[]
  planSource: (plan: string) => Uint8Array | undefined
  /** A record names this peer as next writer of `branch`. False when it cannot be that: whoever told takes over. */
  onHanded: (branch: string, record: BranchRecord, from: string) => boolean
  /** The owner of a branch says that it is not its writer. */ onDisowned: (branch: string, from: string) => void
}

export class Checkpoint {
  readonly replicas: Replicas
  readonly writers: Writers
  readonly takeovers: Takeovers
  readonly reader: Reader
  readonly ring: Ring
  private readonly outbox: Outbox
  private readonly newcomer: Newcomer
  private readonly source: CopySource
  private readonly cache = new Map<string, Uint8Array>()
  private cachedBytes = 0

  constructor (private readonly options: CheckpointOptions) {
    const { store, mesh, clock, self, disk, view } = options
    this.replicas = new Replicas({
      ...options,
      arrived: (execution, id) => this.cache.get(`${execution}/${id}`),
      keepPlan: source => this.readPlan(source)
    })
    this.outbox = new Outbox(mesh, self.peer, clock, ({ appends, handed, blobs }) => {
      this.acceptLocally({ appends, blobs: blobs.filter(({ id, execution }) => execution !== '' || !options.hasPlan(id)) })
      for (const { branch, record } of handed) this.handed(branch, record, self.peer)
    })
    this.writers = new Writers({
      clock, outbox: this.outbox, self: self.peer, lookup: this.replicas.lookup,
      isReachable: peer => mesh.connected().includes(peer),
      learn: () => { options.refresh() },
      loadBlobs: async (execution, ids) => await this.loadBlobs(execution, ids)
    })
    this.takeovers = new Takeovers({ replicas: this.replicas, sessions: mesh, clock, self: () => self, learn: options.refresh })
    this.newcomer = new Newcomer({ replicas: this.replicas, sessions: mesh, clock, self: self.peer, disk, reportWhole: options.reportWhole })
    this.source = new CopySource(this.replicas)
    this.ring = new Ring(mesh, clock)
    this.reader = new Reader({ store, mesh, replicas: this.replicas, ring: this.ring, view, shown: options.shown })
  }

  async start (): Promise<void> {
    const { mesh } = this.options
    await this.replicas.load()
    mesh.onMessage(APPEND_KIND, heard(APPEND_KIND, (body, from) => { this.onAppend(body, from) }))
    mesh.onMessage(REPLIES_KIND, heard(REPLIES_KIND, (body, from) => { this.onReplies(body, from) }))
    mesh.onMessage(DISOWN_KIND, heard(DISOWN_KIND, (body, from) => { this.options.onDisowned(DisownMessage.decode(body).branch, from) }))
    mesh.onRequest(NOTE_KIND, async (body, from) => {
      const request = readFrom(NOTE_KIND, from, () => noteRequestOf(NoteRequestMessage.decode(body, DECODE.noteRequest)))
      return NoteReplyMessage.encode(noteReplyMessage(await this.replicas.note(request)))
    })
    mesh.onRequest(COPY_KIND, async (body, from) => await this.source.give(readFrom(COPY_KIND, from, () => CopyRequestMessage.decode(body))))
    mesh.onRequest(BLOB_KIND, async (body, from) => await this.giveBlobs(readFrom(BLOB_KIND, from, () => BlobRequestMessage.decode(body, DECODE.blobRequest))))
    this.reader.start()
    this.ring.start()
    await this.follow(this.options.view())
  }

  /** Notes what the control plane decided about the sets; open writers ask again under the new number. */
  async follow (view: MeshView): Promise<void> {
    for (const set of view.sets.values()) {
      const config: SetConfig = { set: set.name, generation: view.generation, number: set.number, members: set.members }
      await this.newcomer.follow(config)
      this.writers.changeSet(config)
    }
  }

  configOf (set: string): SetConfig | undefined {
    const view = this.options.view()
    const found = view.sets.get(set)
    return found === undefined ? undefined : { set, generation: view.generation, number: found.number, members: found.members }
  }

  stop (): void {
    this.newcomer.stop()
    this.writers.stop()
  }

  /** Sends the newest record again to whoever it names. */
  deliver (peer: string, branch: string, record: BranchRecord): void { this.outbox.hand(peer, branch, record, []) }

  /** Tells a replica that this peer cannot be the writer it waits for. */
  disown (peer: string, execution: string, branch: string, hash: string): void {
    this.options.mesh.send(peer, DISOWN_KIND, DisownMessage.encode({ execution, branch, hash }))
  }

  /**
   * The bytes of a content id: from here, else from the execution's replicas or `from`. The content is verified.
   * Undefined when nobody reachable has it.
   */
  async blob (execution: string, id: string, from: string[] = []): Promise<Uint8Array | undefined> {
    const own = this.cache.get(`${execution}/${id}`) ?? await this.replicas.blob(execution, id)
    if (own !== undefined) return own
    const members = this.options.view().sets.get(setOf(execution))?.members.map(member => member.peer) ?? []
    for (const peer of new Set([...from, ...members])) {
      if (peer === this.options.self.peer) continue
      const found = await this.askBlob(peer, execution, id)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** A plan's source from whoever may have it. The caller checks that it compiles to the id. */
  async planFrom (peers: string[], plan: string): Promise<Uint8Array | undefined> {
    for (const peer of peers) {
      const found = await this.askBlob(peer, '', plan)
      if (found !== undefined) return found
    }
    return undefined
  }

  /** Kept for a moment: the blobs of a record that this peer is about to go on from. */
  remember (execution: string, id: string, bytes: Uint8Array): void {
    const key = `${execution}/${id}`
    if (this.cache.has(key)) return
    this.cache.set(key, bytes)
    this.cachedBytes += bytes.length
    while (this.cachedBytes > MAX_CACHED_BYTES) {
      const [first, oldest] = this.cache.entries().next().value as [string, Uint8Array]
      this.cache.delete(first)
      this.cachedBytes -= oldest.length
    }
  }

  private readPlan (source: Uint8Array): Write[] {
    try {
      return this.options.keepPlan(source)
    } catch (err) {
      malformed('a plan with a record', '', err)
      return []
    }
  }

  private acceptLocally (batch: Batch): void {
    if (batch.appends.length === 0) return
    this.replicas.accept(batch, answers => {
      for (const { reply, blobs } of answers) {
        if (reply.type === 'ack') this.writers.onAck(reply)
        else this.writers.onRefusal(reply, blobs)
      }
    })
  }

  private onAppend (body: Uint8Array, from: string): void {
    const message = AppendMessage.decode(body, DECODE.append)
    const appends = message.offers.map(appendOf)
    const handed = message.handed.map(({ branch, record }) => ({ branch, record: readRecord(record) }))
    const wanted = new Set(appends.map(append => append.record.execution))
    for (const { execution, bytes } of message.blobs) {
      // For whom this peer goes on from, or for a record in one of the next messages.
      if (execution !== '' && (handed.length > 0 || !wanted.has(execution))) this.remember(execution, blobId(bytes), bytes)
    }
    if (appends.length > 0 || message.blobs.length > 0) {
      const blobs = message.blobs.filter(({ execution }) => execution === '' || wanted.has(execution))
      this.replicas.accept({ appends, blobs }, answers => {
        if (answers.length > 0) afterFailpoint('checkpoint.before-acknowledge', () => { this.reply(from, answers) })
      })
    }
    for (const { branch, record } of handed) this.handed(branch, record, from)
  }

  private handed (branch: string, record: BranchRecord, from: string): void {
    if (!this.options.onHanded(branch, record, from) && from !== this.options.self.peer) this.disown(from, record.execution, branch, record.hash)
  }

  private reply (to: string, answers: Answer[]): void {
    const acks = answers.flatMap(({ reply }) => reply.type === 'ack' ? [reply] : [])
    const refusals = answers.flatMap(({ reply, blobs }) => reply.type === 'refusal' ? [refusalMessage(reply, blobs)] : [])
    this.options.mesh.send(to, REPLIES_KIND, RepliesMessage.encode({ acks, refusals }))
  }

  private onReplies (body: Uint8Array, from: string): void {
    const { acks, refusals } = RepliesMessage.decode(body, DECODE.replies)
    for (const ack of acks.map(ackOf)) {
      if (ack.member.peer === from) this.writers.onAck(ack) // nobody acknowledges for another
    }
    for (const message of refusals) this.writers.onRefusal(refusalOf(message, from), message.blobs)
  }

  private async loadBlobs (execution: string, ids: string[]): Promise<BlobToSend[]> {
    const found = await Promise.all(ids.map(async (id): Promise<BlobToSend | undefined> => {
      const source = this.options.planSource(id)
      if (source !== undefined) return { execution: '', id, bytes: source }
      const bytes = await this.blob(execution, id)
      return bytes === undefined ? undefined : { execution, id, bytes }
    }))
    return found.filter(blob => blob !== undefined)
  }

  private async askBlob (peer: string, execution: string, id: string): Promise<Uint8Array | undefined> {
    try {
      const body = await this.options.mesh.request(peer, BLOB_KIND, BlobRequestMessage.encode({ execution, ids: [id] }), { deadlineMs: 5000, channel: 'bulk' })
      const bytes = readFrom(BLOB_KIND, peer, () => BlobReplyMessage.decode(body, DECODE.blobReply)).blobs[0]?.bytes
      return bytes !== undefined && (execution === '' || blobId(bytes) === id) ? bytes : undefined
    } catch {
      return undefined
    }
  }

  private async giveBlobs ({ execution, ids }: BlobRequestMessage): Promise<Uint8Array> {
    const found = await Promise.all(ids.slice(0, 64).map(async id => execution === '' ? this.options.planSource(id) : this.cache.get(`${execution}/${id}`) ?? await this.replicas.blob(execution, id)))
    return BlobReplyMessage.encode({ blobs: found.flatMap(bytes => bytes === undefined ? [] : [{ execution, bytes }]) })
  }
}
