/** What one thread does for `npm run explore`: a small world, a stretch of walks, or a mutant. */
import * as production from '../../src/branch/index.js'
import { exhaust, WORLDS } from './exhaust.js'
import { breed, MUTANTS } from './mutants.js'
import { shrink } from './shrink.js'
import { walk } from './walk.js'
import { noCounters, RULES } from './world.js'
import type { Counters } from './world.js'

export type Job =
  | { type: 'world', name: string }
  | { type: 'walks', from: number, walks: number }
  | { type: 'mutant', rule: string, walks: number }

export type Outcome =
  | { type: 'world', name: string, states: number, transitions: number, depth: number, ended: boolean, violation: string | null, seconds: number }
  | { type: 'walks', from: number, walks: number, counters: Counters, bad: { seed: number, violation: string, trace: string[] }[] }
  | { type: 'mutant', rule: string, found: number | null, walks: number, violation: string, seconds: number }

const MAX_BAD = 5

export async function run (job: Job): Promise<Outcome> {
  const start = performance.now()
  const seconds = () => (performance.now() - start) / 1000
  switch (job.type) {
    case 'world': {
      const small = WORLDS.find(world => world.name === job.name)
      if (small === undefined) throw new Error(`no world "${job.name}"`)
      const { states, transitions, depth, ended, violation } = exhaust(small, production)
      return { type: 'world', name: job.name, states, transitions, depth, ended, violation, seconds: seconds() }
    }
    case 'walks': return walks(job.from, job.walks)
    case 'mutant': {
      const mutant = MUTANTS.find(each => each.rule === job.rule)
      if (mutant === undefined) throw new Error(`no mutant "${job.rule}"`)
      const { protocol, rules } = await breed(mutant)
      const from = mutant.from ?? 1
      for (let i = 0; i < job.walks; i++) {
        const { violation } = walk(from + i, protocol, rules).world.observed
        if (violation !== null) return { type: 'mutant', rule: job.rule, found: from + i, walks: i + 1, violation, seconds: seconds() }
      }
      return { type: 'mutant', rule: job.rule, found: null, walks: job.walks, violation: '', seconds: seconds() }
    }
  }
}

export function walks (from: number, count: number): Outcome & { type: 'walks' } {
  const counters = noCounters()
  const bad: (Outcome & { type: 'walks' })['bad'] = []
  for (let seed = from; seed < from + count; seed++) {
    const { violation } = walk(seed, production, RULES, counters).world.observed
    if (violation === null || bad.length >= MAX_BAD) continue
    const again = walk(seed, production, RULES, undefined, true)
    bad.push({ seed, violation, trace: shrink(again.world.spec, production, again.starter, again.trace) })
  }
  return { type: 'walks', from, walks: count, counters, bad }
}
