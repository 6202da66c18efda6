/**
 * One attempt of a step at the outside: a function of the catalog, an HTTP request, or a question to real jq. How it ended
 * comes back as a result; nothing here decides what follows.
 */
import type { Artefacts } from '../catalog/index.js'
import { InvalidInputError } from '../errors.js'
import type { CallEffect, HttpEffect, WorkflowError } from '../execution/index.js'
import type { FunctionManifest, MeshView } from '../mesh-view.js'
import { compareVersions } from '../names.js'
import { callHttp } from '../runtime/index.js'
import type { InvocationResult, JsRuntime, LogLine } from '../runtime/index.js'
import { standardErrorType } from '../workflow/index.js'

export type CallResult =
  | { ok: true, output: unknown, logs: LogLine[] }
  | { ok: false, error: WorkflowError, retryable: boolean, notDone: boolean, logs: LogLine[] }

export interface CallContext { execution: string, key: string, epoch: string, traceparent: string, now: number, signal: AbortSignal }

export interface CallsOptions {
  catalog: Pick<Artefacts, 'ensure'>
  js: Pick<JsRuntime, 'invoke'>
  view: () => MeshView
  /** Catches up with what was decided; for a function this peer has not heard of yet. */ refresh: () => Promise<unknown>
  httpMap: Record<string, string>
}

const DEFAULT_HTTP_TIMEOUT_MS = 30_000

export class Calls {
  constructor (private readonly options: CallsOptions) {}

  /** The function's manifest; the highest version when none is named. */
  manifest (fn: string, version?: string): FunctionManifest | undefined {
    const { functions } = this.options.view()
    if (version !== undefined) return functions.get(`${fn}:${version}`)?.manifest
    let best: FunctionManifest | undefined
    for (const { manifest } of functions.values()) {
      if (manifest.name === fn && (best === undefined || compareVersions(manifest.version, best.version) > 0)) best = manifest
    }
    return best
  }

  async run (effect: CallEffect | HttpEffect, context: CallContext): Promise<CallResult> {
    return effect.type === 'call' ? await this.callFunction(effect, context) : await this.callHttp(effect, context)
  }

  private async callFunction (effect: CallEffect, context: CallContext): Promise<CallResult> {
    let manifest = this.manifest(effect.fn, effect.version)
    if (manifest === undefined) {
      await this.options.refresh().catch(() => {})
      manifest = this.manifest(effect.fn, effect.version)
    }
    if (manifest === undefined) return notCallable(`there is no function ${effect.fn}${effect.version === undefined ? '' : `:${effect.version}`} in this mesh; deploy it`, effect.task)
    try {
      const { folder } = await this.options.catalog.ensure(manifest)
      const key = `${manifest.name}:${manifest.version}`
      const result = await this.options.js.invoke(
        { key, folder, entry: manifest.entry, concurrency: manifest.concurrency, keepMs: manifest.warm.keepMs, memoryBytes: manifest.resources.memoryBytes, minimum: manifest.warm.minimum },
        {
          fn: { name: manifest.name, version: manifest.version },
          input: effect.input ?? null,
          execution: context.execution,
          task: effect.task,
          attempt: effect.attempt,
          epoch: context.epoch,
          idempotencyKey: context.key,
          traceparent: context.traceparent,
          timeoutMs: allowedMs(manifest.timeoutMs, effect, context.now),
          signal: context.signal
        })
      return withInstance(result, effect.task)
    } catch (err) {
      // The artefact could not be had: nothing was started. One that is no artefact will be none the next time either.
      const retryable = !(err instanceof InvalidInputError)
      const detail = `${manifest.name}:${manifest.version}: ${(err as Error).message}`
      return { ok: false, retryable, notDone: true, logs: [], error: { type: standardErrorType('communication'), status: 503, title: 'Function not available', detail, instance: effect.task } }
    }
  }

  private async callHttp (effect: HttpEffect, context: CallContext): Promise<CallResult> {
    let url: string
    try {
      url = target(effect)
    } catch {
      return notCallable(`"${effect.endpoint}" is not a URL`, effect.task)
    }
    const json = effect.body !== undefined && typeof effect.body !== 'string'
    const headers: Record<string, string> = { accept: 'application/json, */*;q=0.5', ...(json ? { 'content-type': 'application/json' } : {}), ...effect.headers, traceparent: context.traceparent }
    if (effect.effects !== 'pure') headers['idempotency-key'] = context.key
    const result = await callHttp(
      { method: effect.method.toUpperCase(), url, headers, body: effect.body === undefined ? undefined : json ? JSON.stringify(effect.body) : effect.body as string },
      { timeoutMs: allowedMs(DEFAULT_HTTP_TIMEOUT_MS, effect, context.now), signal: context.signal, redirect: effect.redirect, hostMap: this.options.httpMap })
    if (!result.ok) return { ...withInstance({ ...result, logs: [] }, effect.task) }
    return { ok: true, logs: [], output: answerOf(effect, url, headers, result) }
  }
}

function allowedMs (ownMs: number, { timeoutMs, deadlineAt }: CallEffect | HttpEffect, now: number): number {
  return Math.max(1, Math.min(ownMs, timeoutMs ?? Infinity, deadlineAt === undefined ? Infinity : deadlineAt - now))
}

function target ({ endpoint, query }: HttpEffect): string {
  const url = new URL(endpoint)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

/** `content`: the body, as JSON where it says so; `raw`: base64; `response`: all of it. As the specification has it. */
function answerOf (effect: HttpEffect, uri: string, sent: Record<string, string>, answer: { status: number, headers: Record<string, string>, body: Uint8Array }): unknown {
  if (effect.output === 'raw') return Buffer.from(answer.body).toString('base64')
  const content = contentOf(answer.headers['content-type'] ?? '', answer.body)
  if (effect.output === 'content') return content
  return { request: { method: effect.method, uri, headers: sent }, statusCode: answer.status, headers: answer.headers, content }
}

function contentOf (type: string, body: Uint8Array): unknown {
  const text = new TextDecoder().decode(body)
  if (text === '') return null
  if (!/[/+]json\b/.test(type)) return text
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

function notCallable (detail: string, instance: string): CallResult {
  return { ok: false, retryable: false, notDone: true, logs: [], error: { type: standardErrorType('configuration'), status: 400, title: 'Not callable', detail, instance } }
}

function withInstance (result: InvocationResult, instance: string): CallResult {
  return result.ok ? result : { ...result, error: { ...result.error, instance } }
}
