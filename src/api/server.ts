/**
 * The HTTP API of a peer. Every request passes the guard, one route of `routes.ts`, and leaves as JSON or as a problem.
 * Hono on node:http: 0.04 ms of CPU a request, as much as node:http by itself (docs/decisions/0023).
 */
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { FlowMeshError, InvalidInputError, NotFoundError } from '../errors.js'
import { answerText } from './answer-text.js'
import { guard, isLoopback, TokenNeededError } from './guard.js'
import { describeApi } from './openapi.js'
import { PAGE, PAGE_POLICY } from './page.js'
import type { ApiOptions, ApiPorts, RunningApi } from './ports.js'
import { problemHeaders, toProblem } from './problem.js'
import type { Answer, Route } from './route.js'
import { ROUTES } from './routes.js'

const API_VERSION = '1'
/** How long answers under way may take when the API closes, ms. */
const CLOSE_GRACE_MS = 1000
/** A client that sends its headers or its body slower than this is let go, ms. */
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 120_000
/** Connections the system may hold for us: a thousand callers may come at one moment. */
const BACKLOG = 2048

/** Resolves when it serves. InvalidInputError when the port is taken, or when it would be open to others without a token. */
export async function startApi (options: ApiOptions, ports: ApiPorts): Promise<RunningApi> {
  if (!isLoopback(options.host) && options.token === undefined) {
    throw new InvalidInputError(`an API on ${options.host} can be reached by others and needs a token; set FLOWMESH_API_TOKEN`, { field: '--api' })
  }
  const closing = new AbortController()
  const listener = getRequestListener(createApp(options, ports, closing.signal).fetch)
  const server = createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => { void listener(request, response) }
  )
  const port = await listen(server, options)
  return { url: `http://${nameOf(options.host)}:${port}`, port, close: async () => { await close(server, closing) } }
}

/** How this machine reaches it: all interfaces are no address to call. */
function nameOf (host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

function createApp (options: ApiOptions, ports: ApiPorts, closing: AbortSignal): Hono {
  const app = new Hono()
  const check = guard(options)
  const fail = (err: unknown, path: string): Response => {
    if (!(err instanceof FlowMeshError)) options.log?.(`the API failed at ${path}`, err)
    const problem = toProblem(err, path, err instanceof TokenNeededError ? 401 : undefined)
    return new Response(JSON.stringify(problem), { status: problem.status, headers: problemHeaders(problem) })
  }
  app.use(async (context, next) => {
    check(context.req.raw.headers, context.req.path)
    await next()
  })
  for (const route of ROUTES) register(app, route, ports, closing)
  const description = JSON.stringify(describeApi(ROUTES, API_VERSION))
  app.get('/openapi.json', () => new Response(description, { headers: { 'content-type': 'application/json' } }))
  app.get('/', () => new Response(PAGE, {
    headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': PAGE_POLICY, 'cache-control': 'no-cache' }
  }))
  app.notFound(context => fail(new NotFoundError(`no route ${context.req.method} ${context.req.path}; /openapi.json lists them`), context.req.path))
  app.onError((err, context) => fail(err, context.req.path))
  return app
}

function register (app: Hono, route: Route, ports: ApiPorts, closing: AbortSignal): void {
  const path = route.path.replace(/\{\+(\w+)\}/g, ':$1{.+}').replace(/\{(\w+)\}/g, ':$1')
  app.on(route.method.toUpperCase(), path, async context => {
    const answer = await route.run(context.req.raw, context.req.param(), closing, ports)
    return answer instanceof Response ? answer : toResponse(answer)
  })
}

function toResponse ({ status, body, headers }: Answer): Response {
  return new Response(answerText(body), { status, headers: { 'content-type': 'application/json', ...headers } })
}

async function listen (server: Server, { host, port, rememberedPort }: ApiOptions): Promise<number> {
  const tries = port === 0 && rememberedPort !== undefined ? [rememberedPort, 0] : [port]
  for (const [index, each] of tries.entries()) {
    try {
      return await listenOn(server, host, each)
    } catch (err) {
      if (index < tries.length - 1) continue
      throw listenError(err as NodeJS.ErrnoException, host, each)
    }
  }
  throw new InvalidInputError('no port to listen on')
}

async function listenOn (server: Server, host: string, port: number): Promise<number> {
  return await new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port, exclusive: true, backlog: BACKLOG }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function listenError (err: NodeJS.ErrnoException, host: string, port: number): Error {
  const place = { field: '--api' }
  switch (err.code) {
    case 'EADDRINUSE': return new InvalidInputError(`port ${port} of ${host} is in use; pass --api ${host}:PORT with another, or port 0 for any`, place, { cause: err })
    case 'EADDRNOTAVAIL': case 'ENOTFOUND': return new InvalidInputError(`${host} is no address of this machine; pass --api HOST:PORT with one that is`, place, { cause: err })
    case 'EACCES': return new InvalidInputError(`port ${port} needs rights this process has not; pass --api ${host}:PORT above 1023`, place, { cause: err })
    default: return err
  }
}

async function close (server: Server, closing: AbortController): Promise<void> {
  closing.abort()
  const closed = new Promise<void>(resolve => { server.close(() => { resolve() }) })
  server.closeIdleConnections()
  const grace = setTimeout(() => { server.closeAllConnections() }, CLOSE_GRACE_MS)
  await closed
  clearTimeout(grace)
}
