import { expect } from 'chai'
import { adopt, attachments, beginTakeover, childBranch, duty, noteEpoch, noteSet, onNoted } from '../../src/branch/index.js'
import type { AppendReply, BranchRecord } from '../../src/branch/index.js'
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

  /** Two lines of `x` that took its child apart from each other: `w`'s at a, and at b that of b, which took both over. */
  function apart (): { a: Replica, b: Replica, child: string, line: BranchRecord } {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('k') }] })
    writer.offer(opening, a, b)
    const child = childBranch(opening.hash, 0)
    const ended = childOf(opening)
    const first = ended.append(null)
    ended.offer(first, a)
    writer.offer(writer.append(ref('w'), { takes: [{ branch: child, hash: first.hash }] }), a)
    const other = takeOver(b, child, 'k')
    const second = other.append(null)
    other.offer(second, b)
    const parent = takeOver(b, 'x', 'w')
    const line = parent.append(ref('b'), { takes: [{ branch: child, hash: second.hash }] })
    parent.offer(line, b)
    return { a, b, child, line }
  }

  /** What a says when b takes `x` over once more and offers its line with all that it refers to. */
  function offered ({ a, b, child, line }: ReturnType<typeof apart>): AppendReply {
    const { set, number, epoch } = takeOver(b, 'x', 'w', [a]).state
    return a.accept({ set, number, branch: 'x', record: line, epoch, done: -1, with: attachments(b.look, [{ branch: child, hash: '' }]) })
  }

  it('syncs what its line took again under its own epoch, so that one of two lines goes on', () => {
    const lines = apart()
    lines.a.save([{ ...lines.a.branches.get(lines.child)!, noted: { generation: 1, set: 1, count: 2, peer: 'a' } }])

    expect(offered(lines)).to.include({ type: 'ack', hash: lines.line.hash })
    expect(lines.a.head(lines.child)).to.equal(lines.b.head(lines.child))
  })

  it('does so also after the set has changed, when the epoch of what it took is of an older number', () => {
    const lines = apart()
    const changed = configOf(2, [['a', 1], ['b', 1], ['c', 2]])
    for (const replica of [lines.a, lines.b]) replica.set = noteSet(replica.set, changed, replica.peer, 'd')

    expect(offered(lines)).to.include({ type: 'ack', hash: lines.line.hash })
  })

  it('takes an epoch above those noted for what its line took', () => {
    const { a, b, child } = apart()
    b.save([{ ...b.branches.get(child)!, noted: { generation: 1, set: 1, count: 7, peer: 'a' } }])

    const { epoch } = takeOver(b, 'x', 'w', [a]).state

    expect(epoch.count).to.equal(8)
    expect(b.branches.get(child)).to.deep.include({ noted: epoch, synced: epoch })
  })

  it('syncs the results that a result rests on again, too', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('k') }] })
    writer.offer(opening, a, b)
    const child = childOf(opening)
    const inner = child.append(ref('k'), { opens: [{ next: ref('g') }] })
    child.offer(inner, a)
    const grandchild = childOf(inner)
    const last = grandchild.append(null)
    grandchild.offer(last, a)
    const final = child.append(null, { takes: [{ branch: grandchild.state.branch, hash: last.hash }] })
    child.offer(final, a)
    writer.offer(writer.append(ref('w'), { takes: [{ branch: child.state.branch, hash: final.hash }] }), a)

    const { epoch } = takeOver(a, 'x', 'w').state

    for (const { state: { branch } } of [child, grandchild]) expect(a.branches.get(branch)).to.deep.include({ noted: epoch, synced: epoch })
  })

  it('leaves a result its epoch where that is higher than the one of the takeover', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('k') }] })
    writer.offer(opening, a, b)
    const child = childBranch(opening.hash, 0)
    for (let i = 0; i < 2; i++) takeOver(b, child, 'k')
    const taker = takeOver(b, child, 'k')
    const final = taker.append(null)
    taker.offer(final, b)
    writer.offer(writer.append(ref('w'), { takes: [{ branch: child, hash: final.hash }] }), b)

    takeOver(a, 'x', 'w', [b])

    expect(a.branches.get(child)).to.deep.include({ noted: taker.state.epoch, synced: taker.state.epoch })
  })
})
