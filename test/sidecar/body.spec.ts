import { expect } from 'chai'
import type { BranchState } from '../../src/execution/index.js'
import { blobIdOf, blobsOf, blobValue, decodeBody, encodeBody } from '../../src/sidecar/body.js'
import type { Body } from '../../src/sidecar/body.js'

const LARGE = { text: 'x'.repeat(10_000) }

function bodyWith (request: unknown): Body {
  const state: BranchState = {
    execution: 'e', place: '', scope: { kind: 'root' }, status: 'running', at: 1, startedAt: 1, step: 1, serial: 1, executionStartedAt: 1,
    frames: [{ task: '/do/0/a', step: 1, attempt: 1, startedAt: 1, inside: { kind: 'call', id: 1, request } }]
  }
  const trace: Body['trace'] = [{ task: '/do/0/a', step: 1, attempt: 1, status: 'running', startedAt: 1, input: request }]
  return { plan: 'p', workflow: { namespace: 'n', name: 'w', version: '1.0.0' }, start: { input: request }, state, trace, opened: [], children: {} }
}

describe('bodies of records', () => {
  it('make one blob of a value that stands in three places, and give it back in each', () => {
    const { bytes, blobs } = encodeBody(bodyWith(LARGE))

    const decoded = decodeBody(bytes, id => blobValue(blobs.get(id)!))

    expect([...blobs.keys()]).to.deep.equal([blobIdOf(LARGE)])
    expect(blobsOf(bytes).map(({ part }) => part)).to.deep.equal(['state', 'trace', 'start'])
    expect([decoded.start?.input, decoded.trace[0]?.input]).to.deep.equal([LARGE, LARGE])
    expect(decoded.state).to.deep.equal(bodyWith(LARGE).state)
  })

  it('say how large a blob is and where it belongs, before anybody reads it', () => {
    const { bytes } = encodeBody(bodyWith(LARGE))
    const asked: [string, number][] = []

    decodeBody(bytes, (_id, part, size) => asked.push([part, size]))

    expect(asked).to.deep.equal(['state', 'trace', 'start'].map(part => [part, JSON.stringify(LARGE).length]))
  })

  it('refuse to be read without their blobs', () => {
    const { bytes } = encodeBody(bodyWith(LARGE))

    expect(() => decodeBody(bytes, () => undefined)).to.throw(/is missing/)
  })

  it('read the same whether they were encoded here or came from elsewhere', () => {
    const { bytes } = encodeBody(bodyWith({ small: true }))

    const fromElsewhere = decodeBody(Uint8Array.from(bytes), () => undefined)

    expect(decodeBody(bytes, () => undefined)).to.deep.equal(fromElsewhere)
  })
})
