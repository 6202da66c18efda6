/** What the API needs of a peer; `peer.ts` hands it in. */
import type { Control } from '../control/port.js'
import type { Mesh } from '../mesh/port.js'
import type { PeerEvent } from '../peer-options.js'
import type { Executions } from '../sidecar/port.js'

/** Artefacts and other blobs by content id. */
export interface Blobs {
  put (bytes: Uint8Array): Promise<{ cid: string, size: number }>
  has (cid: string): Promise<boolean>
}

export interface Resources { cpus: number, memoryBytes: number, accelerators: Record<string, number> }

export interface ApiPorts {
  executions: Executions
  control: Control
  mesh: Pick<Mesh, 'self' | 'meshId' | 'connected' | 'facts' | 'known' | 'rttMs'>
  blobs: Blobs
  /** Prometheus text. */
  metrics (): Promise<string>
  /** Whether own records are loaded and the store writes; the reason when not. */
  readiness (): { ready: boolean, reason?: string }
  /** Changes of the mesh worth knowing. Returns the way to stop listening. */
  onEvent (listener: (event: PeerEvent) => void): () => void
  /** As far as this peer has heard; absent: unknown. */
  resources?: (peer: string) => Resources | undefined
  /** Executions not ended in a replica set, as far as this peer knows. */
  executionsIn?: (set: string) => number | undefined
}

export interface ApiOptions {
  host: string
  /** 0: `rememberedPort` if it is free, else any free one. */
  port: number
  rememberedPort?: number
  /** Bearer token every request must carry. Required when `host` is more than loopback. */
  token?: string
  /** What went wrong inside, for the peer's log; callers get the same message without the stack. */
  log?: (message: string, err: unknown) => void
}

export interface RunningApi {
  url: string
  port: number
  /** Ends streams, lets answers under way finish for a second, closes. */
  close (): Promise<void>
}
