/**
 * Random faults over many short executions: peers die and come back, links are cut and heal, connections break; then all is
 * well again and every accepted execution must end, once. A seed that fails is printed and repeats the same path.
 */
import { expect } from 'chai'
import { walk } from './fault-walk.js'

const SEEDS = 50
const FIRST = Number(process.env['SEED'] ?? 1)

describe('random faults', function () {
  this.timeout(60_000)

  it(`${SEEDS} seeds from ${FIRST}: every accepted execution ends, once`, async () => {
    const exercised = new Map<string, number>()
    for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
      const { problems, counts } = await walk(seed).catch((err: unknown) => ({ problems: [String((err as Error).stack)], counts: {} }))

      expect(problems, `seed ${seed}`).to.deep.equal([])
      for (const [what, count] of Object.entries(counts)) exercised.set(what, (exercised.get(what) ?? 0) + count)
    }
    console.log(`      ${[...exercised].map(([what, count]) => `${what} ${count}`).join(', ')}`)
    for (const [what, count] of exercised) expect(count, what).to.be.above(0)
  })

  it('the same seed takes the same path', async () => {
    const [once, again] = [await walk(FIRST + 4), await walk(FIRST + 4)]

    expect(again.trace).to.deep.equal(once.trace)
    expect(again.counts).to.deep.equal(once.counts)
  })
})
