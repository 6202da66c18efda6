/** Whole executions over three simulated peers. */
import { expect } from 'chai'
import { CallFailed, SimPeers } from '../support/sim-peers.js'
import { chain, crossing, firstWins, forkJoin, retrying, waiting } from './workflows.js'

describe('executions of three peers', () => {
  async function mesh (workflow: string, names: string[], seed = 1): Promise<SimPeers> {
    const peers = await SimPeers.create({ seed })
    await peers.deploy(workflow, Object.fromEntries(names.map(name => [name, {}])))
    return peers
  }

  it('a chain ends with its outcome, each step called once', async () => {
    const peers = await mesh(chain(), ['one', 'two', 'three'])
    const { executions } = peers.life('p2')

    const { id } = await peers.clock.settle(executions.start({ workflow: 'chain', input: { n: 1 } }))
    const view = await peers.clock.settle(executions.waitFinal(id, 20_000))

    expect(view).to.include({ status: 'completed', final: true })
    expect(view?.output).to.deep.equal({ answer: 42 })
    expect(peers.ledger.map(({ fn }) => fn)).to.deep.equal(['one', 'two', 'three'])
    expect(peers.callsByKey().size).to.equal(3)
  })
})
