import { expect } from 'chai'
import { beginAgain, firstWriter, namedWriter, noteSet } from '../../src/branch/index.js'
import { configOf, ref, Replica, two, Writer } from './helpers.js'

// What becomes of a new execution whose set changes before its first record is everywhere.

const grown = configOf(2, [['a', 1], ['b', 1], ['c', 2]])

/** The first record of `x`, next written by `k`: kept at `a`, and refused by `b`, which has noted the grown set. */
function halfBegun (): { a: Replica, b: Replica, writer: Writer, first: ReturnType<Writer['append']> } {
  const [a, b] = [new Replica('a', two), new Replica('b', two)]
  const writer = new Writer(firstWriter(two, 'x', ref('w')))
  const first = writer.append(ref('k'))
  writer.offer(first, a)
  for (const replica of [a, b]) replica.set = noteSet(replica.set, grown, replica.peer, 'd')
  writer.state = { ...writer.state, number: 2, members: grown.members }
  writer.offer(first, b)
  return { a, b, writer, first }
}

describe('branch: a new execution whose set changes meanwhile', () => {
  it('begins again under the number of the replica that never heard of it', () => {
    const { a, b, writer } = halfBegun()
    const c = new Replica('c', grown)
    c.set = { ...c.set, whole: true }

    expect(writer.events).to.deep.equal([{ type: 'again', number: 2 }])
    const again = new Writer(beginAgain(writer.state, grown, 2)!)
    again.offer(again.append(ref('w')), a, b, c)

    expect(again.state.done).to.equal(0)
    expect([a, b, c].map(replica => replica.head('x'))).to.deep.equal(['x/0/w/2.0', 'x/0/w/2.0', 'x/0/w/2.0'])
  })

  it('does not begin again under a later number, where the first record may be done after all', () => {
    const { a, writer, first } = halfBegun()
    const c = new Replica('c', grown)
    c.save([a.branches.get('x')!]) // as it copied from a
    c.set = { ...c.set, whole: true }
    const without = configOf(3, [['a', 1], ['c', 2]])
    for (const replica of [a, c]) replica.set = noteSet(replica.set, without, replica.peer, 'd')
    const named = new Writer(namedWriter(without, 'x', first, ref('k'), undefined)!)
    named.offer(first, a, c)

    expect(named.state.done).to.equal(0)
    expect(beginAgain(writer.state, without, 2)).to.equal(undefined)
  })

  it('is parked where the replica has noted an epoch of it: somebody may be taking it over', () => {
    const { b, writer, first } = halfBegun()
    b.save([{ execution: 'x', branch: 'x', noted: { generation: 1, set: 2, count: 1, peer: 'a' }, head: null, synced: first.epoch, done: -1, dropped: [] }])
    writer.events = []

    writer.offer(first, b)

    expect(writer.events).to.deep.equal([{ type: 'parked', reason: 'epoch' }])
  })

  it('is parked once its first record was done', () => {
    const { b, writer, first } = halfBegun()
    writer.state = { ...writer.state, done: 0 }
    writer.events = []

    writer.offer(first, b)

    expect(writer.events).to.deep.equal([{ type: 'parked', reason: 'epoch' }])
  })
})
