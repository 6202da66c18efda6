/** What one thread does for `npm run explore`: a small world, a stretch of walks, or a mutant. */
import * as production from '../../src/branch/index.js'
import { breed, runTests } from './breed.js'
import { exhaust, WORLDS } from './exhaust.js'
import { MUTANTS } from './mutants.js'
import type { Mutant } from './mutants.js'
import { shrink } from './shrink.js'
import { walk } from './walk.js'
import { noCounters, RULES } from './world.js'
import type { Counters } from './world.js'

export type Job =
  | { type: 'world', name: string }
  | { type: 'walks', from: number, walks: number }
  | { type: 'mutant', rule: string }

export type Outcome =
  | { type: 'world', name: string, states: number, transitions: number, depth: number, ended: boolean, violation: string | null, seconds: number }
  | { type: 'walks', from: number, walks: number, counters: Counters, bad: { seed: number, violation: string, trace: string[] }[] }
  | { type: 'mutant', rule: string, by: Found, seconds: number }

/** What found a mutant: a walk, after how many, or a named test; null: nothing. */
export type Found = { walk: number, walks: number, violation: string } | { test: string } | null

const MAX_BAD = 5
const MUTANT_WALKS = 20_000

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
      const by = mutant.test === undefined ? await byWalks(mutant, MUTANT_WALKS) : await byTest(mutant, mutant.test)
      return { type: 'mutant', rule: job.rule, by, seconds: seconds() }
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

export async function byWalks (mutant: Mutant, walks: number): Promise<Found> {
  const { protocol, rules } = await breed(mutant)
  const from = mutant.from ?? 1
  for (let seed = from; seed < from + walks; seed++) {
    const { violation } = walk(seed, protocol, rules).world.observed
    if (violation !== null) return { walk: seed, walks: seed - from + 1, violation }
  }
  return null
}

export async function byTest (mutant: Mutant, test: string): Promise<Found> {
  const { failed } = await runTests(mutant)
  return failed.includes(test) ? { test } : null
}
