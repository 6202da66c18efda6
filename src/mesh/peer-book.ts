/**
 * Every peer ever met or told of, with what it said of itself and where it listens; kept in the store, so that a restarted
 * peer finds the mesh without its bootstrap addresses.
 */
import { MAX_KNOWN_PEERS } from '../limits.js'
import { readFacts } from './facts.js'
import type { Store, Write } from '../store/port.js'
import type { KnownFacts } from './facts.js'
import type { PeerFacts } from './port.js'

const PREFIX = 'mesh/peer/'
const SAVE_AFTER_MS = 1_000

export class PeerBook {
  private readonly peers = new Map<string, KnownFacts>()
  private readonly unsaved = new Map<string, Write>()
  private timer: NodeJS.Timeout | undefined

  constructor (private readonly store: Store, private readonly self: string, private readonly onFault: (err: unknown) => void) {}

  async load (): Promise<void> {
    for await (const [, value] of this.store.range({ from: PREFIX, to: `${PREFIX}~`, limit: MAX_KNOWN_PEERS })) {
      const known = readFacts(value)
      if (known !== undefined && known.facts.peer !== this.self) this.peers.set(known.facts.peer, known)
    }
  }

  /** True when it says something newer than what was known. */
  learn (known: KnownFacts): boolean {
    const { peer } = known.facts
    const before = this.peers.get(peer)
    if (peer === this.self || (before !== undefined && before.version >= known.version)) return false
    this.peers.delete(peer) // to the end: the order of the map is the order of news
    this.peers.set(peer, known)
    this.save({ type: 'put', key: PREFIX + peer, value: known.signed })
    if (this.peers.size > MAX_KNOWN_PEERS) this.forget(this.peers.keys().next().value!)
    return true
  }

  forget (peer: string): void {
    if (this.peers.delete(peer)) this.save({ type: 'delete', key: PREFIX + peer })
  }

  has (peer: string): boolean { return this.peers.has(peer) }
  version (peer: string): number { return this.peers.get(peer)?.version ?? -1 }
  facts (peer: string): PeerFacts | undefined { return this.peers.get(peer)?.facts }
  known (): PeerFacts[] { return [...this.peers.values()].map(({ facts }) => facts) }
  /** Newest last. */
  signed (): Uint8Array[] { return [...this.peers.values()].map(({ signed }) => signed) }

  async flush (): Promise<void> {
    clearTimeout(this.timer)
    this.timer = undefined
    const writes = [...this.unsaved.values()]
    this.unsaved.clear()
    if (writes.length > 0) await this.store.batch(writes)
  }

  private save (write: Exclude<Write, { type: 'deleteRange' }>): void {
    this.unsaved.set(write.key, write)
    this.timer ??= setTimeout(() => { this.flush().catch(this.onFault) }, SAVE_AFTER_MS).unref()
  }
}
