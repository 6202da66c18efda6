/** What a replica says only when it is true, whatever is wrong around it. */
import { expect } from 'chai'
import { ReplicaMesh } from './replica-mesh.js'

describe('a replica', function () {
  this.timeout(10_000)

  it('acknowledges nothing it could not save because nobody here can read it, and saves what came with it', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    mesh.describe = body => { if (body === 'newer') throw new Error('not of a version this peer reads') }
    const good = mesh.open('w', 's.1')
    const bad = mesh.open('w', 's.2')

    good.write()
    bad.write({ body: 'newer' })
    await mesh.clock.pass(5000)

    expect([good.done, bad.done]).to.deep.equal([0, -1])
    await mesh.kill('a')
    const { checkpoint: { replicas } } = await mesh.start('a')
    expect([replicas.lookup('s.1')?.head?.index, replicas.lookup('s.2')]).to.deep.equal([0, undefined])
  })

  it('gives no copy before it has saved the number it gives it for', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b', 'c'], ['a', 'b'])
    const branch = mesh.open('w', 's.1')
    branch.write()
    await mesh.clock.until(() => branch.done === 0)
    mesh.life('a').store.hold(true)
    mesh.move(['a', 'c'])
    for (const name of ['a', 'c']) void mesh.life(name).checkpoint.follow(mesh.view()) // a has heard of it, and no more
    await mesh.clock.pass(3000)
    const wholeTooEarly = mesh.life('c').checkpoint.replicas.sets.get('s')?.whole

    mesh.life('a').store.hold(false)
    await mesh.clock.until(() => mesh.life('c').wholes.length > 0)

    expect(wholeTooEarly).to.equal(false)
  })

  it('whose disk has lost a record of one execution answers for all others, and takes over where it should', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a', 'b'], ['a', 'b'])
    const over = mesh.open('w', 's.1')
    const last = over.write({ next: null })
    await mesh.clock.until(() => over.done === 0)
    await mesh.clock.pass(1000)
    await mesh.clock.settle(mesh.life('a').store.batch([{ type: 'delete', key: `r/s.1/s.1/000000000/${last.hash}` }]))
    const other = mesh.open('w', 's.2')

    mesh.offer('w', 'a', last)
    other.write()
    await mesh.clock.until(() => other.done === 0, 5000)

    const { replicas } = mesh.life('a').checkpoint
    expect([replicas.isQueued('s.1'), replicas.isQueued('s.2')]).to.deep.equal([false, false])
    const asked = replicas.note({ set: 's', number: 1, execution: 's.1', branch: 's.1', epoch: last.epoch, lineage: [] })
    let answer = 'none'
    void asked.then(() => { answer = 'noted' }, () => { answer = 'failed' })
    await mesh.clock.pass(1000)
    expect(answer).to.equal('failed')
  })
})
