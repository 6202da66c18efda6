/** Done means synced at every replica, under one number. */
import { expect } from 'chai'
import { childBranch } from '../../src/branch/index.js'
import { blobId } from '../../src/checkpoint/index.js'
import { ReplicaMesh } from './replica-mesh.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const blobOf = (text: string): { id: string, bytes: Uint8Array } => ({ id: blobId(bytes(text)), bytes: bytes(text) })

describe('records and their replicas', function () {
  this.timeout(10_000)

  it('a record is acknowledged only after its batch is synced: save, then send', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    mesh.life('b').store.hold(true)

    const branch = mesh.open('w', 's.1')
    branch.write()
    await mesh.clock.pass(2000)
    expect(branch.done).to.equal(-1)
    expect(mesh.life('b').store.unsynced).to.be.above(0)

    mesh.life('b').store.hold(false)
    await mesh.clock.pass(1500)
    expect(branch.done).to.equal(0)
  })

  it('a crash before the sync loses what was never acknowledged, and the writer offers it again', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    mesh.life('b').store.hold(true)
    const branch = mesh.open('w', 's.1')
    branch.write()
    await mesh.clock.pass(500)

    const { store, clock } = mesh.life('b')
    clock.kill()
    mesh.net.leave('b')
    await store.kill(0)
    await mesh.start('b')

    await mesh.clock.until(() => branch.done === 0)
    expect(mesh.life('b').checkpoint.replicas.lookup('s.1')?.head?.index).to.equal(0)
  })

  it('what is lost on the way is offered again, in order', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    let lost = 0
    mesh.net.lose = (kind, _from, to) => kind === 'checkpoint/append' && to === 'b' && lost++ < 3

    const branch = mesh.open('w', 's.1')
    for (let i = 0; i < 5; i++) branch.write()

    await mesh.clock.until(() => branch.done === 4)
    expect(lost).to.be.above(0)
    expect(mesh.life('b').checkpoint.replicas.lookup('s.1')?.head?.index).to.equal(4)
  })

  it('what is lost is offered again, also when the writer\'s clock jumps back by an hour', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    const branch = mesh.open('w', 's.1')
    branch.write()
    await mesh.clock.until(() => branch.done === 0)
    mesh.net.lose = kind => kind === 'checkpoint/append'
    branch.write()
    await mesh.clock.pass(1000)

    mesh.life('w').clock.skewMs = -3_600_000
    mesh.net.lose = () => false

    await mesh.clock.until(() => branch.done === 1, 10_000)
  })

  it('where it may, a branch goes on degraded while a replica is away, says so, and is repaired when it is back', async () => {
    const mesh = await ReplicaMesh.create(['a', 'b'], ['a', 'b'])
    const branch = mesh.open('a', 's.1', { mayDegrade: true })
    branch.write()
    await mesh.clock.until(() => branch.done === 0)
    mesh.net.cut('a', 'b')

    branch.write()
    await mesh.clock.until(() => branch.writer.mayGoOn(0))
    const degraded = branch.write()
    expect(degraded.degraded).to.equal(true)
    expect(branch.done).to.equal(0)
    mesh.net.heal('a', 'b')

    await mesh.clock.until(() => branch.done === 2)
    expect(branch.write().degraded).to.equal(false)
  })

  it('where it may not, it waits', async () => {
    const mesh = await ReplicaMesh.create(['a', 'b'], ['a', 'b'])
    const branch = mesh.open('a', 's.1', { mayDegrade: false })
    mesh.net.cut('a', 'b')

    branch.write()
    await mesh.clock.pass(20_000)

    expect(branch.writer.mayGoOn(0)).to.equal(false)
  })

  it('after a change of the set, acknowledgements of the old number count no more', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b', 'c'], ['a', 'b'])
    const branch = mesh.open('w', 's.1')
    branch.write()
    await mesh.clock.until(() => branch.done === 0)
    mesh.net.lose = (kind, from) => kind === 'checkpoint/replies' && from === 'b'
    branch.write()
    await mesh.clock.pass(300) // a has acknowledged under number 1, b's answer is lost
    await mesh.kill('b')
    await mesh.change(['a', 'c'], ['w'])
    await mesh.clock.pass(1000)
    expect(branch.done).to.equal(0)

    for (const name of ['a', 'c']) await mesh.clock.settle(mesh.life(name).checkpoint.follow(mesh.view()))
    await mesh.clock.until(() => branch.done === 1)
    expect(mesh.life('c').checkpoint.replicas.lookup('s.1')?.head?.index).to.equal(1)
  })

  it('a newcomer acknowledges nothing before it has copied: heads, children and their opening record, blobs, outcomes', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b', 'c'], ['a', 'b'])
    const big = blobOf('x'.repeat(100_000))
    const ended = mesh.open('w', 's.0')
    ended.write({ next: null })
    const branch = mesh.open('w', 's.1')
    const opening = branch.write({ opens: ['w', 'w'], blobs: [big] })
    await mesh.clock.until(() => branch.done === 0 && ended.done === 0)
    await mesh.clock.pass(1000)
    mesh.net.lose = (kind, from, to) => kind === 'checkpoint/copy' && from === 'c' && to === 'a'
    await mesh.kill('b')
    await mesh.change(['a', 'c'])

    branch.write()
    await mesh.clock.pass(3000)
    expect(branch.done).to.equal(0)
    expect(mesh.life('c').wholes).to.deep.equal([])
    mesh.net.lose = () => false
    await mesh.clock.until(() => branch.done === 1)

    const { replicas } = mesh.life('c').checkpoint
    expect(mesh.life('c').wholes).to.deep.equal([2])
    expect([0, 1].map(place => replicas.lookup(childBranch(opening.hash, place))?.head?.hash)).to.deep.equal([opening.hash, opening.hash])
    expect(await mesh.clock.settle(replicas.blob('s.1', big.id))).to.deep.equal(big.bytes)
    expect(await mesh.clock.settle(replicas.history.summary('s.0'))).to.include({ final: true })
  })

  it('a newcomer copies an execution whose blobs fill more than one message', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b', 'c'], ['a', 'b'])
    const blobs = Array.from({ length: 4 }, (_, i) => blobOf(`${i}`.repeat(3_000_000)))
    const branch = mesh.open('w', 's.1')
    branch.write({ blobs })
    await mesh.clock.until(() => branch.done === 0)
    await mesh.kill('b')
    await mesh.change(['a', 'c'])

    await mesh.clock.until(() => mesh.life('c').wholes.length > 0)

    for (const { id } of blobs) expect((await mesh.clock.settle(mesh.life('c').checkpoint.replicas.blob('s.1', id)))?.length).to.equal(3_000_000)
  })

  it('a former member that comes back drops what its set has moved on from', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b', 'c'], ['a', 'b'])
    const branch = mesh.open('w', 's.1')
    branch.write()
    const unknown = mesh.open('w', 's.2')
    await mesh.clock.until(() => branch.done === 0)
    mesh.net.lose = (kind, _from, to) => kind === 'checkpoint/append' && to === 'a'
    unknown.write() // reaches b alone
    await mesh.clock.pass(1000)
    mesh.life('w').checkpoint.writers.close(unknown.writer)
    await mesh.kill('b')
    mesh.net.lose = () => false
    await mesh.change(['a', 'c'])
    branch.write({ next: null })
    await mesh.clock.until(() => branch.done === 1)
    await mesh.clock.pass(2000)
    await mesh.kill('c')
    await mesh.start('b')

    await mesh.change(['a', 'b'])
    await mesh.clock.until(() => mesh.life('b').wholes.includes(3))

    const { replicas } = mesh.life('b').checkpoint
    expect([...replicas.liveBranches()]).to.deep.equal([])
    expect(await mesh.clock.settle(replicas.history.summary('s.1'))).to.include({ final: true })
    expect(await mesh.clock.settle(replicas.history.summary('s.2'))).to.equal(undefined)
  })

  it('a replica that starts again has its branches, children too', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    const branch = mesh.open('w', 's.1')
    const opening = branch.write({ opens: ['w', 'w'] })
    const child = mesh.goOn('w', childBranch(opening.hash, 1), opening)
    const own = child.write()
    await mesh.clock.until(() => child.done === 1)

    await mesh.kill('a')
    const { checkpoint: { replicas } } = await mesh.start('a')

    expect(replicas.lookup('s.1')?.head?.hash).to.equal(opening.hash)
    expect(replicas.lookup(childBranch(opening.hash, 0))?.head?.hash).to.equal(opening.hash)
    expect(replicas.lookup(childBranch(opening.hash, 1))?.head?.hash).to.equal(own.hash)
    expect(replicas.sets.get('s')?.whole).to.equal(true)
  })

  it('a blob larger than its record\'s message comes before it, in a message of its own', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    const blobs = ['1', '2', '3'].map(text => blobOf(text.repeat(3_500_000)))
    const branch = mesh.open('w', 's.1')

    branch.write({ blobs })

    await mesh.clock.until(() => branch.done === 0, 2000)
    for (const { id } of blobs) expect(await mesh.clock.settle(mesh.life('a').checkpoint.replicas.blob('s.1', id))).to.not.equal(undefined)
  })

  it('a record whose blob a replica lacks is refused until it is there', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    const blob = blobOf('y'.repeat(10_000))
    const branch = mesh.open('w', 's.1')
    branch.write({ blobs: [blob] })
    await mesh.clock.until(() => branch.done === 0)
    const next = mesh.open('w', 's.2')
    next.writer.append({ next: null, needs: [blob.id], body: new Uint8Array() }, [])
    await mesh.clock.pass(3000)
    expect(next.done).to.equal(-1)

    mesh.life('w').checkpoint.remember('s.2', blob.id, blob.bytes)
    await mesh.clock.until(() => next.done === 0)
  })

  it('a late message for a final execution changes nothing, though it has left memory', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    const branch = mesh.open('w', 's.1')
    const first = branch.write()
    const last = branch.write({ next: null })
    await mesh.clock.until(() => branch.done === 1)
    await mesh.clock.pass(1000)
    const { replicas } = mesh.life('a').checkpoint
    expect(replicas.lookup('s.1')).to.equal(undefined)

    const append = { set: 's', number: 1, branch: 's.1', record: first, epoch: { ...first.epoch, count: 0 }, done: -1, with: [] }
    const reply = await mesh.clock.settle(new Promise(resolve => { replicas.accept({ appends: [append], blobs: [] }, ([answer]) => { resolve(answer?.reply) }) }))

    expect(reply).to.include({ type: 'ack', hash: last.hash })
    const [kept] = await mesh.clock.settle(replicas.kept('s.1'))
    expect(kept?.head?.hash).to.equal(last.hash)
  })

  it('an acknowledgement in another member\'s name does not count', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    const { RepliesMessage } = await import('../../protocols/checkpoint.js')
    mesh.net.cut('w', 'b')
    const branch = mesh.open('w', 's.1')
    const record = branch.write()
    const ack = { set: 's', branch: 's.1', hash: record.hash, index: 0, epoch: record.epoch, number: 1, member: { peer: 'b', disk: 'disk-b', joined: 1 }, parents: '' }

    mesh.life('a').mesh.send('w', 'checkpoint/replies', RepliesMessage.encode({ acks: [ack], refusals: [] }))
    await mesh.clock.pass(1000)

    expect(branch.done).to.equal(-1)
  })
})
