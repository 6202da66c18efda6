/**
 * How a peer mesh is put together: what it is given, and whom it asks who may join. `peer.ts` fills these in; the group
 * that decides (control/) implements `Authority`.
 */
import type { tcp } from '@libp2p/tcp'
import type { Transport } from '@libp2p/interface'
import type { Role } from '../mesh-view.js'
import type { Store } from '../store/port.js'
import type { PeerFacts } from './port.js'

/** What a peer says of itself; its id and addresses are added by the mesh. */
export type OwnFacts = Omit<PeerFacts, 'peer' | 'addresses'>

/** What the mesh key has signed about a peer. Times are milliseconds since 1970. */
export interface Certificate {
  meshId: string
  peer: string
  roles: Role[]
  tier: PeerFacts['tier']
  tenant: string
  issuedAt: number
  expiresAt: number
}

/** Why a peer is not let in; the joiner prints it. `notReady` is the only one worth trying again. */
export const REFUSALS = [
  'spentToken', 'expiredToken', 'foreignToken', 'tokenNeeded', 'wrongMesh', 'revoked', 'expiredCertificate',
  'badCertificate', 'malformed', 'version', 'notReady'
] as const
export type Refusal = typeof REFUSALS[number]

export interface JoinRequest {
  peer: string
  /** One-time secret of the token, when it brings one. */ secret?: Uint8Array
  /** Set when this mesh has admitted the peer before and its certificate ran out. */ expired?: Certificate
  facts: PeerFacts
  disk: string
  incarnation: number
  nonce: string
}

/** An encoded certificate (see `signCertificate`), or the reason why not. */
export type Admitted = { certificate: Uint8Array } | { refused: Refusal, message?: string }

/** Whoever can admit: the control plane's client. May be slow; the joiner waits 8 s at most. */
export interface Authority {
  /** Throws or rejects when nobody can decide now: the joiner is told to try again. Safe to repeat for the same peer. */
  admit (request: JoinRequest): Promise<Admitted>
  /** A new certificate for this peer itself, asked for at half-life. */
  renew (peer: string): Promise<Admitted>
  /** True for a peer that was removed; asked at every handshake, so it must be quick. */
  isRevoked (peer: string): boolean
}

/** How this peer belongs to a mesh when its state directory does not say so yet. */
export type Membership =
  | { found: true, /** Anyone with an address may join as a plain peer. @default false */ open?: boolean }
  | { join: true, /** From `invite`. */ token?: string, /** Multiaddrs, with or without /p2p/. */ bootstrap?: string[] }

export type MeshLog = (level: 'debug' | 'info' | 'warn', message: string, fields?: Record<string, unknown>) => void

export interface PeerMeshOptions {
  /** Holds identity.key and mesh.json, both 0600. */ stateDir: string
  /** Addresses of known peers, under `mesh/`. */ store: Store
  /** Multiaddrs; port 0 takes the port of the last start if it is free. @default ['/ip4/0.0.0.0/tcp/0'] */ listen?: string[]
  facts: OwnFacts
  /** This disk's id, and the counter and random part of this start. */ disk: string
  incarnation: number
  nonce: string
  /** Needed at the first start; later it must agree with the state directory. `bootstrap` addresses are dialled always. */
  membership?: Membership
  /** Gossip topics that exist in this mesh; all others are refused and never stored. */ topics?: readonly string[]
  /** Catalog's namespaces of the DHT: records of any other are refused. */ dht?: Record<string, DhtNamespace>
  /** How long the first join may take before `UnavailableError`, ms. @default 30 000 */ joinTimeoutMs?: number
  signal?: AbortSignal
  log?: MeshLog
  /** Instead of plain TCP: shaped links of a swarm or a test. */ transport?: TransportFactory
}

export type TransportFactory = (components: Parameters<ReturnType<typeof tcp>>[0]) => Transport

export interface DhtNamespace {
  /** Throws on a record that must not be stored or believed. */
  validate (key: Uint8Array, value: Uint8Array): Promise<void> | void
  /** Index of the best of several valid records. */ select (key: Uint8Array, values: Uint8Array[]): number
}
