/**
 * The inside of a worker: imports one function's module once and runs its calls, several at a time. A file of its own, so
 * that a worker loads nothing of the peer.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { format } from 'node:util'
import { parentPort, workerData } from 'node:worker_threads'
import { bytesOf, textOf } from '../json-bytes.js'
import { Slot } from './js-protocol.js'
import { toErrorFacts } from './thrown.js'
import { NotJsonError, toJsonText } from './json-text.js'
import type { FromWorker, JsonText, ToWorker, WorkerData } from './js-protocol.js'
import type { LogLine } from './port.js'

type UserFunction = (input: unknown, context: object) => unknown
interface Call { id: number, controller: AbortController, logBytes: number }

const port = parentPort!
const { module, slots, limits } = workerData as WorkerData
const calls = new Map<number, Call>()
const current = new AsyncLocalStorage<Call>()
let outbox: FromWorker[] = []
let handedOver: ArrayBuffer[] = []

function send (message: FromWorker): void {
  // What ends in the same turn of the loop travels together.
  if (outbox.push(message) === 1) process.nextTick(flush)
}

function flush (): void {
  if (outbox.length > 0) port.postMessage(outbox, handedOver)
  outbox = []
  handedOver = []
}

function writeLog (call: Call | undefined, level: LogLine['level'], args: unknown[]): void {
  if (call === undefined || call.logBytes >= limits.logBytes) return
  const text = format(...args)
  const left = limits.logBytes - call.logBytes
  call.logBytes += Buffer.byteLength(text) + 1
  send({ type: 'log', id: call.id, line: { at: Date.now(), level, text: text.slice(0, left) } })
  if (call.logBytes >= limits.logBytes) {
    const end = `log ends here: more than ${limits.logBytes} bytes`
    send({ type: 'log', id: call.id, line: { at: Date.now(), level: 'warn', text: end } })
  }
}

async function run (fn: UserFunction, message: Extract<ToWorker, { type: 'call' }>): Promise<void> {
  if (Atomics.compareExchange(slots, message.slot, Slot.posted, Slot.started) !== Slot.posted) {
    send({ type: 'skipped', slot: message.slot })
    return
  }
  const call: Call = { id: message.id, controller: new AbortController(), logBytes: 0 }
  calls.set(call.id, call)
  const context = { ...message.facts, signal: call.controller.signal, log: logOf(call) }
  try {
    const text = toJsonText(await current.run(call, fn, parse(message.input), context), limits.depth)
    const bytes = Buffer.byteLength(text)
    if (bytes > limits.outputBytes) throw new NotJsonError('output', `has ${bytes} bytes; the limit is ${limits.outputBytes}`)
    send({ type: 'done', id: call.id, output: bytes < limits.largeBytes ? text : handOver(bytesOf(text)) })
  } catch (err) {
    if (err instanceof Error && err.stack !== undefined) writeLog(call, 'error', [err.stack])
    send({ type: 'failed', id: call.id, ...toErrorFacts(err) })
  }
  calls.delete(call.id)
}

function parse (text: JsonText): unknown {
  return JSON.parse(typeof text === 'string' ? text : textOf(text))
}

function handOver (bytes: Uint8Array<ArrayBuffer>): JsonText {
  handedOver.push(bytes.buffer)
  return bytes
}

function logOf (call: Call): Record<LogLine['level'], (...args: unknown[]) => void> {
  return {
    debug: (...args) => { writeLog(call, 'debug', args) },
    info: (...args) => { writeLog(call, 'info', args) },
    warn: (...args) => { writeLog(call, 'warn', args) },
    error: (...args) => { writeLog(call, 'error', args) }
  }
}

/** What a function prints belongs to its call, as far as Node can tell which that is. */
function captureConsole (): void {
  const levels = { log: 'info', info: 'info', debug: 'debug', trace: 'debug', warn: 'warn', error: 'error', dir: 'info' } as const
  for (const [method, level] of Object.entries(levels)) {
    console[method as keyof typeof levels] = (...args: unknown[]) => { writeLog(current.getStore(), level, args) }
  }
}

async function load (): Promise<UserFunction> {
  const loaded = await import(module) as { default?: unknown }
  if (typeof loaded.default !== 'function') throw new TypeError('its default export is not a function')
  return loaded.default as UserFunction
}

captureConsole()
process.on('exit', flush)
try {
  const fn = await load()
  port.on('message', (messages: ToWorker[]) => {
    for (const message of messages) {
      if (message.type === 'call') void run(fn, message)
      else calls.get(message.id)?.controller.abort(new Error(message.reason))
    }
  })
  send({ type: 'ready' })
} catch (err) {
  send({ type: 'loadFailed', detail: err instanceof Error ? `${err.name}: ${err.message}` : String(err) })
}
