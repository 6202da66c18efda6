/**
 * Real peers of one machine for the demo, benches and tests: each a process started with the real command line, in a
 * state directory of its own below one temporary folder.
 */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { endsWithThis } from './children.js'

export interface LocalPeer {
  name: string
  peer: string
  api: string
  addresses: string[]
  stateDir: string
  process: ChildProcess
  /** Lines of stderr, the last 200. */ log: string[]
  /** What `up --json` prints after it is ready. */ onEvent: (listener: (event: PeerLine) => void) => void
}

export interface PeerLine { event: string, [field: string]: unknown }

export interface StartOptions { name: string, join?: string, args?: string[], env?: Record<string, string>, stateDir?: string, readyWithinMs?: number }

const BIN = join(process.cwd(), 'dist', 'flowmesh.js')

export class LocalMesh {
  readonly peers = new Map<string, LocalPeer>()
  /** Every process not yet ended, also those that never became ready. */ private readonly running = new Set<ChildProcess>()

  private constructor (readonly folder: string, private readonly bin: string) {}

  /** @param bin another build's command line, where builds are compared */
  static async create (bin = BIN): Promise<LocalMesh> {
    return new LocalMesh(await mkdtemp(join(tmpdir(), 'flowmesh-')), bin)
  }

  /** Starts a peer, or starts a dead one again on its old state. Resolves when it says it is ready. */
  async start (options: StartOptions): Promise<LocalPeer> {
    const stateDir = options.stateDir ?? join(this.folder, options.name)
    const join_ = options.join === undefined ? [] : ['--join', options.join]
    const args = [this.bin, 'up', '--json', '--state-dir', stateDir, '--name', options.name, '--domain', options.name,
      '--listen', '/ip4/127.0.0.1/tcp/0', ...join_, ...(options.args ?? [])]
    const child = endsWithThis(spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } }))
    this.running.add(child)
    child.once('exit', () => { this.running.delete(child) })
    const log = keepLog(child)
    const ready = await firstReady(child, options.readyWithinMs ?? 20_000, log, options.name)
    const peer = { name: options.name, stateDir, process: child, log, ...ready }
    this.peers.set(options.name, peer)
    return peer
  }

  /** Three peers (or the names given): the first founds, the others join with its tokens. */
  async startMesh (names: string[], options: Omit<StartOptions, 'name' | 'join'> = {}): Promise<LocalPeer[]> {
    const [first, ...rest] = names
    const founder = await this.start({ ...options, name: first! })
    return [founder, ...await this.joinMesh(founder, rest, options)]
  }

  async joinMesh (member: LocalPeer, names: string[], options: Omit<StartOptions, 'name' | 'join'> = {}): Promise<LocalPeer[]> {
    return await Promise.all(names.map(async name => this.start({ ...options, name, join: await invite(member.api) })))
  }

  peer (name: string): LocalPeer {
    const peer = this.peers.get(name)
    if (peer === undefined) throw new Error(`no peer ${name}`)
    return peer
  }

  async kill (name: string, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { process: child } = this.peer(name)
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = new Promise(resolve => child.once('exit', resolve))
    child.kill(signal)
    await exited
  }

  /** Ends every peer (politely, then not) and removes the folder. */
  async close (): Promise<void> {
    await Promise.all([...this.peers.keys()].map(async name => {
      const timer = setTimeout(() => { this.peer(name).process.kill('SIGKILL') }, 12_000)
      await this.kill(name, 'SIGTERM')
      clearTimeout(timer)
    }))
    await Promise.all([...this.running].map(async child => {
      const exited = once(child, 'exit') // until then it writes into the folder
      child.kill('SIGKILL')
      await exited
    }))
    await rm(this.folder, { recursive: true, force: true })
  }
}

export async function invite (api: string): Promise<string> {
  const response = await fetch(`${api}/v1/invites`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' })
  if (!response.ok) throw new Error(`invite: ${response.status} ${await response.text()}`)
  return (await response.json() as { token: string }).token
}

/** Runs a verb of the real command line to its end. */
export async function flowmesh (args: string[], env: Record<string, string> = {}): Promise<{ code: number | null, stdout: string, stderr: string }> {
  const child = endsWithThis(spawn(process.execPath, [BIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } }))
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', text => { stdout += text })
  child.stderr.setEncoding('utf8').on('data', text => { stderr += text })
  const code = await new Promise<number | null>((resolve, reject) => { child.once('close', resolve).once('error', reject) })
  return { code, stdout, stderr }
}

/** Waits until `probe` gives something; `what` names it in the error. */
export async function until<T> (what: string, withinMs: number, probe: () => Promise<T | undefined>): Promise<T> {
  const end = Date.now() + withinMs
  let last: unknown
  while (Date.now() < end) {
    try {
      const found = await probe()
      if (found !== undefined) return found
    } catch (err) { last = err }
    await new Promise(resolve => setTimeout(resolve, 50))
  }
  throw new Error(`${what}: not within ${withinMs} ms`, { cause: last })
}

function keepLog (child: ChildProcess): string[] {
  const log: string[] = []
  createInterface({ input: child.stderr! }).on('line', line => {
    log.push(line)
    if (log.length > 200) log.shift()
  })
  return log
}

async function firstReady (child: ChildProcess, withinMs: number, log: string[], name: string): Promise<Pick<LocalPeer, 'peer' | 'api' | 'addresses' | 'onEvent'>> {
  return await new Promise((resolve, reject) => {
    const timer = setTimeout(() => { child.kill('SIGKILL'); fail(`not ready within ${withinMs} ms`) }, withinMs)
    const fail = (why: string): void => {
      clearTimeout(timer)
      reject(new Error(`peer ${name}: ${why}\n${log.join('\n')}`))
    }
    child.once('exit', code => { fail(`exited with ${code}`) })
    const listeners: ((event: PeerLine) => void)[] = []
    createInterface({ input: child.stdout! }).on('line', line => {
      const event = JSON.parse(line) as PeerLine
      if (event.event !== 'ready') {
        for (const listener of listeners) listener(event)
        return
      }
      clearTimeout(timer)
      const { peer, api, addresses } = event as unknown as { peer: string, api: string, addresses: string[] }
      resolve({ peer, api, addresses, onEvent: listener => { listeners.push(listener) } })
    })
  })
}
