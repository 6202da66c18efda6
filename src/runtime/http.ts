/**
 * One HTTP request of a task, within limits, over kept connections. It never rejects: how the call ended is its result, and
 * whether it certainly did not reach the other side (`notDone`), which is what an exclusive task has to know.
 */
import { Agent as HttpAgent, request as httpRequest } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { MAX_DATA_BYTES } from '../limits.js'
import { failure, MAX_DETAIL_CHARS, retryableStatus } from './failure.js'
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { Failure } from './failure.js'

export interface HttpCall { method: string, url: string, headers: Record<string, string>, body?: Uint8Array | string }

export interface HttpOptions {
  /** For the whole call, ms. */ timeoutMs: number
  signal: AbortSignal
  /** Of the answer's body. @default MAX_DATA_BYTES */ maxBytes?: number
  /** Whether 3xx is an answer; otherwise it is an error. It is never followed, as the specification has it. @default false */ redirect?: boolean
  /** `host` or `host:port` → the base URL where its calls really go. The Host header stays. */ hostMap?: Record<string, string>
}

export interface HttpAnswer { ok: true, status: number, headers: Record<string, string>, body: Uint8Array }
export type HttpResult = HttpAnswer | Pick<Failure, 'ok' | 'error' | 'retryable' | 'notDone'>

/** The other side may close a kept connection at any time; few servers do before five seconds. */
const KEEP_ALIVE_MS = 4000
const MAX_SOCKETS_PER_HOST = 256
const agents = {
  'http:': new HttpAgent({ keepAlive: true, keepAliveMsecs: 1000, timeout: KEEP_ALIVE_MS, maxSockets: MAX_SOCKETS_PER_HOST, scheduling: 'lifo' }),
  'https:': new HttpsAgent({ keepAlive: true, keepAliveMsecs: 1000, timeout: KEEP_ALIVE_MS, maxSockets: MAX_SOCKETS_PER_HOST, scheduling: 'lifo' })
}
/** Errors from before there was a connection. */
const NOT_CONNECTED = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'EACCES', 'CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_TLS_CERT_ALTNAME_INVALID']

export async function callHttp (call: HttpCall, options: HttpOptions): Promise<HttpResult> {
  const target = resolveTarget(call.url, options.hostMap ?? {})
  if (typeof target === 'string') return refused(target)
  if (options.signal.aborted) return ended('aborted', call, options, true)
  const first = await attempt(call, target, options)
  // A kept connection that the other side closed just now: asking again is what every HTTP client does, where it is harmless.
  const again = first.staleConnection && (call.method === 'GET' || call.method === 'HEAD') && !options.signal.aborted
  return again ? (await attempt(call, target, options)).result : first.result
}

interface Target { url: URL, host: string }

/** The real URL and the Host header, or what is wrong with the URL. */
function resolveTarget (text: string, hostMap: Record<string, string>): Target | string {
  if (!URL.canParse(text)) return `"${text.slice(0, 200)}" is not a URL`
  const url = new URL(text)
  const { host } = url
  const base = hostMap[host] ?? hostMap[url.hostname]
  if (base !== undefined) {
    if (!URL.canParse(base)) return `the URL that host ${host} is mapped to is not one: "${base}"`
    const mapped = new URL(base)
    url.protocol = mapped.protocol
    url.host = mapped.host
    if (mapped.port === '') url.port = ''
    url.pathname = mapped.pathname.replace(/\/$/, '') + url.pathname
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `${url.protocol}// cannot be called; only http:// and https://`
  return { url, host }
}

interface Attempt { result: HttpResult, staleConnection: boolean }

async function attempt (call: HttpCall, target: Target, options: HttpOptions): Promise<Attempt> {
  let request: ClientRequest
  try {
    request = open(call, target)
  } catch (err) {
    return { result: refused((err as Error).message), staleConnection: false }
  }
  // Connected, or on a kept connection: from here on the other side may have begun.
  let connected = false
  request.on('socket', socket => {
    if (!socket.connecting) connected = true
    else socket.once(target.url.protocol === 'https:' ? 'secureConnect' : 'connect', () => { connected = true })
  })
  let why: 'timeout' | 'aborted' | undefined
  const stop = (reason: 'timeout' | 'aborted') => () => {
    why = reason
    request.destroy(new Error(reason))
  }
  const timer = setTimeout(stop('timeout'), Math.min(options.timeoutMs, 0x7fffffff))
  const onAbort = stop('aborted')
  options.signal.addEventListener('abort', onAbort, { once: true })
  let answered = false
  try {
    const answer = await send(request, call.body)
    answered = true
    return { result: await read(answer, call, options), staleConnection: false }
  } catch (err) {
    const { code, message } = err as { code?: string, message: string }
    if (why !== undefined) return { result: ended(why, call, options, !connected), staleConnection: false }
    const notDone = !connected || NOT_CONNECTED.includes(code ?? '')
    const stale = request.reusedSocket && !answered && (code === 'ECONNRESET' || code === 'EPIPE')
    return { result: broken(call, code ?? '', message, notDone), staleConnection: stale }
  } finally {
    clearTimeout(timer)
    options.signal.removeEventListener('abort', onAbort)
  }
}

function open (call: HttpCall, { url, host }: Target): ClientRequest {
  const make = url.protocol === 'https:' ? httpsRequest : httpRequest
  const headers = { host, ...call.headers }
  const length = call.body === undefined ? {} : { 'content-length': String(Buffer.byteLength(call.body)) }
  return make(url, { method: call.method, headers: { ...headers, ...length }, agent: agents[url.protocol as 'http:'] })
}

function send (request: ClientRequest, body: Uint8Array | string | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve)
    request.on('error', reject)
    request.on('upgrade', (_answer, socket) => {
      socket.destroy()
      reject(new Error('the other side switched protocols'))
    })
    request.end(body)
  })
}

async function read (answer: IncomingMessage, call: HttpCall, options: HttpOptions): Promise<HttpResult> {
  const status = answer.statusCode ?? 0
  const good = status < 300 || (status < 400 && options.redirect === true)
  const limit = options.maxBytes ?? MAX_DATA_BYTES
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of answer as AsyncIterable<Uint8Array>) {
    bytes += chunk.length
    if (bytes > limit) {
      answer.destroy()
      if (good) return tooLarge(call, limit)
      break
    }
    chunks.push(chunk)
  }
  const body = Buffer.concat(chunks)
  if (!good) return byStatus(call, answer, body)
  return { ok: true, status, headers: headersOf(answer), body }
}

function headersOf (answer: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value ?? '']))
}

function byStatus (call: HttpCall, answer: IncomingMessage, body: Buffer): HttpResult {
  const status = answer.statusCode ?? 500
  const said = body.subarray(0, 1000).toString().trim()
  return failure({
    kind: 'communication',
    status,
    title: `${status} ${answer.statusMessage ?? ''}`.trim(),
    detail: `${describe(call)} answered ${status}${said === '' ? '' : `: ${said}`}`,
    retryable: retryableStatus(status),
    notDone: answer.headers['flowmesh-not-done'] === 'true'
  })
}

function tooLarge (call: HttpCall, limit: number): HttpResult {
  return failure({
    kind: 'communication',
    status: 502,
    title: 'Answer too large',
    detail: `${describe(call)} answered more than ${limit} bytes`,
    retryable: false,
    notDone: false
  })
}

function broken (call: HttpCall, code: string, message: string, notDone: boolean): HttpResult {
  const detail = `${describe(call)}: ${message === '' ? code : message}`
  return failure({ kind: 'communication', status: 503, title: notDone ? 'Not connected' : 'Connection broken', detail, retryable: true, notDone })
}

function ended (why: 'timeout' | 'aborted', call: HttpCall, options: HttpOptions, notDone: boolean): HttpResult {
  if (why === 'aborted') {
    return failure({ kind: 'runtime', status: 499, title: 'Call aborted', detail: `${describe(call)} was aborted before it ended`, retryable: false, notDone })
  }
  const detail = `${describe(call)} did not answer within ${options.timeoutMs} ms`
  return failure({ kind: 'timeout', status: 408, title: 'Call timed out', detail, retryable: true, notDone })
}

/** The request is wrong in itself. */
function refused (detail: string): HttpResult {
  return failure({ kind: 'configuration', status: 400, title: 'Request cannot be made', detail, retryable: false, notDone: true })
}

/** Without query and credentials: those may hold secrets. */
function describe (call: HttpCall): string {
  const { protocol, host, pathname } = new URL(call.url)
  return `${call.method} ${protocol}//${host}${pathname}`.slice(0, MAX_DETAIL_CHARS / 4)
}
