/** Client and server together: events, deployments, errors by kind. The edge only; see ports-in-process.ts. */
import { expect } from 'chai'
import { Client, NoPeerError } from '../../src/api/client.js'
import type { RunningApi } from '../../src/api/ports.js'
import { fromProblem, toProblem } from '../../src/api/problem.js'
import {
  ConflictError, FailedError, InvalidInputError, NotFoundError, NotPermittedError, OverloadedError, TimeoutError, TooLargeError, UnavailableError
} from '../../src/errors.js'
import type { FlowMeshError } from '../../src/errors.js'
import type { ExecutionEvent } from '../../src/sidecar/port.js'
import { executionOf, inProcess, serve, SELF, workflow } from './ports-in-process.js'
import type { InProcess } from './ports-in-process.js'

const MANIFEST = { name: 'thumbnail', version: '1.0.0', runtime: 'js', entry: 'index.mjs', timeout: '10s', resources: { memory: '256MiB' } }

describe('api client (edge)', () => {
  let peer: InProcess
  let api: RunningApi
  let client: Client

  beforeEach(async () => {
    peer = inProcess()
    api = await serve(peer)
    client = new Client({ url: api.url, patienceMs: 2000 })
  })
  afterEach(async () => { await api.close() })

  const rejection = async (promise: Promise<unknown>): Promise<FlowMeshError> =>
    await promise.then(() => { throw new Error('it was accepted') }, (err: unknown) => err as FlowMeshError)
  const collect = async (events: AsyncIterable<ExecutionEvent>): Promise<ExecutionEvent[]> => {
    const all: ExecutionEvent[] = []
    for await (const event of events) all.push(event)
    return all
  }
  const tell = (count: number): void => {
    peer.executions.set('e1', executionOf('e1'))
    peer.story = Array.from({ length: count }, (_, index) => ({ id: String(index + 1), type: 'taskEnded', at: '2026-01-01T00:00:00Z', data: { step: index, text: 'a\nb: c\r\n' } }))
  }

  it('carries every kind of error over a problem and back, with its data', () => {
    const errors = [
      new InvalidInputError('wrong', { file: 'a.yaml', line: 3, column: 7, field: '/do/0' }), new NotFoundError('gone'), new ConflictError('taken'),
      new TooLargeError('the body', 10, 5), new NotPermittedError('no'), new UnavailableError('away', ['p1']), new OverloadedError('full'),
      new TimeoutError('late', 5), new FailedError('broken')
    ]

    const back = errors.map(err => { const problem = toProblem(err, '/x'); return fromProblem(problem.status, JSON.parse(JSON.stringify(problem))) })

    expect(back.map(err => err.constructor.name)).to.deep.equal(errors.map(err => err.constructor.name))
    expect((back[0] as InvalidInputError).place).to.deep.equal({ file: 'a.yaml', line: 3, column: 7, field: '/do/0' })
    expect((back[3] as TooLargeError).limitBytes).to.equal(5)
    expect((back[5] as UnavailableError).owes).to.deep.equal(['p1'])
  })

  it('judges an answer without a problem by its status', () => {
    expect([502, 401, 418, 429].map(status => fromProblem(status, undefined).kind)).to.deep.equal(['failed', 'notPermitted', 'invalid', 'overloaded'])
  })

  it('reads the story from the start to its end, data untouched', async () => {
    tell(5)

    const events = await collect(client.events('e1'))

    expect(events).to.deep.equal(peer.story)
  })

  it('goes on after the last event seen', async () => {
    tell(5)

    const events = await collect(client.events('e1', { lastEventId: '3' }))

    expect(events.map(({ id }) => id)).to.deep.equal(['4', '5'])
  })

  it('loses and repeats nothing when the stream breaks', async () => {
    tell(6)
    peer.storyBreaksAfter = 2

    const events: string[] = []
    for await (const { id } of client.events('e1')) events.push(id)

    expect(events).to.deep.equal(['1', '2', '3', '4', '5', '6'])
  })

  it('throws at once what the server refuses', async () => {
    const err = await rejection(collect(client.events('none')))

    expect(err).to.be.instanceOf(NotFoundError)
  })

  it('carries mesh events to whoever listens, and stops listening with them', async () => {
    const stop = new AbortController()
    const reading = (async () => {
      for await (const event of client.meshEvents(stop.signal)) return event
    })()
    await until(() => peer.listeners === 1)
    peer.emit({ event: 'leader', leader: SELF })

    expect(await reading).to.deep.equal({ event: 'leader', leader: SELF })
    stop.abort()
    await until(() => peer.listeners === 0)
  })

  it('deploys a function once, and tells the same again from other content', async () => {
    const [one, other] = [await client.putBlob(Buffer.from('one')), await client.putBlob(Buffer.from('two'))]

    const created = await client.deployFunction({ ...MANIFEST, artefact: one.cid })
    const again = await client.deployFunction({ ...MANIFEST, artefact: one.cid })
    const conflict = await rejection(client.deployFunction({ ...MANIFEST, artefact: other.cid }))

    expect([created.created, again.created]).to.deep.equal([true, false])
    expect(conflict).to.be.instanceOf(ConflictError)
    expect((await client.functions()).map(({ name, version }) => `${name}:${version}`)).to.deep.equal(['thumbnail:1.0.0'])
  })

  it('fills in a manifest\'s defaults and units', async () => {
    const { cid } = await client.putBlob(Buffer.from('one'))
    await client.deployFunction({ ...MANIFEST, artefact: cid })

    expect(peer.view.functions.get('thumbnail:1.0.0')?.manifest).to.deep.equal({
      name: 'thumbnail', version: '1.0.0', runtime: 'js', entry: 'index.mjs', artefact: cid, timeoutMs: 10_000, effects: 'idempotent', concurrency: 16,
      resources: { cpus: 0, memoryBytes: 256 * 1024 * 1024, accelerators: {} }, requires: {}, warm: { minimum: 0, keepMs: 300_000 }
    })
  })

  it('names the field of a manifest that is wrong', async () => {
    const { cid } = await client.putBlob(Buffer.from('one'))
    const wrong = [
      { name: 'Über' }, { version: '1' }, { runtime: 'wasm' }, { entry: '/etc/passwd' }, { entry: '../x.mjs' }, { entry: 'a/../../x' }, { entry: 'C:\\x' },
      { artefact: 'bafy' }, { timeout: 'soon' }, { concurrency: 0 }, { effects: 'maybe' }, { colour: 'red' }
    ]

    const fields = await Promise.all(wrong.map(async change =>
      ((await rejection(client.deployFunction({ ...MANIFEST, artefact: cid, ...change }))) as InvalidInputError).place.field))

    expect(fields).to.deep.equal(wrong.map(change => Object.keys(change)[0]))
  })

  it('refuses a manifest whose artefact was never sent', async () => {
    const err = await rejection(client.deployFunction({ ...MANIFEST, artefact: `bafkrei${'a'.repeat(52)}` }))

    expect(err).to.be.instanceOf(InvalidInputError)
    expect(err.message).to.contain('PUT /v1/blobs')
  })

  it('finds a workflow by name, version and namespace, the highest version first', async () => {
    for (const [version, namespace] of [['1.9.0', 'a'], ['1.10.0', 'a'], ['2.0.0-beta.2', 'a'], ['1.0.0', 'b']] as const) {
      (peer.view.workflows as Map<string, unknown>).set(`${namespace}/pay:${version}`, workflow('pay', version, namespace))
    }

    expect(await client.workflow('a/pay')).to.include({ version: '2.0.0-beta.2' }).and.have.deep.property('versions', ['2.0.0-beta.2', '1.10.0', '1.9.0'])
    expect((await client.workflow('a/pay:1.9.0')).version).to.equal('1.9.0')
    expect(await rejection(client.workflow('pay'))).to.be.instanceOf(ConflictError)
    expect((await rejection(client.workflow('a/pay:3.0.0'))).message).to.contain('1.10.0')
  })

  it('repeats a safe call while the peer is unavailable, and never a start without a key', async () => {
    let calls = 0
    peer.ports.executions.read = async id => { if (++calls < 3) throw new UnavailableError('soon'); return executionOf(id) }
    const view = await client.execution('e1')
    let starts = 0
    peer.ports.executions.start = async () => { starts++; throw new UnavailableError('no set') }
    const err = await rejection(client.start({ workflow: 'a' }))

    expect([view.id, calls, err.kind, starts]).to.deep.equal(['e1', 3, 'unavailable', 1])
  })

  it('says that nobody answers at the address', async () => {
    await api.close()

    expect(await rejection(client.peers())).to.be.instanceOf(NoPeerError)
    api = await serve(peer)
  })
})

async function until (condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200 && !condition(); tries++) await new Promise(resolve => setTimeout(resolve, 10))
  expect(condition()).to.equal(true)
}
