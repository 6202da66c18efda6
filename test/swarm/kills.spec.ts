/** Peers killed with -9 in the middle of a step: the others finish, every key is called, none more often than explained. */
import { expect } from 'chai'
import { until } from '../../scripts/support/local-mesh.js'
import type { ExecutionView } from '../../src/sidecar/port.js'
import { swarmOf } from './suite.js'

const ORDERS = 6
const NAMES = ['north', 'south', 'east']

describe('swarm: kills', function () {
  this.timeout(120_000)
  const swarm = swarmOf(NAMES)
  // Each test begins with all of them, so that which runs first does not matter.
  beforeEach(async () => {
    for (const name of NAMES) if (!swarm.living().includes(name)) await swarm.mesh.start({ name })
    await swarm.setsWhole()
  })

  /** Executions that all stand in their middle step, which runs on south where it lives. */
  async function inTheMiddle (at: string): Promise<string[]> {
    swarm.outside.hold('middle')
    const ids = await Promise.all(Array.from({ length: ORDERS }, async () => await swarm.start(at, 'neighbour', { outside: swarm.outside.url })))
    await Promise.all(ids.map(async id => { await swarm.outside.visited(id, 'middle') }))
    return ids
  }

  async function allEnd (ids: string[], readAt: string, kills: number): Promise<ExecutionView[]> {
    const views = await Promise.all(ids.map(async id => await swarm.ended(readAt, id)))
    expect(views.map(({ status }) => status)).to.deep.equal(ids.map(() => 'completed'))
    for (const id of ids) {
      const keys = swarm.outside.keys(id)
      expect(keys.size, 'one key a step').to.equal(3)
      expect(Math.max(...keys.values()), 'the step that ran, and one that ran ahead, once more a kill').to.be.at.most(1 + kills)
    }
    return views
  }

  it('the executor dies in the middle: others go on with the same keys', async () => {
    const ids = await inTheMiddle('north')
    const executor = swarm.nameOf((await swarm.call<ExecutionView>('north', 'GET', `/v1/executions/${ids[0]}`)).body.tasks.at(-1)?.peer)
    const before = swarm.outside.visits.length

    await swarm.mesh.kill(executor)
    await until('another peer calls again', 30_000, async () => await Promise.resolve(swarm.outside.visits.length > before ? true : undefined))
    swarm.outside.release('middle')

    expect(executor).to.equal('south')
    const views = await allEnd(ids, 'east', 1)
    expect(views.every(({ tasks }) => swarm.nameOf(tasks.find(({ task }) => task.endsWith('middle'))?.peer) !== 'south')).to.equal(true)
  })

  it('a replica that executes nothing dies: the work goes on without it, and the set is whole again', async () => {
    const ids = await inTheMiddle('north')
    const views = await Promise.all(ids.map(async id => (await swarm.call<ExecutionView>('north', 'GET', `/v1/executions/${id}`)).body))
    const victim = swarm.nameOf(views.flatMap(({ set }) => set.replicas).find(peer => swarm.nameOf(peer) === 'east') ?? swarm.peer('east').peer)

    await swarm.mesh.kill(victim)
    swarm.outside.release('middle')

    await allEnd(ids, 'north', 1)
  })

  it('all die at once and start again: everything goes on from what was synced', async () => {
    const ids = await inTheMiddle('south')
    const before = NAMES.map(name => ({ name, peer: swarm.peer(name).peer, api: swarm.peer(name).api, addresses: swarm.peer(name).addresses }))

    await Promise.all(NAMES.map(async name => { await swarm.mesh.kill(name) }))
    swarm.outside.release('middle')
    await Promise.all(NAMES.map(async name => { await swarm.mesh.start({ name }) }))

    expect(NAMES.map(name => ({ name, peer: swarm.peer(name).peer, api: swarm.peer(name).api, addresses: swarm.peer(name).addresses })), 'identity and ports').to.deep.equal(before)
    await allEnd(ids, 'north', 1)
    const { body: peers } = await swarm.call<{ peer: string }[]>('east', 'GET', '/v1/peers')
    expect(peers.map(({ peer }) => peer)).to.have.members(before.map(({ peer }) => peer))
  })

  it('the founder, the only controller, dies: work, takeovers and starts go on, deployments say why not', async () => {
    await swarm.setWithout('north')
    const ids = await inTheMiddle('south')

    await swarm.mesh.kill('north')
    const started = await swarm.start('east', 'neighbour', { outside: swarm.outside.url })
    const deployment = await swarm.call('south', 'POST', '/v1/workflows', 'document: { dsl: 1.0.3, namespace: test, name: late, version: 1.0.0 }\ndo:\n  - a: { set: { x: 1 } }\n')
    swarm.outside.release('middle')

    expect(deployment.status).to.equal(503)
    expect(deployment.body.detail).to.match(/controller|control plane/)
    expect(deployment.body.owes).to.deep.equal([swarm.peer('north').peer])
    await allEnd([...ids, started], 'south', 1)
    swarm.outside.hold('middle')
    const more = await swarm.start('south', 'neighbour', { outside: swarm.outside.url })
    await swarm.outside.visited(more, 'middle')
    await swarm.mesh.kill('south') // its executor: what takes over needs no controller, only the rest of its set
    swarm.outside.release('middle')
    await swarm.mesh.start({ name: 'south' })
    await allEnd([more], 'east', 1)
  })

  it('stops within 10 s on SIGTERM though no controller can be reached, and its branches are handed over', async () => {
    await swarm.setWithout('north')
    const ids = await inTheMiddle('east')
    const handed = swarm.mesh.peer('south')
    await swarm.mesh.kill('north')

    const from = performance.now()
    await swarm.mesh.kill('south', 'SIGTERM')
    const tookMs = performance.now() - from
    swarm.outside.release('middle')
    await swarm.mesh.start({ name: 'south' })

    expect(tookMs).to.be.below(10_000)
    expect(handed.process.exitCode).to.equal(0)
    await allEnd(ids, 'east', 1)
  })
})
