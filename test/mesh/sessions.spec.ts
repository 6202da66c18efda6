import { expect } from 'chai'
import { ConflictError, RemoteError } from '../../src/errors.js'
import { MAX_CONTROL_BODY_BYTES, MAX_DATA_BYTES, MAX_SESSION_BODY_BYTES } from '../../src/limits.js'
import { Meshes, bytes, failure, text, until } from './meshes.js'
import type { PeerMesh } from '../../src/mesh/index.js'

const quick = { deadlineMs: 5_000 }

describe('sessions', function () {
  this.timeout(20_000)
  const meshes = new Meshes()
  let a: PeerMesh
  let b: PeerMesh

  before(async () => {
    const { peers } = await meshes.grow(2)
    a = peers[0]!
    b = peers[1]!
    b.onRequest('echo', body => body)
  })
  after(async () => { await meshes.end() })

  it('answers requests both ways', async () => {
    a.onRequest('greet', (body, from) => bytes(`${text(body)} ${from}`))

    const answer = await b.request(a.self, 'greet', bytes('hello'), quick)

    expect(text(answer)).to.equal(`hello ${b.self}`)
    expect(text(await a.request(b.self, 'echo', bytes('x'), quick))).to.equal('x')
  })

  it('answers requests to itself', async () => {
    b.onRequest('own', (_, from) => bytes(from))

    expect(text(await b.request(b.self, 'own', bytes(''), quick))).to.equal(b.self)
  })

  it('carries the kind and message of what a handler throws', async () => {
    b.onRequest('refuse', () => { throw new ConflictError('taken by another') })

    const err = await failure(a.request(b.self, 'refuse', bytes(''), quick))

    expect(err).to.be.instanceOf(RemoteError)
    expect(err).to.include({ kind: 'conflict', message: 'taken by another', peer: b.self, retrySafe: false })
  })

  it('says so when nobody handles the kind', async () => {
    expect(await failure(a.request(b.self, 'unheard', bytes(''), quick))).to.include({ kind: 'notFound' })
  })

  it('rejects at the deadline, and ignores the late answer', async () => {
    b.onRequest('slow', async body => await new Promise(resolve => setTimeout(() => { resolve(body) }, 200)))

    const err = await failure(a.request(b.self, 'slow', bytes(''), { deadlineMs: 50 }))

    expect(err).to.include({ kind: 'timeout', name: 'TimeoutError' })
    expect(text(await a.request(b.self, 'slow', bytes('later'), quick))).to.equal('later')
  })

  it('delivers one-way messages in order on each channel', async () => {
    const got: Record<string, number[]> = { control: [], bulk: [] }
    b.onMessage('n', body => {
      const [channel, n] = text(body.subarray(0, 16)).trim().split(' ')
      got[channel!]!.push(Number(n))
    })

    for (let n = 0; n < 500; n++) {
      for (const channel of ['control', 'bulk'] as const) {
        const body = new Uint8Array(channel === 'bulk' && n % 50 === 0 ? 600_000 : 16).fill(32)
        body.set(bytes(`${channel} ${n}`))
        expect(a.send(b.self, 'n', body, channel)).to.equal(true)
      }
    }
    await until(() => got['control']!.length === 500 && got['bulk']!.length === 500)

    const expected = Array.from({ length: 500 }, (_, n) => n)
    expect(got).to.deep.equal({ control: expected, bulk: expected })
  })

  it('cuts large bodies into chunks on the bulk channel', async () => {
    const body = new Uint8Array(MAX_DATA_BYTES).map((_, i) => i % 251)

    const answer = await a.request(b.self, 'echo', body, { channel: 'bulk', deadlineMs: 15_000 })

    expect(Buffer.compare(answer, body)).to.equal(0)
  })

  it('refuses what is over the bound of its channel before sending anything', async () => {
    const overControl = await failure(a.request(b.self, 'echo', new Uint8Array(MAX_CONTROL_BODY_BYTES + 1), quick))
    const overBulk = await failure(a.request(b.self, 'echo', new Uint8Array(MAX_SESSION_BODY_BYTES + 1),
      { ...quick, channel: 'bulk' }))

    expect(overControl).to.include({ kind: 'tooLarge', limitBytes: MAX_CONTROL_BODY_BYTES })
    expect(overBulk).to.include({ kind: 'tooLarge', limitBytes: MAX_SESSION_BODY_BYTES })
    expect(() => a.send(b.self, 'n', new Uint8Array(MAX_CONTROL_BODY_BYTES + 1))).to.throw('limit')
  })

  it('measures the round trip', async () => {
    await until(() => a.rttMs(b.self) !== undefined && b.rttMs(a.self) !== undefined)

    expect(a.rttMs(b.self)).to.be.within(0.01, 500)
  })
})
