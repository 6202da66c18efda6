import { expect } from 'chai'
import fc from 'fast-check'
import { bytesOf, jsonBytes, knownJson, leftOf, rememberJson, textOf } from '../src/json-bytes.js'

describe('json bytes', () => {
  it('are UTF-8, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 50 }), text => {
      expect(Buffer.from(bytesOf(text)).equals(Buffer.from(text))).to.equal(true)
      expect(textOf(bytesOf(text))).to.equal(text)
    }))
  })

  it('stand in memory of their own, so that they can be handed over', () => {
    expect(bytesOf('ab').buffer.byteLength).to.equal(2)
  })

  it('are made once for a value, or are what it was read from', () => {
    const [made, read] = [{ a: 'x' }, { a: 'y' }]
    const bytes = jsonBytes(made)
    const source = bytesOf('{ "a": "y" }')
    rememberJson(read, source)

    expect(jsonBytes(made)).to.equal(bytes)
    expect(jsonBytes(read)).to.equal(source)
    expect(knownJson({ a: 'x' }), 'another value, though equal').to.equal(undefined)
    expect(textOf(jsonBytes('text'))).to.equal('"text"')
  })

  it('throws on bytes that are no text', () => {
    expect(() => textOf(Uint8Array.of(0x22, 0xff, 0x22))).to.throw(TypeError)
  })

  it('are known to be too many without being made', () => {
    fc.assert(fc.property(fc.jsonValue(), value => {
      expect(leftOf(1 << 20, value)).to.be.at.least(0)
      if (JSON.stringify(value).length > 4000) expect(leftOf(500, value)).to.be.below(0)
    }))
    expect(leftOf(100, { text: 'x'.repeat(200) })).to.be.below(0)
    expect(leftOf(100, Array.from({ length: 200 }, () => 1))).to.be.below(0)
  })
})
