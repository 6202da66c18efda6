/**
 * The ports of a peer in this process and in memory, for tests of the API's edge alone: what is checked, which status, how
 * events travel. That real peers answer so is shown by test/swarm/.
 */
import { ConflictError, NotFoundError } from '../../src/errors.js'
import type { ApiOptions, ApiPorts, RunningApi } from '../../src/api/ports.js'
import { startApi } from '../../src/api/server.js'
import { contentId } from '../../src/workflow/content-id.js'
import type { Control } from '../../src/control/port.js'
import { DEFAULT_SETTINGS } from '../../src/mesh-view.js'
import type { FunctionView, MeshView, WorkflowView } from '../../src/mesh-view.js'
import type { PeerEvent } from '../../src/peer-options.js'
import type { ExecutionEvent, Executions, ExecutionSummary, ExecutionView } from '../../src/sidecar/port.js'

export const SELF = '12D3KooWself'
export const OTHER = '12D3KooWother'

export interface InProcess {
  ports: ApiPorts
  /** What this peer knows; `decided` is what the control plane would tell it on a refresh. */ view: MeshView
  decided: { workflows: Map<string, WorkflowView>, functions: Map<string, FunctionView> }
  executions: Map<string, ExecutionView>
  story: ExecutionEvent[]
  storyBreaksAfter?: number
  refreshes: number
  emit (event: PeerEvent): void
  listeners: number
}

export function inProcess (overrides: Partial<ApiPorts> & { control?: Partial<Control>, executions?: Partial<Executions> } = {}): InProcess {
  const decided = { workflows: new Map<string, WorkflowView>(), functions: new Map<string, FunctionView>() }
  const view: MeshView = {
    index: 1, meshId: 'mesh-1', generation: 1, members: new Map(), sets: new Map([['s1', {
      name: 's1', region: 'eu', copies: 2, number: 3, members: [{ peer: SELF, disk: 'd1', joined: 1 }, { peer: OTHER, disk: 'd2', joined: 3 }], whole: [SELF]
    }]]), functions: new Map(), workflows: new Map(), controllers: [SELF], settings: DEFAULT_SETTINGS, policies: new Map()
  }
  const listeners = new Set<(event: PeerEvent) => void>()
  const blobs = new Set<string>()
  const peer: InProcess = {
    view, decided, executions: new Map(), story: [], refreshes: 0,
    emit (event) { for (const listener of listeners) listener(event) },
    get listeners () { return listeners.size },
    ports: {
      executions: { ...executionsOf(() => peer), ...overrides.executions },
      control: { ...controlOf(() => peer), ...overrides.control },
      mesh: {
        self: SELF, meshId: 'mesh-1', connected: () => [OTHER], known: () => [factsOf(SELF, 'one'), factsOf(OTHER, 'two')],
        facts: peer => factsOf(peer, peer === SELF ? 'one' : 'two'), rttMs: () => 1.5
      },
      blobs: {
        put: async bytes => { const cid = contentId(bytes); blobs.add(cid); return { cid, size: bytes.length } },
        has: async cid => blobs.has(cid)
      },
      metrics: async () => 'flowmesh_steps_total 7\n',
      readiness: () => ({ ready: true }),
      onEvent (listener) { listeners.add(listener); return () => { listeners.delete(listener) } },
      ...without(overrides)
    }
  }
  return peer
}

export async function serve (peer: InProcess, options: Partial<ApiOptions> = {}): Promise<RunningApi> {
  return await startApi({ host: '127.0.0.1', port: 0, ...options }, peer.ports)
}

export function executionOf (id: string, more: Partial<ExecutionView> = {}): ExecutionView {
  return {
    id, workflow: 'default/checkout', version: '1.0.0', plan: 'bafk', status: 'completed', final: true, input: null, output: { ok: true },
    startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:00:00.040Z', epoch: '3.1', set: { name: 's1', number: 3, replicas: [SELF, OTHER] },
    tasks: [{ task: '/do/0/pay', branch: '', step: 1, attempt: 1, status: 'completed', peer: OTHER, epoch: '3.1', startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:00:00.030Z' }],
    ...more
  }
}

/** A list shows no tasks, outputs or reasons. */
function summaryOf ({ id, workflow, version, status, final, startedAt, endedAt, set }: ExecutionView): ExecutionSummary {
  return { id, workflow, version, status, final, startedAt, ...(endedAt === undefined ? {} : { endedAt }), set }
}

export function workflow (name: string, version = '1.0.0', namespace = 'default'): WorkflowView {
  return { namespace, name, version, plan: 'bafk', source: `# ${name}`, deployedBy: SELF, copies: 2 }
}

function without ({ executions: _, control: __, ...rest }: Partial<ApiPorts>): Partial<ApiPorts> { return rest }

function factsOf (peer: string, name: string): ReturnType<ApiPorts['mesh']['known']>[number] {
  return { peer, name, region: 'eu', zone: 'a', tier: 'edge', labels: {}, domain: name, addresses: [`/ip4/127.0.0.1/tcp/4001/p2p/${peer}`] }
}

function executionsOf (peer: () => InProcess): Executions {
  const find = (id: string): ExecutionView => {
    const found = peer().executions.get(id)
    if (found === undefined) throw new NotFoundError(`no execution ${id}`)
    return found
  }
  return {
    async start ({ workflow, key, input }) {
      if (![...peer().view.workflows.values()].some(({ name }) => name === workflow)) throw new NotFoundError(`no workflow "${workflow}"`)
      const id = key ?? `s1.${peer().executions.size}`
      const before = peer().executions.get(id)
      if (before !== undefined && JSON.stringify(before.input) !== JSON.stringify(input ?? null)) throw new ConflictError(`key "${key}" has another input`)
      peer().executions.set(id, executionOf(id, { workflow, input: input ?? null }))
      return { id }
    },
    waitFinal: async id => find(id),
    read: async id => find(id),
    list: async ({ limit }) => ({ executions: [...peer().executions.values()].slice(0, limit).map(summaryOf), answered: 2, peers: 3 }),
    async * events (id, { lastEventId }) {
      const after = lastEventId === undefined ? 0 : peer().story.findIndex(event => event.id === lastEventId) + 1
      for (const [index, event] of peer().story.slice(after).entries()) {
        if (index === peer().storyBreaksAfter) {
          peer().storyBreaksAfter = undefined
          throw new Error('the link broke')
        }
        yield event
      }
    },
    async cancel (id) { peer().executions.set(id, { ...find(id), status: 'cancelled' }) },
    logs: async id => { find(id); return [{ task: '/do/0/pay', attempt: 1, peer: SELF, at: '2026-01-01T00:00:00Z', level: 'info', text: 'hello' }] }
  }
}

function controlOf (peer: () => InProcess): Control {
  return {
    view: () => peer().view,
    onChange () {},
    async refresh () {
      peer().refreshes++
      for (const [key, value] of peer().decided.workflows) (peer().view.workflows as Map<string, WorkflowView>).set(key, value)
      for (const [key, value] of peer().decided.functions) (peer().view.functions as Map<string, FunctionView>).set(key, value)
      return peer().view
    },
    staleMs: () => 12.3,
    async deployFunction (manifest) {
      const key = `${manifest.name}:${manifest.version}`
      const before = peer().view.functions.get(key)
      if (before !== undefined && before.manifest.artefact !== manifest.artefact) throw new ConflictError(`function ${key} exists with other content`)
      ;(peer().view.functions as Map<string, FunctionView>).set(key, { manifest, cid: manifest.artefact, deployedBy: SELF })
      return { cid: manifest.artefact, created: before === undefined }
    },
    async deployWorkflow (source) {
      const created = !peer().view.workflows.has('default/checkout:1.0.0')
      ;(peer().view.workflows as Map<string, WorkflowView>).set('default/checkout:1.0.0', { ...workflow('checkout'), source })
      return { namespace: 'default', name: 'checkout', version: '1.0.0', plan: 'bafk', created, warnings: [] }
    },
    invite: async () => ({ token: 'token-1', expiresAt: Date.UTC(2026, 0, 2) }),
    intend: async (_, by) => ({ holder: by }),
    bindKey: async (_, __, id, inputHash) => ({ id, inputHash, pending: true }),
    async confirmKey () {},
    rebindKey: async (_, __, ___, id) => ({ id, inputHash: '', pending: true }),
    async retire () {},
    async configure () {},
    async reportWhole () {},
    leave: async () => true,
    status: () => ({ term: 1, leader: SELF, voters: [SELF], learners: [], commitIndex: 9, quorum: true }),
    liveness: () => new Map(),
    loads: () => new Map([[SELF, 0.25]])
  }
}
