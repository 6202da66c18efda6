import { expect } from 'chai'
import { SimPeers } from '../support/sim-peers.js'
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
})
