/** The language across three peers: each task placed on another one, so that every construct crosses the network. */
import { expect } from 'chai'
import type { ExecutionView } from '../../src/sidecar/port.js'
import { swarmOf } from './suite.js'

const on = (name: string): string => `metadata: { flowmesh: { placement: { prefer: [${name}] } } }`
const visit = (task: string, name: string): string => `- ${task}: { call: visit, ${on(name)} }`

const WORKFLOWS: Record<string, string> = {
  fork: `do:
  - both:
      fork:
        branches:
          ${visit('left', 'south')}
          ${visit('right', 'east')}
  - joined: { set: { count: '\${ length }' } }
`,
  compete: `do:
  - first:
      fork:
        compete: true
        branches:
          ${visit('slow', 'south')}
          - quick:
              do:
                ${visit('there', 'east')}
                - won: { set: { winner: quick } }
`,
  retry: `do:
  - attempt:
      try:
        ${visit('before', 'south')}
        - fails: { call: misbehave, with: { way: noSuchWay }, ${on('east')} }
      catch:
        as: trouble
        retry: { delay: { milliseconds: 50 }, limit: { attempt: { count: 2 } } }
        do:
          - caught: { set: { caught: '\${ $trouble.title }' } }
`,
  deadline: `do:
  - guarded:
      try:
        - slow: { call: visit, timeout: { after: { milliseconds: 300 } }, ${on('south')} }
      catch:
        errors: { with: { type: https://serverlessworkflow.io/spec/1.0.0/errors/timeout } }
        do:
          - late: { set: { late: true } }
`,
  waits: `do:
  ${visit('before', 'east')}
  - pause: { wait: { milliseconds: 400 } }
  ${visit('after', 'south')}
`
}

describe('swarm: the language across three peers', function () {
  this.timeout(90_000)
  const swarm = swarmOf(['north', 'south', 'east'])
  before(async () => { for (const [name, text] of Object.entries(WORKFLOWS)) await swarm.workflow('north', name, text) })
  afterEach(() => { swarm.outside.release('slow') })

  const where = (view: ExecutionView): Record<string, string> =>
    Object.fromEntries(view.tasks.map(({ task, peer }) => [task.split('/').at(-1)!, swarm.nameOf(peer)]))
  const input = (): { outside: string } => ({ outside: swarm.outside.url })

  it('a fork runs its branches on two peers and joins on the first', async () => {
    const view = await swarm.run('north', 'fork', input())

    expect(view.status, JSON.stringify(view.error)).to.equal('completed')
    expect(view.output).to.deep.equal({ count: 2 })
    expect(where(view)).to.include({ left: 'south', right: 'east' })
    expect(view.tasks.filter(({ task }) => /left|right/.test(task)).map(({ branch }) => branch)).to.satisfy((branches: string[]) => new Set(branches).size === 2)
  })

  it('of competing branches the first wins, and the other is cancelled while its call is held', async () => {
    swarm.outside.hold('slow')

    const view = await swarm.run('north', 'compete', input())

    expect(view.status, JSON.stringify(view.error)).to.equal('completed')
    expect(view.output).to.deep.equal({ winner: 'quick' })
    expect(view.tasks.find(({ task }) => task.endsWith('/slow'))?.status).to.equal('cancelled')
  })

  it('a try is tried again as often as its policy says, with the same keys, then caught', async () => {
    const view = await swarm.run('south', 'retry', input())

    expect(view.status, JSON.stringify(view.error)).to.equal('completed')
    expect(view.output).to.have.property('caught')
    expect(swarm.outside.of(view.id, 'before').length).to.equal(3)
    expect(swarm.outside.keys(view.id).size).to.equal(1)
  })

  it('a timeout interrupts a call on another peer and is caught by its type', async () => {
    swarm.outside.hold('slow')

    const view = await swarm.run('east', 'deadline', input())

    expect(view.status, JSON.stringify(view.error)).to.equal('completed')
    expect(view.output).to.deep.equal({ late: true })
  })

  it('a wait lasts at least as long as it says, between two peers', async () => {
    const view = await swarm.run('north', 'waits', input())
    const at = (name: string, field: 'startedAt' | 'endedAt'): number => Date.parse(view.tasks.find(({ task }) => task.endsWith(name))![field]!)

    expect(view.status, JSON.stringify(view.error)).to.equal('completed')
    expect(where(view)).to.include({ before: 'east', after: 'south' })
    expect(at('after', 'startedAt') - at('before', 'endedAt')).to.be.at.least(390)
  })
})
