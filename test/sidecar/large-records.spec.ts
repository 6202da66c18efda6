/** Workflows whose records would outgrow what a record may hold. */
import { expect } from 'chai'
import { SimPeers } from '../support/sim-peers.js'

const head = (name: string): string => `document: { dsl: 1.0.3, namespace: test, name: ${name}, version: 1.0.0, metadata: { flowmesh: { copies: 2 } } }\n`

describe('what one record may hold', function () {
  this.timeout(20_000)

  it('a long stretch of tasks that need no call, each with a value of its own, becomes several records', async () => {
    const peers = await SimPeers.create({ seed: 3 })
    await peers.deploy(head('stretch') + `do:
  - many:
      for: { each: n, in: '\${ [range(400)] }' }
      do:
        - keep: { set: { n: '\${ $n }', text: '${'x'.repeat(3000)}' } }
  - done: { set: { answer: 42 } }
`)

    const { id } = await peers.clock.settle(peers.life('p3').executions.start({ workflow: 'stretch', input: {} }))
    const view = await peers.ended(id, 'p1')

    expect(view).to.include({ status: 'completed', final: true })
    expect(view.tasks.filter(({ task }) => task.endsWith('/keep'))).to.have.length(400)
  })

  it('a long stretch of errors that are caught, each with a long text, becomes several records', async () => {
    const peers = await SimPeers.create({ seed: 3 })
    await peers.deploy(head('errors') + `do:
  - many:
      for: { each: n, in: '\${ [range(200)] }' }
      do:
        - guarded:
            try:
              - fail: { raise: { error: { type: 'https://example.com/e', status: 500, title: no, detail: '\${ .text }' } } }
            catch: {}
  - done: { set: { answer: 42 } }
`)

    const { id } = await peers.clock.settle(peers.life('p3').executions.start({ workflow: 'errors', input: { text: 'x'.repeat(4000) } }))
    const view = await peers.ended(id, 'p1')

    expect(view).to.include({ status: 'completed', final: true })
    expect(view.tasks.filter(({ error }) => error?.detail?.length === 4000)).to.have.length(200)
  })
})
