/** `flowmesh peers`: who is in the mesh, as one of them sees it. */
import type { Command } from 'commander'
import type { PeerRow } from '../api/client.js'
import { clientOf, withApiOptions } from './api-options.js'
import type { ApiOptions } from './api-options.js'
import { printJson, printTable } from './terminal.js'

export function addPeers (program: Command): void {
  withApiOptions(program.command('peers').description('list the peers of the mesh')).action(peers)
}

async function peers (options: ApiOptions): Promise<void> {
  const all = await (await clientOf(options)).peers()
  if (options.json === true) printJson(all)
  else printTable(['NAME', 'STATUS', 'TIER', 'REGION', 'ZONE', 'CONTROL', 'LOAD', 'RTT', 'PEER'], all.map(row))
}

function row (peer: PeerRow): (string | null)[] {
  return [
    peer.name, peer.status, peer.tier, peer.region, peer.zone, peer.controller ? 'controller' : '',
    peer.load === null ? null : `${Math.round(peer.load * 100)} %`, peer.rttMs === null ? null : `${peer.rttMs.toFixed(1)} ms`, peer.peer
  ]
}
