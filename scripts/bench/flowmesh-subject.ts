/**
 * Real peers of one build, started with the command line, asked over HTTP. Executions start at each peer in turn; in a mesh
 * not at its founder, the only controller, because their copies would all be elsewhere.
 */
import { LocalMesh, flowmesh, until } from '../support/local-mesh.js'
import type { LocalPeer } from '../support/local-mesh.js'
import { SOURCES } from './cases.js'
import type { Case } from './cases.js'
import { post } from './post.js'
import type { Subject, Usage } from './subject.js'

const NAMES = ['one', 'two', 'three']
const COMPLETED = Buffer.from('"status":"completed"')

export class FlowMeshSubject implements Subject {
  private turn = 0
  private readonly bodies = new Map<Case, string>()

  private constructor (readonly name: string, readonly mesh: LocalMesh, readonly peers: LocalPeer[], readonly copies: number, readonly readyMs: number) {}

  /** @param bin the command line of the build */
  static async start (name: string, bin: string, count: number, copies: number, env: Record<string, string> = {}): Promise<FlowMeshSubject> {
    const mesh = await LocalMesh.create(bin)
    const startedAt = performance.now()
    const first = await mesh.start({ name: NAMES[0]!, env })
    const readyMs = performance.now() - startedAt
    const others = count === 1 ? [] : await mesh.joinMesh(first, NAMES.slice(1, count), { env })
    const subject = new FlowMeshSubject(name, mesh, [first, ...others], copies, readyMs)
    const deployed = await flowmesh(['deploy', ...SOURCES, '--api', first.api])
    if (deployed.code !== 0) throw new Error(deployed.stderr)
    await until('every peer is ready for work', 20_000, async () => await subject.isReady())
    return subject
  }

  async run (what: Case): Promise<void> {
    const [first, ...others] = this.peers
    const at = others.length === 0 ? first! : others[this.turn++ % others.length]!
    await this.runAt(at, what)
  }

  async runAt (peer: LocalPeer, what: Case): Promise<void> {
    let body = this.bodies.get(what)
    if (body === undefined) this.bodies.set(what, body = JSON.stringify({ workflow: what.workflow, input: what.input, copies: this.copies }))
    const answer = await post(`${peer.api}/v1/executions?wait=60s`, body)
    if (answer.status !== 200 || !answer.body.includes(COMPLETED)) throw new Error(`${what.name}: ${answer.status} ${answer.body.subarray(0, 400).toString()}`)
  }

  async usage (): Promise<Usage> {
    const all = await Promise.all(this.peers.map(async peer => await countersOf(peer)))
    return {
      cpuMs: all.reduce((sum, each) => sum + (each['process_cpu_seconds'] ?? 0), 0) * 1000,
      rssMiB: Math.max(...all.map(each => each['process_resident_memory_bytes'] ?? 0)) / 2 ** 20,
      loopMs: Math.max(...all.map(each => each['flowmesh_event_loop_delay_ms'] ?? 0))
    }
  }

  async stop (): Promise<void> {
    for (const { name, process: { exitCode, signalCode }, log } of this.peers) {
      if (exitCode !== null || signalCode !== null) console.error(`peer ${name} of ${this.name} ended with ${exitCode ?? signalCode}:\n${log.slice(-20).join('\n')}`)
    }
    await this.mesh.close()
  }

  private async isReady (): Promise<true | undefined> {
    for (const { api } of this.peers) {
      const workflows = await get<{ name: string }[]>(`${api}/v1/workflows`)
      const sets = await get<{ copies: number, replicas: string[], whole: boolean }[]>(`${api}/v1/sets`)
      const whole = sets.filter(set => set.copies === this.copies && set.replicas.length === this.copies && set.whole)
      if (workflows.length < SOURCES.length - 1 || whole.length < this.peers.length) return undefined
    }
    return true
  }
}

/** A peer's metrics by name; those with labels are left out. */
export async function countersOf ({ api }: LocalPeer): Promise<Record<string, number>> {
  const text = await (await fetch(`${api}/metrics`)).text()
  return Object.fromEntries(text.split('\n').filter(line => /^\w+ \S+$/.test(line)).map(line => {
    const [name, value] = line.split(' ')
    return [name!, Number(value)]
  }))
}

async function get<T> (url: string): Promise<T> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return await response.json() as T
}
