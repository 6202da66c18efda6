import { expect } from 'chai'
import { generateKeyPair, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { contentId } from '../../src/workflow/content-id.js'
import { openCertificate, meshIdOf } from '../../src/mesh/certificate.js'
import { manifestOf, factsOf } from './commands.js'
import { Loopback, startPeer, until } from './loopback.js'
import type { StartOptions, TestPeer } from './loopback.js'

describe('the control plane of several peers', () => {
  let net: Loopback
  const running = new Set<TestPeer>()

  beforeEach(() => { net = new Loopback() })
  afterEach(async () => {
    await Promise.all([...running].map(async peer => { await peer.stop() }))
    running.clear()
  })

  async function start (name: string, options: StartOptions = {}): Promise<TestPeer> {
    const peer = await startPeer(net, name, options)
    running.add(peer)
    return peer
  }

  /** The founder, and peers it has admitted. */
  async function mesh (...names: string[]): Promise<TestPeer[]> {
    const founder = await start('p1', { founder: true })
    const others = []
    for (const name of names) {
      await admit(founder, name)
      others.push(await start(name))
    }
    return [founder, ...others]
  }

  async function admit (through: TestPeer, peer: string, secret?: Uint8Array): Promise<unknown> {
    const facts = { ...factsOf(peer), peer }
    return await through.client.admit({ peer, facts, disk: `disk-${peer}`, incarnation: 1, nonce: 'n1', ...(secret === undefined ? {} : { secret }) })
      .catch((err: unknown) => err)
  }

  async function stop (peer: TestPeer): Promise<void> {
    running.delete(peer)
    await peer.stop()
  }

  it('shows every peer what was decided, and says how it stands', async () => {
    const [founder, second, third] = await mesh('p2', 'p3') as [TestPeer, TestPeer, TestPeer]
    await founder.client.configure({ replaceAfterMs: 7_000 })

    await until(() => [second, third].every(({ client }) => client.view().settings.replaceAfterMs === 7_000))

    expect([...third.client.view().members.keys()].sort()).to.deep.equal(['p1', 'p2', 'p3'])
    await until(() => third.client.liveness().get('p2') === 'alive' && third.client.loads().get('p2') === 0.25)
    expect(third.client.status()).to.deep.include({ leader: 'p1', voters: ['p1'], quorum: true })
    expect(third.client.staleMs()).to.be.below(2_000)
  })

  it('makes replica sets and grows them as peers come, and believes who says it is whole', async () => {
    const [founder, second] = await mesh('p2') as [TestPeer, TestPeer]

    await until(() => founder.client.view().sets.get('default-2-1')?.members.length === 2)
    const set = founder.client.view().sets.get('default-2-1')!
    const newcomer = set.members.find(({ peer }) => peer === 'p2')!
    await second.client.reportWhole(set.name, newcomer.joined)

    expect(second.client.view().sets.get('default-2-1')?.whole).to.include('p2')
  })

  it('refuses what a peer has no role for, and names the role', async () => {
    const [, second] = await mesh('p2') as [TestPeer, TestPeer]

    const refused: unknown = await second.client.deployFunction(manifestOf('f')).catch((err: unknown) => err)

    expect(refused).to.have.property('kind', 'notPermitted')
    expect((refused as Error).message).to.match(/deployer/)
  })

  it('deploys a function once per version, and the deployer sees it at once', async () => {
    const [founder] = await mesh() as [TestPeer]

    const first = await founder.client.deployFunction(manifestOf('f'))
    const again = await founder.client.deployFunction(manifestOf('f'))
    const other: unknown = await founder.client.deployFunction({ ...manifestOf('f'), timeoutMs: 1 }).catch((err: unknown) => err)

    expect([first.created, again.created]).to.deep.equal([true, false])
    expect(founder.client.view().functions.get('f:1.0.0')?.cid).to.equal(first.cid)
    expect(other).to.have.property('kind', 'conflict')
  })

  it('refuses a manifest that is wrong by its field, before anybody is asked', async () => {
    const [founder] = await mesh() as [TestPeer]

    const refused: unknown = await founder.client.deployFunction({ ...manifestOf('f'), entry: '/etc/passwd' }).catch((err: unknown) => err)

    expect(refused).to.have.property('kind', 'invalid')
    expect(refused).to.have.deep.property('place', { field: 'entry' })
  })

  it('deploys a workflow that compiles, once per version', async () => {
    const [founder] = await mesh() as [TestPeer]
    const source = (value: number): string => `
document: { dsl: '1.0.0', namespace: shop, name: hello, version: 1.0.0, metadata: { flowmesh: { copies: 4 } } }
do:
  - greet: { set: { answer: ${value} } }
`
    const first = await founder.client.deployWorkflow(source(1))
    const again = await founder.client.deployWorkflow(source(1))
    const other: unknown = await founder.client.deployWorkflow(source(2)).catch((err: unknown) => err)

    expect(first).to.include({ namespace: 'shop', name: 'hello', version: '1.0.0', created: true })
    expect(again.created).to.equal(false)
    expect(other).to.have.property('kind', 'conflict')
    await until(() => founder.client.view().sets.has('default-4-1'))
  })

  it('refresh catches up with everything decided before it was called', async () => {
    const [founder, second] = await mesh('p2') as [TestPeer, TestPeer]
    for (let i = 0; i < 5; i++) {
      await founder.client.deployFunction(manifestOf(`f${i}`))

      const view = await second.client.refresh(2_000)

      expect(view.functions.has(`f${i}:1.0.0`)).to.equal(true)
    }
  })

  it('applies a command once when its answer was lost and it was sent again', async () => {
    const [founder, second] = await mesh('p2') as [TestPeer, TestPeer]
    await second.client.intend({ execution: 's.0', branch: '/', step: 1, attempt: 1 }, 'p2')
    const before = founder.controller!.group.state()
    net.loseAnswers.set('control/propose', 3)

    const held = await second.client.intend({ execution: 's.1', branch: '/', step: 1, attempt: 1 }, 'p2')

    expect(held).to.deep.equal({ holder: 'p2' })
    expect(founder.controller!.group.state().intents.size).to.equal(before.intents.size + 1)
    const [session] = [...founder.controller!.group.state().sessions.values()].filter(({ peer }) => peer === 'p2')
    expect(session?.answers.size).to.be.at.most(2)
  })

  it('holds an intent for one start of a peer, and lets nobody speak for another', async () => {
    const [, second] = await mesh('p2') as [TestPeer, TestPeer]
    const key = { execution: 's.1', branch: '/', step: 1, attempt: 1 }

    expect(await second.client.intend(key, 'p2/3.ab12')).to.deep.equal({ holder: 'p2/3.ab12' })
    expect(await second.client.intend(key, 'p2/4.cd34')).to.deep.equal({ holder: 'p2/3.ab12' })
    expect(await second.client.intend({ ...key, step: 2 }, 'p1').catch((err: unknown) => err)).to.have.property('kind', 'notPermitted')
  })

  it('waits for a founder that is reachable but not ready yet, and is not refused by it', async () => {
    const founder = await start('p1', { founder: true })
    await admit(founder, 'p2')
    await stop(founder)
    net.session('p1') // a peer that answers no such request yet
    const second = await start('p2')
    await new Promise(resolve => setTimeout(resolve, 400))

    await start('p1', { store: founder.store, founder: true, count: 2, nonce: 'n2' })

    await until(() => second.client.view().members.has('p2'))
    expect(second.refused).to.deep.equal([])
  })

  it('knows in two seconds that nothing can be decided, once the founder has been silent for a while', async () => {
    const [, second] = await mesh('p2') as [TestPeer, TestPeer]
    await second.client.refresh(2_000)
    net.handlers.get('p1')!.forEach((_, kind, handlers) => handlers.set(kind, async () => await new Promise(() => {})))
    await until(() => second.client.staleMs() > 3_000)
    const begun = Date.now()

    const refused: unknown = await second.client.bindKey('w', 'k', 's.1', 'h').catch((err: unknown) => err)

    expect(refused).to.have.property('kind', 'unavailable')
    expect(Date.now() - begun).to.be.below(2_000)
  }).timeout(15_000)

  it('says who is silent and since when while the founder is away, reads stale, and goes on when it is back', async () => {
    const [founder, second] = await mesh('p2') as [TestPeer, TestPeer]
    await second.client.refresh(2_000)
    net.cut.add('p1')

    const refused: unknown = await second.client.bindKey('w', 'k', 's.1', 'h').catch((err: unknown) => err)

    expect(refused).to.have.property('kind', 'unavailable')
    expect((refused as Error).message).to.match(/no controller answers since 20.*p1/)
    expect(refused).to.have.deep.property('owes', ['p1'])
    expect(second.client.view().members.size).to.equal(2)
    expect(second.client.staleMs()).to.be.above(1_000)
    await until(() => !second.client.status().quorum)
    expect(second.client.status()).to.include({ leader: null })
    net.cut.delete('p1')
    expect(await second.client.bindKey('w', 'k', 's.1', 'h')).to.include({ id: 's.1', pending: true })
    expect(founder.client.status().quorum).to.equal(true)
  }).timeout(15_000)

  it('finds the controllers through any peer that knows them', async () => {
    await mesh('p2')
    await admit([...running][0]!, 'p3')
    const plain = net.session.bind(net)
    // p3 sees only p2 until it has a view.
    net.session = self => ({ ...plain(self), connected: () => ['p2'] })

    const third = await start('p3')

    await until(() => third.client.view().controllers.includes('p1'))
  })

  it('has its view at once after a start, without any other peer', async () => {
    const [, second] = await mesh('p2') as [TestPeer, TestPeer]
    const index = (await second.client.refresh(2_000)).index
    await stop(second)
    net.cut.add('p1')

    const again = await start('p2', { store: second.store, count: 2, nonce: 'n2' })

    expect(again.client.view().index).to.equal(index)
    expect([...again.client.view().members.keys()]).to.deep.equal(['p1', 'p2'])
    expect(again.client.staleMs()).to.equal(Infinity)
  })

  it('knows everything again when the founder starts again, and its peers follow on', async () => {
    const [founder, second] = await mesh('p2') as [TestPeer, TestPeer]
    await founder.client.deployFunction(manifestOf('f'))
    await stop(founder)

    const again = await start('p1', { store: founder.store, founder: true, count: 2, nonce: 'n2' })
    await again.client.deployFunction(manifestOf('g'))

    await until(() => second.client.view().functions.has('g:1.0.0') && second.client.view().functions.has('f:1.0.0'))
    await until(() => again.client.view().members.get('p1')?.incarnation === 2)
  })

  it('takes a member\'s next start from its own disk, and refuses one from a copy with a sentence', async () => {
    const [, second] = await mesh('p2') as [TestPeer, TestPeer]
    await until(() => second.client.view().members.has('p2'))
    await stop(second)
    const third = await start('p2', { store: second.store, count: 2, nonce: 'n2' })
    await until(() => third.client.view().members.get('p2')?.incarnation === 2)
    await stop(third)

    const copy = await start('p2', { count: 2, nonce: 'copied' })

    await until(() => copy.refused.length > 0)
    expect(copy.refused[0]?.message).to.match(/copied or rolled back.*join as new/)
  })

  it('hands its places over before it leaves, and takes it back at its next start', async () => {
    const [founder, second] = await mesh('p2') as [TestPeer, TestPeer]
    await until(() => founder.client.view().sets.get('default-2-1')?.members.length === 2)
    await wholeWherever(founder, second)

    const handed = await second.client.leave(4_000)

    expect(handed).to.equal(true)
    expect(founder.client.view().members.get('p2')?.left).to.equal(true)
  }).timeout(15_000)

  /** As the replicas do: whoever is a newcomer says that it is whole. */
  async function wholeWherever (...peers: TestPeer[]): Promise<void> {
    const names = ['p1', 'p2']
    for (const [i, { client }] of peers.entries()) {
      client.onChange(view => { void reportAll(client, names[i]!, view) })
      await reportAll(client, names[i]!, client.view())
    }
  }

  async function reportAll (client: TestPeer['client'], self: string, view: ReturnType<TestPeer['client']['view']>): Promise<void> {
    for (const set of view.sets.values()) {
      const own = set.members.find(({ peer }) => peer === self)
      if (own !== undefined && !set.whole.includes(self)) await client.reportWhole(set.name, own.joined).catch(() => {})
    }
  }

  it('replaces a replica that went silent, and not one that only left its connection for a moment', async () => {
    const [founder, second, third] = await mesh('p2', 'p3') as [TestPeer, TestPeer, TestPeer]
    await founder.client.configure({ replaceAfterMs: 2_000 })
    for (const [peer, name] of [[founder, 'p1'], [second, 'p2'], [third, 'p3']] as const) {
      peer.client.onChange(view => { void reportAll(peer.client, name, view) })
      await reportAll(peer.client, name, peer.client.view())
    }
    await until(() => [...founder.client.view().sets.values()].filter(set => set.copies === 2 && set.whole.length === 2).length === 3)
    net.cut.add('p3')
    await new Promise(resolve => setTimeout(resolve, 1_000))
    net.cut.delete('p3')
    await new Promise(resolve => setTimeout(resolve, 1_500))
    expect([...founder.client.view().sets.values()].some(set => set.members.some(({ peer }) => peer === 'p3'))).to.equal(true)

    const silentSince = Date.now()
    net.cut.add('p3')

    await until(() => [...founder.client.view().sets.values()].every(set => set.members.length === 1 || !set.members.some(({ peer }) => peer === 'p3')), 8_000)
    // Its last beat was up to a second, and some load, before the cut.
    expect(Date.now() - silentSince).to.be.within(500, 6_000)
  }).timeout(25_000)

  it('admits by token once, signs a certificate for it, renews it, and forwards from any peer', async () => {
    const key = privateKeyToProtobuf(await generateKeyPair('Ed25519'))
    const founder = await start('p1', { founder: true, open: false, key })
    const { token } = await founder.client.invite({ role: 'deployer' })
    const secret = new Uint8Array(Buffer.from(token, 'base64url'))

    const admitted = await admit(founder, 'p2', secret) as { certificate: Uint8Array }
    const second = await start('p2')
    const { token: next } = await second.client.invite({}).catch(async () => await founder.client.invite({}))
    const forwarded = await admit(second, 'p3', new Uint8Array(Buffer.from(next, 'base64url')))
    const spent = await admit(second, 'p4', secret)
    const stranger = await admit(second, 'p5')
    const renewed = await second.client.renew('p2')

    expect(admitted.certificate.length).to.be.greaterThan(0)
    expect(founder.client.view().members.get('p2')?.roles).to.deep.equal(['deployer', 'peer'])
    expect(forwarded).to.have.property('certificate')
    expect(spent).to.include({ refused: 'spentToken' })
    expect(stranger).to.include({ refused: 'tokenNeeded' })
    expect(renewed).to.have.property('certificate')
    expect(await openCertificate(new Uint8Array(32), admitted.certificate)).to.equal(undefined)
    expect(meshIdOf(new Uint8Array(32))).to.be.a('string')
    expect(contentId(new Uint8Array())).to.match(/^bafkrei/)
  })
})
