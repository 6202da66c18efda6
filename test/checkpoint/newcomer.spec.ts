import { expect } from 'chai'
import { SimPeers } from '../support/sim-peers.js'
import { ReplicaMesh } from './replica-mesh.js'
import { chain, waiting } from '../sidecar/workflows.js'

describe('a member of a set', function () {
  this.timeout(10_000)

  it('says once that it is whole, not at everything that is decided', async () => {
    const peers = await SimPeers.create({ seed: 2 })
    await peers.deploy(chain(), { one: {}, two: {}, three: {} })
    await peers.clock.pass(3000)
    const { group } = peers.life('p1').controller!
    const before = group.state().applied

    await peers.deploy(waiting())
    await peers.clock.pass(3000)

    expect(group.state().applied - before).to.equal(1)
  })

  it('that leaves and joins again while it copies history becomes whole without waiting for that', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b', 'c'], ['a', 'b'])
    const over = mesh.open('w', 's.1')
    over.write({ next: null })
    await mesh.clock.until(() => over.done === 0)
    await mesh.clock.pass(1000)
    await mesh.change(['a', 'c'])
    await mesh.clock.until(() => mesh.life('c').wholes.includes(2))
    // Its history stands still at the other member, and every page of it takes seconds.
    mesh.life('a').store.readMs = 8000

    await mesh.change(['a', 'b'])
    await mesh.change(['a', 'c'])
    mesh.life('a').store.readMs = 0

    await mesh.clock.until(() => mesh.life('c').wholes.includes(4), 30_000)
  })

  it('copies history to its end, also when some of it could not be had at once', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b', 'c'], ['a', 'b'])
    const over = ['s.1', 's.2', 's.3'].map(execution => mesh.open('w', execution))
    for (const each of over) each.write({ next: null })
    await mesh.clock.until(() => over.every(each => each.done === 0))
    await mesh.clock.pass(1000)
    let asked = 0
    mesh.net.lose = (kind, from) => kind === 'checkpoint/copy' && from === 'c' && ++asked === 4 // two pages of heads, then history

    await mesh.change(['a', 'c'])
    await mesh.clock.pass(60_000)

    const { history } = mesh.life('c').checkpoint.replicas
    expect(asked).to.be.above(4)
    for (const execution of ['s.1', 's.2', 's.3']) expect((await mesh.clock.settle(history.everything(execution))).records).to.have.length(1)
    expect(history.copied('s')).to.equal(2)
  })
})
