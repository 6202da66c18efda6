import { expect } from 'chai'
import type { ExecutionRecords } from '../../src/checkpoint/index.js'
import { ReplicaMesh, Written } from './replica-mesh.js'

describe('takeover by a replica', () => {
  it('notes, asks, adopts the newest head and saves it before it writes', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    const branch = mesh.open('w', 's.1')
    branch.write()
    await mesh.clock.until(() => branch.done === 0)
    mesh.net.lose = (kind, _from, to) => kind === 'checkpoint/append' && to === 'a'
    const tail = branch.write() // reaches b alone
    await mesh.clock.pass(300)
    await mesh.kill('w')
    mesh.net.lose = () => false

    const { checkpoint } = mesh.life('a')
    const state = await mesh.clock.settle(checkpoint.takeovers.take('s.1', 'w', false))

    expect(state?.head?.hash).to.equal(tail.hash)
    expect(state?.epoch).to.include({ count: 1, peer: 'a' })
    await mesh.kill('a')
    expect((await mesh.start('a')).checkpoint.replicas.lookup('s.1')).to.deep.include({ noted: state?.epoch, synced: state?.epoch })
  })

  it('the old writer is refused when it is back, and parks', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    const branch = mesh.open('w', 's.1')
    branch.write()
    await mesh.clock.until(() => branch.done === 0)
    const state = await mesh.clock.settle(mesh.life('a').checkpoint.takeovers.take('s.1', 'w', false))
    new Written(mesh.life('a'), state!, false).writer.offer()

    branch.write()

    await mesh.clock.until(() => branch.parked.length > 0)
    expect(branch.parked).to.deep.equal(['epoch'])
    expect(branch.done).to.equal(0)
  })

  it('a quiet writer that was taken over hears of it, though it offers nothing', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    const branch = mesh.open('w', 's.1')
    branch.write()
    await mesh.clock.until(() => branch.done === 0)
    await mesh.clock.settle(mesh.life('a').checkpoint.takeovers.take('s.1', 'w', false))

    await mesh.clock.until(() => branch.parked.length > 0, 15_000)
  })

  it('waits for a silent replica where records may not be degraded', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    const branch = mesh.open('w', 's.1')
    branch.write()
    await mesh.clock.until(() => branch.done === 0)
    await mesh.kill('b')
    let taken = false
    const taking = mesh.life('a').checkpoint.takeovers.take('s.1', 'w', false).then(state => { taken = state !== undefined })
    await mesh.clock.pass(20_000)
    expect(taken).to.equal(false)

    await mesh.start('b')
    await mesh.clock.settle(taking)
    expect(taken).to.equal(true)
  })
})

describe('reading from any peer', () => {
  it('an outcome is final when it is done at the whole set, and superseded records say so', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b', 'x'], ['a', 'b'])
    const branch = mesh.open('w', 's.1')
    branch.write()
    await mesh.clock.until(() => branch.done === 0)
    mesh.net.lose = (kind, _from, to) => kind === 'checkpoint/append' && to === 'b'
    const tail = branch.write({ body: '{"tail":1}' })
    await mesh.clock.pass(300)
    mesh.net.lose = () => false
    mesh.net.cut('a', 'b')
    await mesh.kill('w')
    const state = await mesh.clock.settle(mesh.life('b').checkpoint.takeovers.take('s.1', 'w', true))
    const after = new Written(mesh.life('b'), state!, true)
    after.writer.offer()
    const last = after.write({ next: null, body: '{"other":1}' })
    const read = async (): Promise<ExecutionRecords> => await mesh.clock.settle(mesh.life('x').checkpoint.reader.read('s.1'))
    expect((await read()).final).to.equal(false)

    mesh.net.healAll()
    await mesh.clock.until(() => after.done === last.index)
    const found = await read()

    expect(found.final).to.equal(true)
    expect(found.records.filter(({ superseded }) => superseded).map(({ record }) => record.hash)).to.deep.equal([tail.hash])
  })

  it('is told from gossip, as stale, when no replica can be reached; of what gossip never told, who is owed', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'x'], ['a'])
    const branch = mesh.open('w', 's.1')
    const record = branch.write({ body: 'x'.repeat(20_000) }) // as a digest, to be pulled
    mesh.life('w').checkpoint.ring.note('s', 's.1', record, record.epoch)
    await mesh.clock.pass(1000)
    await mesh.kill('a')

    const { reader } = mesh.life('x').checkpoint
    const found = await mesh.clock.settle(reader.read('s.1'))
    const err: unknown = await mesh.clock.settle(reader.read('s.2')).catch((err: unknown) => err)

    expect(found).to.include({ stale: true, final: false })
    expect(found.records.map(each => each.record.hash)).to.deep.equal([record.hash])
    expect(err).to.deep.include({ kind: 'unavailable', owes: ['a'] })
  })

  it('what changes within a moment goes on the ring once, the newest', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'x'], ['a'])
    const branch = mesh.open('w', 's.1')
    const { ring } = mesh.life('w').checkpoint
    let published = 0
    mesh.net.lose = kind => { if (kind.startsWith('flowmesh/ring')) published++; return false }
    for (let i = 0; i < 5; i++) {
      const record = branch.write()
      ring.note('s', 's.1', record, record.epoch)
    }
    await mesh.clock.pass(1000)

    expect(published).to.equal(2) // one to each peer
    expect(mesh.life('x').checkpoint.ring.latest('s.1').map(({ index }) => index)).to.deep.equal([4])
  })
})
