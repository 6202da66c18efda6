/**
 * What a peer is started with, every default filled in: the command line and tests make it, `peer.ts` reads it. Plain
 * data, so that it can be printed and compared.
 */
export type Tier = 'edge' | 'gateway' | 'cloud'
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

/** Port 0: the port this state directory used last for that address, or a free one if that is taken. */
export interface ApiAddress { host: string, port: number }

/** How to enter a mesh. A token carries addresses of its own; bootstrap addresses may need one. */
export type Join = { token: string } | { bootstrap: string[], token?: string }

export interface PeerOptions {
  /** Holds identity, store, mesh and `api.json`; made when missing. Absolute. */ stateDir: string
  /** Multiaddrs to listen on. @default ['/ip4/0.0.0.0/tcp/0'] */ listen: string[]
  /** @default 127.0.0.1:0 */ api: ApiAddress
  /** Bearer token that every request must carry; needed when the API is bound to more than loopback. */ apiToken?: string
  /** For people; need not be unique. @default the host's name */ name: string
  region: string
  zone: string
  tier: Tier
  labels: Record<string, string>
  /** Failure domain: peers in one are expected to fail together. @default the machine's id */ domain: string
  /** What functions may use here. @default what the machine has */ cpus: number
  memoryBytes: number
  /** Named counts: gpu, tpu, … */ accelerators: Record<string, number>
  controller: 'auto' | 'never' | 'prefer'
  /** Where calls to a host really go: `host` → base URL. For stubs and egress proxies. */ httpMap: Record<string, string>
  /** Absent: found a mesh, or go on in the one the state directory is of. */ join?: Join
  /** How long the first join may take. @default 30 000 */ joinTimeoutMs?: number
  /** Found an open mesh: whoever has an address may join as a plain peer. */ open: boolean
  logLevel: LogLevel
}

/** A change worth knowing, as `up --json` prints it, one line each. */
export interface PeerEvent { event: string, [field: string]: unknown }

export interface ReadyPeer { peer: string, mesh: string, addresses: string[], api: string, stateDir: string }

/** What `startPeer` resolves with, once the API serves and own records are loaded. */
export interface RunningPeer {
  ready: ReadyPeer
  /** Called for every change after `ready`. Returns the way to stop listening. */
  onEvent (listener: (event: PeerEvent) => void): () => void
  /** Resolves when this peer cannot go on: its store failed, or the mesh does not take it for what it says. It must end. */
  failed: Promise<Error>
  /** Stops taking work, hands over or checkpoints what runs, leaves. Within 10 s. Safe to repeat. */
  stop (): Promise<void>
}
