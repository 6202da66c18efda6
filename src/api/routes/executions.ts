/** Starting, reading and controlling executions. */
import { z } from 'zod'
import { FlowMeshError, InvalidInputError } from '../../errors.js'
import { afterCatchUp } from '../catch-up.js'
import { parseJson } from '../body.js'
import { check, route } from '../route.js'
import type { Answer, Asked } from '../route.js'
import type { ApiPorts } from '../ports.js'
import {
  cancelRequest, execution, executionList, listQuery, log, problem, startQuery, startRequest, started
} from '../schemas.js'
import { sendEvents } from '../sse.js'
import type { SentEvent } from '../sse.js'

const notFound = { description: 'No such execution: its replicas answered', schema: problem }
const unavailable = { description: 'Its replicas, or the control plane, cannot be reached; `owes` names them', schema: problem }

type StartBody = z.infer<typeof startRequest>
type StartQuery = z.infer<typeof startQuery>

export const startExecution = route<StartQuery, StartBody>({
  method: 'post',
  path: '/v1/executions',
  summary: 'Start an execution; with ?wait=30s answer its final outcome if it is there in time',
  query: startQuery,
  body: { kind: 'json', schema: startRequest },
  answers: {
    200: { description: 'The outcome, final', schema: execution },
    202: { description: 'Accepted: its first record is done at the whole set', schema: started },
    404: { description: 'No such workflow', schema: problem },
    409: { description: 'The key was used with another input, or the name is in two namespaces', schema: problem },
    429: { description: 'This peer has as much as it can hold', schema: problem },
    503: unavailable
  },
  async handle ({ body, query }, { executions, control }) {
    const { id } = await afterCatchUp(control, async () => await executions.start(body))
    const view = query.wait === undefined ? undefined : await finalWithin(executions, id, query.wait)
    if (view !== undefined) return { status: 200, body: view }
    return { status: 202, body: { id }, headers: { location: `/v1/executions/${encodeURIComponent(id)}` } }
  }
})

/** It is accepted whatever happens while we wait, so trouble in waiting is not the caller's answer. */
async function finalWithin (executions: ApiPorts['executions'], id: string, waitMs: number): ReturnType<ApiPorts['executions']['waitFinal']> {
  try {
    return await executions.waitFinal(id, waitMs)
  } catch (err) {
    if (err instanceof FlowMeshError) return undefined
    throw err
  }
}

export const listExecutions = route<z.infer<typeof listQuery>>({
  method: 'get',
  path: '/v1/executions',
  summary: 'Executions, newest first, and which share of the mesh answered',
  query: listQuery,
  answers: { 200: { description: 'A page of them', schema: executionList } },
  async handle ({ query }, { executions }) {
    return { status: 200, body: await executions.list(query) }
  }
})

export const readExecution = route({
  method: 'get',
  path: '/v1/executions/{id}',
  summary: 'One execution, answered by its replicas, from any peer',
  answers: { 200: { description: 'The execution', schema: execution }, 404: notFound, 503: unavailable },
  async handle ({ params }, { executions }) {
    return { status: 200, body: await executions.read(idOf(params)) }
  }
})

export const followExecution = route({
  method: 'get',
  path: '/v1/executions/{id}/events',
  summary: 'Its story from the start, or after Last-Event-ID, as server-sent events until the outcome is final',
  answers: { 200: { description: 'Events; `end` is the last', type: 'text/event-stream' }, 404: notFound, 503: unavailable },
  async handle ({ params, headers, signal }, { executions }) {
    const id = idOf(params)
    await executions.read(id) // unknown or unreachable is an answer, not a stream that breaks
    const lastEventId = headers.get('last-event-id') ?? undefined
    return sendEvents(stop => story(executions.events(id, { lastEventId, signal: stop })), signal, `/v1/executions/${id}/events`)
  }
})

async function * story (events: ReturnType<ApiPorts['executions']['events']>): AsyncGenerator<SentEvent> {
  for await (const { id, type, at, data } of events) yield { id, event: type, data: { at, ...data } }
}

export const executionLogs = route({
  method: 'get',
  path: '/v1/executions/{id}/logs',
  summary: 'What its functions logged',
  answers: { 200: { description: 'Lines, oldest first', schema: z.array(log) }, 404: notFound, 503: unavailable },
  async handle ({ params }, { executions }) {
    return { status: 200, body: await executions.logs(idOf(params)) }
  }
})

export const cancelExecution = route({
  method: 'post',
  path: '/v1/executions/{id}/cancel',
  summary: 'Cancel it; the body may give a reason',
  body: { kind: 'text', limitBytes: 8192, type: 'application/json' },
  answers: { 202: { description: 'Recorded' }, 404: notFound, 409: { description: 'It has ended', schema: problem }, 503: unavailable },
  handle: cancel
})

async function cancel ({ params, body }: Asked<undefined, string>, { executions }: ApiPorts): Promise<Answer> {
  const { reason } = body.trim() === '' ? {} : check(cancelRequest, parseJson(body), 'the request body')
  const id = idOf(params)
  await executions.cancel(id, reason)
  return { status: 202, body: { id } }
}

/** Named so that scripts get an answer they can read, rather than "no such route". */
export const notBuiltYet = ['suspend', 'resume', 'restart', 'settle', 'explain'].map(verb => route({
  method: verb === 'explain' ? 'get' : 'post',
  path: `/v1/executions/{id}/${verb}`,
  summary: 'Not in this version',
  answers: { 501: { description: 'Not in this version', schema: problem } },
  handle: () => ({
    status: 501,
    headers: { 'content-type': 'application/problem+json' },
    body: {
      type: 'urn:flowmesh:problem:failed', title: 'Not in this version', status: 501, detail: `"${verb}" is not built yet`,
      instance: `/v1/executions/{id}/${verb}`, retrySafe: true
    }
  })
}))

const MAX_ID_CHARS = 200

function idOf ({ id = '' }: Record<string, string>): string {
  if (id.length > MAX_ID_CHARS) throw new InvalidInputError('this is no execution id', { field: 'id' })
  return id
}
