/**
 * One worker thread that serves one function: posts calls, takes back what has not begun, and reports how each ended. It
 * decides nothing; js-pool.ts does.
 */
import { pathToFileURL } from 'node:url'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { MAX_CALL_LOG_BYTES, MAX_DATA_BYTES, MAX_INLINE_BYTES, MAX_JSON_DEPTH } from '../limits.js'
import { Slot } from './js-protocol.js'
import type { CallFacts, FromWorker, JsonText, ToWorker, WorkerData } from './js-protocol.js'

const MiB = 1 << 20
/** Calls posted to one worker and not yet answered. */
export const MAX_CALLS_PER_WORKER = 1024

export interface ThreadEvents {
  onReady (): void
  onMessage (message: Exclude<FromWorker, { type: 'ready' | 'skipped' }>): void
  /** Once, at the end; `err` when it was not asked for. */
  onExit (code: number, err: Error | undefined): void
}

export class WorkerThread {
  ready = false
  private readonly worker: Worker
  private readonly slots = new Int32Array(new SharedArrayBuffer(4 * MAX_CALLS_PER_WORKER))
  private readonly freeSlots = Array.from({ length: MAX_CALLS_PER_WORKER }, (_, i) => i)
  private readonly slotOf = new Map<number, number>()
  private outbox: ToWorker[] = []
  private handedOver: ArrayBuffer[] = []
  private error: Error | undefined

  constructor (folder: string, entry: string, memoryBytes: number, private readonly events: ThreadEvents) {
    const data: WorkerData = {
      module: pathToFileURL(join(folder, entry)).href,
      slots: this.slots,
      limits: { outputBytes: MAX_DATA_BYTES, largeBytes: MAX_INLINE_BYTES, logBytes: MAX_CALL_LOG_BYTES, depth: MAX_JSON_DEPTH }
    }
    this.worker = new Worker(new URL('./js-worker.js', import.meta.url), {
      workerData: data,
      env: functionEnvironment(),
      execArgv: ['--enable-source-maps'],
      resourceLimits: { maxOldGenerationSizeMb: Math.max(16, Math.ceil(memoryBytes / MiB)), stackSizeMb: 4 },
      stdout: true, // the peer's own stdout is for data
      stderr: true
    })
    this.worker.stdout.resume()
    this.worker.stderr.resume()
    this.worker.on('message', (messages: FromWorker[]) => { messages.forEach(message => { this.receive(message) }) })
    this.worker.on('error', err => { this.error = err })
    this.worker.on('exit', code => { events.onExit(code, this.error) })
  }

  get canTake (): boolean { return this.freeSlots.length > 0 }

  call (id: number, input: JsonText, facts: CallFacts): void {
    const slot = this.freeSlots.pop()!
    Atomics.store(this.slots, slot, Slot.posted)
    this.slotOf.set(id, slot)
    this.post({ type: 'call', id, slot, input: typeof input === 'string' ? input : this.handOver(input), facts })
  }

  abort (id: number, reason: string): void { this.post({ type: 'abort', id, reason }) }

  /** Takes a call back; false when it has begun. Also works when the thread stands still or is gone. */
  revoke (id: number): boolean {
    const slot = this.slotOf.get(id)
    if (slot === undefined) return false
    const before = Atomics.compareExchange(this.slots, slot, Slot.posted, Slot.revoked)
    if (before !== Slot.posted) return false
    this.slotOf.delete(id) // the slot is free when the worker has passed over it
    return true
  }

  hasBegun (id: number): boolean {
    return Atomics.load(this.slots, this.slotOf.get(id)!) !== Slot.posted
  }

  /** Ends the thread, whatever it is doing; `onExit` is called before it resolves. */
  async end (): Promise<void> { await this.worker.terminate() }

  private post (message: ToWorker): void {
    if (this.outbox.push(message) > 1) return
    process.nextTick(() => {
      this.worker.postMessage(this.outbox, this.handedOver)
      this.outbox = []
      this.handedOver = []
    })
  }

  /** Others go on using the bytes, which may be a part of many more: the worker gets a copy of its own. */
  private handOver (bytes: Uint8Array): Uint8Array {
    const copy = new Uint8Array(bytes)
    this.handedOver.push(copy.buffer)
    return copy
  }

  private receive (message: FromWorker): void {
    if (message.type === 'ready') {
      this.ready = true
      this.events.onReady()
    } else if (message.type === 'skipped') {
      this.freeSlots.push(message.slot)
    } else {
      if (message.type === 'done' || message.type === 'failed') this.free(message.id)
      this.events.onMessage(message)
    }
  }

  private free (id: number): void {
    this.freeSlots.push(this.slotOf.get(id)!)
    this.slotOf.delete(id)
  }
}

/** Functions see the peer's environment but not its settings: those may hold tokens. */
function functionEnvironment (): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('FLOWMESH_')))
}
