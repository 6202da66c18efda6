/**
 * `npm run bench`: four workflows through the HTTP API of real peers, 1 and 32 at once, on one peer (`copies: 1`) and on three
 * (`copies: 2`), in rounds that take turns with the floor: a program that only makes the same syncs and round trips. The
 * machine is noisy, so trust the ratios first.
 *   --quick  within 90 s      --json FILE  all figures      --only chain,fanout  these workflows      --peers 1 (or 3)
 *   --against COMMIT  builds that commit too and lets both run in turns
 */
import '../src/polyfill.js'
import { writeFile } from 'node:fs/promises'
import { availableParallelism, loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CASES } from './bench/cases.js'
import type { Case } from './bench/cases.js'
import { figuresOf, ratiosTo } from './bench/figures.js'
import { FlowMeshSubject } from './bench/flowmesh-subject.js'
import { Floor } from './bench/floor.js'
import { measureHop } from './bench/hop.js'
import type { Hop } from './bench/hop.js'
import { measureIdle } from './bench/idle.js'
import type { Idle } from './bench/idle.js'
import { measure } from './bench/load.js'
import type { LoadOptions, Rounds } from './bench/load.js'
import { buildCommit } from './bench/other-build.js'
import type { OtherBuild } from './bench/other-build.js'
import { hopText, idleText, tableOf } from './bench/report.js'
import type { Row } from './bench/report.js'
import type { Subject } from './bench/subject.js'

const AT_ONCE = [1, 32]
const TOPOLOGIES = [{ peers: 1, copies: 1 }, { peers: 3, copies: 2 }]

/** `inMesh`: workflows measured on three peers; all, unless time is short. */
interface Settings extends LoadOptions { hops: number, settleMs: number, idleMs: number, inMesh?: string[] }
const FULL: Settings = { rounds: 5, roundMs: 1500, warmMs: 1500, hops: 200, settleMs: 5000, idleMs: 15_000 }
const QUICK: Settings = { rounds: 3, roundMs: 400, warmMs: 500, hops: 40, settleMs: 2000, idleMs: 5000, inMesh: ['chain', 'checkout'] }

interface Result { peers: number, copies: number, readyMs: number, idle?: Idle, hop: Hop, load: number[], rows: Row[], failures: string[] }

async function main (): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false }, json: { type: 'string' }, only: { type: 'string' }, peers: { type: 'string' }, against: { type: 'string' }
    }
  })
  const settings = values.quick ? QUICK : FULL
  const cases = CASES.filter(({ workflow }) => values.only === undefined || values.only.split(',').includes(workflow))
  const topologies = TOPOLOGIES.filter(({ peers }) => values.peers === undefined || values.peers === String(peers))
  if (cases.length === 0 || topologies.length === 0) throw new Error(`--only takes ${CASES.map(({ workflow }) => workflow).join(', ')}; --peers takes 1 or 3`)
  const other = values.against === undefined ? undefined : await buildCommit(values.against)
  const results: Result[] = []
  try {
    for (const topology of topologies) results.push(await measureTopology(topology, cases, settings, other))
  } finally {
    await other?.remove()
  }
  if (values.json !== undefined) await writeFile(values.json, JSON.stringify({ at: new Date().toISOString(), cores: availableParallelism(), node: process.version, settings, results }, undefined, 2))
}

async function measureTopology ({ peers, copies }: { peers: number, copies: number }, cases: Case[], settings: Settings, other: OtherBuild | undefined): Promise<Result> {
  const title = `${peers === 1 ? 'one peer' : `${peers} peers`}, copies: ${copies}`
  const loadBefore = loadavg()[0]!
  const subjects: Subject[] = []
  try {
    const own = await FlowMeshSubject.start('this', join(process.cwd(), 'dist', 'flowmesh.js'), peers, copies)
    subjects.push(own)
    const idle = peers === 1 ? undefined : await measureIdle(own, settings.settleMs, settings.idleMs)
    const floor = await Floor.start(copies)
    subjects.unshift(floor)
    const hop = await measureHop(own, floor, settings.hops)
    if (other !== undefined) subjects.push(await FlowMeshSubject.start(other.commit, other.bin, peers, copies))

    console.log(`\n## ${title}\n`)
    if (idle !== undefined) console.log(`${idleText(idle, own.readyMs)}\n`)
    console.log(`${hopText(title, hop)}\n`)
    const rows: Row[] = []
    const failures: string[] = []
    for (const what of cases) {
      if (peers > 1 && settings.inMesh?.includes(what.workflow) === false) continue
      for (const [i, atOnce] of AT_ONCE.entries()) {
        const warmMs = i === 0 ? settings.warmMs : settings.warmMs - QUICK.warmMs
        try {
          rows.push(...rowsOf(what, atOnce, peers, await measure(subjects, what, atOnce, { ...settings, warmMs })))
        } catch (err) {
          failures.push(`${what.name}, ${atOnce} at once, did not end well: ${(err as Error).message}`)
          process.exitCode = 1
        }
      }
    }
    const load = [loadBefore, loadavg()[0]!]
    console.log(tableOf(rows))
    for (const failure of failures) console.log(`\nFAILED: ${failure}`)
    console.log(`\nmedian of ${settings.rounds} rounds (lowest–highest); load average ${load.map(each => each.toFixed(1)).join(' → ')} on ${availableParallelism()} cores, callers included`)
    return { peers, copies, readyMs: own.readyMs, idle, hop, load, rows, failures }
  } finally {
    await Promise.all(subjects.map(async subject => { await subject.stop() }))
  }
}

function rowsOf (what: Case, atOnce: number, peers: number, rounds: Rounds): Row[] {
  const [floor] = [...rounds.values()]
  return [...rounds].map(([{ name }, own]) => ({
    case: what.name, atOnce, subject: name, figures: figuresOf(own),
    ...(own === floor ? {} : { ratios: ratiosTo(floor!, own), aim: what.aims[peers] })
  }))
}

await main()
