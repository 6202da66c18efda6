/** A member that sends garbage by every protocol: each is counted by its name, told of once, and nothing else comes of it. */
import { expect } from 'chai'
import { WatchMessage } from '../../protocols/sidecar.js'
import { MAX_WATCHED_EXECUTIONS } from '../../src/limits.js'
import { configureLogs, metrics } from '../../src/telemetry.js'
import { SimPeers } from '../support/sim-peers.js'
import { chain } from './workflows.js'

const MESSAGES = ['checkpoint/append', 'checkpoint/replies', 'checkpoint/disown', 'sidecar/beat', 'sidecar/closed', 'sidecar/watch', 'sidecar/watched']
const REQUESTS = [
  'checkpoint/note', 'checkpoint/copy', 'checkpoint/blob', 'checkpoint/read', 'checkpoint/list', 'checkpoint/pull',
  'sidecar/reserve', 'sidecar/result', 'sidecar/report', 'sidecar/control', 'sidecar/logs', 'control/propose', 'control/watch', 'control/beat', 'control/admit'
]
/** No protobuf message, no UTF-8: fields of 4 GiB that never come. */
const GARBAGE = Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x12, 0xff, 0xff, 0xff, 0xff, 0x0f)
const TIMES = 50

const counted = (protocol: string): number => metrics.counter('flowmesh_malformed_messages_total', '', { protocol }).value

describe('garbage from a member', function () {
  this.timeout(20_000)
  let lines: string[] = []
  beforeEach(() => {
    lines = []
    configureLogs({ level: 'warn', write: line => { lines.push(line) } })
  })
  after(() => { configureLogs() })

  async function mesh (): Promise<SimPeers> {
    const peers = await SimPeers.create({ seed: 3 })
    await peers.deploy(chain(), { one: {}, two: {}, three: {} })
    return peers
  }

  async function stillServes (peers: SimPeers): Promise<string> {
    const { id } = await peers.clock.settle(peers.life('p1').executions.start({ workflow: 'chain', input: { n: 1 } }))
    expect(await peers.ended(id, 'p1')).to.include({ status: 'completed', final: true })
    return id
  }

  for (const kind of MESSAGES) {
    it(`as ${kind}`, async () => {
      const peers = await mesh()
      const before = counted(kind)

      for (let i = 0; i < TIMES; i++) peers.life('p3').mesh.send('p1', kind, GARBAGE)
      await peers.clock.pass(100)

      expect(counted(kind) - before).to.equal(TIMES)
      expect(lines.length, lines.join('')).to.be.at.most(1)
      await stillServes(peers)
    })
  }

  for (const kind of REQUESTS) {
    it(`as ${kind}, which is answered with an error`, async () => {
      const peers = await mesh()
      const before = counted(kind)

      const asked = Array.from({ length: TIMES }, async () => await peers.life('p3').mesh.request('p1', kind, GARBAGE, { deadlineMs: 1000 }).then(() => 'answered', (err: { kind: string }) => err.kind))
      const ends = await peers.clock.settle(Promise.all(asked))

      expect(new Set(ends)).to.deep.equal(new Set(['invalid']))
      expect(counted(kind) - before).to.equal(TIMES)
      expect(lines.length, lines.join('')).to.be.at.most(1)
      await stillServes(peers)
    })
  }

  it('on the ring, where it is not passed on either', async () => {
    const peers = await mesh()
    const before = counted('checkpoint/ring')

    for (let i = 0; i < TIMES; i++) await peers.life('p3').mesh.publish('flowmesh/ring/0', GARBAGE)
    await peers.clock.pass(100)

    expect(counted('checkpoint/ring') - before).to.equal(2 * TIMES)
    expect(lines.length, lines.join('')).to.be.at.most(1)
    await stillServes(peers)
  })

  it('as the answer to whatever it is asked: somebody else is asked, or it counts as out of reach', async () => {
    const peers = await mesh()
    for (const kind of REQUESTS) peers.life('p3').mesh.onRequest(kind, () => GARBAGE)
    const [before, id] = [counted('sidecar/logs'), await stillServes(peers)]

    const { executions } = peers.life('p1')
    const view = await peers.clock.settle(executions.read(id))
    const rows = await peers.clock.settle(executions.logs(id))

    expect(view.status).to.equal('completed')
    expect(rows).to.deep.equal([])
    expect(counted('sidecar/logs') - before).to.equal(1)
  })

  it('as the answer of a peer that was taken for a controller: the next one is asked', async () => {
    const peers = await mesh()
    for (const kind of REQUESTS) peers.life('p3').mesh.onRequest(kind, () => GARBAGE)
    const { control } = peers.life('p2')
    const { route } = control as unknown as { route: { last: string } }
    route.last = 'p3'
    const before = counted('control/propose')

    const { holder } = await peers.clock.settle(control.intend({ execution: 'set-1.a', branch: '/', step: 1, attempt: 1 }, 'p2'))

    expect(holder).to.equal('p2')
    expect(route.last).to.equal('p1')
    expect(counted('control/propose') - before).to.equal(1)
  })

  it('fills no memory with watches: of no execution, or of too many', async () => {
    const peers = await mesh()
    const { watches } = peers.life('p1').sidecar
    const remote = (watches as unknown as { remote: Map<string, unknown> }).remote
    const watch = (execution: string): void => { peers.life('p3').mesh.send('p1', 'sidecar/watch', WatchMessage.encode({ execution })) }
    const before = counted('sidecar/watch')

    watch('x'.repeat(100_000))
    for (let i = 0; i < MAX_WATCHED_EXECUTIONS + 100; i++) watch(`set-1.${i.toString().padStart(26, '0')}`)
    await peers.clock.pass(100)

    expect(counted('sidecar/watch') - before).to.equal(1)
    expect(remote.size).to.equal(MAX_WATCHED_EXECUTIONS)
    await peers.clock.pass(14_000)
    expect(remote.size, 'nobody renewed them').to.equal(0)
  })
})
