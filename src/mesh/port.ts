/**
 * What the rest of a peer sees of the mesh. `mesh/peer-mesh.ts` is the real one; the simulator has its own. Peers are
 * named by their peer-id string.
 */
/** Two session streams per peer: small and urgent messages never wait behind bulk data. */
export type Channel = 'control' | 'bulk'

export interface RequestOptions {
  /** @default 'control' */ channel?: Channel
  /** Answer expected within, ms. Rejects with `TimeoutError` past it. */ deadlineMs: number
  signal?: AbortSignal
}

/** Answers a request. What it throws reaches the caller as an error with the same `kind` and message. */
export type RequestHandler = (body: Uint8Array, from: string) => Promise<Uint8Array> | Uint8Array
export type MessageHandler = (body: Uint8Array, from: string) => void

export interface Sessions {
  /** Opens or reuses the session. Rejects with `UnavailableError` when the peer cannot be reached (nothing was done). */
  request (peer: string, kind: string, body: Uint8Array, options: RequestOptions): Promise<Uint8Array>
  /**
   * One-way, in order per (peer, channel) while the connection lives; no delivery signal: what must arrive is sent again
   * by its owner. False when there is no connection now or the queue to that peer is full; a dial is then begun.
   */
  send (peer: string, kind: string, body: Uint8Array, channel?: Channel): boolean
  /** One handler per kind. Handlers are called in the order of arrival per (peer, channel). */
  onRequest (kind: string, handler: RequestHandler): void
  onMessage (kind: string, handler: MessageHandler): void
}

export interface PeerFacts {
  peer: string
  name: string
  region: string
  zone: string
  tier: 'edge' | 'gateway' | 'cloud'
  labels: Record<string, string>
  /** Failure domain. */ domain: string
  addresses: string[]
}

export interface Mesh extends Sessions {
  readonly self: string
  readonly meshId: string
  /** Peers with a live, admitted connection now. */
  connected (): string[]
  /** Facts of this peer and of every peer ever met or told of. */
  facts (peer: string): PeerFacts | undefined
  known (): PeerFacts[]
  /** Median-filtered round trip, ms; undefined when never measured. */
  rttMs (peer: string): number | undefined
  onConnect (listener: (peer: string) => void): void
  onDisconnect (listener: (peer: string) => void): void
  /** Publish on a gossipsub topic. Refuses (throws TooLargeError) above MAX_GOSSIP_BYTES. No delivery signal. */
  publish (topic: string, bytes: Uint8Array): Promise<void>
  /** `accept` runs before delivery and forwarding; false drops the message and costs the sender score. */
  subscribe (topic: string, accept: (bytes: Uint8Array, from: string) => boolean | Promise<boolean>, deliver: (bytes: Uint8Array, from: string) => void): void
}
