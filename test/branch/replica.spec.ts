import { expect } from 'chai'
import { beginTakeover, changeSet, childBranch, copyIn, copyOut, namedWriter, noteSet } from '../../src/branch/index.js'
import type { WriterState } from '../../src/branch/index.js'
import { atThree, atTwo, childOf, configOf, ref, Replica, takeOver, three, two, Writer } from './helpers.js'

// Each fails when one rule is taken out which random walks miss or meet too rarely: `npm run explore -- --mutants` shows it.

describe('branch: what a replica may say', () => {
  it('acknowledges nothing under a number it has not noted, where a taker of the old one is still heard', () => {
    const { a, b, c, writer } = atThree()
    const second = configOf(2, [['b', 1], ['c', 1], ['d', 2]])
    const d = new Replica('d', second)
    c.set = noteSet(c.set, second, 'c', 'd')
    const copied = copyIn(d.set, copyOut(c.set, 2, [...c.branches.values()])!)!
    d.set = copied.state
    d.save(copied.branches)
    writer.take(changeSet(writer.state, second))
    const record = writer.append(ref('w'))

    const replies = writer.offer(record, c, d, b)
    const taker = takeOver(a, 'x', 'w')
    const [heard] = taker.offer(taker.state.head!, b)

    expect(replies.map(reply => reply.type)).to.deep.equal(['ack', 'ack', 'refusal'])
    expect(replies[2]).to.include({ reason: 'newNumber' })
    expect(heard?.type).to.equal('ack')
    expect(writer.state.done).to.equal(0)
  })

  it('stops a writer whose record does not follow the one it has of the same epoch', () => {
    const { a, writer } = atTwo()
    const twin = new Writer(writer.state)
    writer.offer(writer.append(ref('w')), a)
    const other = twin.append(ref('w'))
    twin.state = { ...twin.state, head: { ...other, hash: 'another' } }

    const [reply] = twin.offer(twin.append(ref('w')), a)

    expect(reply).to.include({ reason: 'conflict' })
    expect(twin.state.status).to.equal('stopped')
  })

  it('asks for no more heads when one that was attached is refused, since sending it again would not end', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('k') }] })
    writer.offer(opening, a, b)
    const child = childOf(opening)
    const final = child.append(null)
    const { branch, epoch: old } = child.state
    takeOver(a, branch, 'k')
    const join = writer.append(ref('w'), { takes: [{ branch, hash: final.hash }] })
    const { set, number, epoch } = writer.state

    const reply = a.accept({ set, number, branch: 'x', record: join, epoch, done: 0, with: [{ branch, record: final, epoch: old }] })

    expect(reply).to.deep.include({ reason: 'missing', missing: [] })
  })

  it('asks no more for results known to be done, also where the next writer repeats them', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('k') }] })
    writer.offer(opening, a, b)
    const child = childOf(opening)
    const final = child.append(null)
    child.offer(final, a, b)
    const join = writer.append(ref('w'), { takes: [{ branch: child.state.branch, hash: final.hash }] })
    const handed = writer.append(ref('n'))
    writer.offer(join, a, b)
    writer.offer(handed, a, b) // says that the join is done, so the child is forgotten
    const next = new Writer(namedWriter(two, 'x', handed, ref('n'), undefined) as WriterState)

    const replies = next.offer(next.append(ref('n')), a, b)

    expect(a.branches.has(child.state.branch)).to.equal(false)
    expect(replies.map(reply => reply.type)).to.deep.equal(['ack', 'ack'])
  })

  it('counts a child done only when its opening record is everywhere under one epoch of the parent', () => {
    const { a, b, c, writer } = atThree()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('k') }] })
    writer.offer(opening, b, c)
    const first = takeOver(a, 'x', 'w') // adopts what was before the opening
    const second = takeOver(b, 'x', 'a')
    second.offer(opening, a, b)
    const child = childOf(opening, 0, three)
    const record = child.append(ref('k'))

    const replies = child.offer(record, a, b, c)
    const before = child.state.done
    first.offer(first.state.head!, c) // c has not noted the second taker's epoch: it goes back to before the opening

    expect(replies.map(reply => reply.type)).to.deep.equal(['ack', 'ack', 'ack'])
    expect(c.head('x')).to.not.equal(opening.hash)
    expect(before, 'c could still lose the opening').to.equal(-1)
  })

  it('lets a child go on while its parent is being taken over, once the opening is known to be done', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('k') }] })
    writer.offer(opening, a, b)
    writer.offer(writer.append(ref('w')), a, b) // says that the opening is done
    a.save(beginTakeover(a.set, a.look, 'x', ref('a'), 'w')!.writes)
    const child = childOf(opening)

    child.offer(child.append(null), a, b)

    expect(child.state.done).to.equal(1)
  })

  it('does not call a child closed where only the tail of an older epoch is longer', () => {
    const { a, b, writer } = atTwo()
    for (let i = 0; i < 3; i++) writer.offer(writer.append(ref('w')), b)
    const taker = takeOver(a, 'x', 'w')
    const opening = taker.append(ref('a'), { opens: [{ next: ref('k') }] })
    const child = childOf(opening)

    const [reply] = child.offer(child.append(null), b)

    expect(reply).to.deep.include({ reason: 'missing', missing: [{ branch: 'x', hash: opening.hash }] })
  })

  it('takes in an attached child of an older number that it did not know', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('k') }] })
    writer.offer(opening, a)
    const second = configOf(2, [['a', 1], ['b', 1], ['c', 2]])
    b.set = noteSet(b.set, second, 'b', 'd')
    writer.take(changeSet(writer.state, second))
    const record = writer.append(ref('w'))
    const { set, number, epoch } = writer.state
    const child = { branch: childBranch(opening.hash, 0), record: opening, epoch }

    const reply = b.accept({ set, number, branch: 'x', record, epoch, done: 0, with: [child] })

    expect(reply.type).to.equal('ack')
    expect(b.head(child.branch)).to.equal(opening.hash)
  })

  it('does not forget a closed child that a newer line has open again', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('k') }] })
    writer.offer(opening, a, b)
    writer.offer(writer.append(ref('w'), { closes: [childBranch(opening.hash, 0)] }), a)
    const taker = takeOver(b, 'x', 'w')
    for (const record of [opening, taker.append(ref('b')), taker.append(ref('b'))]) taker.offer(record, a, b)

    expect(taker.state.done).to.equal(3)
    expect(a.head(childBranch(opening.hash, 0))).to.equal(opening.hash)
  })

  it('forgets a closed child once what closed it is done, however many records later', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('k') }] })
    const child = childBranch(opening.hash, 0)
    writer.offer(opening, a, b)
    writer.offer(writer.append(ref('w'), { closes: [child] }), a)
    writer.offer(writer.append(ref('w')), a, b)
    const before = a.branches.has(child)
    writer.offer(writer.append(ref('w')), a)

    expect(before).to.equal(true)
    expect(a.branches.has(child)).to.equal(false)
  })
})
