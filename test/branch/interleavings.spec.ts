import { expect } from 'chai'
import {
  adopt, beginTakeover, changeSet, childBranch, compareEpochs, copyIn, copyOut, isSettled, lastOf, mayGoOn, namedWriter, noteSet
} from '../../src/branch/index.js'
import type { WriterState } from '../../src/branch/index.js'
import { atTwo, configOf, ref, Replica, takeOver, two, Writer } from './helpers.js'

describe('branch: interleavings that once broke a design', () => {
  it('goes on when the handover message is lost and the writer dies', () => {
    const { a, b, writer } = atTwo()
    writer.offer(writer.append(ref('n')), a, b) // n never hears of it, w is gone

    const taker = takeOver(b, 'x', 'n', [a])
    taker.offer(taker.state.head!, a, b)

    expect(taker.state.head?.index).to.equal(1)
    expect(isSettled(taker.state)).to.equal(true)
  })

  it('gets a record done that reached only the next writer', () => {
    const { a, b, writer } = atTwo()
    const handed = writer.append(ref('n')) // reaches n, but no replica

    const next = new Writer(namedWriter(two, 'x', handed, ref('n'), undefined) as WriterState)
    next.offer(handed, a, b)

    expect(next.events).to.deep.include({ type: 'done', index: 1 })
  })

  it('parks the later writer when a takeover was begun while it lived', () => {
    const { a, b, writer } = atTwo()
    const handed = writer.append(ref('n'))
    const next = new Writer(namedWriter(two, 'x', handed, ref('n'), undefined) as WriterState)
    takeOver(b, 'x', 'w', [a])

    const [atA, atB] = next.offer(handed, a, b)

    expect(atA).to.include({ reason: 'epoch' })
    expect(atB).to.include({ reason: 'epoch' })
    expect(next.state.status).to.equal('parked')
  })

  it('does not count a record that one replica took before it noted the new epoch and another refused after', () => {
    const { a, b, writer } = atTwo()
    const record = writer.append(ref('w'))
    writer.offer(record, a)
    const taker = takeOver(b, 'x', 'w', [a])
    writer.offer(record, b)

    expect(writer.events.filter(event => event.type === 'done')).to.deep.equal([{ type: 'done', index: 0 }])
    expect(taker.state.head?.hash, 'the taker saves what the other holds').to.equal(record.hash)
  })

  it('lets one of two takers win', () => {
    const { a, b } = atTwo()
    const first = takeOver(a, 'x', 'w', [b])
    const second = takeOver(b, 'x', 'w', [a])

    const replies = first.offer(first.state.head!, a, b)
    second.offer(second.state.head!, a, b)

    expect(replies.map(reply => reply.type)).to.deep.equal(['refusal', 'refusal'])
    expect(first.state.status).to.equal('parked')
    expect(isSettled(second.state)).to.equal(true)
  })

  it('gives a takeover up when a higher epoch was noted meanwhile', () => {
    const { a, b } = atTwo()
    const begun = beginTakeover(a.set, a.look, 'x', ref('a'), 'w')!
    a.save(begun.writes)
    const answered = b.note(begun.state)
    takeOver(b, 'x', 'w', [a])

    expect(adopt(answered, a.set, a.look).type).to.equal('over')
  })

  it('refuses a parent record that rests on a child record not accepted here', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('c') }] })
    writer.offer(opening, a, b)
    const name = childBranch(opening.hash, 0)
    const child = new Writer(namedWriter(two, name, opening, ref('c'), undefined) as WriterState)
    const final = child.append(null)
    const join = writer.append(ref('w'), { takes: [{ branch: name, hash: final.hash }] })

    const [before] = writer.offer(join, a)
    child.offer(final, a)
    const [after] = writer.offer(join, a)

    expect(before).to.deep.include({ reason: 'missing', missing: [{ branch: name, hash: final.hash }] })
    expect(after?.type).to.equal('ack')
  })

  it('refuses what a higher epoch of a child produces after its parent took the result', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('c') }] })
    writer.offer(opening, a, b)
    const name = childBranch(opening.hash, 0)
    const child = new Writer(namedWriter(two, name, opening, ref('c'), undefined) as WriterState)
    const final = child.append(null)
    child.offer(final, a, b)
    const taker = takeOver(b, name, 'c', [a])
    writer.offer(writer.append(ref('w'), { takes: [{ branch: name, hash: final.hash }] }), a, b)

    const [reply] = taker.offer(taker.state.head!, a)

    expect(reply).to.include({ reason: 'closed' })
  })

  it('hands the result of a child on whose writer died before its parent took it', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('c') }] })
    writer.offer(opening, a, b)
    const name = childBranch(opening.hash, 0)
    const child = new Writer(namedWriter(two, name, opening, ref('c'), undefined) as WriterState)
    child.offer(child.append(null), a, b)

    const taker = takeOver(a, name, 'c', [b])
    taker.offer(taker.state.head!, a, b)

    expect(taker.state.status).to.equal('ended')
    expect(isSettled(taker.state)).to.equal(true)
  })

  it('reopens the losers when a first-wins decision dies with its writer', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('c') }, { next: ref('c') }] })
    writer.offer(opening, a, b)
    const [winner, loser] = [childBranch(opening.hash, 0), childBranch(opening.hash, 1)]
    const child = new Writer(namedWriter(two, winner, opening, ref('c'), undefined) as WriterState)
    const final = child.append(null)
    child.offer(final, a, b)
    writer.offer(writer.append(ref('w'), { takes: [{ branch: winner, hash: final.hash }], closes: [loser] }), a)
    const losing = new Writer(namedWriter(two, loser, opening, ref('c'), undefined) as WriterState)
    const record = losing.append(ref('c'))
    const [closed] = losing.offer(record, a)
    const taker = takeOver(b, 'x', 'w') // a did not answer, so the decision is not adopted
    taker.offer(taker.state.head!, a, b)

    const again = takeOver(a, loser, 'c', [b])
    again.offer(again.state.head!, a, b)

    expect(closed).to.include({ reason: 'closed' })
    expect(isSettled(again.state)).to.equal(true)
  })

  it('keeps the execution when the accepting peer dies right after its first record is done', () => {
    const { a, b } = atTwo()

    const taker = takeOver(a, 'x', 'w', [b])
    taker.offer(taker.state.head!, a, b)

    expect(taker.state.head?.index).to.equal(0)
    expect(mayGoOn(taker.state, 0)).to.equal(true)
  })

  it('counts a disk that came back under another id as no member', () => {
    const { b, writer } = atTwo()
    const wiped = new Replica('a', two, 'other')

    const [reply] = writer.offer(writer.append(ref('w')), wiped, b)

    expect(reply).to.include({ reason: 'notWhole' })
    expect(writer.state.done).to.equal(0)
  })

  it('lets a removed replica that comes back acknowledge nothing before it has copied', () => {
    const { a, b, writer } = atTwo()
    const [second, third] = [configOf(2, [['c', 2], ['b', 1]]), configOf(3, [['a', 3], ['b', 1]])]
    for (const next of [second, third]) for (const replica of [a, b]) replica.set = noteSet(replica.set, next, replica.peer, 'd')
    writer.take(changeSet(writer.state, third))
    const record = writer.append(ref('w'))

    const [early] = writer.offer(record, a)
    const copied = copyIn(a.set, copyOut(b.set, 3, [...b.branches.values()])!)!
    a.set = copied.state
    const [late] = writer.offer(record, a)

    expect(early).to.include({ reason: 'notWhole' })
    expect(late?.type).to.equal('ack')
  })

  it('takes a copy only for the number it has noted, and only once', () => {
    const b = new Replica('b', two)
    const joined = noteSet(undefined, configOf(2, [['c', 2], ['b', 1]]), 'c', 'd')
    b.set = noteSet(b.set, configOf(2, [['c', 2], ['b', 1]]), 'b', 'd')
    const copy = copyOut(b.set, 2, [])!
    const moved = noteSet(joined, configOf(3, [['c', 2], ['b', 1], ['e', 3]]), 'c', 'd')

    expect(copyIn(moved, copy), 'two set changes in a row').to.equal(undefined)
    expect(copyOut(b.set, 3, []), 'a source that has not noted the number').to.equal(undefined)
    expect(copyIn(copyIn(joined, copy)!.state, copy), 'a late copy').to.equal(undefined)
  })

  it('does not mix acknowledgements of two views of the set', () => {
    const { a, b, writer } = atTwo()
    const record = writer.append(ref('w'))
    writer.offer(record, a)
    const second = configOf(2, [['a', 1], ['c', 2]])
    const c = new Replica('c', second)
    for (const replica of [a, b]) replica.set = noteSet(replica.set, second, replica.peer, 'd')
    const copied = copyIn(c.set, copyOut(a.set, 2, [...a.branches.values()])!)!
    c.set = copied.state
    c.save(copied.branches)

    const [old] = writer.offer(record, c)
    writer.take(changeSet(writer.state, second))
    writer.offer(record, c)
    const before = writer.state.done
    writer.offer(record, a)

    expect(old).to.include({ reason: 'oldNumber' })
    expect(before, 'the acknowledgement under number 1 counts no more').to.equal(0)
    expect(writer.state.done).to.equal(1)
  })

  it('begins a takeover again when the set number changes', () => {
    const { a, b } = atTwo()
    const begun = beginTakeover(a.set, a.look, 'x', ref('a'), 'w')!
    a.save(begun.writes)
    a.set = noteSet(a.set, configOf(2, [['a', 1], ['c', 2]]), 'a', 'd')

    expect(adopt(b.note(begun.state), a.set, a.look).type).to.equal('restart')
  })

  it('opens a child at the epoch its opening record was written in, also under a taker', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('c') }] })
    writer.offer(opening, a)
    const taker = takeOver(a, 'x', 'w', [b])
    taker.offer(opening, a, b)
    const child = new Writer(namedWriter(two, childBranch(opening.hash, 0), opening, ref('c'), undefined) as WriterState)

    const replies = child.offer(child.append(null), a, b)

    expect(replies.map(reply => reply.type)).to.deep.equal(['ack', 'ack'])
  })

  it('accepts no record whose open children it does not hold, unless they come with it', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('c') }] })
    writer.offer(opening, a)
    const later = writer.append(ref('w'))
    const name = childBranch(opening.hash, 0)

    const [refused] = writer.offer(later, b)
    const { set, number, epoch } = writer.state
    const attached = b.accept({ set, number, branch: 'x', record: later, epoch, done: 0, with: [{ branch: name, record: opening, epoch }] })

    expect(refused).to.deep.include({ reason: 'missing', missing: [{ branch: name, hash: opening.hash }] })
    expect(attached.type).to.equal('ack')
    expect(b.head(name)).to.equal(opening.hash)
  })

  it('repeats in a record the results that those before it took and that are not done', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('w') }] })
    writer.offer(opening, a, b)
    const name = childBranch(opening.hash, 0)
    const child = new Writer(namedWriter(two, name, opening, ref('w'), undefined) as WriterState)
    const final = child.append(null)
    writer.append(ref('w'), { takes: [{ branch: name, hash: final.hash }] })

    const [reply] = writer.offer(writer.append(ref('w')), a)

    expect(reply).to.deep.include({ reason: 'missing', missing: [{ branch: name, hash: final.hash }] })
  })

  it('lets a named writer claim nothing done that it has not seen acknowledged', () => {
    const { writer } = atTwo()

    const next = namedWriter(two, 'x', writer.append(ref('n')), ref('n'), undefined)

    expect(next?.done).to.equal(-1)
  })

  it('starts nothing twice when a handover is repeated', () => {
    const { writer } = atTwo()
    const handed = writer.append(ref('n'))
    const next = new Writer(namedWriter(two, 'x', handed, ref('n'), undefined) as WriterState)
    next.append(ref('m'))

    expect(namedWriter(two, 'x', handed, ref('n'), lastOf(next.state, undefined))).to.equal(undefined)
    expect(namedWriter(two, 'x', handed, ref('n', '2'), undefined), 'another life of the peer').to.equal(undefined)
  })

  it('starts nothing twice either when it has taken the branch over under a lower epoch since', () => {
    const { a, b } = atTwo()
    const taker = takeOver(b, 'x', 'w')
    const handed = taker.append(ref('a'))
    const named = new Writer(namedWriter(two, 'x', handed, ref('a'), undefined) as WriterState)
    named.append(ref('a'))
    const lower = takeOver(a, 'x', 'b')

    const last = lastOf(lower.state, lastOf(named.state, undefined))

    expect(compareEpochs(lower.state.epoch, handed.epoch)).to.be.lessThan(0)
    expect(namedWriter(two, 'x', handed, ref('a'), last)).to.equal(undefined)
  })

  it('does not root a child in a parent that is being taken over', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('c') }] })
    writer.offer(opening, a, b)
    for (const replica of [a, b]) { // the replicas were not told that the opening is done
      const parent = replica.branches.get('x')!
      replica.branches.set('x', { ...parent, done: 0, noted: { ...parent.noted, count: 1, peer: replica.peer } })
    }
    const child = new Writer(namedWriter(two, childBranch(opening.hash, 0), opening, ref('c'), undefined) as WriterState)

    child.offer(child.append(null), a, b)

    expect(child.state.done).to.equal(-1)
  })

  it('stops a writer that meets another record of its own epoch', () => {
    const { a, writer } = atTwo()
    const twin = new Writer(writer.state)
    writer.offer(writer.append(ref('w')), a)
    const other = { ...twin.append(ref('w')), hash: 'another' }

    twin.offer(other, a)

    expect(twin.state.status).to.equal('stopped')
  })
})
