/** The control plane over the real mesh: libp2p, sessions, admission, certificates, tokens. */
import '../../src/polyfill.js'
import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Catalog, likelyProviders } from '../../src/catalog/index.js'
import { packFiles } from '../../src/catalog/archive.js'
import { systemClock } from '../../src/clock.js'
import { ControlClient, Controller } from '../../src/control/index.js'
import { PeerMesh } from '../../src/mesh/index.js'
import { MemoryStore } from '../../src/store/index.js'
import { manifestOf } from './commands.js'
import { until } from './loopback.js'
import type { Membership } from '../../src/mesh/index.js'

interface RealPeer { mesh: PeerMesh, client: ControlClient, catalog: Catalog, stop (): Promise<void> }

describe('the control plane over the real mesh', () => {
  const stops: (() => Promise<void>)[] = []
  afterEach(async () => { for (const stop of stops.splice(0).reverse()) await stop() })

  async function start (name: string, membership: Membership): Promise<RealPeer> {
    const stateDir = await mkdtemp(join(tmpdir(), 'control-mesh-'))
    const store = new MemoryStore()
    const own = { name, region: 'default', zone: '', tier: 'edge' as const, labels: {}, domain: name }
    const facts = { ...own, addresses: [] }
    const common = { disk: `disk-${name}`, incarnation: { count: 1, nonce: 'n1' }, clock: systemClock, log: () => {}, store }
    const mesh = await PeerMesh.open({ stateDir, store, listen: ['/ip4/127.0.0.1/tcp/0'], facts: own, disk: common.disk, incarnation: 1, nonce: 'n1', membership })
    const { self, meshId, meshPrivateKey } = mesh
    const controller = meshPrivateKey === undefined
      ? undefined
      : await Controller.open({ ...common, self, meshId, meshPrivateKey, facts, open: false, onFailure: () => {} })
    const client = await ControlClient.open({
      ...common, mesh, facts: () => facts, load: () => 0, service: () => controller?.service,
      makeToken: (secret, expiresAt) => mesh.makeToken({ secret, expiresAt }), onRefused: err => { throw err }
    })
    const catalog = new Catalog({
      stateDir, sessions: mesh, clock: systemClock, findProviders: cid => likelyProviders(client.view(), self, mesh.connected(), cid)
    })
    mesh.setAuthority(client)
    client.onChange(view => { catalog.follow(view) })
    await catalog.start()
    await mesh.start()
    controller?.start()
    client.start()
    const stop = async (): Promise<void> => {
      await client.stop()
      await controller?.stop()
      await catalog.stop()
      await mesh.stop()
      await rm(stateDir, { recursive: true })
    }
    stops.push(stop)
    return { mesh, client, catalog, stop }
  }

  it('admits by tokens of the group, forwards through a plain peer, and carries views and artefacts to everybody', async () => {
    const founder = await start('a', { found: true })
    const second = await start('b', { join: true, token: (await founder.client.invite({})).token })
    await until(() => second.client.view().members.size === 2)
    const third = await start('c', { join: true, token: (await founder.client.invite({ role: 'deployer' })).token })
    await until(() => third.client.view().members.size === 3 && second.client.view().members.size === 3)
    await until(() => [...founder.client.view().sets.values()].filter(set => set.copies === 3 && set.members.length >= 1).length === 3)

    const { cid } = await third.catalog.put(packFiles([{ path: 'index.mjs', executable: false, bytes: new TextEncoder().encode('export default 1') }]))
    await third.client.deployFunction({ ...manifestOf('f'), artefact: cid })

    await until(() => [founder, second].every(({ client }) => client.view().functions.has('f:1.0.0')))
    const { entry } = await second.catalog.ensure(second.client.view().functions.get('f:1.0.0')!.manifest)
    expect(await import(entry)).to.include({ default: 1 })
    expect(second.mesh.certificateOf(third.mesh.self)?.roles).to.deep.equal(['deployer', 'peer'])
    expect((await second.client.deployFunction(manifestOf('g')).catch((err: unknown) => err))).to.have.property('kind', 'notPermitted')
  }).timeout(30_000)

  it('answers "unavailable", naming the founder, once the founder is gone', async () => {
    const founder = await start('a', { found: true })
    const second = await start('b', { join: true, token: (await founder.client.invite({})).token })
    await until(() => second.client.view().members.size === 2)
    stops.shift()
    await founder.stop()

    const refused: unknown = await second.client.bindKey('w', 'k', 's.1', 'h').catch((err: unknown) => err)

    expect(refused).to.have.property('kind', 'unavailable')
    expect(refused).to.have.deep.property('owes', [founder.mesh.self])
    expect(second.client.view().sets.size).to.be.greaterThan(0)
  }).timeout(30_000)
})
