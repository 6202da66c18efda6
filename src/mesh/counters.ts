/** What went over this peer's links since its start, in bytes and messages; read by telemetry, reset by nobody. */
export interface Traffic { sentBytes: number, receivedBytes: number, sent: number, received: number }

export class MeshCounters {
  /** By peer: session streams, as encoded. */ readonly sessions = new Map<string, Traffic>()
  /** By topic: gossip payloads, own ones sent and others' received. */ readonly topics = new Map<string, Traffic>()
  /** Gossip messages that were refused by their validator. */ rejected = 0
  /** Handshakes refused by this peer, by reason. */ readonly refused = new Map<string, number>()

  session (peer: string): Traffic { return entry(this.sessions, peer) }
  topic (topic: string): Traffic { return entry(this.topics, topic) }
  countRefusal (reason: string): void { this.refused.set(reason, (this.refused.get(reason) ?? 0) + 1) }
}

function entry (map: Map<string, Traffic>, key: string): Traffic {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = { sentBytes: 0, receivedBytes: 0, sent: 0, received: 0 }
  map.set(key, made)
  return made
}
