import { metrics } from '../telemetry.js'

/** What went over this peer's links since its start, in bytes and messages; read by telemetry, reset by nobody. */
export interface Traffic { sentBytes: number, receivedBytes: number, sent: number, received: number }

export class MeshCounters {
  /** By peer: session streams, as encoded. */ readonly sessions = new Map<string, Traffic>()
  /** By topic: gossip payloads, own ones sent and others' received. */ readonly topics = new Map<string, Traffic>()
  /** Gossip messages that were refused by their validator. */ rejected = 0
  /** Handshakes refused by this peer, by reason. */ readonly refused = new Map<string, number>()

  session (peer: string): Traffic { return entry(this.sessions, peer) }
  topic (topic: string): Traffic { return entry(this.topics, topic) }
  /** Lets `/metrics` read the sums; the last mesh of a process to do so is the one that is read. */
  publish (connected: () => number): void {
    metrics.gaugeOf('flowmesh_mesh_connected_peers', 'peers with a live session', connected)
    for (const direction of ['sentBytes', 'receivedBytes'] as const) {
      const name = direction === 'sentBytes' ? 'sent' : 'received'
      metrics.gaugeOf(`flowmesh_mesh_session_${name}_bytes`, `session bytes ${name} since the start`, () =>
        sum(this.sessions, direction))
      metrics.gaugeOf(`flowmesh_mesh_gossip_${name}_bytes`, `gossip payload bytes ${name} since the start`, () =>
        sum(this.topics, direction))
    }
    metrics.gaugeOf('flowmesh_mesh_gossip_rejected', 'gossip messages refused by a validator', () => this.rejected)
    metrics.gaugeOf('flowmesh_mesh_handshakes_refused', 'peers not let in', () =>
      [...this.refused.values()].reduce((all, one) => all + one, 0))
  }

  countRefusal (reason: string): void { this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1) }
}

function entry (map: Map<string, Traffic>, key: string): Traffic {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = { sentBytes: 0, receivedBytes: 0, sent: 0, received: 0 }
  map.set(key, made)
  return made
}

function sum (map: ReadonlyMap<string, Traffic>, of: keyof Traffic): number {
  return [...map.values()].reduce((all, traffic) => all + traffic[of], 0)
}
