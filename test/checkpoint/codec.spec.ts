import { expect } from 'chai'
import { AppendMessage, RecordMessage } from '../../protocols/checkpoint.js'
import { draft, firstWriter } from '../../src/branch/index.js'
import type { BranchRecord } from '../../src/branch/index.js'
import { readRecord, recordBytes, sealRecord } from '../../src/checkpoint/index.js'
import { appendOf, DECODE } from '../../src/checkpoint/wire.js'
import { MAX_RECORD_BYTES } from '../../src/limits.js'
import { member, ReplicaMesh } from './replica-mesh.js'

function recordOf (body = 'body'): BranchRecord {
  const state = firstWriter({ set: 's', generation: 1, number: 1, members: [member('a')] }, 's.1', { peer: 'w', incarnation: '1' })
  return sealRecord(draft(state, { next: { peer: 'w', incarnation: '1' }, opens: [{ next: { peer: 'a', incarnation: '2' } }], body: new TextEncoder().encode(body) }))
}

describe('records as bytes', () => {
  it('come back as they were', () => {
    const record = recordOf()

    expect(readRecord(recordBytes(record).slice())).to.deep.equal(record)
  })

  it('a flipped bit is another record, or none', () => {
    const bytes = recordBytes(recordOf())
    for (let at = 0; at < bytes.length; at++) {
      const flipped = bytes.slice()
      flipped[at]! ^= 1
      let hash = ''
      try { hash = readRecord(flipped).hash } catch {}
      expect(hash).to.not.equal(recordOf().hash)
    }
  })

  it('over the limit are neither sealed nor read', () => {
    expect(() => recordOf('x'.repeat(MAX_RECORD_BYTES))).to.throw().with.property('kind', 'tooLarge')
    expect(() => readRecord(new Uint8Array(MAX_RECORD_BYTES + 1))).to.throw().with.property('kind', 'tooLarge')
  })

  it('without epoch or writer, or not of this shape, are refused', () => {
    const { hash: _hash, prev: _prev, next: _next, opens: _opens, ...rest } = recordOf()
    expect(() => readRecord(RecordMessage.encode({ ...rest, opens: [], epoch: undefined }))).to.throw().with.property('kind', 'invalid')
    expect(() => readRecord(RecordMessage.encode({ ...rest, opens: [], writer: undefined }))).to.throw().with.property('kind', 'invalid')
    expect(() => readRecord(new Uint8Array([255, 255, 255]))).to.throw().with.property('kind', 'invalid')
  })

  it('naming more children than any branch may open are refused before they fill the memory', () => {
    const { hash: _hash, prev: _prev, next: _next, ...rest } = recordOf()
    const opens = Array.from({ length: 20_000 }, () => ({ peer: '', incarnation: '' }))

    expect(() => readRecord(RecordMessage.encode({ ...rest, opens }))).to.throw().with.property('kind', 'invalid')
  })

  it('an offer without epoch is malformed', () => {
    const offer = { set: 's', number: 1, branch: 's.1', record: recordBytes(recordOf()), epoch: undefined, done: 0, with: [] }

    expect(() => appendOf(offer)).to.throw(/without epoch/)
  })

  it('a message of a million empty offers is not read to its end', () => {
    const bytes = new Uint8Array(2_000_000)
    for (let i = 0; i < bytes.length; i += 2) bytes[i] = 0x12 // an offer of no bytes

    expect(() => AppendMessage.decode(bytes, DECODE.append)).to.throw(/repeated field "offers/)
  })

  it('malformed messages are dropped, and the peer goes on', async () => {
    const mesh = await ReplicaMesh.create(['w', 'a'], ['a'])
    const { mesh: sessions } = mesh.life('w')
    for (const kind of ['checkpoint/append', 'checkpoint/replies', 'checkpoint/disown']) sessions.send('a', kind, new Uint8Array([255, 1, 2, 3]))
    const offer = { set: 's', number: 1, branch: 's.1', record: new Uint8Array([1, 2]), epoch: undefined, done: 0, with: [] }
    sessions.send('a', 'checkpoint/append', AppendMessage.encode({ blobs: [], offers: [offer], handed: [] }))
    const note: unknown = await mesh.clock.settle(sessions.request('a', 'checkpoint/note', new Uint8Array([255]), { deadlineMs: 1000 }).catch((err: unknown) => err))
    expect(note).to.be.instanceOf(Error)

    const branch = mesh.open('w', 's.1')
    branch.write()
    await mesh.clock.until(() => branch.done === 0)
  })
})
