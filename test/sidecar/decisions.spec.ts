/** What is decided once is done before anything that follows from it leaves, wherever that runs. */
import { expect } from 'chai'
import { SimPeers } from '../support/sim-peers.js'

/** The next call, or the first one of a child, at a peer that prefers it. */
const race = (then: string): string => `document: { dsl: 1.0.3, namespace: test, name: race, version: 1.0.0, metadata: { flowmesh: { copies: 2, degraded: wait } } }
do:
  - race: { fork: { compete: true, branches: [ { fast: { call: fast } }, { slow: { call: slow } } ] } }
  - after: ${then}
`
const CALLS: Record<string, string> = {
  'on the same peer': '{ call: after }',
  'on the peer it is handed to': '{ call: after, metadata: { flowmesh: { placement: { peer: p4 } } } }',
  'in the children it opens': '{ fork: { branches: [ { a: { call: after } }, { b: { call: after } } ] } }',
  'in children that go elsewhere': '{ fork: { branches: [ { a: { call: after, metadata: { flowmesh: { placement: { peer: p4 } } } } } ] } }'
}

describe('a decision', function () {
  this.timeout(20_000)

  for (const [where, then] of Object.entries(CALLS)) {
    it(`is done before a call that follows from it begins ${where}`, async () => {
      const peers = await SimPeers.create({ seed: 1, peers: 5, callMs: [1, 1] })
      peers.functions.set('fast', async () => { await new Promise<void>(resolve => { peers.clock.after(200, resolve) }) })
      peers.functions.set('slow', async () => { await new Promise<void>(resolve => { peers.clock.after(60_000, resolve) }) })
      await peers.deploy(race(then), { fast: {}, slow: {}, after: {} })
      const { id } = await peers.clock.settle(peers.life('p3').executions.start({ workflow: 'race', input: {} }))
      const replicas = peers.life('p1').control.view().sets.get(id.split('.')[0]!)!.members.map(({ peer }) => peer)
      const other = replicas.find(peer => peer !== 'p3')!
      await peers.clock.pass(150)

      peers.net.lose = (kind, _from, to) => kind === 'checkpoint/append' && to === other
      await peers.clock.pass(1000)
      const before = peers.ledger.filter(({ fn }) => fn === 'after').length
      peers.net.lose = () => false
      const view = await peers.ended(id, 'p3')

      expect(before, 'calls before the decision was done').to.equal(0)
      expect(view).to.include({ status: 'completed', final: true })
    })
  }
})
