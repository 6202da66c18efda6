/**
 * The API's client, for the command line, the web page and anyone's program: browser-safe, errors are those of errors.ts.
 * Calls that are safe to repeat are repeated while the peer answers `unavailable`; an event stream goes on where it broke.
 */
import { FlowMeshError, UnavailableError } from '../errors.js'
import type { ExecutionEvent, ExecutionPage, ExecutionView, StartRequest } from '../sidecar/port.js'
import { readEventStream } from './event-stream.js'
import { fromProblem } from './problem.js'

export interface ClientOptions {
  /** Such as `http://127.0.0.1:7070`. */ url: string
  token?: string
  /** How long to go on asking when the answer is `unavailable` and the call is safe to repeat, ms. @default 10 000 */ patienceMs?: number
  fetch?: typeof globalThis.fetch
}

export interface Deployed { name: string, version: string, created: boolean }
export interface PeerRow {
  peer: string, name: string, region: string, zone: string, tier: string, labels: Record<string, string>, status: string
  controller: boolean, load: number | null, rttMs: number | null, addresses: string[]
}
export interface SetRow { name: string, number: number, region: string, copies: number, replicas: string[], whole: boolean, executions: number | null }
export interface ControlState {
  mesh: string, generation: number, term: number, leader: string | null, voters: string[], learners: string[], commitIndex: number
  quorum: boolean, staleMs: number | null
}
export interface FunctionRow { name: string, version: string, cid: string, deployedBy: string }
export interface WorkflowRow { namespace: string, name: string, version: string, plan: string, deployedBy: string }
export interface LogRow { task: string, attempt: number, peer: string, at: string, level: string, text: string }
export interface MeshEvent { event: string, [field: string]: unknown }

interface Call {
  method?: string
  query?: Record<string, string | number | undefined>
  json?: unknown
  body?: Uint8Array | string
  type?: string
  /** Repeated on `unavailable`. @default true for GET */ repeat?: boolean
  signal?: AbortSignal
}

const FIRST_PAUSE_MS = 100
const LONGEST_PAUSE_MS = 1000
/** A stream that fails so often without one event in between is broken for good. */
const MOST_FAILURES = 5

export class Client {
  private readonly base: string
  private readonly fetch: typeof globalThis.fetch

  constructor (private readonly options: ClientOptions) {
    this.base = options.url.replace(/\/+$/, '')
    this.fetch = options.fetch ?? ((...args) => globalThis.fetch(...args))
  }

  /** Same bytes, same id: safe to repeat. */
  async putBlob (bytes: Uint8Array): Promise<{ cid: string, size: number }> {
    return await this.json('/v1/blobs', { method: 'PUT', body: bytes, type: 'application/octet-stream', repeat: true })
  }

  /** `manifest`: function.yaml as data, with `artefact`. Safe to repeat. */
  async deployFunction (manifest: unknown): Promise<Deployed & { cid: string }> {
    return await this.deploy('/v1/functions', { json: manifest })
  }

  async deployWorkflow (source: string): Promise<Deployed & { namespace: string, plan: string, warnings: string[] }> {
    return await this.deploy('/v1/workflows', { body: source, type: 'application/yaml' })
  }

  async invite (options: { role?: string, uses?: number, ttl?: string }): Promise<{ token: string, expiresAt: string }> {
    return await this.json('/v1/invites', { method: 'POST', json: options })
  }

  /** Resolves with the execution when `wait` is given and its outcome was final in time, else with its id alone. */
  async start (request: StartRequest, options: { wait?: string, signal?: AbortSignal } = {}): Promise<{ id: string } | ExecutionView> {
    return await this.json('/v1/executions', {
      // `unavailable` and `overloaded` mean that nothing was done; after a broken connection only a key makes it safe.
      method: 'POST', json: request, query: { wait: options.wait }, repeat: request.key !== undefined, signal: options.signal
    })
  }

  async executions (filter: { status?: string, workflow?: string, limit?: number, cursor?: string } = {}): Promise<ExecutionPage> {
    return await this.json('/v1/executions', { query: filter })
  }

  async execution (id: string): Promise<ExecutionView> { return await this.json(`/v1/executions/${encodeURIComponent(id)}`) }
  async logs (id: string): Promise<LogRow[]> { return await this.json(`/v1/executions/${encodeURIComponent(id)}/logs`) }

  async cancel (id: string, reason?: string): Promise<void> {
    await this.json(`/v1/executions/${encodeURIComponent(id)}/cancel`, { method: 'POST', json: { reason }, repeat: true })
  }

  async functions (): Promise<FunctionRow[]> { return await this.json('/v1/functions') }
  async workflows (): Promise<WorkflowRow[]> { return await this.json('/v1/workflows') }
  async function (name: string): Promise<FunctionRow & { versions: string[], manifest: unknown }> { return await this.json(`/v1/functions/${path(name)}`) }
  async workflow (name: string): Promise<WorkflowRow & { versions: string[], source: string }> { return await this.json(`/v1/workflows/${path(name)}`) }
  async peers (): Promise<PeerRow[]> { return await this.json('/v1/peers') }
  async sets (): Promise<SetRow[]> { return await this.json('/v1/sets') }
  async control (): Promise<ControlState> { return await this.json('/v1/control') }

  /**
   * The execution's story until its outcome is final. A broken stream is opened again after the last event seen, for as
   * long as it takes; what the server refuses (unknown id) is thrown.
   */
  async * events (id: string, options: { lastEventId?: string, signal?: AbortSignal } = {}): AsyncGenerator<ExecutionEvent> {
    let { lastEventId } = options
    for await (const { event, id: eventId, data } of this.stream(`/v1/executions/${encodeURIComponent(id)}/events`, () => lastEventId, options.signal)) {
      if (event === 'end') return
      lastEventId = eventId ?? lastEventId
      const { at, ...rest } = data
      yield { id: lastEventId ?? '', type: event, at: String(at), data: rest }
    }
  }

  /** Changes of the mesh, from now on, for as long as the signal lets. Changes during a broken connection are missed. */
  async * meshEvents (signal?: AbortSignal): AsyncGenerator<MeshEvent> {
    for await (const { event, data } of this.stream('/v1/events/stream', () => undefined, signal)) yield { ...data, event }
  }

  private async * stream (path: string, lastEventId: () => string | undefined, signal?: AbortSignal): AsyncGenerator<{ event: string, id?: string, data: Record<string, unknown> }> {
    for (let pauseMs = FIRST_PAUSE_MS, failures = 0; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        const seen = lastEventId()
        const response = await this.request(path, { signal, repeat: true }, { accept: 'text/event-stream', ...(seen === undefined ? {} : { 'last-event-id': seen }) })
        if (response.body === null) return
        for await (const { event, id, data } of readEventStream(response.body)) {
          const value = JSON.parse(data) as Record<string, unknown>
          if (event === 'problem') throw fromProblem(Number(value['status']), value)
          pauseMs = FIRST_PAUSE_MS
          failures = 0
          yield { event, id, data: value }
          if (event === 'end') return
        }
      } catch (err) {
        if (signal?.aborted === true) return
        if ((err instanceof FlowMeshError && !mayPass(err)) || (++failures > MOST_FAILURES && !isUnavailable(err))) throw err
      }
      await pause(pauseMs, signal)
      if (signal?.aborted === true) return
    }
  }

  private async deploy<T> (path: string, call: Call): Promise<T & { created: boolean }> {
    const response = await this.request(path, { ...call, method: 'POST', repeat: true })
    return { ...await response.json() as T, created: response.status === 201 }
  }

  private async json<T> (path: string, call: Call = {}): Promise<T> {
    return await (await this.request(path, call)).json() as T
  }

  private async request (path: string, call: Call, headers: Record<string, string> = {}): Promise<Response> {
    const repeat = call.repeat ?? (call.method ?? 'GET') === 'GET'
    const until = Date.now() + (this.options.patienceMs ?? 10_000)
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        return await this.once(path, call, headers)
      } catch (err) {
        const again = repeat && err instanceof FlowMeshError && err.kind === 'unavailable' && !(err instanceof NoPeerError)
        if (!again || Date.now() + pauseMs > until) throw err
        await pause(pauseMs, call.signal)
      }
    }
  }

  private async once (path: string, { method = 'GET', query = {}, json, body, type, signal }: Call, headers: Record<string, string>): Promise<Response> {
    const url = new URL(this.base + path)
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, String(value))
    const response = await this.send(url, {
      method,
      signal,
      body: json === undefined ? body as RequestInit['body'] : JSON.stringify(json),
      headers: {
        ...headers,
        ...(this.options.token === undefined ? {} : { authorization: `Bearer ${this.options.token}` }),
        ...(json === undefined ? type === undefined ? {} : { 'content-type': type } : { 'content-type': 'application/json' })
      }
    })
    if (response.ok) return response
    throw fromProblem(response.status, await response.json().catch(() => undefined))
  }

  private async send (url: URL, init: RequestInit): Promise<Response> {
    try {
      return await this.fetch(url, init)
    } catch (err) {
      if (init.signal?.aborted === true) throw err
      throw new NoPeerError(this.base, { cause: err })
    }
  }
}

/** Nobody answers at the address at all: repeating at once is useless, and a call under way may have been done. */
export class NoPeerError extends UnavailableError {
  constructor (readonly url: string, options?: ErrorOptions) {
    super(`no peer answers at ${url}; is it running? Start one with "flowmesh up", or name another with --api URL`, [], options)
  }
}

function isUnavailable (err: unknown): boolean {
  return err instanceof FlowMeshError && err.kind === 'unavailable'
}

/** Trouble on the way or inside a peer, rather than a refusal. */
function mayPass ({ kind }: FlowMeshError): boolean {
  return kind === 'unavailable' || kind === 'failed' || kind === 'timeout' || kind === 'overloaded'
}

/** Slashes part a namespace from a name and stay. */
function path (name: string): string {
  return name.split('/').map(encodeURIComponent).join('/')
}

async function pause (ms: number, signal?: AbortSignal): Promise<void> {
  await new Promise<void>(resolve => {
    const done = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal?.addEventListener('abort', done, { once: true })
  })
}
