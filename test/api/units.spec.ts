import { expect } from 'chai'
import { parseDuration, parseSize } from '../../src/api/units.js'
import { InvalidInputError } from '../../src/errors.js'

describe('units', () => {
  it('reads durations as milliseconds', () => {
    expect(['500ms', '30s', '1.5s', '5m', '1h30m', '2d'].map(text => parseDuration(text, 'wait'))).to.deep.equal([500, 30_000, 1500, 300_000, 5_400_000, 172_800_000])
  })

  it('reads sizes as bytes', () => {
    expect(['10', '1kB', '256MiB', '1.5 GiB'].map(text => parseSize(text, 'memory'))).to.deep.equal([10, 1000, 268_435_456, 1_610_612_736])
  })

  it('refuses what is neither, by field', () => {
    for (const text of ['', 'soon', '5', '-1s', '1s ', 's', '1e3s']) {
      expect(() => parseDuration(text, 'wait'), text).to.throw(InvalidInputError).with.deep.property('place', { field: 'wait' })
    }
    for (const text of ['', 'MiB', '-1', '1XB']) expect(() => parseSize(text, 'memory'), text).to.throw(InvalidInputError)
  })
})
