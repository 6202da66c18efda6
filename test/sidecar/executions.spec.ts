/** Whole executions over three simulated peers, all well. */
import { expect } from 'chai'
import type { ExecutionEvent } from '../../src/sidecar/index.js'
import { CallFailed, SimPeers } from '../support/sim-peers.js'
import { chain, crossing, exclusive, firstWins, forkJoin, retrying, waiting } from './workflows.js'

async function mesh (workflow: string, names: string[], seed = 1): Promise<SimPeers> {
  const peers = await SimPeers.create({ seed })
  await peers.deploy(workflow, Object.fromEntries(names.map(name => [name, {}])))
  return peers
}

describe('executions of three peers', function () {
  this.timeout(10_000)

  async function run (peers: SimPeers, workflow: string, at = 'p2'): Promise<Awaited<ReturnType<SimPeers['ended']>>> {
    const { id } = await peers.clock.settle(peers.life(at).executions.start({ workflow, input: { n: 1 } }))
    return await peers.ended(id, at)
  }

  it('a chain ends with its outcome, each step called once', async () => {
    const peers = await mesh(chain(), ['one', 'two', 'three'])

    const view = await run(peers, 'chain')

    expect(view).to.include({ status: 'completed', final: true })
    expect(view.output).to.deep.equal({ answer: 42 })
    expect(peers.ledger.map(({ fn }) => fn)).to.deep.equal(['one', 'two', 'three'])
    expect(peers.callsByKey().size).to.equal(3)
  })

  it('steps go where they are wanted, one handover each, and only once', async () => {
    const peers = await mesh(crossing(), ['one', 'two', 'three'])

    const view = await run(peers, 'crossing')

    expect(view.status).to.equal('completed')
    expect(peers.ledger.map(({ fn, peer }) => `${fn}@${peer}`)).to.deep.equal(['one@p1', 'two@p2', 'three@p3'])
    expect(peers.names.flatMap(name => peers.life(name).events).filter(({ event }) => event === 'takeover')).to.deep.equal([])
  })

  it('a fork joins what its branches did on several peers', async () => {
    const peers = await mesh(forkJoin(), ['a', 'b', 'c', 'd', 'after'])

    const view = await run(peers, 'fork-join')

    expect(view).to.include({ status: 'completed', final: true })
    expect(peers.ledger.map(({ fn }) => fn).sort()).to.deep.equal(['a', 'after', 'b', 'c', 'd'])
    expect(new Set(peers.ledger.map(({ peer }) => peer)).size).to.equal(3)
    expect(peers.ledger.at(-1)?.fn).to.equal('after')
  })

  it('the first branch wins and what the others would have called next is never called', async () => {
    const peers = await mesh(firstWins(), ['fast', 'slow', 'never', 'after'])
    peers.functions.set('slow', async (_input, { clock }) => { await new Promise<void>(resolve => { clock.after(5000, resolve) }) })

    const view = await run(peers, 'first-wins')
    await peers.clock.pass(10_000)

    expect(view.status).to.equal('completed')
    expect(peers.ledger.map(({ fn }) => fn)).to.include('after').and.not.include('never')
    expect(peers.names.map(name => peers.life(name).sidecar.driven())).to.deep.equal([0, 0, 0])
  })

  it('a retry calls again under the same key, and a catch follows when the attempts are used up', async () => {
    const peers = await mesh(retrying(), ['flaky', 'caught'])
    peers.functions.set('flaky', (_input, { attempt }) => { if (attempt < 3) throw new CallFailed(true, true, 'not yet') })
    await run(peers, 'retrying')
    const tries = peers.ledger.filter(({ fn }) => fn === 'flaky')
    expect(tries.length).to.equal(3)
    expect(new Set(tries.map(({ key }) => key)).size).to.equal(1)

    peers.functions.set('flaky', () => { throw new CallFailed(true, true, 'never') })
    const view = await run(peers, 'retrying')

    expect(view.status).to.equal('completed')
    expect(peers.ledger.at(-1)?.fn).to.equal('caught')
  })

  it('cancel from a third peer ends a waiting execution, and the task after the wait is never called', async () => {
    const peers = await mesh(waiting(), ['one', 'two'])
    const { id } = await peers.clock.settle(peers.life('p2').executions.start({ workflow: 'waiting' }))
    await peers.clock.pass(2000)

    await peers.clock.settle(peers.life('p1').executions.cancel(id, 'enough'))
    const view = await peers.ended(id, 'p3')
    await peers.clock.pass(30_000)

    expect(view).to.include({ status: 'cancelled', final: true })
    expect(peers.ledger.map(({ fn }) => fn)).to.deep.equal(['one'])
    const again: unknown = await peers.clock.settle(peers.life('p1').executions.cancel(id)).catch((err: unknown) => err)
    expect(again).to.have.property('kind', 'conflict')
  })

  it('an exclusive call is made once, after everything before it is done and its intent is decided', async () => {
    const peers = await mesh(exclusive(), ['one', 'pay', 'after'])

    const view = await run(peers, 'exclusive')

    expect(view.status).to.equal('completed')
    expect(peers.ledger.filter(({ fn }) => fn === 'pay').length).to.equal(1)
  })

  it('starts at a peer that is not in the set, and is waited for, told and listed at another', async () => {
    const peers = await mesh(chain('{ copies: 1 }'), ['one', 'two', 'three'])
    const { sets } = peers.life('p1').control.view()
    const alone = [...sets.values()].find(({ copies, members }) => copies === 1 && members[0]?.peer === 'p3')!
    peers.net.cut('p1', 'p2') // what is told goes through neither
    const { id } = await peers.clock.settle(peers.life('p3').executions.start({ workflow: 'chain' }))
    expect(id.startsWith(`${alone.name}.`)).to.equal(true)

    const events: ExecutionEvent[] = []
    const told = (async () => {
      for await (const event of peers.life('p1').executions.events(id, { signal: new AbortController().signal })) events.push(event)
    })()
    const view = await peers.ended(id, 'p2')
    await peers.clock.settle(told)
    const list = await peers.clock.settle(peers.life('p2').executions.list({ limit: 10 }))

    expect(view).to.include({ status: 'completed', final: true })
    expect(events.map(({ type }) => type)).to.include.members(['started', 'taskStarted', 'taskEnded']).and.satisfy((types: string[]) => types.at(-1) === 'ended')
    expect(list.executions.map(each => [each.id, each.status, each.final])).to.deep.equal([[id, 'completed', true]])
  })

  it('a story goes on after the event that a reader saw last', async () => {
    const peers = await mesh(chain(), ['one', 'two', 'three'])
    const view = await run(peers, 'chain')
    const story = async (lastEventId?: string): Promise<string[]> => {
      const ids: string[] = []
      for await (const { id } of peers.life('p3').executions.events(view.id, { signal: new AbortController().signal, ...(lastEventId === undefined ? {} : { lastEventId }) })) ids.push(id)
      return ids
    }
    const whole = await peers.clock.settle(story())

    expect(await peers.clock.settle(story(whole[1]))).to.deep.equal(whole.slice(2))
  })

  it('a peer that is full refuses the reservation, and the step runs where there is room', async () => {
    const peers = await mesh(crossing(), ['one', 'two', 'three'])
    Object.defineProperty(peers.life('p2').sidecar, 'isOpen', { value: () => false })

    const { id } = await peers.clock.settle(peers.life('p1').executions.start({ workflow: 'crossing' }))
    const view = await peers.ended(id, 'p1')

    expect(view.status).to.equal('completed')
    expect(peers.ledger.find(({ fn }) => fn === 'two')?.peer).to.not.equal('p2')
  })

  it('unknown executions are not found; with a replica out of reach that is not said', async () => {
    const peers = await mesh(chain(), ['one', 'two', 'three'])
    const set = [...peers.life('p1').control.view().sets.values()].find(({ copies, members }) => copies === 2 && !members.some(({ peer }) => peer === 'p1'))!
    const id = `${set.name}.01hf7yb2qyvcbp6mdwzptf3mcw`
    const kind = async (): Promise<unknown> => await peers.clock.settle(peers.life('p1').executions.read(id)).catch((err: unknown) => (err as { kind: string }).kind)

    expect(await kind()).to.equal('notFound')
    peers.net.cut('p1', 'p2')
    expect(await kind()).to.equal('unavailable')
  })

  it('an input larger than a record travels beside it, to every peer it crosses', async () => {
    const peers = await mesh(crossing(), ['one', 'two', 'three'])
    const text = 'x'.repeat(3_000_000)
    peers.functions.set('three', input => ({ length: (input as { text: string }).text.length }))

    const { id } = await peers.clock.settle(peers.life('p2').executions.start({ workflow: 'crossing', input: { text } }))
    const view = await peers.ended(id, 'p2')

    expect(view.tasks.find(({ task }) => task.endsWith('three'))?.output).to.deep.equal({ length: text.length })
  })
})
