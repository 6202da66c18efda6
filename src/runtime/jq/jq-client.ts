import { Worker } from 'node:worker_threads'
import { InvalidInputError, TimeoutError, UnavailableError } from '../../errors.js'
import { MAX_DATA_BYTES, MAX_EVALUATED_PROGRAMS } from '../../limits.js'
import { compileExpression } from '../../workflow/expressions/index.js'
import type { Answer } from '../../workflow/expressions/index.js'
import type { JqRequest, JqResponse } from './jq-protocol.js'

export interface JqWorkerOptions {
  /** The thread ends after this long without work, in ms. @default 30 000 */
  idleMs?: number
  /** Of one answer, as JSON. @default MAX_DATA_BYTES */
  maxOutputBytes?: number
}

export interface JqCall {
  programs: string[]
  input: unknown
  vars: Record<string, unknown>
  /** Time for all programs together, from when the thread begins with them. */
  deadlineMs: number
}

interface Waiting { call: JqCall, resolve: (answers: Answer[]) => void, reject: (err: Error) => void }

/**
 * Real jq in one thread, for what the own evaluator leaves to it. Calls are answered one after the other; a call over its
 * deadline ends the thread, and the next call has a new one. Started at the first call, stopped when idle.
 */
export class JqWorker {
  private thread: Worker | undefined
  private readonly queue: Waiting[] = []
  private current: (Waiting & { id: number }) | undefined
  private timer: NodeJS.Timeout | undefined
  private nextId = 1
  private closed = false
  private readonly idleMs: number
  private readonly maxOutputBytes: number

  constructor (options: JqWorkerOptions = {}) {
    this.idleMs = options.idleMs ?? 30_000
    this.maxOutputBytes = options.maxOutputBytes ?? MAX_DATA_BYTES
  }

  /** True while a thread exists. */
  get running (): boolean { return this.thread !== undefined }

  /**
   * Answers in the order of `programs`; a program over the deadline is an error of each, since which one was slow is not
   * known. Rejects with InvalidInputError for a program that does not parse or too many of them, UnavailableError after `close` or when the
   * thread could not answer. Safe to repeat.
   */
  async evaluate (call: JqCall): Promise<Answer[]> {
    if (this.closed) throw new UnavailableError('the jq worker is closed')
    if (call.programs.length > MAX_EVALUATED_PROGRAMS) {
      throw new InvalidInputError(`more than ${MAX_EVALUATED_PROGRAMS} expressions in one template (MAX_EVALUATED_PROGRAMS)`)
    }
    call.programs.forEach(compileExpression) // nothing unparsed may reach the place where programs are put together
    if (call.programs.length === 0) return []
    return await new Promise<Answer[]>((resolve, reject) => {
      this.queue.push({ call, resolve, reject })
      this.next()
    })
  }

  async close (): Promise<void> {
    this.closed = true
    clearTimeout(this.timer)
    for (const { reject } of this.queue.splice(0)) reject(new UnavailableError('the jq worker is closed'))
    this.current?.reject(new UnavailableError('the jq worker is closed'))
    this.current = undefined
    await this.endThread()
  }

  private next (): void {
    if (this.current !== undefined || this.closed) return
    clearTimeout(this.timer)
    const waiting = this.queue.shift()
    if (waiting === undefined) {
      this.timer = setTimeout(() => { void this.endThread() }, this.idleMs)
      this.timer.unref()
      return
    }
    const { call } = waiting
    const compiled = call.programs.map(compileExpression)
    const missing = compiled.map(({ variables }) => variables.find(name => !Object.hasOwn(call.vars, name)))
    const asked = compiled.filter((_, i) => missing[i] === undefined)
    const resolve = (answers: Answer[]): void => {
      const rest = answers.values()
      waiting.resolve(missing.map((name): Answer =>
        name === undefined ? rest.next().value as Answer : { kind: 'error', message: `$${name} is not defined` }))
    }
    if (asked.length === 0) {
      resolve([])
      this.next()
      return
    }
    this.current = { ...waiting, resolve, id: this.nextId++ }
    const names = new Set(asked.flatMap(({ variables }) => variables))
    const vars = Object.fromEntries([...names].map(name => [name, call.vars[name] ?? null]))
    const request: JqRequest = {
      id: this.current.id,
      programs: asked.map(({ jq }) => jq),
      variables: asked.map(({ variables }) => [...variables]),
      data: JSON.stringify({ i: call.input ?? null, v: vars }),
      maxOutputBytes: this.maxOutputBytes
    }
    this.timer = setTimeout(() => { this.expire(asked.length) }, call.deadlineMs)
    this.startThread().postMessage(request)
  }

  private expire (count: number): void {
    const current = this.current
    if (current === undefined) return
    this.current = undefined
    const { message } = new TimeoutError('the expression', current.call.deadlineMs)
    current.resolve(Array.from({ length: count }, (): Answer => ({ kind: 'error', message })))
    void this.endThread().then(() => { this.next() })
  }

  private startThread (): Worker {
    if (this.thread !== undefined) return this.thread
    const thread = new Worker(new URL('./jq-worker.js', import.meta.url), { env: {}, stdout: true, stderr: true })
    thread.stdout.resume()
    thread.stderr.resume()
    thread.unref()
    thread.on('message', (response: JqResponse) => { this.answered(response) })
    thread.on('error', err => { this.died(thread, err) })
    thread.on('exit', () => { this.died(thread, undefined) })
    this.thread = thread
    return thread
  }

  private answered ({ id, answers }: JqResponse): void {
    if (this.current?.id !== id) return
    const { resolve } = this.current
    this.current = undefined
    resolve(answers)
    this.next()
  }

  /** jq ran out of memory or stack: whoever waited hears so, the next call has a new thread. */
  private died (thread: Worker, err: Error | undefined): void {
    if (this.thread !== thread) return
    this.thread = undefined
    const current = this.current
    this.current = undefined
    current?.reject(new UnavailableError('jq ended before it answered', [], { cause: err }))
    this.next()
  }

  private async endThread (): Promise<void> {
    const thread = this.thread
    this.thread = undefined
    await thread?.terminate()
  }
}
