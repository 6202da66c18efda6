/**
 * `npm run demo`: three real peers run forty orders of the paper's checkout; the peer that executes most of them is killed
 * with -9 in the middle. A ledger outside counts every call. Exits 1 unless every order ended once and the ledger balances.
 */
import '../src/polyfill.js'
import { join } from 'node:path'
import type { ExecutionView } from '../src/sidecar/port.js'
import { Ledger } from './support/ledger.js'
import { flowmesh, LocalMesh, until } from './support/local-mesh.js'
import type { LocalPeer } from './support/local-mesh.js'

const ORDERS = 40
const EVERY_MS = 100
/** So many orders are under way together when the peer is killed. */
const BURST = 8
const KILL_AFTER = 16
const DECLINED_EVERY = 8

const started = Date.now()
const say = (text: string): void => { console.log(`${((Date.now() - started) / 1000).toFixed(1).padStart(5)} s  ${text}`) }

interface Order { order: string, id: string }

async function main (): Promise<boolean> {
  const mesh = await LocalMesh.create()
  const ledger = await Ledger.start()
  try {
    return await play(mesh, ledger)
  } finally {
    await mesh.close()
    await ledger.close()
  }
}

async function play (mesh: LocalMesh, ledger: Ledger): Promise<boolean> {
  say('starting three peers, each a process with its own state: office, shop, warehouse')
  const peers = await mesh.startMesh(['office', 'shop', 'warehouse'])
  const names = new Map(peers.map(peer => [peer.peer, peer.name]))
  for (const peer of peers) onTakeover(peer, names)
  const [office, shop] = peers as [LocalPeer, LocalPeer, LocalPeer]
  const deployed = await flowmesh(['deploy', join(process.cwd(), 'examples', 'checkout'), '--api', office.api])
  if (deployed.code !== 0) throw new Error(deployed.stderr)
  await until('every peer knows the workflow and has whole replica sets', 15_000, async () => await allReady(peers))
  say('deployed the checkout (auth, inventory, payment, confirmation); every step is kept by two peers before it counts')

  const orders: Order[] = []
  let killed: string | undefined
  let killedAt = 0
  const placeOne = async (i: number): Promise<void> => {
    const order = `order-${String(i).padStart(2, '0')}`
    const at = killed === shop.name ? office : shop
    orders.push({ order, id: await place([at, ...peers].filter(peer => peer.name !== killed), order, ledger.url, i % DECLINED_EVERY === 0) })
  }
  for (let i = 1; i <= ORDERS; i++) {
    if (i !== KILL_AFTER) {
      await placeOne(i)
      await new Promise(resolve => setTimeout(resolve, EVERY_MS))
      continue
    }
    const victim = await busiest(office, orders, names)
    await Promise.all(Array.from({ length: BURST }, async (_, more) => { await placeOne(i + more) }))
    killedAt = Date.now()
    killed = victim
    await mesh.kill(victim)
    say(`${orders.length} orders placed, ${BURST} of them just now; killed ${victim} with -9, the peer that executes most of them`)
    i += BURST - 1
  }
  say(`all ${ORDERS} orders placed; waiting for each to end with a final outcome`)
  const reader = peers.find(peer => peer.name !== killed)!
  const views = await Promise.all(orders.map(async ({ id }) => await until(`order ${id} ends`, 40_000, async () => await finalView(reader, id))))
  const slowest = Math.max(...views.map(view => Date.parse(view.endedAt ?? '') - killedAt))
  say(`every order has ended; the last ${(slowest / 1000).toFixed(1)} s after the kill`)
  return report(views, orders, ledger, names)
}

/** Takeovers as the peers themselves tell them, gathered a moment so that they make a few lines. */
function onTakeover (peer: LocalPeer, names: Map<string, string>): void {
  const pending = new Map<string, Set<string>>()
  peer.onEvent(event => {
    if (event.event !== 'takeover') return
    const key = `${names.get(String(event['from'])) ?? 'a peer'}: ${String(event['reason'])}`
    if (pending.size === 0) {
      setTimeout(() => {
        const executions = new Set([...pending.values()].flatMap(ids => [...ids]))
        const [why = ''] = pending.keys()
        say(`${peer.name} took over ${executions.size} order${executions.size === 1 ? '' : 's'} from ${why}`)
        pending.clear()
      }, 200)
    }
    pending.set(key, (pending.get(key) ?? new Set()).add(String(event['execution'])))
  })
}

async function allReady (peers: LocalPeer[]): Promise<true | undefined> {
  for (const peer of peers) {
    const workflows = await get<{ name: string }[]>(peer, '/v1/workflows')
    const sets = await get<{ copies: number, replicas: string[], whole: boolean }[]>(peer, '/v1/sets')
    const ready = sets.filter(set => set.copies === 2 && set.replicas.length === 2 && set.whole)
    if (!workflows.some(({ name }) => name === 'checkout') || ready.length < peers.length) return undefined
  }
  return true
}

/** Places an order at the first peer that accepts it; the key makes a second try the same order. */
async function place (peers: LocalPeer[], order: string, ledger: string, declined: boolean): Promise<string> {
  const body = JSON.stringify({ workflow: 'checkout', key: order, input: { order, ledger, ...(declined ? { declined } : {}) } })
  return await until(`order ${order} is accepted`, 20_000, async () => {
    for (const peer of peers) {
      const response = await fetch(`${peer.api}/v1/executions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal: AbortSignal.timeout(5000) }).catch(() => undefined)
      if (response?.status === 202) return (await response.json() as { id: string }).id
    }
    return undefined
  })
}

async function busiest (at: LocalPeer, orders: Order[], names: Map<string, string>): Promise<string> {
  const counts = new Map<string, number>()
  for (const { id } of orders) {
    for (const task of (await get<ExecutionView>(at, `/v1/executions/${id}`)).tasks) counts.set(task.peer, (counts.get(task.peer) ?? 0) + 1)
  }
  const [peer = ''] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? []
  return names.get(peer) ?? 'shop'
}

async function finalView (at: LocalPeer, id: string): Promise<ExecutionView | undefined> {
  const view = await get<ExecutionView>(at, `/v1/executions/${id}`)
  return view.final ? view : undefined
}

async function get<T> (peer: LocalPeer, path: string): Promise<T> {
  const response = await fetch(peer.api + path, { signal: AbortSignal.timeout(5000) })
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
  return await response.json() as T
}

function report (views: ExecutionView[], orders: Order[], ledger: Ledger, names: Map<string, string>): boolean {
  const problems: string[] = []
  const steps = new Map<string, number>()
  for (const [i, view] of views.entries()) {
    const order = orders[i]!.order
    const declined = Number(order.slice(-2)) % DECLINED_EVERY === 0
    for (const task of view.tasks) steps.set(names.get(task.peer) ?? task.peer, (steps.get(names.get(task.peer) ?? task.peer) ?? 0) + 1)
    const expected = declined ? ['auth', 'inventory', 'release'] : ['auth', 'confirmation', 'inventory', 'payment']
    const effects = ledger.effects(order)
    const booked = [...effects.keys()].sort()
    if (view.status !== 'completed') problems.push(`${order} ended ${view.status}: ${view.error?.title ?? ''}`)
    if (booked.join() !== expected.join()) problems.push(`${order} booked ${booked.join(', ')} instead of ${expected.join(', ')}`)
    for (const [kind, keys] of effects) if (keys.size !== 1) problems.push(`${order} has ${keys.size} keys for ${kind}: it was done ${keys.size} times`)
  }
  const repeated = [...ledger.byKey().values()].filter(count => count > 1).length
  say(`executed by: ${[...steps].map(([name, count]) => `${name} ${count} tasks`).join(', ')}`)
  say(`ledger: ${ledger.byKey().size} effects in ${ledger.calls.length} calls; ${repeated} were called again with the same key after the kill`)
  for (const problem of problems) say(`PROBLEM: ${problem}`)
  say(problems.length === 0 ? `OK: ${views.length} orders, each ended once, the ledger balances` : `FAILED: ${problems.length} problems`)
  return problems.length === 0
}

process.exitCode = await main() ? 0 : 1
