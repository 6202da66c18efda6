import { expect } from 'chai'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import sinon from 'sinon'
import { NotAdmittedError, StateDirError, UnavailableError } from '../../src/errors.js'
import { decodeToken, encodeToken } from '../../src/mesh/index.js'
import { Meshes, bytes, failure, text, until } from './meshes.js'
import type { AddressInfo, Server } from 'node:net'

describe('admission', function () {
  this.timeout(20_000)
  const meshes = new Meshes()
  afterEach(async () => { await meshes.end() })

  it('lets a peer in with a token, gives it a certificate and connects it', async () => {
    const { founder, authority } = await meshes.found()

    const peer = await meshes.start({ membership: { join: true, token: authority.invite() } })
    await until(() => founder.connected().includes(peer.self))

    expect(peer.meshId).to.equal(founder.meshId)
    expect(peer.certificateOf(peer.self)).to.include({ peer: peer.self, meshId: founder.meshId })
    expect(founder.certificateOf(peer.self)?.roles).to.deep.equal(['peer'])
    expect(peer.certificateOf(founder.self)?.roles).to.include('operator')
    expect(founder.facts(peer.self)?.addresses).to.deep.equal(peer.addresses())
  })

  it('keeps key and membership for the owner only', async () => {
    const { founder } = await meshes.found()
    const dir = founder.facts(founder.self)!.domain

    for (const file of ['identity.key', 'mesh.json']) expect((await stat(join(dir, file))).mode & 0o777).to.equal(0o600)
  })

  it('starts again without its mesh, and without a token', async () => {
    const { founder, authority } = await meshes.found()
    const dir = await meshes.dir()
    const first = await meshes.start({ stateDir: dir, membership: { join: true, token: authority.invite() } })
    await meshes.stop(first)
    await meshes.stop(founder)

    const again = await meshes.start({ stateDir: dir })

    expect([again.self, again.meshId]).to.deep.equal([first.self, first.meshId])
    expect(again.addresses()).to.deep.equal(first.addresses())
  })

  it('refuses a spent, an expired and a foreign token, and the joiner is told which', async () => {
    const { authority } = await meshes.found()
    const other = await meshes.found()
    const spent = authority.invite()
    await meshes.start({ membership: { join: true, token: spent } })
    const expired = authority.invite({ ttlMs: -1 })
    const own = decodeToken(authority.invite())
    const foreign = encodeToken({ ...own, secret: decodeToken(other.authority.invite()).secret })

    for (const [token, reason] of [[spent, 'spentToken'], [expired, 'expiredToken'], [foreign, 'foreignToken']] as const) {
      const err = await failure(meshes.open({ membership: { join: true, token } }))
      expect(err).to.be.instanceOf(NotAdmittedError)
      expect(err).to.include({ reason })
      expect(err.message).to.include('token').and.to.include('flowmesh invite')
    }
  })

  it('asks again for the same peer, so a joiner that crashed before it could write comes back', async () => {
    const { authority } = await meshes.found()
    const dir = await meshes.dir()
    const membership = { join: true as const, token: authority.invite() }
    await meshes.open({ stateDir: dir, membership })
    await writeFile(join(dir, 'mesh.json.next'), 'half')
    const { rm } = await import('node:fs/promises')
    await rm(join(dir, 'mesh.json'))

    const again = await meshes.start({ stateDir: dir, membership })

    expect(again.certificateOf(again.self)).to.not.equal(undefined)
  })

  it('lets a peer in through one that must ask the controllers, though they take their time', async () => {
    const { founder, authority } = await meshes.found()
    const member = await meshes.start({ membership: { join: true, token: authority.invite() } })
    member.setAuthority({
      admit: async request => {
        await new Promise(resolve => setTimeout(resolve, 3_500))
        return await authority.admit(request)
      },
      renew: async who => await authority.renew(who),
      isRevoked: () => false
    })
    const token = encodeToken({ ...decodeToken(authority.invite()), addresses: member.addresses() })

    const joiner = await meshes.start({ membership: { join: true, token }, joinTimeoutMs: 10_000 })
    await until(() => joiner.connected().length === 2)

    expect([...joiner.connected()].sort()).to.deep.equal([founder.self, member.self].sort())
  })

  it('says to try again while nobody can decide', async () => {
    const { founder, authority } = await meshes.found()
    const token = authority.invite()
    founder.setAuthority({ admit: async () => { throw new Error('no leader') }, renew: async () => ({ refused: 'notReady' }),
      isRevoked: () => false })

    const err = await failure(meshes.open({ membership: { join: true, token }, joinTimeoutMs: 1_500 }))

    expect(err).to.be.instanceOf(UnavailableError)
    expect(err.message).to.include('no leader')
  })

  it('refuses a certificate of another peer', async () => {
    const { founder, authority } = await meshes.found()
    const [dir, thiefDir] = [await meshes.dir(), await meshes.dir()]
    const victim = await meshes.start({ stateDir: dir, membership: { join: true, token: authority.invite() } })
    await meshes.stop(victim)
    await writeFile(join(thiefDir, 'mesh.json'), await readFile(join(dir, 'mesh.json')))

    const thief = await meshes.start({ stateDir: thiefDir })
    await until(() => (founder.counters.refused.get('badCertificate') ?? 0) > 0)

    expect(thief.self).to.not.equal(victim.self)
    expect(founder.connected()).to.deep.equal([])
    expect(thief.connected()).to.deep.equal([])
  })

  it('refuses and disconnects a revoked peer', async () => {
    const { founder, authority } = await meshes.found()
    const peer = await meshes.start({ membership: { join: true, token: authority.invite() } })
    await until(() => founder.connected().length === 1)

    authority.revoked.add(peer.self)
    founder.forget(peer.self, 'revoked')
    await until(() => (founder.counters.refused.get('revoked') ?? 0) > 0)

    expect(founder.connected()).to.deep.equal([])
  })

  it('renews an expired certificate of a known peer in the handshake', async () => {
    const { founder, authority } = await meshes.found()
    const dir = await meshes.dir()
    authority.ttlMs = 400
    const peer = await meshes.start({ stateDir: dir, membership: { join: true, token: authority.invite() } })
    await meshes.stop(peer)
    await new Promise(resolve => setTimeout(resolve, 500))
    authority.ttlMs = 3600_000

    const again = await meshes.start({ stateDir: dir })
    await until(() => founder.connected().length === 1)

    expect(authority.asked.at(-1)?.expired?.peer).to.equal(again.self)
    expect(again.certificateOf(again.self)!.expiresAt).to.be.greaterThan(Date.now() + 3_000_000)
  })

  it('honours a certificate that ran out lately while nobody can renew it', async () => {
    const { founder, authority } = await meshes.found()
    authority.ttlMs = 200
    const peer = await meshes.start({ membership: { join: true, token: authority.invite() } })
    await new Promise(resolve => setTimeout(resolve, 300))
    founder.setAuthority({ admit: async () => { throw new Error('no leader') }, renew: async () => ({ refused: 'notReady' }),
      isRevoked: () => false })

    founder.forget(peer.self, 'cut')
    await meshes.stop(founder)
    const again = await meshes.start({ stateDir: founder.facts(founder.self)!.domain })

    await until(() => again.connected().includes(peer.self))
  })

  it('founds an open mesh that anyone with an address joins, without token or network key', async () => {
    const { founder } = await meshes.found({}, true)

    const peer = await meshes.start({ membership: { join: true, bootstrap: founder.addresses() } })
    await until(() => founder.connected().includes(peer.self))

    expect(peer.meshId).to.equal(founder.meshId)
    expect(peer.isOpen).to.equal(true)
  })

  it('keeps a stranger without the network key out, and says so in words', async () => {
    const { founder } = await meshes.found()
    const other = await meshes.found()
    const addresses = founder.addresses()
    const token = encodeToken({ ...decodeToken(other.authority.invite()), addresses })

    const without = await failure(meshes.open({ membership: { join: true, bootstrap: addresses }, joinTimeoutMs: 100 }))
    const wrong = await failure(meshes.open({ membership: { join: true, token }, joinTimeoutMs: 100 }))

    for (const err of [without, wrong]) expect(err.message).to.match(/another network key|no answer in time/)
    expect(founder.known()).to.have.length(1)
  })

  it('gives up in time on addresses where nothing listens, or something silent does', async () => {
    const { authority } = await meshes.found()
    const silent = await silentServer()
    const { port } = silent.address() as AddressInfo
    const token = encodeToken({ ...decodeToken(authority.invite()), addresses: ['/ip4/127.0.0.1/tcp/1'] })

    const nothing = await failure(meshes.open({ membership: { join: true, token }, joinTimeoutMs: 200 }))
    const silence = await failure(meshes.open({ membership: { join: true, bootstrap: [`/ip4/127.0.0.1/tcp/${port}`] },
      joinTimeoutMs: 200 }))
    silent.close()

    expect(nothing).to.be.instanceOf(UnavailableError)
    expect(nothing.message).to.include('/ip4/127.0.0.1/tcp/1: nothing listens there')
    expect(silence.message).to.include('no answer in time')
  })

  it('does not show a token\'s secret to a member of another mesh', async () => {
    const lying = await meshes.found({}, true)
    const { authority } = await meshes.found({}, true)
    const token = encodeToken({ ...decodeToken(authority.invite()), addresses: lying.founder.addresses() })

    const err = await failure(meshes.open({ membership: { join: true, token }, joinTimeoutMs: 500 }))

    expect(err).to.include({ reason: 'wrongMesh' })
    expect(lying.authority.asked).to.deep.equal([])
  })

  it('names a damaged key and a damaged mesh file, and changes neither', async () => {
    for (const [file, content] of [['identity.key', 'xx'], ['mesh.json', '{"version":1,"meshId":"x"'],
      ['mesh.json', '{"version":9}']] as const) {
      const stateDir = await meshes.dir()
      await writeFile(join(stateDir, file), content)

      const err = await failure(meshes.open({ stateDir, membership: { found: true } }))

      expect(err).to.be.instanceOf(StateDirError)
      expect(err.message).to.include(file)
      expect(await readFile(join(stateDir, file), 'utf8')).to.equal(content)
    }
  })

  it('refuses a token of another mesh for a directory that belongs to one', async () => {
    const { founder } = await meshes.found()
    const { authority } = await meshes.found()
    const stateDir = founder.facts(founder.self)!.domain
    await meshes.stop(founder)

    const err = await failure(meshes.open({ stateDir, membership: { join: true, token: authority.invite() } }))

    expect(err).to.include({ kind: 'conflict' })
  })

  it('renews its own certificate at half-life and tells its peers', async () => {
    const { founder, authority } = await meshes.found()
    authority.ttlMs = 100
    const stateDir = await meshes.dir()
    const peer = await meshes.start({ stateDir, membership: { join: true, token: authority.invite() } })
    await until(() => founder.connected().length === 1)
    const before = peer.certificateOf(peer.self)!.expiresAt
    await meshes.stop(peer)
    authority.ttlMs = 3600_000

    const again = await meshes.open({ stateDir })
    again.setAuthority({ admit: async () => ({ refused: 'notReady' }), isRevoked: () => false, renew: async who =>
      await authority.renew(who) })
    await again.start()
    await until(() => again.certificateOf(again.self)!.expiresAt > before + 1_000_000)
    await until(() => (founder.certificateOf(again.self)?.expiresAt ?? 0) > before + 1_000_000)
    await again.stop()
  })

  it('renews at half-life of each certificate, not at the next check for one', async () => {
    const { founder, authority } = await meshes.found()
    authority.ttlMs = 600
    const peer = await meshes.open({ membership: { join: true, token: authority.invite() } })
    let renewals = 0
    peer.setAuthority({ admit: async () => ({ refused: 'notReady' }), isRevoked: () => false, renew: async who => {
      renewals++
      return await authority.renew(who)
    } })
    await peer.start()

    await until(() => renewals >= 3)
    await until(() => founder.certificateOf(peer.self)?.expiresAt === peer.certificateOf(peer.self)!.expiresAt)

    await peer.stop()
  })

  it('does not ask without end for a certificate when by its clock every one is past half-life', async () => {
    const { founder, authority } = await meshes.found()
    const peer = await meshes.open({ membership: { join: true, token: authority.invite() } })
    const ahead = sinon.useFakeTimers({ now: Date.now() + 13 * 3600_000, toFake: ['Date'], shouldAdvanceTime: true })
    let renewals = 0
    peer.setAuthority({ admit: async () => ({ refused: 'notReady' }), isRevoked: () => false, renew: async () => {
      renewals++
      return { certificate: await authority.signAt(Date.now() - 13 * 3600_000, { peer: peer.self, tier: 'edge' }) }
    } })
    try {
      await peer.start()
      await until(() => founder.connected().includes(peer.self) && renewals > 0)
      await new Promise(resolve => setTimeout(resolve, 300))

      expect(renewals, 'one at the start, one on the connection').to.be.at.most(2)
    } finally {
      ahead.restore()
      await peer.stop()
    }
  })

  it('tells a peer of a certificate that was renewed between handshake and session', async () => {
    const { founder, authority } = await meshes.found()
    const peer = await meshes.open({ membership: { join: true, token: authority.invite({ ttlMs: 60_000 }) } })
    const { expiresAt } = peer.certificateOf(peer.self)!
    const shown = founder.certificateOf(peer.self)
    authority.ttlMs = 2 * 24 * 3600_000
    // A clock past half-life, and an answer that comes when the founder has seen the old certificate and no session is open.
    const clock = sinon.useFakeTimers({ now: Date.now() + 13 * 3600_000, toFake: ['Date'], shouldAdvanceTime: true })
    let connected: boolean | undefined
    let over = false
    peer.setAuthority({ admit: async () => ({ refused: 'notReady' }), isRevoked: () => false, renew: async who => {
      while (founder.certificateOf(who) === shown && !over) await new Promise(resolve => setImmediate(resolve))
      connected = founder.connected().includes(who)
      return await authority.renew(who)
    } })
    try {
      await peer.start()

      await until(() => founder.certificateOf(peer.self)!.expiresAt > expiresAt + 1_000_000)

      expect(connected, 'renewed before the session').to.equal(false)
    } finally {
      over = true
      clock.restore()
      await peer.stop()
    }
  })

  it('answers nothing to a stranger that sends garbage, and serves on', async () => {
    const { founder, authority } = await meshes.found()
    const peer = await meshes.start({ membership: { join: true, token: authority.invite() } })
    peer.onRequest('echo', body => body)
    await until(() => founder.connected().length === 1)

    await garbage(founder.addresses()[0]!)

    expect(text(await founder.request(peer.self, 'echo', bytes('still'), { deadlineMs: 2_000 }))).to.equal('still')
    expect(founder.connected()).to.deep.equal([peer.self])
  })
})

async function silentServer (): Promise<Server> {
  const server = createServer(socket => { socket.on('error', () => {}) })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return server
}

async function garbage (address: string): Promise<void> {
  const { connect } = await import('node:net')
  const port = Number(/tcp\/(\d+)/.exec(address)![1])
  await new Promise<void>(resolve => {
    const socket = connect(port, '127.0.0.1', () => { socket.write(Buffer.alloc(200_000, 0xff)) })
    socket.on('error', () => {})
    socket.on('close', () => { resolve() })
    setTimeout(() => { socket.destroy() }, 300)
  })
}
