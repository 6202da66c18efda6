/**
 * A route as data: what it takes, what it answers and what it does. The server registers it and `/openapi.json` describes
 * it from the same object, so they cannot differ.
 */
import type { z } from 'zod'
import { InvalidInputError } from '../errors.js'
import { MAX_API_BODY_BYTES } from '../limits.js'
import { decodeText, parseJson, readBody } from './body.js'
import type { ApiPorts } from './ports.js'

export interface AnswerSpec { description: string, schema?: z.ZodType, /** @default application/json */ type?: string }

/** How the body is read: as JSON by a schema, as text, or as bytes, within a limit. */
export type BodySpec<B> =
  | { kind: 'json', schema: z.ZodType<B>, limitBytes?: number }
  | { kind: 'text', limitBytes: number, type: string }
  | { kind: 'bytes', limitBytes: number }
  | { kind: 'none' }

export interface Asked<Q, B> {
  params: Record<string, string>
  query: Q
  body: B
  headers: Headers
  /** Fires when the API closes. */ signal: AbortSignal
}

export interface Answer { status: number, body?: unknown, headers?: Record<string, string> }

export interface RouteSpec<Q, B> {
  method: 'get' | 'post' | 'put'
  /** `{name}` stands for one segment, `{+name}` for the rest of the path. */ path: string
  summary: string
  query?: z.ZodType<Q>
  body?: BodySpec<B>
  answers: Record<number, AnswerSpec>
  handle: (asked: Asked<Q, B>, ports: ApiPorts) => Promise<Answer | Response> | Answer | Response
}

/** A route whose types of query and body are behind it: what the server and the description work with. */
export interface Route extends Omit<RouteSpec<never, never>, 'handle' | 'query' | 'body'> {
  query?: z.ZodType
  body: BodySpec<unknown>
  run (request: Request, params: Record<string, string>, signal: AbortSignal, ports: ApiPorts): Promise<Answer | Response>
}

export function route<Q = undefined, B = undefined> (spec: RouteSpec<Q, B>): Route {
  const { handle, query, body = { kind: 'none' }, ...rest } = spec
  return {
    ...rest,
    query,
    body,
    async run (request, params, signal, ports) {
      const asked = {
        params,
        query: (query === undefined ? undefined : check(query, queryOf(request.url), 'the query')) as Q,
        body: await readAs(request, body),
        headers: request.headers,
        signal
      }
      return await handle(asked, ports)
    }
  }
}

async function readAs<B> (request: Request, body: BodySpec<B>): Promise<B> {
  switch (body.kind) {
    case 'none': return undefined as B
    case 'bytes': return await readBody(request, body.limitBytes) as B
    case 'text': return decodeText(await readBody(request, body.limitBytes)) as B
    case 'json': {
      const bytes = await readBody(request, body.limitBytes ?? MAX_API_BODY_BYTES)
      return check(body.schema, parseJson(decodeText(bytes)), 'the request body')
    }
  }
}

function queryOf (url: string): Record<string, string> {
  const at = url.indexOf('?')
  return at === -1 ? {} : Object.fromEntries(new URLSearchParams(url.slice(at + 1)))
}

const SHOWN_ISSUES = 5

/** The value as its schema gives it, or an error that names the field at fault. */
export function check<T> (schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const issues = result.error.issues.map(issue => ({ field: fieldOf(issue), message: issue.message }))
  const shown = issues.slice(0, SHOWN_ISSUES).map(({ field, message }) => field === '' ? message : `${field}: ${message}`)
  const field = issues[0]?.field ?? ''
  throw new InvalidInputError(`${what}: ${shown.join('; ')}`, field === '' ? {} : { field })
}

function fieldOf (issue: z.core.$ZodIssue): string {
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path
  return path.map(String).join('.')
}
