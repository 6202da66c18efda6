/**
 * Real peers for a suite of tests: started before it, ended and removed after it whatever happened; when a test fails,
 * what the peers said is printed. And the neighbour: an execution in the middle of its work that has to end.
 */
import '../../src/polyfill.js'
import '../support/ends-with-parent.js'
import { expect } from 'chai'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { flowmesh, LocalMesh, until } from '../../scripts/support/local-mesh.js'
import type { LocalPeer, StartOptions } from '../../scripts/support/local-mesh.js'
import type { ExecutionView } from '../../src/sidecar/port.js'
import { Outside } from './outside.js'

export const TESTDATA = join(process.cwd(), 'test', 'testdata', 'swarm')
const ENDED = new Set(['completed', 'faulted', 'cancelled'])
/** Far above what anything here takes, below what mocha allows. */
const END_WITHIN_MS = 60_000

export interface Answer<T> { status: number, body: T, headers: Headers }
export interface Problem { status: number, detail: string, field?: string, line?: number, owes?: string[] }

/** What a suite uses; made anew by its first hook. */
export class Swarm {
  mesh!: LocalMesh
  outside!: Outside
  /** For files a test writes. */ folder!: string

  peer (name: string): LocalPeer { return this.mesh.peer(name) }

  async call<T = Problem> (name: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer<T>> {
    const sent = body === undefined ? undefined : typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body)
    const response = await fetch(this.peer(name).api + path, {
      method, headers: { 'content-type': 'application/json', ...headers }, ...(sent === undefined ? {} : { body: sent }), signal: AbortSignal.timeout(40_000)
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: (text === '' ? undefined : JSON.parse(text)) as T }
  }

  /** Starts an execution by the API of a peer. */
  async start (name: string, workflow: string, input?: unknown, more: Record<string, unknown> = {}): Promise<string> {
    const { status, body } = await this.call<{ id: string }>(name, 'POST', '/v1/executions', { workflow, input, ...more })
    if (status !== 202) throw new Error(`start of ${workflow} at ${name}: ${status} ${JSON.stringify(body)}`)
    return body.id
  }

  /** The execution once it has ended and its outcome is final, read from a peer. */
  async ended (name: string, id: string, withinMs = END_WITHIN_MS): Promise<ExecutionView> {
    let last: ExecutionView | undefined
    return await until(`${id} ends`, withinMs, async () => {
      const { status, body } = await this.call<ExecutionView>(name, 'GET', `/v1/executions/${id}`)
      if (status === 200) last = body
      return status === 200 && body.final && ENDED.has(body.status) ? body : undefined
    }).catch((err: unknown) => { throw new Error(`${(err as Error).message}; last seen: ${JSON.stringify(last)}`, { cause: err }) })
  }

  async run (name: string, workflow: string, input?: unknown): Promise<ExecutionView> {
    return await this.ended(name, await this.start(name, workflow, input))
  }

  /** Deploys files or folders with the command line, through one peer. */
  async deploy (name: string, ...paths: string[]): Promise<void> {
    const { code, stderr } = await flowmesh(['deploy', ...paths, '--api', this.peer(name).api])
    if (code !== 0) throw new Error(`deploy: ${stderr}`)
  }

  /** Deploys a workflow given as text (its `do` and what follows), named as it is given. */
  async workflow (at: string, name: string, text: string): Promise<void> {
    const { status, body } = await this.call(at, 'POST', '/v1/workflows', `document: { dsl: 1.0.3, namespace: test, name: ${name}, version: 1.0.0 }\n${text}`, { 'content-type': 'application/yaml' })
    if (status !== 201) throw new Error(`deploy of ${name}: ${JSON.stringify(body)}`)
  }

  async write (file: string, text: string): Promise<string> {
    const path = join(this.folder, file)
    await writeFile(path, text)
    return path
  }

  async setsWhole (copies = 2): Promise<void> {
    await until('replica sets are whole', 30_000, async () => {
      for (const name of this.living()) {
        const { body: sets } = await this.call<{ copies: number, replicas: string[], whole: boolean }[]>(name, 'GET', '/v1/sets')
        if (sets.filter(set => set.copies === copies && set.replicas.length === copies && set.whole).length < this.living().length) return undefined
      }
      return true
    })
  }

  /** After peers were away, the control plane moves one set back to the two that are not the founder. */
  async setWithout (founder: string): Promise<void> {
    const [asked] = this.living().filter(name => name !== founder)
    await until(`a whole set that ${founder} is not in`, 40_000, async () => {
      const { body } = await this.call<{ copies: number, replicas: string[], whole: boolean }[]>(asked!, 'GET', '/v1/sets')
      const free = body.some(set => set.copies === 2 && set.whole && set.replicas.length === 2 && !set.replicas.includes(this.peer(founder).peer))
      return free ? true : undefined
    })
  }

  living (): string[] {
    return [...this.mesh.peers.values()].filter(({ process: { exitCode, signalCode } }) => exitCode === null && signalCode === null).map(({ name }) => name)
  }

  /** The name of a peer id. */
  nameOf (peer: string | undefined): string {
    return [...this.mesh.peers.values()].find(each => each.peer === peer)?.name ?? `stranger ${peer}`
  }

  /** An execution started now that stands in its middle step when this resolves. */
  async neighbour (at: string): Promise<Neighbour> {
    this.outside.hold('middle')
    const id = await this.start(at, 'neighbour', { outside: this.outside.url })
    await this.outside.visited(id, 'middle')
    return new Neighbour(this, id)
  }
}

export class Neighbour {
  constructor (private readonly swarm: Swarm, readonly id: string) {}

  /** Lets it go on; fails unless it ends as it should, with one key for each of its three calls. */
  async ends (readAt: string): Promise<ExecutionView> {
    const before = this.swarm.outside.of(this.id).map(({ at }) => at)
    this.swarm.outside.release('middle')
    const view = await this.swarm.ended(readAt, this.id)
    expect(before, 'it ran beside').to.include('middle').and.not.to.include('last')
    expect(view, JSON.stringify(view)).to.include({ status: 'completed' })
    expect(this.swarm.outside.keys(this.id).size).to.equal(3)
    return view
  }
}

/** Peers of these names, joined, with whole replica sets and the neighbour deployed; for the suite this is called in. */
export function swarmOf (names: string[], options: Omit<StartOptions, 'name' | 'join'> = {}): Swarm {
  const swarm = new Swarm()
  before(async function () {
    this.timeout(120_000)
    swarm.folder = await mkdtemp(join(tmpdir(), 'flowmesh-swarm-'))
    swarm.outside = await Outside.start()
    swarm.mesh = await LocalMesh.create()
    await swarm.mesh.startMesh(names, options)
    await swarm.deploy(names[0]!, TESTDATA)
    if (names.length > 1) await swarm.setsWhole()
  })
  afterEach(function () {
    swarm.outside.release('middle')
    if (this.currentTest?.state !== 'failed') return
    for (const { name, log, process: { exitCode, signalCode } } of swarm.mesh.peers.values()) {
      console.log(`--- ${name} (${exitCode ?? signalCode ?? 'alive'}):\n${log.slice(-30).join('\n')}`)
    }
  })
  after(async function () {
    this.timeout(60_000)
    // What was not made, because an earlier step failed, needs no end.
    await (swarm.mesh as LocalMesh | undefined)?.close()
    await (swarm.outside as Outside | undefined)?.close()
    if (swarm.folder !== undefined) await rm(swarm.folder, { recursive: true, force: true })
  })
  return swarm
}
