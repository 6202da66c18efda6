/** `flowmesh sets`: which peers keep what. */
import type { Command } from 'commander'
import { clientOf, withApiOptions } from './api-options.js'
import type { ApiOptions } from './api-options.js'
import { printJson, printTable } from './terminal.js'

export function addSets (program: Command): void {
  withApiOptions(program.command('sets').description('list the replica sets: which peers keep what')
    .addHelpText('after', '\nEXECUTIONS counts those not final yet; "?" where this peer keeps none of the set.')).action(sets)
}

async function sets (options: ApiOptions): Promise<void> {
  const client = await clientOf(options)
  const all = await client.sets()
  if (options.json === true) {
    printJson(all)
    return
  }
  const names = new Map((await client.peers()).map(({ peer, name }) => [peer, name]))
  printTable(['NAME', 'NUMBER', 'REGION', 'COPIES', 'WHOLE', 'EXECUTIONS', 'REPLICAS'], all.map(set => [
    set.name, set.number, set.region, `${set.replicas.length}/${set.copies}`, set.whole ? 'yes' : 'no', set.executions ?? '?',
    set.replicas.map(peer => names.get(peer) ?? peer).join(', ')
  ]))
}
