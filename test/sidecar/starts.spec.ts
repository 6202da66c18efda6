/** Starts while replica sets are made and grow: each is answered, whatever the set does meanwhile. */
import { expect } from 'chai'
import { SimPeers } from '../support/sim-peers.js'
import { chain } from './workflows.js'

describe('starts while a peer joins', function () {
  this.timeout(30_000)

  for (const seed of [1, 2, 3, 4]) {
    it(`are accepted within seconds, and each step is called under one key (seed ${seed})`, async () => {
      const peers = await SimPeers.create({ seed, peers: 2, net: { delayMs: [10, 60] } })
      await peers.deploy(chain(), { one: {}, two: {}, three: {} })
      const asked: { at: number, ms: number }[] = []
      const ids: string[] = []
      const start = async (): Promise<void> => {
        const at = peers.clock.now()
        const { id } = await peers.life('p2').executions.start({ workflow: 'chain', input: { n: 1 }, copies: 3 })
        ids.push(id)
        asked.push({ at, ms: peers.clock.now() - at })
      }

      peers.names.push('p3')
      await peers.start('p3')
      const starts: Promise<void>[] = []
      for (let i = 0; i < 150; i++) {
        starts.push(start())
        await peers.clock.pass(10 + seed)
      }
      await peers.clock.settle(Promise.all(starts), 60_000)

      expect(asked.filter(({ ms }) => ms > 5000)).to.deep.equal([])
      for (const id of ids) expect(await peers.ended(id, 'p2')).to.include({ status: 'completed', final: true })
      expect(peers.callsByKey().size).to.equal(3 * ids.length)
    })
  }
})
