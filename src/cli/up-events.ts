/** What a peer in the foreground tells people, one line a change; `--json` prints the events as they are. */
import type { PeerEvent } from '../peer-options.js'

/** Peers are named as far as they have been met. */
export class Narrator {
  private readonly names = new Map<string, string>()

  tell (event: PeerEvent): string {
    const { peer, name, execution, branch, from, reason, status } = event as PeerEvent & Record<string, string | undefined>
    if (peer !== undefined && name !== undefined) this.names.set(peer, name)
    switch (event.event) {
      case 'peerConnected': return `connected to ${this.nameOf(peer)}`
      case 'peerDisconnected': return `no connection to ${this.nameOf(peer)} any more`
      case 'takeover': return `took over ${branchOf(execution, branch)} from ${this.nameOf(from)}: ${reason}`
      case 'superseded': return `gave up ${branchOf(execution, branch)}: another peer took it over`
      case 'executionEnded': return `execution ${execution} is ${status}`
      default: return Object.entries(event).map(([key, value]) => key === 'event' ? value : `${key}=${show(value)}`).join(' ')
    }
  }

  private nameOf (peer: string | undefined): string {
    return this.names.get(peer ?? '') ?? peer ?? 'a peer'
  }
}

function branchOf (execution: string | undefined, branch: string | undefined): string {
  return execution === branch ? `execution ${execution}` : `a branch of execution ${execution}`
}

function show (value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
