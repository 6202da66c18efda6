/** What a peer that has handed a branch on, or lost it, still owes the others. */
import { expect } from 'chai'
import { ResultMessage, ResultReplyMessage } from '../../protocols/sidecar.js'
import { childBranch } from '../../src/branch/index.js'
import type { Opening } from '../../src/branch/index.js'
import { recordBytes, sealRecord } from '../../src/checkpoint/index.js'
import { SimPeers } from '../support/sim-peers.js'
import { waiting } from './workflows.js'

const head = (name: string, flowmesh: string): string => `document: { dsl: 1.0.3, namespace: test, name: ${name}, version: 1.0.0, metadata: { flowmesh: ${flowmesh} } }\n`

/** Each call at a peer of its own, none of which keeps the execution. */
const outside = (effects: string): string => head('outside', '{ copies: 2, degraded: wait }') + `do:
  - one: { call: one, metadata: { flowmesh: { placement: { peer: p4 }, effects: ${effects} } } }
  - two: { call: two, metadata: { flowmesh: { placement: { peer: p5 } } } }
`

/** All calls at one peer. */
const atFour = (name: string, calls: number): string => head(name, '{ copies: 2, degraded: wait, placement: { peer: p4 } }') +
  `do:\n${Array.from({ length: calls }, (_, i) => `  - c${i}: { call: one }\n`).join('')}`

describe('a peer that has left a branch', function () {
  this.timeout(20_000)

  async function mesh (workflow: string, names: string[], seed = 1): Promise<SimPeers> {
    const peers = await SimPeers.create({ seed, peers: 5, callMs: [200, 200] })
    await peers.deploy(workflow, Object.fromEntries(names.map(name => [name, {}])))
    return peers
  }

  async function start (peers: SimPeers, workflow: string, at: string): Promise<{ id: string, replicas: string[] }> {
    const { id } = await peers.clock.settle(peers.life(at).executions.start({ workflow, input: { n: 1 } }))
    return { id, replicas: peers.life('p1').control.view().sets.get(id.split('.')[0]!)!.members.map(({ peer }) => peer) }
  }

  it('offers a record that was overtaken no more, and tells how its exclusive call ended', async () => {
    const peers = await mesh(outside('exclusive'), ['one', 'two'])
    const { id, replicas } = await start(peers, 'outside', 'p2')
    expect(replicas).to.not.include('p4')
    await peers.clock.until(() => peers.ledger.some(({ fn }) => fn === 'one'))

    // Its record, and the handover with it, reach nobody; a replica takes over what was before.
    peers.net.lose = (kind, from) => from === 'p4' && (kind === 'checkpoint/append' || kind === 'sidecar/beat')
    await peers.clock.pass(4000)
    peers.net.lose = () => false
    const view = await peers.ended(id, 'p1', 60_000)
    await peers.clock.pass(10_000)

    expect(view).to.include({ status: 'completed', final: true })
    expect(peers.ledger.filter(({ fn }) => fn === 'one')).to.have.length(1)
    expect(peers.names.map(name => peers.life(name).sidecar.checkpoint.writers.size())).to.deep.equal([0, 0, 0, 0, 0])
  })

  it('says so when it is named and has given up, so that a replica takes over', async () => {
    const peers = await SimPeers.create({ seed: 1, peers: 5, callMs: [3000, 3000] })
    await peers.deploy(atFour('left', 2), { one: {} })
    await peers.deploy(atFour('busy', 20), { one: {} })
    const { replicas } = await start(peers, 'busy', 'p2')
    const { id } = await start(peers, 'left', 'p2')
    const [first, second] = replicas as [string, string]
    expect(replicas).to.not.include('p4')
    await peers.clock.until(() => peers.ledger.some(({ execution, peer }) => execution === id && peer === 'p4'))

    // One replica begins to take over, tells nobody, refuses the writer's next record and dies for good.
    peers.net.lose = (kind, from) => kind === 'checkpoint/note' && from === second
    peers.life(second).sidecar.supervisor.disowned(id, 'p4')
    await peers.clock.until(() => peers.life('p4').sidecar.driver(id) === undefined, 10_000)
    await peers.kill(second)
    peers.net.lose = () => false
    const view = await peers.ended(id, first, 30_000)

    expect(view).to.include({ status: 'completed', final: true })
    expect(peers.life('p4').sidecar.driven(), 'it drives another branch of that set all the while').to.equal(1)
  })

  it('and does not know it yet takes no result of a child that was opened without it', async () => {
    const peers = await SimPeers.create({ seed: 1 })
    await peers.deploy(waiting(), { one: {}, two: {} })
    const { id } = await start(peers, 'waiting', 'p3')
    await peers.clock.pass(2000)
    const { epoch, head: parent } = peers.life('p3').sidecar.driver(id)!.writer.state
    const answerTo = async (opening: Partial<Opening>): Promise<string> => {
      const lineage = [{ branch: id, hash: parent!.hash, index: parent!.index, epoch, ...opening }]
      const record = sealRecord({ ...parent!, branch: childBranch(parent!.hash, 0), index: 1, next: null, lineage })
      const body = ResultMessage.encode({ execution: id, parent: id, child: record.branch, record: recordBytes(record) })
      return ResultReplyMessage.decode(await peers.clock.settle(peers.life('p1').mesh.request('p3', 'sidecar/result', body, { deadlineMs: 2000 }))).answer
    }

    expect(await answerTo({}), 'its own line has taken or closed it').to.equal('taken')
    expect(await answerTo({ index: parent!.index + 1 })).to.equal('elsewhere')
    expect(await answerTo({ epoch: { ...epoch, count: epoch.count + 1, peer: 'p2' } })).to.equal('elsewhere')
  })

  for (const where of ['root', 'child']) {
    it(`remembers an exclusive call no longer than until its end is kept, in a ${where} branch`, async () => {
      const peers = await SimPeers.create({ seed: 2 })
      const pay = '{ call: pay, metadata: { flowmesh: { effects: exclusive } } }'
      const tasks = where === 'root' ? `  - pay: ${pay}\n` : `  - one: { call: one }\n  - two: { call: one }\n  - both: { fork: { branches: [ { a: ${pay} }, { b: ${pay} } ] } }\n`
      await peers.deploy(head('paying', '{ copies: 2 }') + `do:\n${tasks}  - after: { call: one }\n`, { one: {}, pay: {} })

      for (let i = 0; i < 3; i++) await peers.ended((await start(peers, 'paying', 'p3')).id, 'p3')
      await peers.clock.pass(1000)

      expect(peers.ledger.filter(({ fn }) => fn === 'pay')).to.have.length(where === 'root' ? 3 : 6)
      expect(peers.names.map(name => peers.life(name).sidecar.attempts.unsettled())).to.deep.equal([0, 0, 0])
    })
  }
})
