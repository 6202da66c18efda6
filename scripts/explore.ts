/**
 * Explores the branch protocol: `npm run explore -- [--walks N] [--from S] [--threads T] [--worlds] [--mutants]`.
 * Without options: the named small worlds, breadth-first until nothing new is left, then a million seeded walks.
 * Exit code 1 when something is violated, when a kind of trouble was never exercised, or when a mutant is not found.
 */
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { Worker } from 'node:worker_threads'
import { runTests } from './explore/breed.js'
import { WORLDS } from './explore/exhaust.js'
import { MUTANTS } from './explore/mutants.js'
import type { Found, Job, Outcome } from './explore/job.js'
import { COUNTERS, noCounters } from './explore/world.js'

const STRETCH = 10_000

const { values } = parseArgs({
  options: {
    walks: { type: 'string' }, from: { type: 'string', default: '1' }, threads: { type: 'string' }, worlds: { type: 'boolean' }, mutants: { type: 'boolean' }
  }
})
const threads = Number(values.threads ?? Math.min(availableParallelism(), 8))
const from = Number(values.from)
let failed = false

if (values.mutants === true) await mutants()
else {
  if (values.walks === undefined || values.worlds === true) await worlds()
  if (values.worlds !== true || values.walks !== undefined) await walks(Number(values.walks ?? 1_000_000))
}
process.exitCode = failed ? 1 : 0

async function worlds (): Promise<void> {
  console.log('world          states  transitions  depth  seconds')
  await share(WORLDS.map(({ name }): Job => ({ type: 'world', name })), outcome => {
    if (outcome.type !== 'world') return
    const { name, states, transitions, depth, ended, violation, seconds } = outcome
    const said = violation ?? (ended ? 'exhausted' : 'not exhausted')
    console.log(`${name.padEnd(12)}${pad(states, 9)}${pad(transitions, 13)}${pad(depth, 7)}${pad(seconds.toFixed(1), 9)}  ${said}`)
    if (!ended || violation !== null) failed = true
  })
}

async function walks (count: number): Promise<void> {
  const jobs: Job[] = []
  for (let at = 0; at < count; at += STRETCH) jobs.push({ type: 'walks', from: from + at, walks: Math.min(STRETCH, count - at) })
  const counters = noCounters()
  const start = performance.now()
  let [walked, bad] = [0, 0]
  await share(jobs, outcome => {
    if (outcome.type !== 'walks') return
    walked += outcome.walks
    for (const name of COUNTERS) counters[name] += outcome.counters[name]
    for (const { seed, violation, trace } of outcome.bad) {
      bad++
      console.log(`walk ${seed}: ${violation}\n  ${trace.join('\n  ')}`)
    }
    if (walked % (STRETCH * 25) === 0) console.log(`${walked} walks, ${bad} violations`)
  })
  const seconds = (performance.now() - start) / 1000
  console.log(`${walked} walks from ${from}, ${Math.round(walked / seconds)} walks/s on ${threads} threads, ${bad} violations`)
  console.log(COUNTERS.map(name => `${name} ${counters[name]}`).join(', '))
  const never = COUNTERS.filter(name => counters[name] === 0)
  if (never.length > 0) console.log(`never exercised: ${never.join(', ')}`)
  if (bad > 0 || never.length > 0) failed = true
}

async function mutants (): Promise<void> {
  const start = performance.now()
  await namedTestsPass()
  console.log('rule taken out                              found by        walks  seconds  violation, or the test that fails')
  const rows = new Map<string, string>()
  const count = { walks: 0, tests: 0, not: 0 }
  let printed = 0
  await share(MUTANTS.map(({ rule }): Job => ({ type: 'mutant', rule })), outcome => {
    if (outcome.type !== 'mutant') return
    const { rule, by, seconds } = outcome
    count[by === null ? 'not' : 'test' in by ? 'tests' : 'walks']++
    rows.set(rule, rowOf(rule, by, seconds))
    // In the order of the list, whichever thread was faster.
    for (let row; (row = rows.get(MUTANTS[printed]?.rule ?? '')) !== undefined; printed++) console.log(row)
  })
  if (count.not > 0) failed = true
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  console.log(`${MUTANTS.length} mutants in ${seconds} s: ${count.walks} found by walks, ${count.tests} by their tests, ${count.not} not found`)
}

/** A test that fails anyway finds nothing; neither does one that does not exist. */
async function namedTestsPass (): Promise<void> {
  const { passed, failed: broken } = await runTests()
  const unknown = MUTANTS.flatMap(({ test }) => test === undefined || passed.includes(test) ? [] : [test])
  for (const test of new Set([...broken, ...unknown])) {
    console.log(`does not pass without a mutant: ${test}`)
    failed = true
  }
}

function rowOf (rule: string, by: Found, seconds: number): string {
  const [what, walked, said] = by === null
    ? ['nothing', '-', 'NOT FOUND']
    : 'test' in by ? ['its test', '-', `test: ${by.test}`] : [`walk ${by.walk}`, by.walks, by.violation.slice(0, 60).trim()]
  return `${rule.padEnd(44)}${what.padEnd(12)}${pad(walked, 9)}${pad(seconds.toFixed(1), 9)}  ${said}`
}

/** Each thread takes the next job when it is done with one. */
async function share (jobs: Job[], onOutcome: (outcome: Outcome) => void): Promise<void> {
  const left = [...jobs]
  await Promise.all(Array.from({ length: Math.min(threads, jobs.length) }, () => new Promise<void>((resolve, reject) => {
    const worker = new Worker(new URL('./explore/thread.js', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: 3000, maxYoungGenerationSizeMb: 128 } })
    const next = () => {
      const job = left.shift()
      if (job !== undefined) worker.postMessage(job)
      else void worker.terminate().then(() => { resolve() })
    }
    worker.on('message', (outcome: Outcome) => {
      onOutcome(outcome)
      next()
    })
    worker.on('error', reject)
    next()
  })))
}

function pad (value: string | number, width: number): string {
  return String(value).padStart(width)
}
