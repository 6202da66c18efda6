import * as protocol from '../src/branch/index.js'
import { walk } from './explore/walk.js'
import { noCounters, RULES } from './explore/world.js'

const counters = noCounters()
const [walks, from] = [Number(process.argv[2] ?? 1000), Number(process.argv[3] ?? 1)]
const start = performance.now()
let bad = 0
for (let seed = from; seed < from + walks; seed++) {
  const { world } = walk(seed, protocol, RULES, counters)
  if (world.observed.violation !== null && bad++ < 10) console.log(seed, world.observed.violation)
}
console.log(walks / (performance.now() - start) * 1000, 'walks/s', bad, 'bad')
console.log(JSON.stringify(counters))
