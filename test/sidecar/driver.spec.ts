/** One driver over the real machine and the real writer; the host is the test. */
import { expect } from 'chai'
import { childBranch, firstWriter, namedWriter } from '../../src/branch/index.js'
import type { BranchRecord } from '../../src/branch/index.js'
import { BranchWriter } from '../../src/checkpoint/index.js'
import { begin, startChild, startRoot } from '../../src/execution/index.js'
import { peekBody } from '../../src/sidecar/body.js'
import { Driver } from '../../src/sidecar/driver.js'
import type { DriverHost } from '../../src/sidecar/driver.js'
import { compileWorkflow } from '../../src/workflow/index.js'
import { SimClock } from '../support/sim-clock.js'

const SELF = { peer: 'p1', incarnation: '1' }
const head = 'document: { dsl: 1.0.3, namespace: test, name: driven, version: 1.0.0 }\n'

function drive (source: string, { input = {}, runAhead = 1 }: { input?: unknown, runAhead?: number } = {}) {
  const clock = new SimClock()
  const { plan } = compileWorkflow(head + source)
  plan.settings.runAhead = runAhead
  const config = { set: 's', generation: 1, number: 1, members: [{ peer: 'p1', disk: 'd', joined: 1 }] }
  const shell = {
    clock, self: 'p1', lookup: () => undefined, learn: () => {}, loadBlobs: async () => [], isReachable: () => true,
    outbox: { offer () {}, offerLater () {}, hand () {}, forgetSent () {} } as never
  }
  const records: BranchRecord[] = []
  const calls: { task: string, step: number, attempt: number }[] = []
  const host: DriverHost = {
    self: SELF, now: () => clock.now(), random: () => 0.5, after: (ms, call) => clock.after(Math.min(ms, 0x7fffffff), call), // as the system's clock
    place: () => SELF, placeChild: () => SELF, isExclusive: () => false, evaluate: () => {}, ended: () => {}, left: () => {},
    run: (_driver, { task, step, attempt }) => { calls.push({ task, step, attempt }) },
    recorded: (_driver, record) => { records.push(record) }
  }
  const writer = new BranchWriter(firstWriter(config, 's.1', SELF),
    { mayDegrade: false, onParked: () => {}, onAgain: () => {}, onProgress: () => { driver.onProgress() }, onDeadEnd: () => {} }, shell, { note () {}, silenceMs: () => 500 } as never)
  const done = (): void => {
    const { state } = writer
    const { index, hash } = state.head!
    writer.onAck({ type: 'ack', set: 's', branch: 's.1', hash, index, epoch: state.epoch, number: 1, member: config.members[0]!, parents: '' })
  }
  const driver: Driver = new Driver(host, plan, { namespace: 'test', name: 'driven', version: '1.0.0' }, 's.1', {} as never, writer, { input })
  driver.begin(startRoot(plan, { execution: 's.1', input, now: clock.now(), random: 0.5 }), true)
  return { clock, plan, host, config, shell, driver, writer, records, calls, done }
}

describe('a driver', () => {
  it('takes a thousand results that come at one moment in several records', async () => {
    const { clock, driver, records, done } = drive(`do:
  - many:
      for: { each: n, in: '\${ [range(1000)] }' }
      metadata: { flowmesh: { concurrency: 1000 } }
      do:
        - one: { call: one }
`)
    await clock.pass(10)
    done()

    for (const child of [...driver.children.keys()]) driver.childEnded(child, { status: 'completed', output: 1 }, `hash of ${child}`)
    for (let i = 0; i < 10; i++) {
      await clock.pass(300)
      done()
    }

    expect(records.at(-1)).to.include({ next: null })
    expect(Math.max(...records.map(({ takes }) => takes.length))).to.be.within(1, 512)
    expect(new Set(records.flatMap(({ takes }) => takes.map(({ branch }) => branch))).size).to.equal(1000)
  })

  it('whose next record would be too large says so and stands still; nothing else of the peer ends with it', async () => {
    const { clock, driver, records, calls, done } = drive('do:\n  - one: { call: one }\n  - two: { call: two }\n')
    await clock.pass(10)
    done()
    driver.children.set('x'.repeat(300_000), { opening: 9, index: 0, openedBy: 'x'.repeat(300_000), place: 0 })

    driver.ended(calls[0]!.step, calls[0]!.attempt, { ok: true, output: 1 })
    await clock.pass(10)

    expect(driver.waiting).to.match(/record has \d+ bytes/)
    expect(records).to.have.length(1)
    driver.post({ type: 'cancel' })
    await clock.pass(10)
    expect(driver.handOver({ peer: 'p2', incarnation: '1' })).to.equal(false)
    expect(records).to.have.length(1)
  })

  it('a wait of more days than a timer of the platform can be set for takes them all', async () => {
    const { clock, records, calls, done } = drive('do:\n  - pause: { wait: { days: 30 } }\n  - one: { call: one }\n')
    await clock.pass(10)
    done()

    await clock.pass(29 * 86_400_000)
    expect(records).to.have.length(1)
    await clock.pass(86_400_000)

    expect(calls.map(({ task }) => task)).to.deep.equal(['/do/1/one'])
  })

  it('that leaves before its first record opens its children where it goes', async () => {
    const { clock, plan, host, config, shell, driver, records, done } = drive(`do:
  - outer: { fork: { branches: [ { left: { fork: { branches: [ { a: { call: one } }, { b: { call: one } } ] } } } ] } }
`, { runAhead: 0 })
    await clock.pass(10)
    done()
    const [opening] = records as [BranchRecord]
    const branch = childBranch(opening.hash, 0)
    const writer = new BranchWriter(namedWriter(config, branch, opening, SELF, undefined)!,
      { mayDegrade: false, onParked: () => {}, onAgain: () => {}, onProgress: () => {}, onDeadEnd: () => {} }, shell, { note () {}, silenceMs: () => 500 } as never)
    const first = startChild(plan, driver.state, 0)
    const child = new Driver(host, plan, driver.workflow, branch, first, writer)
    child.begin(begin(plan, first, { now: clock.now(), random: 0.5 }), false)
    await clock.pass(10)

    const other = { peer: 'p2', incarnation: '7' }
    child.leaveFor(other)

    expect(records.at(-1)).to.deep.include({ branch, next: other, opens: [{ next: other }, { next: other }] })
    expect(peekBody(records.at(-1)!.body).opened).to.have.length(2)
  })
})
