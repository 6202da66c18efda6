import { expect } from 'chai'
import fc from 'fast-check'
import { InvalidInputError } from '../../src/errors.js'
import { decodeToken, encodeToken } from '../../src/mesh/index.js'
import { meshIdOf } from '../../src/mesh/certificate.js'

const meshKey = new Uint8Array(32).fill(7)
const token = {
  addresses: ['/ip4/127.0.0.1/tcp/4001/p2p/12D3KooWGC5QETMjHGYGmAWSS7JCyEGfbqKBGR3GwqkYbZmJ1yVv'],
  meshId: meshIdOf(meshKey),
  meshKey,
  networkKey: new Uint8Array(32).fill(9),
  secret: new Uint8Array(16).fill(3),
  expiresAt: 1_800_000_000_000
}

describe('token', () => {
  it('says the same after a round trip, with and without a network key', () => {
    const { networkKey: _, ...open } = token

    expect(decodeToken(encodeToken(token))).to.deep.equal(token)
    expect(decodeToken(`  ${encodeToken(open)}\n`)).to.deep.equal(open)
  })

  it('names garbage, another version and a cut-off token for what they are', () => {
    const encoded = encodeToken(token)

    expect(() => decodeToken('hello')).to.throw(InvalidInputError, 'no join token')
    expect(() => decodeToken('x'.repeat(10_000))).to.throw(InvalidInputError, 'longer than')
    expect(() => decodeToken(encoded.replace('fm1_', 'fm2_'))).to.throw(InvalidInputError, 'version 2')
    expect(() => decodeToken(encoded.slice(0, -10))).to.throw(InvalidInputError, 'damaged or cut off')
  })

  it('notices every changed character', () => {
    const encoded = encodeToken(token)
    fc.assert(fc.property(fc.integer({ min: 4, max: encoded.length - 2 }), fc.constantFrom('A', 'b', '7', '_', '*'),
      (at, char) => {
      fc.pre(encoded[at] !== char)
      expect(() => decodeToken(encoded.slice(0, at) + char + encoded.slice(at + 1))).to.throw(InvalidInputError)
    }))
  })
})
