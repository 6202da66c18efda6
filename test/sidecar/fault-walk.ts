/** One seed of random faults: what happened, and what is wrong with it. */
import { SimPeers } from '../support/sim-peers.js'
import { crossing, firstWins, forkJoin, retrying } from './workflows.js'
import { CallFailed } from '../support/sim-peers.js'

export interface Walk { problems: string[], counts: Record<string, number>, trace: string[] }

/** Functions that every execution of a workflow must have called. */
const MUST_CALL: Record<string, string[]> = { crossing: ['one', 'two', 'three'], 'fork-join': ['a', 'b', 'c', 'd', 'after'], 'first-wins': ['after'], retrying: ['flaky'] }
const WORKFLOWS = { crossing, 'fork-join': forkJoin, 'first-wins': firstWins, retrying }
const FUNCTIONS = ['one', 'two', 'three', 'a', 'b', 'c', 'd', 'after', 'fast', 'slow', 'never', 'flaky', 'caught']
const EXECUTIONS = 8
const FAULTS_MS = 12_000
/** Peers find each other again, and replicas that were not told of an outcome ask. */
const SETTLE_MS = 15_000
const LIVENESS_MS = 120_000

/** `onStuck` sees the mesh as it stands when an execution has not ended. */
export async function walk (seed: number, verbose = false, onStuck: (peers: SimPeers, id: string) => void = () => {}): Promise<Walk> {
  const peers = await SimPeers.create({ seed, callMs: [1, 300], peers: seed % 4 === 0 ? 4 : 3 })
  const { clock, names, net } = peers
  const copies = 1 + Math.floor(clock.random() * 3)
  const trace: string[] = []
  const begun = clock.now()
  const note = (text: string): void => {
    trace.push(`${clock.now() - begun} ${text}`)
    if (verbose) console.log(trace.at(-1))
  }
  const counts = { started: 0, ended: 0, kills: 0, cuts: 0, breaks: 0, takeovers: 0, handovers: 0, repeatedCalls: 0, setChanges: 0 }
  peers.functions.set('flaky', (_input, { attempt }) => { if (attempt < 3 && clock.random() < 0.5) throw new CallFailed(true, true, 'try again') })
  const degraded = clock.random() < 0.5 ? 'allow' : 'wait'
  for (const workflow of Object.values(WORKFLOWS)) await peers.deploy(workflow(`{ copies: ${copies}, degraded: ${degraded} }`), Object.fromEntries(FUNCTIONS.map(name => [name, {}])))
  const sets = (): number => Math.max(0, ...names.filter(name => peers.isUp(name)).flatMap(name => [...peers.life(name).control.view().sets.values()].map(({ number }) => number)))

  const accepted = new Map<string, string>()
  const lives = new Set(names.map(name => peers.life(name)))
  const startOne = (): void => {
    const up = names.filter(name => peers.isUp(name))
    const at = up[Math.floor(clock.random() * up.length)]
    if (at === undefined) return
    const workflow = Object.keys(WORKFLOWS)[Math.floor(clock.random() * 4)]!
    peers.life(at).executions.start({ workflow, input: { n: counts.started } }).then(
      ({ id }) => { accepted.set(id, workflow); note(`accepted ${id} of ${workflow} at ${at}`) },
      (err: unknown) => { note(`refused ${workflow} at ${at}: ${(err as Error).message}`) })
    counts.started++
  }
  for (let i = 0; i < EXECUTIONS; i++) clock.after(clock.between(0, FAULTS_MS * 0.8), startOne)

  const end = clock.now() + FAULTS_MS
  while (clock.now() < end) {
    await clock.pass(clock.between(50, 1500))
    const name = names[Math.floor(clock.random() * names.length)]!
    const other = names.find(each => each !== name && clock.random() < 0.5) ?? names.find(each => each !== name)!
    const what = clock.random()
    if (what < 0.25 && peers.isUp(name)) {
      counts.kills++
      note(`kill ${name}`)
      await peers.kill(name)
    } else if (what < 0.55 && !peers.isUp(name)) {
      note(`start ${name}`)
      lives.add(await peers.start(name))
    } else if (what < 0.65) {
      counts.cuts++
      note(`cut ${name} ${other}`)
      net.cut(name, other)
    } else if (what < 0.7) {
      counts.cuts++
      note(`isolate ${name}`)
      net.isolate(name)
    } else if (what < 0.8) {
      note('heal')
      net.healAll()
    } else if (what < 0.9) {
      counts.breaks++
      note(`break ${name} ${other}`)
      net.breakLink(name, other)
    }
  }
  note('all well')
  net.healAll()
  for (const name of names) if (!peers.isUp(name)) lives.add(await peers.start(name))

  const problems: string[] = []
  const reader = peers.life(names[Math.floor(clock.random() * names.length)]!)
  const ids = [...accepted.keys()]
  const ended = await Promise.all(ids.map(async id => await clock.settle(reader.executions.waitFinal(id, LIVENESS_MS), LIVENESS_MS + 5000).catch((err: unknown) => err as Error)))
  await clock.pass(SETTLE_MS)
  for (const [i, view] of ended.entries()) {
    const id = ids[i]!
    if (view === undefined || view instanceof Error) {
      problems.push(`${id} did not end: ${view?.message ?? 'nothing'}`)
      onStuck(peers, id)
    } else if (view.status !== 'completed' || !view.final) {
      problems.push(`${id} is ${view.status}: ${JSON.stringify(view.error)}`)
    } else {
      counts.ended++
      const others = await Promise.all(names.map(async name => await clock.settle(peers.life(name).executions.read(id)).catch((err: unknown) => err as Error)))
      const same = others.every(other => !(other instanceof Error) && other.final && other.status === view.status && JSON.stringify(other.output) === JSON.stringify(view.output))
      if (!same) onStuck(peers, id)
      if (!same) problems.push(`${id} is read differently: ${others.map(other => other instanceof Error ? other.message : `${other.status} ${other.final} ${JSON.stringify(other.output)}`).join(', ')}`)
      problems.push(...callsOf(peers, id, accepted.get(id)!))
    }
  }
  for (const life of lives) {
    for (const err of life.broken) problems.push(`${life.mesh.self} stopped: ${err.message}`)
    counts.takeovers += life.events.filter(({ event }) => event === 'takeover').length
  }
  for (const entries of peers.callsByKey().values()) counts.repeatedCalls += entries.length - 1
  counts.handovers = net.sent.get('sidecar/reserve') ?? 0
  counts.setChanges = sets() - 1
  return { problems, counts, trace }
}

/** Every function was called, and each of its steps under one key only. */
function callsOf (peers: SimPeers, id: string, workflow: string): string[] {
  const keys = new Map<string, Set<string>>()
  for (const { execution, fn, key } of peers.ledger) {
    if (execution === id) keys.set(fn, (keys.get(fn) ?? new Set<string>()).add(key))
  }
  const missing = MUST_CALL[workflow]!.filter(fn => !keys.has(fn)).map(fn => `${id} never called ${fn}`)
  return [...missing, ...[...keys].filter(([, each]) => each.size > 1).map(([fn, each]) => `${id} called ${fn} under ${each.size} keys`)]
}
