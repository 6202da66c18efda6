/** Functions that misbehave: the execution faults by name of the task, and the one beside it on the same peer ends. */
import { expect } from 'chai'
import { swarmOf } from './suite.js'

const WAYS: [way: string, status: number, says: RegExp][] = [
  ['notJson', 500, /JSON|BigInt/i],
  ['circular', 500, /not valid.*output\.a/],
  ['tooLarge', 500, /limit|large/i],
  ['never', 408, /time/i],
  ['endless', 408, /time/i],
  ['exits', 500, /exit|ended/i],
  ['throwsNothing', 500, /undefined/i],
  ['rejectsLater', 500, /later/],
  ['devours', 500, /memory/i],
  ['noSuchWay', 500, /not a function/]
]

describe('swarm: functions that misbehave', function () {
  this.timeout(90_000)
  const swarm = swarmOf(['north'])

  for (const [way, status, says] of WAYS) {
    it(`faults an execution whose function does "${way}", with the task; its neighbour ends`, async () => {
      const beside = await swarm.neighbour('north')

      const view = await swarm.run('north', 'misbehaving', { way })

      expect(view.status).to.equal('faulted')
      expect(view.error?.status, JSON.stringify(view.error)).to.equal(status)
      expect(`${view.error?.title} ${view.error?.detail}`).to.match(says)
      expect(view.error?.instance).to.contain('/do/0/act')
      await beside.ends('north')
    })
  }

  it('faults an execution whose function is no module, by the function\'s name; its neighbour ends', async () => {
    const beside = await swarm.neighbour('north')

    const view = await swarm.run('north', 'breaking')

    expect(view.status).to.equal('faulted')
    expect(`${view.error?.title} ${view.error?.detail}`).to.match(/SyntaxError|Unexpected/).and.contain('broken')
    await beside.ends('north')
  })
})
