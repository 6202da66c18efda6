/** One key, one execution: whoever asks again gets the same one, and not before it is accepted. */
import { expect } from 'chai'
import { SimPeers } from '../support/sim-peers.js'
import { chain } from './workflows.js'

const REQUEST = { workflow: 'chain', input: { n: 1 }, key: 'order-7' }

describe('a start with a key', function () {
  this.timeout(20_000)

  async function mesh (): Promise<SimPeers> {
    const peers = await SimPeers.create({ seed: 1, callMs: [200, 200] })
    await peers.deploy(chain('{ copies: 2, degraded: wait }'), { one: {}, two: {}, three: {} })
    return peers
  }

  const start = async (peers: SimPeers, at: string): Promise<string> => (await peers.life(at).executions.start(REQUEST)).id

  it('begins once, though it is asked for at three peers at one moment', async () => {
    const peers = await mesh()

    const ids = await peers.clock.settle(Promise.all(peers.names.map(async name => await start(peers, name))))
    await peers.ended(ids[0]!, 'p1')

    expect(new Set(ids).size).to.equal(1)
    expect(peers.ledger).to.have.length(3)
  })

  it('is answered to who repeats it only when its first record is done', async () => {
    const peers = await mesh()
    let open = true
    peers.net.lose = kind => open && kind === 'checkpoint/append'
    const answers: string[] = []
    for (const name of ['p3', 'p2']) {
      void start(peers, name).then(id => { answers.push(id) })
      await peers.clock.pass(2000)
    }

    expect(answers, 'before it is accepted').to.deep.equal([])
    open = false
    await peers.clock.until(() => answers.length === 2, 20_000)
    expect(new Set(answers).size).to.equal(1)
  })

  it('begins once, also when it is repeated while the first record is still on its way to the disks', async () => {
    const peers = await mesh()
    const first = start(peers, 'p3')
    await peers.clock.until(() => peers.life('p3').sidecar.driven() > 0)
    for (const name of ['p2', 'p3']) peers.life(name).store.hold(true)
    const second = start(peers, 'p1')
    await peers.clock.pass(1000)
    for (const name of ['p2', 'p3']) peers.life(name).store.hold(false)

    const ids = await peers.clock.settle(Promise.all([first, second]))
    await peers.ended(ids[0], 'p1')
    await peers.clock.pass(5000)

    expect(ids[1]).to.equal(ids[0])
    expect(peers.ledger).to.have.length(3)
  })

  it('that took so long that another one was begun in its place ends its own, and answers with the other', async () => {
    const peers = await mesh()
    const first = start(peers, 'p3')
    await peers.clock.until(() => peers.life('p3').sidecar.driven() > 0)
    for (const name of ['p2', 'p3']) peers.life(name).store.hold(true)
    const second = start(peers, 'p1')
    await peers.clock.pass(5000)
    for (const name of ['p2', 'p3']) peers.life(name).store.hold(false)

    const ids = await peers.clock.settle(Promise.all([first, second]))
    await peers.ended(ids[1], 'p1')
    await peers.clock.pass(5000)
    const { executions } = await peers.clock.settle(peers.life('p1').executions.list({ limit: 10 }))

    expect(ids[0]).to.equal(ids[1])
    expect(executions.map(({ status }) => status).sort()).to.deep.equal(['cancelled', 'completed'])
  })

  it('is begun by who repeats it when the peer that was asked first died before', async () => {
    const peers = await mesh()
    peers.net.lose = kind => kind === 'checkpoint/append'
    peers.life('p3').store.hold(true)
    void start(peers, 'p3').catch(() => {})
    await peers.clock.pass(1000)
    await peers.kill('p3')
    peers.net.lose = () => false
    await peers.clock.pass(15_000) // the set is repaired

    const id = await peers.clock.settle(start(peers, 'p2'), 40_000)

    expect(await peers.ended(id, 'p2')).to.include({ status: 'completed', final: true })
    expect(peers.ledger).to.have.length(3)
  })
})
