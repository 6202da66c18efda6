/** What the mesh is: peers, replica sets, the control plane, invitations, and its events. */
import { z } from 'zod'
import { NotFoundError } from '../../errors.js'
import type { MemberView, ReplicaSetView } from '../../mesh-view.js'
import type { PeerEvent } from '../../peer-options.js'
import { afterCatchUp } from '../catch-up.js'
import type { ApiPorts } from '../ports.js'
import { route } from '../route.js'
import { controlView, invite, inviteRequest, peerView, problem, setView } from '../schemas.js'
import { sendEvents } from '../sse.js'
import type { SentEvent } from '../sse.js'

type Peer = z.infer<typeof peerView>

export const listPeers = route({
  method: 'get',
  path: '/v1/peers',
  summary: 'Every peer this one knows, itself included',
  answers: { 200: { description: 'By name', schema: z.array(peerView) } },
  handle: (_, ports) => ({ status: 200, body: peersOf(ports) })
})

export const readPeer = route({
  method: 'get',
  path: '/v1/peers/{id}',
  summary: 'One peer, by its id or its name',
  answers: { 200: { description: 'The peer', schema: peerView }, 404: { description: 'No such peer', schema: problem } },
  handle: async ({ params }, ports) => ({
    status: 200,
    body: await afterCatchUp(ports.control, () => {
      const wanted = params['id'] ?? ''
      const all = peersOf(ports)
      const found = all.find(({ peer }) => peer === wanted) ?? all.find(({ name }) => name === wanted)
      if (found === undefined) throw new NotFoundError(`no peer "${wanted}"; GET /v1/peers lists those this peer knows`)
      return found
    })
  })
})

function peersOf (ports: ApiPorts): Peer[] {
  const view = ports.control.view()
  const ids = new Set([ports.mesh.self, ...view.members.keys(), ...ports.mesh.known().map(({ peer }) => peer)])
  const connected = new Set(ports.mesh.connected())
  return [...ids]
    .map(peer => showPeer(peer, view.members.get(peer), connected, ports))
    .sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : a.peer < b.peer ? -1 : 1)
}

function showPeer (peer: string, member: MemberView | undefined, connected: Set<string>, ports: ApiPorts): Peer {
  const { mesh, control } = ports
  const facts = mesh.facts(peer) ?? member
  const { voters, learners } = control.status()
  return {
    peer,
    name: facts?.name ?? '',
    region: facts?.region ?? '',
    zone: facts?.zone ?? '',
    tier: facts?.tier ?? 'edge',
    domain: facts?.domain ?? '',
    labels: facts?.labels ?? {},
    roles: member?.roles ?? [],
    status: statusOf(peer, member, connected, ports),
    controller: voters.includes(peer) || learners.includes(peer),
    resources: ports.resources?.(peer) ?? null,
    load: control.loads().get(peer) ?? null,
    rttMs: peer === mesh.self ? 0 : mesh.rttMs(peer) ?? null,
    addresses: facts?.addresses ?? []
  }
}

/** A leader not heard for so long says nothing about who lives now, ms. */
const LEADER_SILENT_MS = 5000

/** The leader's word first; where there is none lately, what this peer's own connections say. */
function statusOf (peer: string, member: MemberView | undefined, connected: Set<string>, { mesh, control }: ApiPorts): Peer['status'] {
  if (peer === mesh.self) return 'alive'
  if (member?.left === true) return 'left'
  const word = control.staleMs() < LEADER_SILENT_MS ? control.liveness().get(peer) : undefined
  return word ?? (connected.has(peer) ? 'alive' : 'suspect')
}

export const listSets = route({
  method: 'get',
  path: '/v1/sets',
  summary: 'Replica sets: who keeps what',
  answers: { 200: { description: 'By name', schema: z.array(setView) } },
  handle: (_, ports) => ({
    status: 200,
    body: [...ports.control.view().sets.values()].sort((a, b) => a.name < b.name ? -1 : 1).map(set => showSet(set, ports))
  })
})

export const readSet = route({
  method: 'get',
  path: '/v1/sets/{id}',
  summary: 'One replica set, by its name',
  answers: { 200: { description: 'The set', schema: setView }, 404: { description: 'No such set', schema: problem } },
  handle: async ({ params }, ports) => ({
    status: 200,
    body: await afterCatchUp(ports.control, () => {
      const set = ports.control.view().sets.get(params['id'] ?? '')
      if (set === undefined) throw new NotFoundError(`no replica set "${params['id']}"; GET /v1/sets lists them`)
      return showSet(set, ports)
    })
  })
})

function showSet (set: ReplicaSetView, { executionsIn }: ApiPorts): z.infer<typeof setView> {
  const members = set.members.map(member => ({ ...member, whole: set.whole.includes(member.peer) }))
  return {
    name: set.name,
    number: set.number,
    region: set.region,
    copies: set.copies,
    replicas: members.map(({ peer }) => peer),
    whole: members.every(({ whole }) => whole),
    executions: executionsIn?.(set.name) ?? null,
    members
  }
}

export const readControl = route({
  method: 'get',
  path: '/v1/control',
  summary: 'The group that decides: leader, members, whether it has a quorum',
  answers: { 200: { description: 'As this peer knows it', schema: controlView } },
  handle: (_, { control, mesh }) => {
    const staleMs = control.staleMs()
    const { generation } = control.view()
    return {
      status: 200,
      body: { mesh: mesh.meshId, generation, ...control.status(), staleMs: Number.isFinite(staleMs) ? Math.round(staleMs) : null }
    }
  }
})

export const createInvite = route<undefined, z.infer<typeof inviteRequest>>({
  method: 'post',
  path: '/v1/invites',
  summary: 'A token with which peers may join',
  body: { kind: 'json', schema: inviteRequest, limitBytes: 8192 },
  answers: {
    201: { description: 'The token; it is shown only now', schema: invite },
    403: { description: 'This peer may not invite for that role', schema: problem },
    503: { description: 'The control plane cannot decide now', schema: problem }
  },
  async handle ({ body: { role, uses, ttl } }, { control }) {
    const { token, expiresAt } = await control.invite({ role, uses, ttlMs: ttl })
    return { status: 201, body: { token, expiresAt: new Date(expiresAt).toISOString() } }
  }
})

export const followMesh = route({
  method: 'get',
  path: '/v1/events/stream',
  summary: 'Changes of the mesh as server-sent events: peers, leader, deployments, takeovers',
  answers: { 200: { description: 'Events from now on', type: 'text/event-stream' } },
  handle: ({ signal }, ports) => sendEvents(stop => meshEvents(ports, stop), signal, '/v1/events/stream')
})

/** Events a reader has not taken yet; a slower one loses the oldest and is told how many. */
const MAX_WAITING_EVENTS = 1000

async function * meshEvents (ports: ApiPorts, signal: AbortSignal): AsyncGenerator<SentEvent> {
  const waiting: PeerEvent[] = []
  let lost = 0
  let wake = (): void => {}
  const stop = ports.onEvent(event => {
    if (waiting.push(event) > MAX_WAITING_EVENTS) {
      waiting.shift()
      lost++
    }
    wake()
  })
  signal.addEventListener('abort', () => { stop(); wake() }, { once: true })
  try {
    while (!signal.aborted) {
      if (lost > 0) yield { event: 'lost', data: { events: lost } }
      lost = 0
      const next = waiting.shift()
      if (next !== undefined) yield { event: next.event, data: next }
      else await new Promise<void>(resolve => { wake = resolve })
    }
  } finally {
    stop()
  }
}
