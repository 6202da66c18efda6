/**
 * A peer that was let in and sends garbage: on every kind of session message, on every topic, as frames and as sizes. The
 * honest peers stay up, count it, and what runs on them ends.
 */
import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { invite, until } from '../../scripts/support/local-mesh.js'
import { seeded } from '../../scripts/support/seeded.js'
import { RING_TOPICS } from '../../src/checkpoint/index.js'
import { KINDS } from '../../src/control/service.js'
import { MAX_GOSSIP_BYTES } from '../../src/limits.js'
import { PeerMesh } from '../../src/mesh/index.js'
import { SESSION_PROTOCOLS } from '../../src/mesh/sessions.js'
import { MemoryStore } from '../../src/store/index.js'
import type { Libp2p, Stream } from '@libp2p/interface'
import { swarmOf } from './suite.js'

const NAMES = ['north', 'south', 'east']
const SEED = 7
const PER_KIND = 12

/** Every kind of request and message that any folder serves. */
function kindsServed (): string[] {
  const texts = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).map(file => readFileSync(join('src', file), 'utf8'))
  return [...new Set([...texts.flatMap(text => [...text.matchAll(/_KIND = '([^']+)'/g)].map(([, kind]) => kind!)), ...KINDS])]
}

describe('swarm: a hostile peer', function () {
  this.timeout(90_000)
  const swarm = swarmOf(NAMES)
  const random = seeded(SEED)
  let hostile: PeerMesh

  beforeEach(async () => {
    hostile = await PeerMesh.open({
      stateDir: join(swarm.folder, `hostile-${Math.floor(random() * 1e9)}`), store: new MemoryStore(), listen: ['/ip4/127.0.0.1/tcp/0'],
      facts: { name: 'hostile', region: 'default', zone: 'default', tier: 'edge', labels: {}, domain: 'hostile' },
      disk: 'ab'.repeat(16), incarnation: 1, nonce: 'hostile', topics: RING_TOPICS,
      membership: { join: true, token: await invite(swarm.peer('north').api) }
    })
    await hostile.start()
    await until('it is connected with all', 20_000, async () => await Promise.resolve(hostile.connected().length === NAMES.length ? true : undefined))
  })
  afterEach(async () => { await hostile.stop() })

  function garbage (i: number): Uint8Array {
    switch (i % 6) {
      case 0: return new Uint8Array()
      case 1: return Uint8Array.from({ length: 1 + Math.floor(random() * 200) }, () => Math.floor(random() * 256))
      case 2: return Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f) // a field of 4 GiB that never comes
      case 3: return new Uint8Array(400_000).fill(0x0a)
      case 4: return Uint8Array.from({ length: 3000 }, (_, at) => [0x0a, 0x01, 0x41, 0x12, 0x00][at % 5]!) // well-formed, of nothing
      default: return new TextEncoder().encode('{"execution":"default-2-1.x","branch":"\u0000","record":null}')
    }
  }

  const peers = (): string[] => NAMES.map(name => swarm.peer(name).peer)
  async function counted (metric: string): Promise<number> {
    let sum = 0
    for (const name of NAMES) {
      const text = await (await fetch(`${swarm.peer(name).api}/metrics`)).text()
      for (const [, value] of text.matchAll(new RegExp(`^${metric}(?:\\{[^}]*\\})? (\\d+)`, 'gm'))) sum += Number(value)
    }
    return sum
  }

  async function allLive (): Promise<void> {
    expect(swarm.living()).to.have.members(NAMES)
    for (const name of NAMES) expect((await swarm.call('north', 'GET', '/healthz')).status, name).to.equal(200)
  }

  it('sends garbage as every kind of message and request: it is counted, answered with errors, and the neighbour ends', async () => {
    const beside = await swarm.neighbour('north')
    const kinds = kindsServed()
    const before = await counted('flowmesh_malformed_messages_total')

    const answers: Promise<string>[] = []
    for (const kind of kinds) {
      for (let i = 0; i < PER_KIND; i++) {
        const [to, body, channel] = [peers()[i % NAMES.length]!, garbage(i), i % 2 === 0 ? 'bulk' as const : 'control' as const]
        hostile.send(to, kind, body, channel)
        answers.push(hostile.request(to, kind, body, { deadlineMs: 10_000, channel }).then(() => 'answered', (err: Error) => err.name))
      }
    }
    await Promise.all(answers)

    expect(kinds.length).to.be.above(15)
    expect(await counted('flowmesh_malformed_messages_total')).to.be.above(before)
    await allLive()
    await beside.ends('south')
  })

  it('gossips garbage on every topic: it is refused and not passed on, and the neighbour ends', async () => {
    const beside = await swarm.neighbour('south')

    await until('the peers have refused some', 20_000, async () => {
      // Again and again: what is said before the peers have told their topics is heard by nobody.
      for (const topic of RING_TOPICS) for (let i = 0; i < 6; i++) await hostile.publish(topic, garbage(i).subarray(0, MAX_GOSSIP_BYTES)).catch(() => {})
      return await counted('flowmesh_ring_rejected_total') > 0 ? true : undefined
    })
    await allLive()
    await beside.ends('east')
  })

  it('sends frames that are none, and lengths of 1 GiB: it loses its connections, and the neighbour ends', async () => {
    const beside = await swarm.neighbour('east')
    const length = Buffer.alloc(4)
    length.writeUInt32BE(2 ** 30)

    const streams = rawStreams()
    for (const [i, stream] of streams.entries()) stream.send(i % 2 === 0 ? length : Buffer.concat([Buffer.from([0, 0, 0, 8]), Buffer.alloc(8, 0xff)]))
    await until('its streams are gone', 20_000, async () => await Promise.resolve(streams.every(({ status }) => status !== 'open') ? true : undefined))

    expect(streams).to.not.be.empty
    await allLive()
    await beside.ends('north')
  })

  /** Its session streams, past all that bounds an honest one. */
  function rawStreams (): Stream[] {
    const { libp2p } = hostile as unknown as { libp2p: Libp2p }
    return libp2p.getConnections().flatMap(({ streams }) => streams).filter(({ protocol }) => protocol === SESSION_PROTOCOLS.control)
  }
})
