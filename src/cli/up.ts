/** `flowmesh up`: a peer in the foreground. */
import type { Command } from 'commander'
import type { PeerOptions, ReadyPeer, RunningPeer } from '../peer-options.js'
import { stateDirOf } from './api-options.js'
import { DONE, FAILED, INTERRUPTED, describeError } from './exit-codes.js'
import { clean, note, outliveReader, print, printJson } from './terminal.js'
import { Narrator } from './up-events.js'
import { toPeerOptions, withUpOptions } from './up-options.js'
import type { UpOptions } from './up-options.js'

/** A stop that takes longer than this is cut short: the records are synced, so nothing is lost. */
const STOP_MS = 9_500

export function addUp (program: Command): void {
  withUpOptions(program.command('up').description('start a peer; founds a mesh unless it joins one or its state says which')).action(up)
}

async function up (given: UpOptions): Promise<void> {
  const options = toPeerOptions(given)
  outliveReader()
  let stop = (): void => { process.exit(INTERRUPTED) } // before it is ready there is nothing to hand over
  let stopping = false
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (stopping) process.exit(INTERRUPTED)
      stopping = true
      stop()
    })
  }
  if (options.open) note('WARNING: an open mesh. Anyone who can reach an address of it may join and run work; for labs and demos only.')
  const { startPeer } = await import('../peer.js')
  const peer = await startPeer(options)
  stop = () => { void leave(peer) }
  void peer.failed.then(giveUp)
  const narrator = new Narrator()
  peer.onEvent(event => {
    if (given.json === true) printJson(event)
    else note(clean(narrator.tell(event)))
  })
  if (given.json === true) printJson({ event: 'ready', ...peer.ready })
  else printReady(peer.ready, options)
}

/** Nothing that happens from here on could be kept, so nothing more is done: others take over what was synced. */
function giveUp (err: Error): never {
  note(`flowmesh: this peer cannot go on: ${describeError(err)}`)
  process.exit(FAILED)
}

async function leave (peer: RunningPeer): Promise<never> {
  note('stopping: handing over what runs; ctrl-c again stops at once')
  setTimeout(() => {
    note('flowmesh: stopping took too long and was cut short; records are synced, the next start goes on with them')
    process.exit(FAILED)
  }, STOP_MS)
  try {
    await peer.stop()
  } catch (err) {
    note(`flowmesh: stopping failed: ${(err as Error).message}`)
    process.exit(FAILED)
  }
  process.exit(DONE)
}

function printReady ({ peer, mesh, addresses, api, stateDir }: ReadyPeer, { name, region, tier, join, apiToken }: PeerOptions): void {
  print(`${clean(name)} is ready (${tier}, region ${region})`)
  print(`  peer      ${peer}`)
  print(`  mesh      ${mesh}`)
  for (const address of addresses) print(`  listens   ${address}`)
  print(`  api       ${api}${apiToken === undefined ? '' : '  (its token is in api.json of the state directory)'}`)
  print(`  state     ${stateDir}`)
  const here = stateDir === stateDirOf(undefined) ? '' : ` --state-dir ${stateDir}`
  if (join === undefined) {
    print(`next: flowmesh invite${here}, then on another machine: flowmesh up --join TOKEN`)
    print(`      flowmesh deploy PATH…${here}, then flowmesh run WORKFLOW${here}`)
  } else {
    print(`next: flowmesh peers${here}, flowmesh run WORKFLOW${here}`)
  }
  print('ctrl-c stops this peer')
}
