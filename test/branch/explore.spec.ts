import { expect } from 'chai'
import * as production from '../../src/branch/index.js'
import { exhaust, WORLDS } from '../../scripts/explore/exhaust.js'
import { walks } from '../../scripts/explore/job.js'
import { breed, MUTANTS } from '../../scripts/explore/mutants.js'
import { walk } from '../../scripts/explore/walk.js'
import { COUNTERS } from '../../scripts/explore/world.js'

// The short form of `npm run explore`: a failing seed there is put into SEEDS for ever.
const SEEDS = [14_168, 1_177_368, 1_289_412, 1_304_624, 1_454_900]

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
    expect(COUNTERS.filter(name => counters[name] === 0)).to.deep.equal(['conflicts'])
  })

  it('holds on the walks that once broke it', () => {
    for (const seed of SEEDS) expect(walk(seed, production).world.observed.violation, `walk ${seed}`).to.equal(null)
  })

  it('repeats a walk exactly', () => {
    const [one, two] = [walk(7, production), walk(7, production)].map(({ world }) => JSON.stringify([[...world.observed.done], world.net]))

    expect(one).to.equal(two)
  })

  it('finds mutants', async () => {
    for (const rule of ['never backwards', 'epoch check', 'sync before acknowledging', 'every replica']) {
      const { protocol, rules } = await breed(MUTANTS.find(mutant => mutant.rule === rule)!)
      let found = 0
      for (let seed = 1; seed <= 200 && found === 0; seed++) if (walk(seed, protocol, rules).world.observed.violation !== null) found = seed

      expect(found, rule).to.be.greaterThan(0)
    }
  })
})
