/** What the others make of a writer that dies, stops, stands apart or comes back. */
import { expect } from 'chai'
import { SimPeers } from '../support/sim-peers.js'
import { chain, crossing, exclusive, fork, forkJoin, waiting } from './workflows.js'

describe('takeover by the sidecars of a set', function () {
  this.timeout(20_000)

  async function mesh (workflow: string, names: string[], options: { seed?: number, peers?: number } = {}): Promise<SimPeers> {
    const peers = await SimPeers.create({ seed: 1, ...options, callMs: [200, 200] })
    await peers.deploy(workflow, Object.fromEntries(names.map(name => [name, {}])))
    return peers
  }

  const takeovers = (peers: SimPeers): unknown[] => peers.names.filter(name => peers.isUp(name))
    .flatMap(name => peers.life(name).events.filter(({ event }) => event === 'takeover'))

  /** Starts at p3, which the only controller's set does not need, and names who keeps it. */
  async function start (peers: SimPeers, workflow: string, at = 'p3'): Promise<{ id: string, replicas: string[], set: string }> {
    const { id } = await peers.clock.settle(peers.life(at).executions.start({ workflow, input: { n: 1 } }))
    const set = id.split('.')[0]!
    return { id, set, replicas: peers.life('p1').control.view().sets.get(set)!.members.map(({ peer }) => peer) }
  }

  for (const afterMs of [0, 100, 205, 230, 420, 440, 610, 650]) {
    it(`the writer dies ${afterMs} ms after the start: the others finish, no step under a second key`, async () => {
      const peers = await mesh(chain(), ['one', 'two', 'three'], { seed: afterMs + 1 })
      const { id } = await start(peers, 'chain')
      await peers.clock.pass(afterMs)

      await peers.kill('p3')
      const view = await peers.ended(id, 'p1')

      expect(view).to.include({ status: 'completed', final: true })
      expect(view.output).to.deep.equal({ answer: 42 })
      expect(peers.callsByKey().size).to.equal(3)
      expect(peers.ledger.length).to.be.within(3, 5) // the running step and what ran ahead
    })
  }

  it('the accepting peer is taken over before it knows that its first record is done: the start is answered all the same', async () => {
    const peers = await mesh(chain(), ['one', 'two', 'three'])
    const { replicas } = await start(peers, 'chain')
    expect(replicas).to.include('p3')
    const other = replicas.find(peer => peer !== 'p3')!
    peers.net.lose = (kind, from, to) => (from === other && to === 'p3') || (from === 'p3' && to === other && kind === 'sidecar/beat')

    const started = peers.life('p3').executions.start({ workflow: 'chain', input: { n: 2 } })
    await peers.clock.until(() => takeovers(peers).length > 0, 10_000)
    peers.net.lose = () => false
    const { id } = await peers.clock.settle(started, 10_000)

    expect(await peers.ended(id, 'p1')).to.include({ status: 'completed', final: true })
  })

  it('a writer whose own replica lags behind the other one takes nothing over from itself, and its outcome is final', async () => {
    const peers = await mesh(fork(), ['a'])
    const { id, replicas } = await start(peers, 'fork')
    expect(replicas).to.include('p3')
    const other = replicas.find(peer => peer !== 'p3')!
    // Records are accepted in order: one of an execution that is still looked for on the disk holds all others up.
    peers.life('p3').store.readMs = 6000
    await peers.clock.settle(Promise.race([peers.life(other).executions.start({ workflow: 'fork', input: { n: 2 } }), new Promise<void>(resolve => { peers.clock.after(300, resolve) })]))
    const view = await peers.ended(id, 'p1', 30_000)

    expect(view).to.include({ status: 'completed', final: true })
    expect(takeovers(peers)).to.deep.equal([])
    expect(peers.ledger.filter(({ execution }) => execution === id)).to.have.length(3)
  })

  it('a lost handover message is delivered again by a replica', async () => {
    const peers = await mesh(crossing(), ['one', 'two', 'three'])
    const { id } = await start(peers, 'crossing')
    let lost = 0
    peers.net.lose = (kind, from, to) => kind === 'checkpoint/append' && to === 'p2' && !from.startsWith('x') && lost++ < 1

    const view = await peers.ended(id, 'p1')

    expect(lost).to.be.above(0)
    expect(view.status).to.equal('completed')
    expect(peers.callsByKey().size).to.equal(3)
  })

  it('a handover is lost and the one that wrote it dies: a replica takes over, or delivers it', async () => {
    const peers = await mesh(crossing(), ['one', 'two', 'three'])
    const { id } = await start(peers, 'crossing')
    peers.net.lose = (kind, from, to) => kind === 'checkpoint/append' && from === 'p1' && to === 'p2'
    await peers.clock.until(() => peers.ledger.some(({ fn }) => fn === 'one'))
    await peers.clock.pass(210)
    peers.net.lose = () => false

    await peers.kill('p1')
    await peers.clock.pass(10_000)
    await peers.start('p1')
    const view = await peers.ended(id, 'p3')

    expect(view).to.include({ status: 'completed', final: true })
    expect(peers.callsByKey().size).to.equal(3)
  })

  it('a clean stop hands every branch over: nothing is taken over, no call is lost', async () => {
    const peers = await mesh(waiting(), ['one', 'two'])
    const { id } = await start(peers, 'waiting')
    await peers.clock.pass(2000)

    await peers.stop('p3')
    const view = await peers.ended(id, 'p1')

    expect(view).to.include({ status: 'completed', final: true })
    expect(takeovers(peers)).to.deep.equal([])
    expect(peers.ledger.map(({ fn }) => fn)).to.deep.equal(['one', 'two'])
  })

  for (const { what, awayMs } of [{ what: 'while the call runs', awayMs: 4000 }, { what: 'until after it has ended', awayMs: 9000 }]) {
    it(`the executor of an exclusive call is cut off ${what}: it reports how that ended, and the others go on with it`, async () => {
      const peers = await SimPeers.create({ seed: 5, peers: 4, callMs: [6000, 6000] })
      await peers.deploy(exclusive(), { one: {}, pay: {}, after: {} })
      const { id, replicas } = await start(peers, 'exclusive', 'p4')
      expect(replicas).to.include('p4')
      await peers.clock.until(() => peers.ledger.some(({ fn }) => fn === 'pay'))

      peers.net.isolate('p4')
      await peers.clock.pass(awayMs)
      peers.net.healAll()
      const view = await peers.ended(id, 'p1')

      expect(view).to.include({ status: 'completed', final: true })
      expect(peers.ledger.filter(({ fn }) => fn === 'pay')).to.have.length(1)
      expect(takeovers(peers), 'another peer writes it').to.have.length(1)
    })
  }

  it('a clean stop lets a call that runs end, and hands its result on', async () => {
    const peers = await mesh(chain(), ['one', 'two', 'three'])
    const { id } = await start(peers, 'chain')
    await peers.clock.until(() => peers.ledger.some(({ fn }) => fn === 'two'))

    await peers.stop('p3')
    const view = await peers.ended(id, 'p1')

    expect(view).to.include({ status: 'completed', final: true })
    expect(takeovers(peers)).to.deep.equal([])
    expect(peers.ledger.map(({ fn, peer }) => [fn, peer === 'p3'])).to.deep.equal([['one', true], ['two', true], ['three', false]])
  })

  for (const hours of [-1, 1]) {
    it(`a replica whose clock jumps by ${hours} h takes nothing over for that, and what it should within seconds`, async () => {
      const peers = await mesh(waiting(), ['one', 'two'])
      const { id, replicas } = await start(peers, 'waiting')
      const other = replicas.find(peer => peer !== 'p3')!
      await peers.clock.pass(8000)

      peers.life(other).clock.skewMs = hours * 3_600_000
      await peers.clock.pass(2000)
      expect(takeovers(peers)).to.deep.equal([])
      await peers.kill('p3')

      await peers.clock.until(() => takeovers(peers).length > 0, 4000)
      expect((await peers.ended(id, 'p1', 4_000_000)).status).to.equal('completed')
    })
  }

  it('two replicas take over at once: one of them goes on, and the outcome is one', async () => {
    const peers = await mesh(waiting('{ copies: 3 }'), ['one', 'two'], { peers: 4 })
    const { id, replicas } = await start(peers, 'waiting', 'p4')
    await peers.clock.pass(3000)
    const others = replicas.filter(peer => peer !== 'p4')
    if (replicas.includes('p4')) expect(others.length).to.equal(2)

    await peers.kill('p4')
    for (const peer of others) peers.life(peer).sidecar.supervisor.disowned(id, 'p4')
    const view = await peers.ended(id, others[0]!)

    expect(view).to.include({ status: 'completed', final: true })
    expect(peers.callsByKey().size).to.equal(2)
    await peers.clock.pass(20_000)
    expect(peers.names.filter(name => peers.isUp(name)).map(name => peers.life(name).sidecar.driven())).to.deep.equal([0, 0, 0])
  })

  it('a writer that stands apart is taken over, parks when it is back, and its tail does not count', async () => {
    const peers = await mesh(chain('{ copies: 2, degraded: wait }'), ['one', 'two', 'three'], { peers: 4 })
    const { id, replicas } = await start(peers, 'chain', 'p4')
    const writer = 'p4'
    expect(replicas).to.include(writer)
    await peers.clock.pass(100)

    peers.net.isolate(writer)
    const other = replicas.find(peer => peer !== writer)!
    const view = await peers.ended(id, other)
    peers.net.healAll()
    await peers.clock.pass(20_000)

    expect(view).to.include({ status: 'completed', final: true })
    expect(peers.life(writer).sidecar.driven()).to.equal(0)
    expect(await peers.clock.settle(peers.life(writer).executions.read(id))).to.deep.include({ status: 'completed', final: true, output: view.output })
    expect(peers.callsByKey().size).to.equal(3)
  })

  it('a peer that comes back when its set has moved on takes nothing over', async () => {
    const peers = await mesh(waiting(), ['one', 'two'])
    const { id, replicas } = await start(peers, 'waiting', 'p2')
    const gone = replicas.find(peer => peer !== 'p2' && peer !== 'p1') ?? 'p3'
    expect(replicas).to.include(gone)
    await peers.clock.pass(1000)
    await peers.kill(gone)
    await peers.clock.until(() => !peers.life('p2').control.view().sets.get(id.split('.')[0]!)!.members.some(({ peer }) => peer === gone), 30_000)

    const life = await peers.start(gone)
    const view = await peers.ended(id, 'p2')

    expect(view.status).to.equal('completed')
    expect(life.events.filter(({ event }) => event === 'takeover')).to.deep.equal([])
    expect(peers.ledger.map(({ fn }) => fn)).to.deep.equal(['one', 'two'])
  })

  it('all peers die at once and start again: every execution goes on from what was synced', async () => {
    const peers = await mesh(forkJoin(), ['a', 'b', 'c', 'd', 'after'])
    const { id } = await start(peers, 'fork-join')
    await peers.clock.pass(150)

    for (const name of peers.names) await peers.kill(name)
    for (const name of peers.names) await peers.start(name)
    const view = await peers.ended(id, 'p2')

    expect(view).to.include({ status: 'completed', final: true })
    expect(peers.callsByKey().size).to.equal(5)
  })

  for (const afterMs of [10, 120, 240, 300, 400]) {
    it(`an exclusive call is never made twice, also when its peer dies ${afterMs} ms after the start`, async () => {
      const peers = await mesh(exclusive(), ['one', 'pay', 'after'], { seed: afterMs })
      const { id } = await start(peers, 'exclusive')
      await peers.clock.pass(afterMs)

      await peers.kill('p3')
      await peers.clock.pass(30_000)
      await peers.start('p3')
      await peers.clock.pass(10_000)

      const pays = peers.ledger.filter(({ fn }) => fn === 'pay')
      const view = await peers.clock.settle(peers.life('p1').executions.read(id))
      expect(pays.length).to.be.within(0, 1)
      // Where it died during the call nobody knows how that ended, and the execution says so; else it has ended.
      const states = await Promise.all(peers.names.map(async name => (await peers.clock.settle(peers.life(name).executions.read(id))).status))
      expect(states.some(status => status === 'waiting') || (view.status === 'completed' && pays.length === 1), states.join()).to.equal(true)
    })
  }
})
