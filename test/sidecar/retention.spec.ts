import { expect } from 'chai'
import { Retention } from '../../src/sidecar/index.js'
import { SimPeers } from '../support/sim-peers.js'
import type { SimLife } from '../support/sim-peers.js'
import { chain, waiting } from './workflows.js'

const KEEP_MS = 20_000

describe('retention', function () {
  this.timeout(10_000)

  let peers: SimPeers
  beforeEach(async () => {
    peers = await SimPeers.create({ seed: 3 })
    await peers.deploy(chain(), { one: {}, two: {}, three: {} })
  })

  async function finish (count: number): Promise<string[]> {
    const { executions } = peers.life('p1')
    const ids: string[] = []
    for (let i = 0; i < count; i++) {
      const { id } = await peers.clock.settle(executions.start({ workflow: 'chain', input: { i } }))
      await peers.clock.settle(executions.waitFinal(id, 20_000))
      ids.push(id)
    }
    await peers.clock.pass(1000)
    return ids
  }

  const keeper = (life: SimLife, options: { keepMs?: number, keepPerSet?: number }, retired: string[][] = []): Retention => new Retention({
    checkpoint: life.sidecar.checkpoint, clock: life.clock, control: { retire: async executions => { retired.push(executions) } }, ...options
  })

  const replicasOf = (id: string): SimLife[] => peers.names.map(name => peers.life(name))
    .filter(life => life.sidecar.checkpoint.replicas.sets.get(id.split('.')[0]!)?.self != null)

  const keysOf = async (life: SimLife, id: string): Promise<string[]> => {
    const found: string[] = []
    for await (const [key] of life.store.range({ from: '\u0001', to: '\u{10ffff}' })) if (key.includes(id) && !key.startsWith('g/')) found.push(key)
    return found
  }

  it('deletes what ended long ago with records and logs, after the control plane was told, and keeps what is newer', async () => {
    const [old] = await finish(1)
    await peers.clock.pass(2 * KEEP_MS)
    const [fresh] = await finish(1)
    const holders = replicasOf(old!)
    await peers.clock.settle(holders[0]!.store.batch([{ type: 'put', key: `l/${old}/1`, value: new Uint8Array() }]))
    const retired: string[][] = []

    for (const life of holders) await peers.clock.settle(keeper(life, { keepMs: KEEP_MS }, retired).sweep())

    expect(retired).to.deep.equal(holders.map(() => [old]))
    for (const life of holders) {
      expect(await keysOf(life, old!)).to.deep.equal([])
      expect(await keysOf(life, fresh!)).to.not.deep.equal([])
    }
    const err: Error = await peers.clock.settle(peers.life('p3').executions.read(old!)).then(() => new Error('it was read'), (err: unknown) => err as Error)
    expect(err).to.have.property('kind', 'notFound')
  })

  it('keeps the newest of a set beyond its count', async () => {
    const ids = await finish(3)
    const life = replicasOf(ids[0]!)[0]!

    await peers.clock.settle(keeper(life, { keepPerSet: 1 }).sweep())

    const left = await Promise.all(ids.map(async id => (await keysOf(life, id)).length > 0))
    expect(left).to.deep.equal([false, false, true])
  })

  it('deletes nothing while the control plane cannot be told', async () => {
    const [id] = await finish(1)
    const life = replicasOf(id!)[0]!
    const retention = new Retention({
      checkpoint: life.sidecar.checkpoint, clock: life.clock, keepPerSet: 0, control: { retire: async () => { throw new Error('no quorum') } }
    })

    await peers.clock.settle(retention.sweep())

    expect(await keysOf(life, id!)).to.not.deep.equal([])
  })

  it('never touches an execution that has not ended', async () => {
    await peers.deploy(waiting())
    const { executions } = peers.life('p1')
    const { id } = await peers.clock.settle(executions.start({ workflow: 'waiting' }))
    await peers.clock.pass(5000)

    await peers.clock.settle(keeper(replicasOf(id)[0]!, { keepMs: 0, keepPerSet: 0 }).sweep())

    expect(await peers.clock.settle(executions.waitFinal(id, 60_000))).to.include({ status: 'completed' })
  })

  it('a record that comes after the deletion begins nothing again, however many were deleted since', async () => {
    const [id] = await finish(1)
    const life = replicasOf(id!)[0]!
    const { replicas } = life.sidecar.checkpoint
    const [record] = (await peers.clock.settle(replicas.history.everything(id!))).records
    const set = replicas.sets.get(id!.split('.')[0]!)!
    await peers.clock.settle(keeper(life, { keepPerSet: 0 }).sweep())
    const offer = async (): Promise<unknown> => await peers.clock.settle(new Promise(resolve => {
      const append = { set: set.set, number: set.number, branch: id!, record: record!, epoch: record!.epoch, done: -1, with: [] }
      replicas.accept({ appends: [append], blobs: [] }, ([answer]) => { resolve(answer?.reply) })
    }))

    expect(await offer()).to.include({ type: 'refusal', reason: 'closed' })
    for (let i = 0; i < 3; i++) await finish(1)
    await peers.clock.settle(keeper(life, { keepPerSet: 0 }).sweep())
    await peers.clock.settle(replicas.history.boundGone(set.set, 1))
    expect(await offer()).to.include({ type: 'refusal', reason: 'closed' })
  })
})
