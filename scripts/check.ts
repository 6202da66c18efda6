/**
 * `npm run check`: the package as users get it. Packs the tarball, starts one peer with npx in an empty folder and two
 * more that join it, deploys on one, runs from the second, reads from the third, stops them. Needs npm's registry (or its
 * cache) for classic-level, the only dependency; so it is no part of `npm test`.
 */
import '../src/polyfill.js'
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

interface Ended { code: number | null, stdout: string, stderr: string }
interface Peer { child: ChildProcess, api: string, folder: string }

const READY_WITHIN_MS = 120_000
const FIRST = 'alice'
const NAMES = [FIRST, 'bob', 'carol']
const ORDER = 'order-1'

const folder = await mkdtemp(join(tmpdir(), 'flowmesh-check-'))
const peers: Peer[] = []
const say = (text: string): void => { console.log(`${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${text}`) }

try {
  await check()
  say('OK: the package deploys on one peer, runs from another, is read from the third')
} catch (err) {
  console.error(err instanceof Error ? err.message : err)
  process.exitCode = 1
} finally {
  for (const { child } of peers) signal(child, 'SIGKILL')
  await rm(folder, { recursive: true, force: true })
}

async function check (): Promise<void> {
  await succeeds('node', ['scripts/prepare.mjs', 'build'], process.cwd())
  const packed = await succeeds('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], process.cwd())
  const [{ filename, size, unpackedSize }] = JSON.parse(packed.stdout) as [{ filename: string, size: number, unpackedSize: number }]
  say(`packed ${filename}: ${(size / 1e6).toFixed(1)} MB, ${(unpackedSize / 1e6).toFixed(1)} MB unpacked`)

  const npx = (args: string[]): string[] => ['--yes', `./${filename}`, ...args]
  for (const name of NAMES) {
    const own = join(folder, name)
    await mkdir(own)
    await copyFile(join(folder, filename), join(own, filename))
    const joins = name === FIRST ? [] : ['--join', (await succeeds('npx', npx(['invite', '--state-dir', 'state']), peers[0]!.folder)).stdout.trim()]
    const from = performance.now()
    peers.push(await up(own, npx(['up', '--json', '--state-dir', 'state', '--name', name, '--domain', name, '--listen', '/ip4/127.0.0.1/tcp/0', ...joins])))
    say(`${name} is ready ${((performance.now() - from) / 1000).toFixed(1)} s after npx was called`)
  }
  const [first, second, third] = peers as [Peer, Peer, Peer]
  const examples = join(process.cwd(), 'examples', 'checkout')
  const deployed = await succeeds('npx', npx(['deploy', examples, '--state-dir', 'state']), first.folder)
  say(`deployed on ${FIRST}: ${deployed.stdout.trim().split('\n').length} names`)
  const run = await succeeds('npx', npx(['run', 'checkout', '--input', JSON.stringify({ order: ORDER }), '--state-dir', 'state']), second.folder)
  const id = /execution (\S+)/.exec(run.stderr)?.[1]
  if (id === undefined || (JSON.parse(run.stdout) as { order: string }).order !== ORDER) throw new Error(`run printed something else:\n${run.stdout}\n${run.stderr}`)
  const read = JSON.parse((await succeeds('npx', npx(['execution', id, '--json', '--state-dir', 'state']), third.folder)).stdout) as { status: string, final: boolean }
  if (read.status !== 'completed' || !read.final) throw new Error(`the third peer reads ${JSON.stringify(read)}`)
  say(`run from bob, read from carol: ${read.status}, final`)
  for (const { child } of peers.reverse()) {
    const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
    signal(child, 'SIGTERM')
    await ended
  }
  say('stopped')
}

/** A process group of its own: npx starts a shell that starts us, and a signal has to reach the last of them. */
async function up (cwd: string, args: string[]): Promise<Peer> {
  const child = spawn('npx', args, { cwd, env: environment(), stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  let said = ''
  child.stderr.on('data', (text: Buffer) => { said += text.toString() })
  return await new Promise((resolve, reject) => {
    const fail = (why: string): void => { clearTimeout(timer); signal(child, 'SIGKILL'); reject(new Error(`up in ${cwd} ${why}:\n${said}`)) }
    const timer = setTimeout(() => { fail(`was not ready in ${READY_WITHIN_MS} ms`) }, READY_WITHIN_MS)
    child.once('exit', code => { fail(`exited with ${code}`) })
    createInterface({ input: child.stdout }).once('line', line => {
      clearTimeout(timer)
      child.removeAllListeners('exit')
      resolve({ child, folder: cwd, api: (JSON.parse(line) as { api: string }).api })
    })
  })
}

async function succeeds (command: string, args: string[], cwd: string): Promise<Ended> {
  const child = spawn(command, args, { cwd, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (text: Buffer) => { said.stdout += text.toString() })
  child.stderr.on('data', (text: Buffer) => { said.stderr += text.toString() })
  const code = await new Promise<number | null>((resolve, reject) => { child.once('error', reject).once('close', resolve) })
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} exited with ${code}:\n${said.stderr}`)
  return { code, ...said }
}

/** What npm run sets for its own scripts would lead npx back to this package. */
function environment (): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|FLOWMESH_)/i.test(name)))
}

function signal ({ pid }: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, name)
  } catch {
    // it has ended
  }
}
