/**
 * `npm run chaos -- [--rounds N] [--seed S] [--orders N]`: rounds of checkouts on three real peers, killed with -9 at moments
 * drawn from the seed: the executor; a replica; both in turn with 12 s between; all peers at once, restarted. Every order
 * must end; the ledger counts calls and does not deduplicate. Prints the time from each kill to the first new record.
 */
import '../src/polyfill.js'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { ExecutionView } from '../src/sidecar/port.js'
import { Ledger } from './support/ledger.js'
import { flowmesh, LocalMesh, until } from './support/local-mesh.js'
import type { LocalPeer } from './support/local-mesh.js'
import { seeded } from './support/seeded.js'

const MODES = ['executor', 'replica', 'both', 'all'] as const
type Mode = typeof MODES[number]
const NAMES = ['office', 'shop', 'warehouse']
const EVERY_MS = 60
const BETWEEN_MS = 12_000
const END_WITHIN_MS = 90_000
/** A killed peer comes back after so long: late enough that the others had to do without it. */
const RESTART_AFTER_MS = 15_000

interface Round { mode: Mode, ended: number, kills: number, recoveriesMs: number[], repeated: number, problems: string[] }
interface Kill { at: number, name: string }

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10' }, seed: { type: 'string' }, orders: { type: 'string', default: '30' }, mode: { type: 'string' }, events: { type: 'boolean' } } })
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const orders = Number(values.orders)
const random = seeded(seed)

async function main (): Promise<boolean> {
  console.log(`seed ${seed}, ${values.rounds} rounds of ${orders} orders`)
  const rounds: Round[] = []
  for (let i = 0; i < Number(values.rounds); i++) {
    const mode = (values.mode ?? MODES[i % MODES.length]) as Mode
    const round = await playRound(mode)
    rounds.push(round)
    console.log(`round ${i + 1} ${mode.padEnd(8)} ${round.ended}/${orders} ended, ${round.kills} kills, recovery ${round.recoveriesMs.map(ms => `${ms} ms`).join(' ') || '-'}, ${round.repeated} keys called again`)
    for (const problem of round.problems) console.log(`  PROBLEM: ${problem}`)
  }
  const recoveries = rounds.flatMap(round => round.recoveriesMs).sort((a, b) => a - b)
  const at = (q: number): number => recoveries[Math.min(recoveries.length - 1, Math.floor(q * recoveries.length))] ?? 0
  console.log(`kill to first new record: p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, worst ${recoveries.at(-1) ?? 0} ms of ${recoveries.length}`)
  const problems = rounds.flatMap(round => round.problems).length
  console.log(problems === 0 ? `OK: ${rounds.length} rounds, every order ended and the ledger explains every call (seed ${seed})` : `FAILED: ${problems} problems (seed ${seed})`)
  return problems === 0
}

async function playRound (mode: Mode): Promise<Round> {
  const mesh = await LocalMesh.create()
  const ledger = await Ledger.start()
  try {
    const peers = await mesh.startMesh(NAMES)
    peers.forEach(watch)
    const deployed = await flowmesh(['deploy', join(process.cwd(), 'examples', 'checkout'), '--api', peers[0]!.api])
    if (deployed.code !== 0) throw new Error(deployed.stderr)
    await until('replica sets are whole', 20_000, async () => await setsWhole(peers))
    return await play(mesh, ledger, mode)
  } finally {
    await mesh.close()
    await ledger.close()
  }
}

async function play (mesh: LocalMesh, ledger: Ledger, mode: Mode): Promise<Round> {
  const ids = new Map<string, string>()
  const kills: Kill[] = []
  const restarts: Promise<void>[] = []
  const killAfter = Math.floor(random() * orders * EVERY_MS)
  const chance = random()
  const load = placeAll(mesh, ledger.url, ids)
  await sleep(killAfter)
  if (mode === 'all') {
    await Promise.all(NAMES.map(async name => { await kill(mesh, name, kills) }))
    await sleep(500)
    await Promise.all(NAMES.map(async name => { watch(await mesh.start({ name })) }))
  } else {
    const executor = await executorOf(mesh, ids, chance)
    const victims = mode === 'executor' ? [executor] : mode === 'replica' ? [await replicaOf(mesh, ids, executor)] : [executor, await replicaOf(mesh, ids, executor)]
    for (const [i, name] of victims.entries()) {
      if (i > 0) await sleep(BETWEEN_MS)
      await kill(mesh, name, kills)
      restarts.push(sleep(RESTART_AFTER_MS).then(async () => { watch(await mesh.start({ name })) }))
    }
  }
  await load
  await addUnanswered(mesh, ids)
  const views = await Promise.all([...ids].map(async ([order, id]) => [order, await ended(mesh, id)] as const))
  await Promise.all(restarts)
  return judge(mode, views, kills, ledger)
}

function watch (peer: LocalPeer): void {
  if (values.events === true) peer.onEvent(event => { console.log(`  ${Date.now() % 100_000} ${peer.name}: ${JSON.stringify(event)}`) })
}

async function kill (mesh: LocalMesh, name: string, kills: Kill[]): Promise<void> {
  kills.push({ at: Date.now(), name })
  await mesh.kill(name)
}

/** Places every order, at any peer that lives; a second try without an answer is a second order, so its id is kept too. */
async function placeAll (mesh: LocalMesh, ledger: string, ids: Map<string, string>): Promise<void> {
  const placed: Promise<void>[] = []
  for (let i = 0; i < orders; i++) {
    placed.push(placeOne(mesh, `order-${i}`, ledger, ids))
    await sleep(EVERY_MS)
  }
  await Promise.all(placed)
}

async function placeOne (mesh: LocalMesh, order: string, ledger: string, ids: Map<string, string>): Promise<void> {
  let tries = 0
  for (let round = 0; round < 300; round++) {
    for (const name of ['shop', 'office', 'warehouse']) {
      const named = tries === 0 ? order : `${order}.${tries}` // an unanswered order may have been taken
      tries++
      const body = JSON.stringify({ workflow: 'checkout', input: { order: named, ledger } })
      const response = await fetch(`${mesh.peer(name).api}/v1/executions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(12_000) }).catch(() => undefined)
      if (response?.status !== 202) continue
      ids.set(named, (await response.json() as { id: string }).id)
      return
    }
    await sleep(200)
  }
  throw new Error(`${order} was accepted by nobody`)
}

/** Orders whose answer was lost with the peer that took them count too: they were accepted, or nothing of them is there. */
async function addUnanswered (mesh: LocalMesh, ids: Map<string, string>): Promise<void> {
  const known = new Set(ids.values())
  for (const { api } of mesh.peers.values()) {
    const response = await fetch(`${api}/v1/executions?limit=1000`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined)
    if (response?.ok !== true) continue
    const { executions } = await response.json() as { executions: { id: string }[] }
    for (const { id } of executions) {
      if (known.has(id)) continue
      known.add(id)
      const order = ((await read(mesh, id))?.input as { order?: string } | undefined)?.order
      if (order !== undefined) ids.set(order, id)
    }
  }
}

async function executorOf (mesh: LocalMesh, ids: Map<string, string>, chance: number): Promise<string> {
  const view = await someView(mesh, ids)
  return nameOf(mesh, view?.tasks.at(-1)?.peer) ?? NAMES[Math.floor(chance * NAMES.length)]!
}

async function replicaOf (mesh: LocalMesh, ids: Map<string, string>, not: string): Promise<string> {
  const view = await someView(mesh, ids)
  return view?.set.replicas.map(peer => nameOf(mesh, peer)).find(name => name !== undefined && name !== not) ?? NAMES.find(name => name !== not)!
}

async function someView (mesh: LocalMesh, ids: Map<string, string>): Promise<ExecutionView | undefined> {
  const id = [...ids.values()].at(-1)
  return id === undefined ? undefined : await read(mesh, id)
}

async function read (mesh: LocalMesh, id: string): Promise<ExecutionView | undefined> {
  for (const { api } of mesh.peers.values()) {
    const response = await fetch(`${api}/v1/executions/${id}`, { signal: AbortSignal.timeout(5000) }).catch(() => undefined)
    if (response?.ok === true) return await response.json() as ExecutionView
  }
  return undefined
}

async function ended (mesh: LocalMesh, id: string): Promise<ExecutionView | undefined> {
  try {
    return await until(`${id} ends`, END_WITHIN_MS, async () => {
      const view = await read(mesh, id)
      return view?.final === true ? view : undefined
    })
  } catch {
    const view = await read(mesh, id)
    console.log(`  not ended: ${id} is ${view?.status}, final ${view?.final}, epoch ${view?.epoch}, at ${view?.tasks.at(-1)?.task}`)
    for (const peer of mesh.peers.values()) if (peer.log.length > 0) console.log(`  ${peer.name}: ${peer.log.slice(-3).join('\n    ')}`)
    return undefined
  }
}

async function setsWhole (peers: LocalPeer[]): Promise<true | undefined> {
  for (const { api } of peers) {
    const sets = await (await fetch(`${api}/v1/sets`)).json() as { copies: number, replicas: string[], whole: boolean }[]
    if (sets.filter(set => set.copies === 2 && set.replicas.length === 2 && set.whole).length < peers.length) return undefined
    const workflows = await (await fetch(`${api}/v1/workflows`)).json() as unknown[]
    if (workflows.length === 0) return undefined
  }
  return true
}

function judge (mode: Mode, views: (readonly [string, ExecutionView | undefined])[], kills: Kill[], ledger: Ledger): Round {
  const problems: string[] = []
  for (const [order, view] of views) {
    if (view?.status !== 'completed') problems.push(`${order} is ${view?.status ?? 'not final'}`)
    const effects = ledger.effects(order)
    for (const kind of ['auth', 'inventory', 'payment', 'confirmation']) {
      const keys = effects.get(kind)?.size ?? 0
      if (view !== undefined && keys !== 1) problems.push(`${order}: ${kind} has ${keys} keys instead of 1`)
    }
  }
  // A kill repeats the step that ran and at most runAhead (1) before it: each key at most once more per kill.
  const killed = mode === 'all' ? 1 : kills.length
  for (const [key, count] of ledger.byKey()) if (count > 1 + killed) problems.push(`key ${key} was called ${count} times with ${killed} kills`)
  if (values.events === true) printRepeats(views, kills, ledger)
  return {
    mode, problems, kills: kills.length,
    ended: views.filter(([, view]) => view?.status === 'completed').length,
    recoveriesMs: kills.slice(0, mode === 'all' ? 1 : undefined).flatMap(({ at }) => recovery(views, at)),
    repeated: [...ledger.byKey().values()].filter(count => count > 1).length
  }
}

/** Every call of a key that was called more than once, beside what the execution says. */
function printRepeats (views: (readonly [string, ExecutionView | undefined])[], kills: Kill[], ledger: Ledger): void {
  const first = Math.min(...ledger.calls.map(call => call.at))
  console.log(`  kills: ${kills.map(({ at, name }) => `${name} ${at - first}`).join(', ')}`)
  for (const [key, count] of ledger.byKey()) {
    if (count < 2) continue
    const calls = ledger.calls.filter(call => call.key === key)
    const tasks = views.find(([order]) => order === calls[0]?.order)?.[1]?.tasks ?? []
    console.log(`  ${calls[0]?.order} ${calls[0]?.kind}: ${calls.map(call => call.at - first).join(', ')}; ` +
      tasks.map(task => `${task.task.split('/').at(-1)}@${task.peer.slice(-4)} ${task.epoch} ${Date.parse(task.startedAt) - first}-${Date.parse(task.endedAt ?? '') - first}${task.superseded === true ? ' superseded' : ''}`).join(' | '))
  }
}

/** From the kill to the first record of an execution that was running and had to be taken over: its epoch counts up. */
function recovery (views: (readonly [string, ExecutionView | undefined])[], at: number): number[] {
  const firsts = views.flatMap(([, view]) => {
    if (view === undefined || Date.parse(view.startedAt) > at) return []
    const taken = view.tasks.filter(task => !task.epoch.endsWith('.0') && task.endedAt !== undefined && Date.parse(task.endedAt) > at)
    return taken.length > 0 ? [Math.min(...taken.map(task => Date.parse(task.endedAt!))) - at] : []
  })
  return firsts.length === 0 ? [] : [Math.min(...firsts)]
}

function nameOf (mesh: LocalMesh, peer: string | undefined): string | undefined {
  return [...mesh.peers.values()].find(each => each.peer === peer)?.name
}

async function sleep (ms: number): Promise<void> { await new Promise(resolve => setTimeout(resolve, ms)) }

process.exitCode = await main() ? 0 : 1
