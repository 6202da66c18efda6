import { expect } from 'chai'
import { beginTakeover, changeSet, degrade, duty, mayGoOn, onAck, onRefusal, resend } from '../../src/branch/index.js'
import type { Ack, Refusal } from '../../src/branch/index.js'
import { atTwo, childOf, configOf, ref, takeOver, two, Writer } from './helpers.js'

// Each fails when one rule is taken out which random walks miss or meet too rarely: `npm run explore -- --mutants` shows it.

describe('branch: what a writer may count on', () => {
  it('asks even those that acknowledged until the opening record of its branch is done', () => {
    const { a, b, writer } = atTwo()
    const opening = writer.append(ref('w'), { opens: [{ next: ref('k') }] })
    writer.offer(opening, a, b)
    a.save(beginTakeover(a.set, a.look, 'x', ref('a'), 'w')!.writes) // and a dies before it adopts
    const child = childOf(opening)
    const record = child.append(null)
    child.offer(record, a, b)
    const before = child.state.done
    takeOver(b, 'x', 'w', [a]).offer(opening, a, b)

    child.take(resend(child.state))
    for (const { record: again } of child.sent) child.offer(again, a, b)

    expect(before).to.equal(-1)
    expect(child.state.done).to.equal(1)
  })

  it('goes on degraded only while some replica keeps what is not done', () => {
    const { a, writer } = atTwo()
    const record = writer.append(ref('w'))

    const unkept = degrade(writer.state)
    writer.offer(record, a)
    writer.state = degrade(writer.state)
    const kept = mayGoOn(writer.state, 0)
    writer.append(ref('w'))

    expect(unkept.degraded).to.equal(false)
    expect(kept).to.equal(true)
    expect(mayGoOn(writer.state, 0)).to.equal(false)
  })

  it('takes nothing back on a late acknowledgement', () => {
    const { a, b, writer } = atTwo()
    const [late] = writer.offer(writer.append(ref('w')), a)
    const second = writer.append(ref('w'))
    writer.offer(second, a)

    writer.take(onAck(writer.state, late as Ack))
    writer.offer(second, b)

    expect(writer.state.done).to.equal(2)
  })

  it('stops when a replica acknowledges another record of its own epoch', () => {
    const { a, writer } = atTwo()
    const twin = new Writer(writer.state)
    const first = writer.append(ref('w'))
    writer.append(ref('w'))
    twin.append(ref('w'))
    const other = { ...twin.append(ref('w')), hash: 'another' }
    twin.offer(other, a)

    writer.offer(first, a)

    expect(writer.state.status).to.equal('stopped')
  })

  it('is not parked by a refusal that an earlier writer of the same peer earned', () => {
    const { a, b, writer } = atTwo()
    takeOver(b, 'x', 'w', [a])
    const [late] = writer.offer(writer.append(ref('w')), a)
    const again = takeOver(a, 'x', 'b', [b])

    again.take(onRefusal(again.state, late as Refusal))

    expect(late).to.include({ reason: 'epoch' })
    expect(again.state.status).to.equal('writing')
  })

  it('offers nothing any more once it is parked', () => {
    const { a, b, writer } = atTwo()
    takeOver(b, 'x', 'w', [a])
    writer.offer(writer.append(ref('w')), a)

    expect(writer.state.status).to.equal('parked')
    expect(resend(writer.state).send).to.deep.equal([])
  })

  it('keeps its number when an older configuration arrives late', () => {
    const { a, b, writer } = atTwo()
    const second = configOf(2, [['a', 1], ['b', 1], ['c', 2]])
    writer.take(changeSet(writer.state, second))

    writer.take(changeSet(writer.state, two))
    writer.offer(writer.append(ref('w')), a, b)

    expect(writer.state.done, 'the third member was not asked').to.equal(0)
  })

  it('runs ahead of what is done no further than it may', () => {
    const { writer } = atTwo()
    writer.append(ref('w'))

    expect([0, 1].map(runAhead => mayGoOn(writer.state, runAhead))).to.deep.equal([false, true])
  })

  it('says in a record that the one before it was not done', () => {
    const { a, b, writer } = atTwo()
    writer.offer(writer.append(ref('w')), a)
    writer.state = degrade(writer.state)
    const during = writer.append(ref('w'))
    writer.offer(during, a, b)

    expect(during.degraded).to.equal(true)
    expect(writer.append(ref('w')).degraded, 'repaired').to.equal(false)
  })

  it('tells the replicas that the outcome is done, so that nobody takes it over', () => {
    const { a, b, writer } = atTwo()
    writer.offer(writer.append(null), a, b)
    const before = duty(a.look, a.look('x')!)
    for (const append of writer.sent) for (const replica of [a, b]) replica.accept(append)

    expect(before).to.deep.equal({ by: 'w', what: 'settle' })
    expect(duty(a.look, a.look('x')!)).to.equal(null)
    expect(beginTakeover(a.set, a.look, 'x', ref('a'), 'w')).to.equal(undefined)
  })
})
