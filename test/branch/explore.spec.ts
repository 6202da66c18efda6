import { expect } from 'chai'
import * as production from '../../src/branch/index.js'
import { exhaust, WORLDS } from '../../scripts/explore/exhaust.js'
import { byTest, byWalks, walks } from '../../scripts/explore/job.js'
import { MUTANTS } from '../../scripts/explore/mutants.js'
import { walk } from '../../scripts/explore/walk.js'
import { COUNTERS } from '../../scripts/explore/world.js'
import type { Mutant } from '../../scripts/explore/mutants.js'

// The short form of `npm run explore`: a failing seed there is put into SEEDS for ever.
const SEEDS = [14_168, 1_177_368, 1_289_412, 1_304_624, 1_454_900, 300_242_952, 300_597_109, 301_585_976]

describe('branch: exploration', function () {
  this.timeout(60_000)

  for (const name of ['exclusive', 'degraded']) {
    it(`exhausts the world "${name}" without a violation`, () => {
      const small = WORLDS.find(world => world.name === name)!

      const { ended, violation, finals } = exhaust(small, production)

      expect({ ended, violation }).to.deep.equal({ ended: true, violation: null })
      expect(finals).to.be.greaterThan(0)
    })
  }

  it('walks at random without a violation, and exercises every kind of trouble', () => {
    const { bad, counters } = walks(1, 4000)

    expect(bad).to.deep.equal([])
    expect(COUNTERS.filter(name => counters[name] === 0)).to.deep.equal([])
  })

  it('holds on the walks that once broke it', () => {
    for (const seed of SEEDS) expect(walk(seed, production).world.observed.violation, `walk ${seed}`).to.equal(null)
  })

  it('repeats a walk exactly', () => {
    const [one, two] = [walk(7, production), walk(7, production)].map(({ world }) => JSON.stringify([[...world.observed.done], world.net]))

    expect(one).to.equal(two)
  })

  for (const rule of ['never backwards', 'epoch check', 'sync before acknowledging', 'every replica']) {
    it(`finds by a walk that "${rule}" is taken out`, async () => {
      expect(await byWalks(mutantOf(rule), 200)).to.include.keys('walk')
    })
  }

  for (const rule of ['asks the other replicas', 'copied epochs in place of own']) {
    it(`finds by its named test that "${rule}" is taken out`, async () => {
      const mutant = mutantOf(rule)

      expect(await byTest(mutant, mutant.test!)).to.deep.equal({ test: mutant.test })
    })
  }

  it('finds nothing where nothing is taken out', async () => {
    const { test } = mutantOf('asks the other replicas')

    expect(await byTest({ rule: 'nothing', edits: [] }, test!)).to.equal(null)
    expect(await byWalks({ rule: 'nothing', edits: [] }, 200)).to.equal(null)
  })

  it('lists each rule once, found by walks or by a test', () => {
    expect(MUTANTS.filter(({ test, from }) => test !== undefined && from !== undefined)).to.deep.equal([])
    expect(new Set(MUTANTS.map(({ rule }) => rule)).size).to.equal(MUTANTS.length)
  })
})

function mutantOf (rule: string): Mutant {
  return MUTANTS.find(mutant => mutant.rule === rule)!
}
