import { expect } from 'chai'
import { MAX_GOSSIP_BYTES } from '../../src/limits.js'
import { Meshes, bytes, failure, text, until } from './meshes.js'
import type { PeerMesh } from '../../src/mesh/index.js'

const TOPIC = 'records/1'

describe('gossip', function () {
  this.timeout(30_000)
  const meshes = new Meshes()
  let peers: PeerMesh[]
  const got = new Map<PeerMesh, Array<[string, string]>>()

  beforeEach(async () => {
    peers = (await meshes.grow(3, { topics: [TOPIC] })).peers
    for (const peer of peers) {
      const received: Array<[string, string]> = []
      got.set(peer, received)
      peer.subscribe(TOPIC, body => !text(body).startsWith('bad'), (body, from) => { received.push([text(body), from]) })
    }
    // Subscriptions travel once the links of gossipsub are up.
    let n = 0
    await until(async () => {
      await peers[0]!.publish(TOPIC, bytes(`probe ${n++}`))
      return got.get(peers[1]!)!.length > 0 && got.get(peers[2]!)!.length > 0
    })
    for (const received of got.values()) received.length = 0
  })
  afterEach(async () => { await meshes.end() })

  it('reaches every subscriber but the publisher, and names the author', async () => {
    await peers[2]!.publish(TOPIC, bytes('hello'))
    await until(() => [0, 1].every(n => got.get(peers[n]!)!.some(([body]) => body === 'hello')))

    expect(got.get(peers[0]!)!.filter(([body]) => body === 'hello')).to.deep.equal([['hello', peers[2]!.self]])
    expect(got.get(peers[2]!)!.map(([body]) => body)).to.not.include('hello')
    expect(peers[0]!.counters.topic(TOPIC).received).to.be.greaterThan(0)
  })

  it('carries a message of the largest size, and refuses a larger one so that the link lives on', async () => {
    await peers[0]!.publish(TOPIC, new Uint8Array(MAX_GOSSIP_BYTES).fill(65))
    const err = await failure(peers[0]!.publish(TOPIC, new Uint8Array(MAX_GOSSIP_BYTES + 1)))
    await peers[0]!.publish(TOPIC, bytes('after'))
    await until(() => got.get(peers[1]!)!.some(([body]) => body === 'after'))

    expect(err).to.include({ kind: 'tooLarge', limitBytes: MAX_GOSSIP_BYTES })
    expect(got.get(peers[1]!)!.some(([body]) => body.length === MAX_GOSSIP_BYTES)).to.equal(true)
  })

  it('refuses topics that are not of this mesh', async () => {
    expect(await failure(peers[0]!.publish('other', bytes('x')))).to.include({ kind: 'invalid' })
    expect(() => { peers[0]!.subscribe('other', () => true, () => {}) }).to.throw('not one of this mesh')
    expect(() => { peers[0]!.subscribe(TOPIC, () => true, () => {}) }).to.throw('already')
  })

  it('graylists a peer that floods what the validator refuses, while others are heard', async () => {
    const [honest, hostile, neighbour] = peers as [PeerMesh, PeerMesh, PeerMesh]

    let sent = 0
    // Both: whoever does not think so yet would pass the message on. What is sent slowly is forgiven, so it floods until then.
    await until(async () => {
      for (let n = 0; n < 250; n++) await hostile.publish(TOPIC, bytes(`bad ${sent++}`))
      return [honest, neighbour].every(peer => peer.gossipScore(hostile.self) < -1_000)
    }, 30_000)
    // Gossipsub looks at a score at most once a second.
    await new Promise(resolve => setTimeout(resolve, 1_200))
    await hostile.publish(TOPIC, bytes('good, but of a graylisted peer'))
    await neighbour.publish(TOPIC, bytes('honest'))
    await until(() => got.get(honest)!.some(([body]) => body === 'honest'))

    expect(got.get(honest)!.map(([body]) => body)).to.deep.equal(['honest'])
    expect(honest.gossipScore(neighbour.self)).to.be.at.least(0)
    expect(honest.counters.rejected).to.be.greaterThan(40)
  })

  it('keeps nothing of 5 000 subscriptions to topics that are not of the mesh', async () => {
    const [honest, hostile] = peers as [PeerMesh, PeerMesh]
    const { pubsub } = (hostile as unknown as { libp2p: { services: { pubsub: { subscribe (topic: string): void } } } }).libp2p.services
    const known = (honest as unknown as { libp2p: { services: { pubsub: { topics: Map<string,
      unknown> } } } }).libp2p.services.pubsub.topics

    for (let n = 0; n < 5_000; n++) pubsub.subscribe(`flood/${n}`)
    await hostile.request(honest.self, 'none', bytes(''), { deadlineMs: 10_000 }).catch(() => {})
    await new Promise(resolve => setTimeout(resolve, 500))

    expect([...known.keys()]).to.deep.equal([TOPIC])
  })
})
