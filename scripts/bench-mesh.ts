/**
 * What the mesh alone costs: `node build/scripts/bench-mesh.js`. One process a peer, on loopback: start, session calls of
 * 200 bytes at 1 and 32 at once, calls beside bulk data, memory and processor when idle. Prints a line a figure.
 */
import '../src/polyfill.js'
import { fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CERTIFICATE_TTL_MS, PeerMesh, signCertificate } from '../src/mesh/index.js'
import { MemoryStore } from '../src/store/index.js'
import type { Membership } from '../src/mesh/index.js'

const IDLE_MS = Number(process.env['IDLE_MS'] ?? 20_000)
const script = fileURLToPath(import.meta.url)

async function openPeer (name: string, membership: Membership): Promise<{ mesh: PeerMesh, stateDir: string }> {
  const stateDir = await mkdtemp(join(tmpdir(), 'flowmesh-bench-'))
  const mesh = await PeerMesh.open({
    stateDir, store: new MemoryStore(), listen: ['/ip4/127.0.0.1/tcp/0'], membership,
    facts: { name, region: 'r', zone: 'z', tier: 'edge', labels: {}, domain: name }, disk: name, incarnation: 1, nonce: 'n'
  })
  mesh.onRequest('echo', body => body)
  return { mesh, stateDir }
}

function cpuMs (): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

function quantiles (samples: number[]): string {
  const sorted = [...samples].sort((a, b) => a - b)
  const at = (q: number): string => sorted[Math.floor(q * (sorted.length - 1))]!.toFixed(2)
  return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms`
}

async function calls (mesh: PeerMesh, peer: string, atOnce: number, ms: number): Promise<{ samples: number[],
  perSecond: number, cpu: number }> {
  const body = randomBytes(200)
  const samples: number[] = []
  const startedAt = performance.now()
  const cpuBefore = cpuMs()
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (performance.now() - startedAt < ms) {
      const before = performance.now()
      await mesh.request(peer, 'echo', body, { deadlineMs: 10_000 })
      samples.push(performance.now() - before)
    }
  }))
  const elapsed = performance.now() - startedAt
  return { samples, perSecond: samples.length / elapsed * 1000, cpu: (cpuMs() - cpuBefore) / samples.length }
}

async function idle (ms: number): Promise<string> {
  await new Promise(resolve => setTimeout(resolve, 2_000))
  const before = cpuMs()
  await new Promise(resolve => setTimeout(resolve, ms))
  const share = (cpuMs() - before) / ms * 100
  return `${share.toFixed(2)} % of a core, ${(process.memoryUsage().rss / 2 ** 20).toFixed(0)} MiB`
}

async function child (token: string): Promise<void> {
  const { mesh, stateDir } = await openPeer('child', { join: true, token })
  await mesh.start()
  process.once('message', () => {
    void idle(IDLE_MS).then(async report => {
      process.send?.(report)
      await mesh.stop()
      await rm(stateDir, { recursive: true })
      process.disconnect()
    })
  })
}

async function parent (): Promise<void> {
  const startedAt = performance.now()
  const { mesh, stateDir } = await openPeer('parent', { found: true, open: process.env['OPEN'] === '1' })
  await mesh.start()
  console.log(`found and start          ${(performance.now() - startedAt).toFixed(0)} ms (process up for ${(process.uptime() * 1000).toFixed(0)} ms)`)
  mesh.setAuthority({
    isRevoked: () => false,
    renew: async () => ({ refused: 'notReady' }),
    admit: async ({ peer, facts: { tier } }) => ({
      certificate: await signCertificate(mesh.meshPrivateKey!, {
        meshId: mesh.meshId, peer, roles: ['peer'], tier, tenant: '', issuedAt: Date.now(),
          expiresAt: Date.now() + CERTIFICATE_TTL_MS
      })
    })
  })
  const connected = new Promise<string>(resolve => { mesh.onConnect(resolve) })
  const forkedAt = performance.now()
  const other = fork(script, ['child', mesh.makeToken({ secret: randomBytes(16), expiresAt: Date.now() + 60_000 })])
  const peer = await connected
  console.log(`fork, join and connect   ${(performance.now() - forkedAt).toFixed(0)} ms`)
  console.log(`idle before any call     ${await idle(IDLE_MS)}`)
  await calls(mesh, peer, 8, 1_000)
  for (const atOnce of [1, 32]) {
    const { samples, perSecond, cpu } = await calls(mesh, peer, atOnce, 4_000)
    console.log(`calls, ${String(atOnce).padStart(2)} at once        ${quantiles(samples)}, ${perSecond.toFixed(0)}/s, ${cpu.toFixed(3)} CPU ms a call here`)
  }
  await besideBulk(mesh, peer)
  const report = new Promise(resolve => { other.once('message', resolve) })
  other.send('idle')
  const own = await idle(IDLE_MS)
  console.log(`idle after the calls     ${own}; the other: ${String(await report)}`)
  await mesh.stop()
  await rm(stateDir, { recursive: true })
}

async function besideBulk (mesh: PeerMesh, peer: string): Promise<void> {
  const body = randomBytes(256 * 1024)
  let running = true
  let sent = 0
  const bulk = Array.from({ length: 4 }, async () => {
    while (running) {
      await mesh.request(peer, 'echo', body, { channel: 'bulk', deadlineMs: 10_000 })
      sent += 2 * body.byteLength
    }
  })
  const { samples } = await calls(mesh, peer, 1, 3_000)
  running = false
  await Promise.all(bulk)
  console.log(`calls beside bulk        ${quantiles(samples)}; bulk ${(sent / 3 / 2 ** 20).toFixed(0)} MiB/s both ways`)
}

if (process.argv[2] === 'child') await child(process.argv[3]!)
else await parent()
