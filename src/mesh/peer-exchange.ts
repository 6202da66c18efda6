/**
 * Peers tell each other of peers: their whole list on connecting, news once, and the list to one of them from time to time,
 * so that everybody in a small mesh comes to know everybody, whoever let them in.
 */
import { PeerList } from '../../protocols/peers.js'
import { MAX_LISTED_PEERS } from '../limits.js'
import { malformed } from '../telemetry.js'
import { wire } from './bytes.js'
import { openFacts } from './facts.js'
import type { KnownFacts } from './facts.js'
import type { PeerBook } from './peer-book.js'
import type { Redialler } from './redialler.js'
import type { Sessions } from './sessions.js'

const PEERS = 'mesh/peers'

export interface ExchangeParts { sessions: Sessions, book: PeerBook, own: () => KnownFacts, redialler: Redialler }

export class PeerExchange {
  /** Peers told to be gone: what is not newer than this is not believed again. */
  private readonly forgotten = new Map<string, number>()

  constructor (private readonly parts: ExchangeParts) {
    parts.sessions.onMessage(PEERS, (body, from) => { void this.onList(body, from) })
  }

  /** Firsthand or passed on, it is signed by whom it speaks of; what is new goes on to everyone, once. */
  learn (known: KnownFacts, from: string): void {
    const { sessions, book, redialler } = this.parts
    const { peer } = known.facts
    if (known.version <= (this.forgotten.get(peer) ?? -1) || !book.learn(known)) return
    if (!sessions.isConnected(peer)) redialler.notice(peer)
    for (const other of sessions.connected()) if (other !== from && other !== peer) this.send(other, [known.signed])
  }

  forget (peer: string): void {
    this.forgotten.set(peer, this.parts.book.version(peer))
    this.parts.book.forget(peer)
  }

  /** All that is known here, newest last. */
  show (peer: string): void {
    this.send(peer, [this.parts.own().signed, ...this.parts.book.signed().slice(1 - MAX_LISTED_PEERS)])
  }

  showToOne (): void {
    const peers = this.parts.sessions.connected()
    const peer = peers[Math.floor(Math.random() * peers.length)]
    if (peer !== undefined) this.show(peer)
  }

  /** Own facts have changed. */
  announce (): void { for (const peer of this.parts.sessions.connected()) this.send(peer, [this.parts.own().signed]) }

  private send (peer: string, signed: Uint8Array[]): void {
    this.parts.sessions.send(peer, PEERS, PeerList.encode({ peers: signed.map(wire) }))
  }

  private async onList (body: Uint8Array, from: string): Promise<void> {
    const { book, own } = this.parts
    try {
      const { peers } = PeerList.decode(body, { limits: { peers: MAX_LISTED_PEERS } })
      for (const signed of peers) {
        const known = await openFacts(signed, peer => peer === own().facts.peer ? Infinity : book.version(peer))
        if (known !== undefined) this.learn(known, from)
      }
    } catch (err) {
      malformed(PEERS, from, err)
    }
  }
}
