import { expect } from 'chai'
import fc from 'fast-check'
import { Frame, FrameType } from '../../protocols/session.js'
import { MAX_FRAME_BYTES, MAX_QUEUED_BYTES } from '../../src/limits.js'
import { wire } from '../../src/mesh/bytes.js'
import { FrameReader } from '../../src/mesh/frame-reader.js'
import { SESSION_PROTOCOLS } from '../../src/mesh/sessions.js'
import { Meshes, bytes, text, until } from './meshes.js'
import type { Connection, Libp2p, Stream } from '@libp2p/interface'
import type { Message } from '../../src/mesh/frame-reader.js'
import type { PeerMesh } from '../../src/mesh/index.js'

const framed = (frame: Partial<Frame>): Uint8Array => {
  const encoded = Frame.encode({ type: FrameType.REQUEST, id: 1, kind: 'echo', body: wire(new Uint8Array()), more: false,
    ...frame })
  const out = Buffer.alloc(4 + encoded.byteLength)
  out.writeUInt32BE(encoded.byteLength)
  out.set(encoded, 4)
  return out
}

describe('frames on their way in', () => {
  it('are the same however the bytes are cut', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 97 }), { minLength: 1 }), (bodies, cuts) => {
      const stream = Buffer.concat(bodies.map((body, id) => framed({ id: id + 1, body: wire(body) })))
      const got: Message[] = []
      const reader = new FrameReader()

      for (let at = 0, n = 0; at < stream.byteLength; n++) {
        const end = at + cuts[n % cuts.length]!
        reader.push([stream.subarray(at, end)], message => got.push(message))
        at = end
      }

      expect(got.map(({ id, body }) => [id, Buffer.from(body).toString('hex')]))
        .to.deep.equal(bodies.map((body, id) => [id + 1, Buffer.from(body).toString('hex')]))
    }))
  })

  it('are refused over the limit before a byte of them is kept', () => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(2 ** 30)

    expect(() => { new FrameReader().push([length], () => {}) }).to.throw('1073741824')
  })

  it('are refused when one comes inside the body of another, or a body never ends', () => {
    const reader = new FrameReader()
    reader.push([framed({ more: true })], () => {})
    expect(() => { reader.push([framed({ id: 2 })], () => {}) }).to.throw('inside the body')

    const endless = new FrameReader()
    const chunk = framed({ more: true, body: wire(new Uint8Array(MAX_FRAME_BYTES - 64)) })
    expect(() => { for (let n = 0; n < 100; n++) endless.push([chunk], () => {}) }).to.throw('limit')
  })

  it('never throw anything but an error, whatever the bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), garbage => {
      try { new FrameReader().push([garbage], () => {}) } catch (err) { expect(err).to.be.instanceOf(Error) }
    }))
  })
})

describe('a hostile member', function () {
  this.timeout(30_000)
  const meshes = new Meshes()
  let honest: PeerMesh
  let hostile: PeerMesh
  let neighbour: PeerMesh
  const under = (mesh: PeerMesh): Libp2p => (mesh as unknown as { libp2p: Libp2p }).libp2p

  beforeEach(async () => {
    const { peers } = await meshes.grow(3)
    honest = peers[0]!
    hostile = peers[1]!
    neighbour = peers[2]!
    honest.onRequest('echo', body => body)
    honest.onRequest('big', () => new Uint8Array(1_000_000))
  })
  afterEach(async () => { await meshes.end() })

  /** Its own session streams to the honest peer, past all that bounds an honest one. */
  function rawStream (): Stream {
    const connection = under(hostile).getConnections().find(({ remotePeer }) => remotePeer.toString() === honest.self)!
    return connection.streams.find(({ protocol }) => protocol === SESSION_PROTOCOLS.control)!
  }

  async function neighbourIsServed (): Promise<void> {
    expect(text(await neighbour.request(honest.self, 'echo', bytes('still'), { deadlineMs: 5_000 }))).to.equal('still')
  }

  it('is disconnected for a length prefix of 1 GiB, and the neighbour is served', async () => {
    let lost = ''
    honest.onDisconnect(peer => { lost = peer })
    const length = Buffer.alloc(4)
    length.writeUInt32BE(2 ** 30)

    rawStream().send(length)
    await until(() => lost === hostile.self)

    await neighbourIsServed()
  })

  it('is disconnected for garbage, and the neighbour is served', async () => {
    let lost = ''
    honest.onDisconnect(peer => { lost = peer })

    rawStream().send(Buffer.concat([Buffer.from([0, 0, 0, 8]), Buffer.alloc(8, 0xff)]))
    await until(() => lost === hostile.self)

    await neighbourIsServed()
  })

  it('cannot fill the memory by never reading its answers', async () => {
    const stream = rawStream()
    stream.pause()
    stream.maxReadBufferLength = Infinity
    const before = process.memoryUsage().arrayBuffers

    for (let n = 0; n < 2_000; n++) stream.send(framed({ id: n + 1_000_000, kind: 'big' }))
    await new Promise(resolve => setTimeout(resolve, 1_500))

    expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(4 * MAX_QUEUED_BYTES.control + 32 * 2 ** 20)
    await neighbourIsServed()
  })

  it('cannot open more session streams than there are', async () => {
    const connection: Connection = under(hostile).getConnections().find(({ remotePeer }) =>
      remotePeer.toString() === honest.self)!
    const results = await Promise.allSettled(Array.from({ length: 50 }, async () => {
      const stream = await connection.newStream([SESSION_PROTOCOLS.control],
        { maxOutboundStreams: 1000, signal: AbortSignal.timeout(3_000) })
      await until(() => stream.status !== 'open', 3_000)
    }))

    expect(results.every(({ status }) => status === 'fulfilled' || status === 'rejected')).to.equal(true)
    const remaining = under(honest).getConnections().flatMap(({ streams }) => streams)
      .filter(({ protocol }) => protocol === SESSION_PROTOCOLS.control)
    expect(remaining.length).to.be.lessThan(4)
    await neighbourIsServed()
  })

  it('is refused as overloaded past what may wait, and what waits is dropped at its deadline', async () => {
    // The honest peer stops reading, as one that is stopped or behind a stalled link.
    const connection = under(honest).getConnections().find(({ remotePeer }) => remotePeer.toString() === hostile.self)!
    for (const stream of connection.streams) stream.pause()
    const body = new Uint8Array(500_000)

    const ends = await Promise.all(Array.from({ length: 20 }, async () =>
      await hostile.request(honest.self, 'echo', body, { deadlineMs: 400 })
      .then(() => 'answered', (err: Error) => err.name)))

    expect(ends).to.include('OverloadedError').and.to.include('UnavailableError').and.not.to.include('answered')
    await neighbourIsServed()
  })
})
