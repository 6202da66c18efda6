/** The floor: processes that make the same syncs and the same round trips as the cases need, and nothing else. */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Case } from './cases.js'
import { post } from './post.js'
import type { Subject, Usage } from './subject.js'

const SCRIPT = fileURLToPath(new URL('./floor-process.js', import.meta.url))

interface FloorProcess { child: ChildProcess, folder: string, http: number, copies: number }

export class Floor implements Subject {
  readonly name = 'floor'
  private readonly bodies = new Map<Case, string>()
  private constructor (private readonly processes: FloorProcess[]) {}

  static async start (copies: number): Promise<Floor> {
    const second = copies > 1 ? [await startProcess([])] : []
    return new Floor([await startProcess(second.map(({ copies }) => String(copies))), ...second])
  }

  async run (what: Case): Promise<void> {
    let body = this.bodies.get(what)
    if (body === undefined) this.bodies.set(what, body = JSON.stringify({ phases: what.phases, input: what.input }))
    const answer = await post(`http://127.0.0.1:${this.processes[0]!.http}/`, body)
    if (answer.status !== 200) throw new Error(`floor: ${answer.status}`)
  }

  async usage (): Promise<Usage> {
    const all = await Promise.all(this.processes.map(async ({ http }) => await (await fetch(`http://127.0.0.1:${http}/usage`)).json() as Usage))
    return { cpuMs: all.reduce((sum, { cpuMs }) => sum + cpuMs, 0), rssMiB: Math.max(...all.map(({ rssMiB }) => rssMiB)), loopMs: 0 }
  }

  async stop (): Promise<void> {
    await Promise.all(this.processes.map(async ({ child, folder }) => {
      const exited = new Promise(resolve => child.once('exit', resolve))
      child.kill()
      await exited
      await rm(folder, { recursive: true })
    }))
  }
}

async function startProcess (args: string[]): Promise<FloorProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'flowmesh-floor-'))
  const child = spawn(process.execPath, [SCRIPT, folder, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const line = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', resolve)
    child.once('exit', code => { reject(new Error(`the floor's process exited with ${code}`)) })
  })
  return { child, folder, ...JSON.parse(line) as { http: number, copies: number } }
}
