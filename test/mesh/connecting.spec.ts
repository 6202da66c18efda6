import { expect } from 'chai'
import { multiaddr } from '@multiformats/multiaddr'
import { MemoryStore } from '../../src/store/index.js'
import { signFacts } from '../../src/mesh/facts.js'
import { Meshes, bytes, failure, text, until } from './meshes.js'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { PeerList } from '../../protocols/peers.js'
import { wire } from '../../src/mesh/bytes.js'
import type { Libp2p } from '@libp2p/interface'
import type { PeerMesh } from '../../src/mesh/index.js'

/** The peer underneath, to do what no user of the mesh can. */
const under = (mesh: PeerMesh): Libp2p => (mesh as unknown as { libp2p: Libp2p }).libp2p

describe('connecting', function () {
  this.timeout(30_000)
  const meshes = new Meshes()
  afterEach(async () => { await meshes.end() })

  it('connects everyone with everyone, though each joined through one', async () => {
    const { peers } = await meshes.grow(6)

    for (const peer of peers) {
      expect([...peer.connected(), peer.self].sort()).to.deep.equal(peers.map(({ self }) => self).sort())
      expect(peer.known().map(facts => facts.peer).sort()).to.deep.equal(peers.map(({ self }) => self).sort())
    }
  })

  it('reconnects by itself after a connection broke, and says so', async () => {
    const { peers: [a, b] } = await meshes.grow(2)
    const events: string[] = []
    a!.onDisconnect(() => { events.push('lost') })
    a!.onConnect(() => { events.push('connected') })

    for (const connection of under(a!).getConnections()) connection.abort(new Error('cut'))
    await until(() => events.length === 2)

    expect(events).to.deep.equal(['lost', 'connected'])
    await until(() => b!.connected().length === 1)
  })

  it('tells a request that was sent from one that was not when the connection breaks', async () => {
    const { peers: [a, b] } = await meshes.grow(2)
    b!.onRequest('never', async () => await new Promise(() => {}))
    const sent = failure(a!.request(b!.self, 'never', bytes(''), { deadlineMs: 5_000 }))
    await new Promise(resolve => setTimeout(resolve, 50))
    const unsent = failure(a!.request(b!.self, 'never', bytes(''), { deadlineMs: 5_000 }))

    for (const connection of under(a!).getConnections()) connection.abort(new Error('cut'))

    expect(await sent).to.include({ name: 'ConnectionLostError', kind: 'timeout', retrySafe: false })
    expect(await unsent).to.include({ name: 'UnavailableError', kind: 'unavailable', retrySafe: true })
  })

  it('finds a peer that came back on another port, from both sides', async () => {
    const { peers: [a, b, c] } = await meshes.grow(3)
    const stateDir = c!.facts(c!.self)!.domain
    await meshes.stop(c!)
    await until(() => a!.connected().length === 1 && b!.connected().length === 1)

    const again = await meshes.start({ stateDir, listen: ['/ip4/127.0.0.2/tcp/0'] })
    await until(() => a!.connected().length === 2 && b!.connected().length === 2)

    expect(a!.facts(again.self)!.addresses[0]).to.include('/ip4/127.0.0.2/')
    expect(a!.facts(again.self)!.addresses).to.deep.equal(b!.facts(again.self)!.addresses)
  })

  it('remembers whom it knew: a restart needs no bootstrap peer', async () => {
    const { peers: [founder, b, c] } = await meshes.grow(3)
    const stateDir = c!.facts(c!.self)!.domain
    const store = new MemoryStore()
    await meshes.stop(c!)
    const second = await meshes.start({ stateDir, store })
    await until(() => second.connected().length === 2)
    await meshes.stop(second)
    await meshes.stop(founder!)

    const third = await meshes.start({ stateDir, store })
    await until(() => third.connected().includes(b!.self))

    expect(third.facts(founder!.self)).to.not.equal(undefined)
  })

  it('is there before its bootstrap peer, and meets it when that comes', async () => {
    const { founder, authority } = await meshes.found()
    const stateDir = await meshes.dir()
    const peer = await meshes.start({ stateDir, membership: { join: true, token: authority.invite() } })
    await meshes.stop(peer)
    await meshes.stop(founder)

    const startedAt = performance.now()
    const early = await meshes.start({ stateDir })
    expect(performance.now() - startedAt).to.be.lessThan(2_000)
    await new Promise(resolve => setTimeout(resolve, 1_000))
    await meshes.start({ stateDir: founder.facts(founder.self)!.domain })

    await until(() => early.connected().includes(founder.self))
  })

  it('rejects at once for a peer nobody knows, and within the deadline for one that is gone', async () => {
    const { peers: [a, b] } = await meshes.grow(2)
    const stranger = peerIdFromPrivateKey(await generateKeyPair('Ed25519')).toString()
    await meshes.stop(b!)
    await until(() => a!.connected().length === 0)

    const unknown = await failure(a!.request(stranger, 'x', bytes(''), { deadlineMs: 10_000 }))
    const gone = await failure(a!.request(b!.self, 'x', bytes(''), { deadlineMs: 5_000 }))

    expect(unknown).to.include({ kind: 'unavailable' })
    expect(gone).to.include({ kind: 'unavailable' }).and.to.have.property('owes').that.deep.equals([b!.self])
    expect(a!.send(b!.self, 'x', bytes(''))).to.equal(false)
  })

  it('gives up a connection on which nothing comes any more, and makes a new one', async () => {
    const { peers: [a, b] } = await meshes.grow(2)
    let lost = 0
    a!.onDisconnect(() => { lost++ })
    // The stream stands still as after a cut: open at both ends, and nothing arrives.
    for (const connection of under(a!).getConnections()) {
      ;(connection as unknown as { maConn: { pause (): void } }).maConn.pause()
    }

    await until(() => lost === 1, 12_000)
    await until(() => a!.connected().includes(b!.self))
  })

  it('believes of a peer only what it signed itself, and only what is newer', async () => {
    const { peers: [a, b, c] } = await meshes.grow(3)
    const key = await generateKeyPair('Ed25519')
    const facts = { ...c!.facts(c!.self)!, addresses: ['/ip4/127.0.0.1/tcp/1'] }
    const forged = await signFacts(key, facts, Number.MAX_SAFE_INTEGER)

    b!.send(a!.self, 'mesh/peers', PeerList.encode({ peers: [wire(forged.signed), wire(new Uint8Array(50))] }))
    b!.send(a!.self, 'mesh/peers', new Uint8Array(500).fill(255))
    await b!.request(a!.self, 'none', bytes(''), { deadlineMs: 2_000 }).catch(() => {})
    await new Promise(resolve => setTimeout(resolve, 50))

    expect(a!.facts(c!.self)!.addresses).to.deep.equal(c!.addresses())
    expect(a!.connected()).to.include(b!.self)
  })

  it('has one working session when both dial at the same time', async () => {
    const { peers: [a, b] } = await meshes.grow(2)
    a!.onRequest('who', () => bytes(a!.self))
    b!.onRequest('who', () => bytes(b!.self))

    for (let round = 0; round < 5; round++) {
      for (const connection of [...under(a!).getConnections(), ...under(b!).getConnections()]) {
        try { connection.abort(new Error('cut')) } catch {} // the other end's abort may have come first
      }
      await until(() => a!.connected().length === 0 && b!.connected().length === 0)
      const [fromB, fromA] = await Promise.all([
        a!.request(b!.self, 'who', bytes(''), { deadlineMs: 5_000 }), b!.request(a!.self, 'who', bytes(''), { deadlineMs: 5_000 })
      ])
      expect([text(fromB), text(fromA)]).to.deep.equal([b!.self, a!.self])
    }
  })

  it('sends what was queued before it stops', async () => {
    const { peers: [a, b] } = await meshes.grow(2)
    let got = 0
    b!.onMessage('n', () => { got++ })

    for (let n = 0; n < 1_000; n++) a!.send(b!.self, 'n', bytes('x'))
    await meshes.stop(a!)
    await until(() => got === 1_000)
  })

  it('says which address it cannot listen on', async () => {
    const { founder } = await meshes.found()
    const taken = multiaddr(founder.addresses()[0]).decapsulate('/p2p').toString()

    const err = await failure(meshes.start({ membership: { found: true }, listen: [taken] }))

    expect(err).to.include({ kind: 'invalid' })
    expect(err.message).to.match(/port \d+ of 127.0.0.1 is in use/)
    expect(await failure(meshes.open({ membership: { found: true },
      listen: ['/ip4/1.2.3.4/udp/5'] }))).to.include({ kind: 'invalid' })
  })
})
