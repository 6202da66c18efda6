/**
 * What gossipsub costs and loses as the carrier of checkpoints: `node build/scripts/spike-gossip.js [peers…]`, by default
 * 7 and 20. All peers are in one process and share one core, so latencies and losses are those of an overloaded machine;
 * bytes and counts are exact. The table it prints is in docs/decisions/0016-gossip.md.
 */
import '../src/polyfill.js'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { CERTIFICATE_TTL_MS, PeerMesh, signCertificate } from '../src/mesh/index.js'
import { MemoryStore } from '../src/store/index.js'
import type { Stream } from '@libp2p/interface'
import type { Membership } from '../src/mesh/index.js'

const TOPIC = 'spike'
const RECORD_BYTES = 600
const PER_SECOND = Number(process.env['PER_SECOND'] ?? 500)
const SECONDS = Number(process.env['SECONDS'] ?? 5)
const root = await mkdtemp(join(tmpdir(), 'flowmesh-spike-'))
const sleep = async (ms: number): Promise<void> => { await new Promise(resolve => setTimeout(resolve, ms)) }

/** A record: who, number, when it was offered, padding to its size. */
interface Cell { peers: PeerMesh[], offered: number, delivered: number, latencies: number[], seen: Set<string> }

/** Everything gossipsub handed to its streams. */
let wireBytes = 0

async function open (name: string, membership: Membership): Promise<PeerMesh> {
  const mesh = await PeerMesh.open({
    stateDir: join(root, name), store: new MemoryStore(), listen: ['/ip4/127.0.0.1/tcp/0'], membership, topics: [TOPIC],
      joinTimeoutMs: 60_000,
    facts: { name, region: 'r', zone: 'z', tier: 'edge', labels: {}, domain: name }, disk: name, incarnation: 1, nonce: 'n'
  })
  return mesh
}

async function grow (count: number): Promise<PeerMesh[]> {
  const founder = await open(`${count}-0`, { found: true })
  founder.setAuthority({
    isRevoked: () => false,
    renew: async () => ({ refused: 'notReady' }),
    admit: async ({ peer, facts: { tier } }) => ({
      certificate: await signCertificate(founder.meshPrivateKey!, {
        meshId: founder.meshId, peer, roles: ['peer'], tier, tenant: '', issuedAt: Date.now(),
          expiresAt: Date.now() + CERTIFICATE_TTL_MS
      })
    })
  })
  await founder.start()
  const token = founder.makeToken({ secret: randomBytes(16), expiresAt: Date.now() + 600_000 })
  const peers = [founder]
  for (let n = 1; n < count; n++) {
    const peer = await open(`${count}-${n}`, { join: true, token })
    await peer.start()
    peers.push(peer)
  }
  while (!peers.every(peer => peer.connected().length === count - 1)) await sleep(50)
  return peers
}

interface Pubsub { streamsOutbound: Map<string, { rawStream: Stream }>, getSubscribers (topic: string): unknown[] }
const pubsubOf = (mesh: PeerMesh): Pubsub => (mesh as unknown as { libp2p: { services: { pubsub: Pubsub } } }).libp2p.services.pubsub

function countBytes (peers: PeerMesh[]): void {
  for (const peer of peers) {
    for (const { rawStream } of pubsubOf(peer).streamsOutbound.values()) {
      const send = rawStream.send.bind(rawStream)
      rawStream.send = data => {
        wireBytes += data.byteLength
        return send(data)
      }
    }
  }
}

function onRecords (cell: Cell, at: number, body: Uint8Array): void {
  const view = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  for (let offset = 0; offset + RECORD_BYTES <= view.byteLength; offset += RECORD_BYTES) {
    const key = `${at}/${view.readUInt32BE(offset)}/${view.readUInt32BE(offset + 4)}`
    if (cell.seen.has(key)) continue
    cell.seen.add(key)
    cell.delivered++
    cell.latencies.push(performance.now() - view.readDoubleBE(offset + 8))
  }
}

function record (peer: number, n: number): Buffer {
  const bytes = randomBytes(RECORD_BYTES)
  bytes.writeUInt32BE(peer)
  bytes.writeUInt32BE(n, 4)
  bytes.writeDoubleBE(performance.now(), 8)
  return bytes
}

/** Offers records at the rate, round robin over the peers, each peer publishing what it gathered every `coalesceMs`. */
async function offer (cell: Cell, coalesceMs: number): Promise<void> {
  const { peers } = cell
  const waiting: Buffer[][] = peers.map(() => [])
  const flush = (at: number): void => {
    const batch = waiting[at]!.splice(0)
    if (batch.length > 0) peers[at]!.publish(TOPIC, Buffer.concat(batch)).catch(() => {})
  }
  const timers = coalesceMs === 0 ? [] : peers.map((_, at) => setInterval(() => { flush(at) }, coalesceMs))
  const startedAt = performance.now()
  while (cell.offered < PER_SECOND * SECONDS) {
    const due = Math.min(PER_SECOND * SECONDS, (performance.now() - startedAt) / 1000 * PER_SECOND)
    for (; cell.offered < due; cell.offered++) {
      const at = cell.offered % peers.length
      waiting[at]!.push(record(at, cell.offered))
      if (coalesceMs === 0) flush(at)
    }
    await sleep(5)
  }
  await sleep(coalesceMs)
  for (const timer of timers) clearInterval(timer)
  peers.forEach((_, at) => { flush(at) })
}

/** Until nothing has come for two seconds. */
async function quiet (cell: Cell): Promise<void> {
  for (let before = -1; before !== cell.delivered;) {
    before = cell.delivered
    await sleep(2_000)
  }
}

const quantile = (samples: number[], q: number): string => samples.length === 0 ? '-'
  : samples.sort((a, b) => a - b)[Math.floor(q * (samples.length - 1))]!.toFixed(0)

async function firstDelivery (peers: PeerMesh[]): Promise<string> {
  const deliveredAt = peers.slice(1).map(() => 0)
  const startedAt = performance.now()
  peers.forEach((peer, at) => {
    peer.subscribe(TOPIC, () => true, body => {
      if (current === undefined && at > 0) deliveredAt[at - 1] ||= performance.now() - startedAt
      if (current !== undefined) onRecords(current, at, body)
    })
  })
  while (deliveredAt.includes(0) && performance.now() - startedAt < 20_000) {
    await peers[0]!.publish(TOPIC, randomBytes(64))
    await sleep(5)
  }
  return `p50 ${quantile(deliveredAt, 0.5)} ms, last ${quantile(deliveredAt, 1)} ms${deliveredAt.includes(0) ? ' (some never)' : ''}`
}

let current: Cell | undefined
for (const count of process.argv.length > 2 ? process.argv.slice(2).map(Number) : [7, 20]) {
  const peers = await grow(count)
  console.log(`\n${count} peers: first delivery after everyone subscribed: ${await firstDelivery(peers)}`)
  console.log('coalesced  messages/s  lost of (records x receivers)  p50 ms  p99 ms  wire bytes/record  direct bytes/record  CPU ms/record')
  await sleep(3_000)
  countBytes(peers)
  for (const coalesceMs of [100, 250, 0]) {
    const cell: Cell = { peers, offered: 0, delivered: 0, latencies: [], seen: new Set() }
    current = cell
    const messagesBefore = peers.reduce((sum, peer) => sum + peer.counters.topic(TOPIC).sent, 0)
    const { user, system } = process.cpuUsage()
    const bytesBefore = wireBytes
    await offer(cell, coalesceMs)
    await quiet(cell)
    const after = process.cpuUsage()
    const messages = peers.reduce((sum, peer) => sum + peer.counters.topic(TOPIC).sent, 0) - messagesBefore
    const expected = cell.offered * (count - 1)
    console.log([
      `${coalesceMs} ms`.padEnd(9), String(Math.round(messages / SECONDS)).padStart(11),
        `${expected - cell.delivered} of ${expected}`.padStart(30),
      quantile(cell.latencies, 0.5).padStart(7), quantile(cell.latencies, 0.99).padStart(7),
        String(Math.round((wireBytes - bytesBefore) / cell.offered)).padStart(18),
      String((RECORD_BYTES + 20) * (count - 1)).padStart(20),
        ((after.user + after.system - user - system) / 1000 / cell.offered).toFixed(2).padStart(14)
    ].join(' '))
  }
  current = undefined
  await Promise.all(peers.map(async peer => { await peer.stop() }))
}
await rm(root, { recursive: true, force: true })
