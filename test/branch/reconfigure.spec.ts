import { expect } from 'chai'
import { compareEpochs, copyOut, nextEpoch, NO_EPOCH, noteSet } from '../../src/branch/index.js'
import { configOf, Replica, two } from './helpers.js'

// Each fails when one rule is taken out which random walks miss or meet too rarely: `npm run explore -- --mutants` shows it.

describe('branch: how a replica follows its set', () => {
  it('gives no copy away before it has one itself', () => {
    const c = new Replica('c', configOf(2, [['c', 2], ['b', 1]]))

    expect(copyOut(c.set, 2, [])).to.equal(undefined)
  })

  it('keeps the newest number when an older configuration arrives late', () => {
    const second = noteSet(undefined, configOf(2, [['a', 1], ['c', 2]]), 'a', 'd')

    expect(noteSet(second, two, 'a', 'd')).to.equal(second)
  })

  it('puts a forced recovery above every epoch of before, whatever its number', () => {
    const [before, forced] = [nextEpoch(1, 9, NO_EPOCH, 'b'), nextEpoch(2, 3, NO_EPOCH, 'a')]

    expect(compareEpochs(forced, before)).to.be.greaterThan(0)
    expect(compareEpochs(before, forced)).to.be.lessThan(0)
  })

  it('stays a newcomer over further changes of the set until it has copied', () => {
    const second = noteSet(undefined, configOf(2, [['c', 2], ['b', 1]]), 'c', 'd')

    expect(noteSet(second, configOf(3, [['c', 2], ['e', 3]]), 'c', 'd').whole).to.equal(false)
  })
})
