import { expect } from 'chai'
import { adopt, beginTakeover, childBranch, duty, noteEpoch, noteSet, onNoted } from '../../src/branch/index.js'
import { atThree, atTwo, childOf, configOf, ref, Replica, takeOver } from './helpers.js'

// Each fails when one rule is taken out which random walks miss or meet too rarely: `npm run explore -- --mutants` shows it.

describe('branch: what a taker goes on from', () => {
  it('adopts the highest head that another holds, so that a tail which is not done is kept', () => {
    const { a, b, writer } = atTwo()
    const tail = writer.append(ref('w'))
    writer.offer(tail, b)

    const taker = takeOver(a, 'x', 'w', [b])

    expect(taker.state.head?.hash).to.equal(tail.hash)
  })

  it('prefers the head of a higher epoch to a longer one of a lower', () => {
    const { a, b, c, writer } = atThree()
    for (let i = 0; i < 2; i++) writer.offer(writer.append(ref('w')), a)
    const first = takeOver(c, 'x', 'w')
    const newer = first.append(ref('c'))
    first.offer(newer, b, c)

    const second = takeOver(b, 'x', 'c', [a])

    expect(second.state.head?.hash).to.equal(newer.hash)
  })

  it('adopts a head together with the results it rests on', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('k') }] })
    writer.offer(opening, a, b)
    const child = childOf(opening)
    const final = child.append(null)
    child.offer(final, b)
    const join = writer.append(ref('w'), { takes: [{ branch: child.state.branch, hash: final.hash }] })
    writer.offer(join, b)

    const taker = takeOver(a, 'x', 'w', [b])

    expect(taker.state.head?.hash).to.equal(join.hash)
    expect(a.head(child.state.branch)).to.equal(final.hash)
  })

  it('takes over without asking the replica whose peer is suspected', () => {
    const { a } = atTwo()

    const begun = beginTakeover(a.set, a.look, 'x', ref('a'), 'b')!
    a.save(begun.writes)

    expect(adopt(begun.state, a.set, a.look).type).to.equal('adopted')
  })

  it('waits on when a newcomer answers, which cannot know the heads', () => {
    const { a } = atTwo()
    const second = configOf(2, [['a', 1], ['c', 2]])
    const c = new Replica('c', second)
    a.set = noteSet(a.set, second, 'a', 'd')
    const begun = beginTakeover(a.set, a.look, 'x', ref('a'), 'w')!
    a.save(begun.writes)

    expect(adopt(c.note(begun.state), a.set, a.look).type).to.equal('wait')
  })

  it('waits on when an answer to its earlier takeover arrives late', () => {
    const { a, b } = atTwo()
    const first = beginTakeover(a.set, a.look, 'x', ref('a'), 'w')!
    a.save(first.writes)
    const { reply: late } = noteEpoch(b.set, b.look, first.state.request)
    const second = beginTakeover(a.set, a.look, 'x', ref('a'), 'w')!
    a.save(second.writes)

    expect(adopt(onNoted(second.state, late), a.set, a.look).type).to.equal('wait')
  })

  it('gives a takeover up when another replica has seen the child closed', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('k') }] })
    const child = childBranch(opening.hash, 0)
    writer.offer(opening, a, b)
    writer.offer(writer.append(ref('w'), { closes: [child] }), a)
    const begun = beginTakeover(b.set, b.look, child, ref('b'), 'k')!
    b.save(begun.writes)

    expect(adopt(a.note(begun.state), b.set, b.look).type).to.equal('over')
  })

  it('watches the taker after a takeover, not the writer that the adopted record names', () => {
    const { a, b } = atTwo()
    const taker = takeOver(a, 'x', 'w', [b])
    taker.offer(taker.state.head!, b)

    expect(duty(b.look, b.look('x')!)).to.deep.equal({ by: 'a', what: 'write' })
  })
})
