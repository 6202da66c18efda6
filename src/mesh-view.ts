/**
 * What the control plane last decided, as of an index: read-only for everyone but control/. Everything here is decided
 * once and the same on every peer; who is alive is not in it.
 */
/** A member of a replica set: membership is the peer, its disk, and the set number it joined under. */
export interface SetMember { peer: string, disk: string, joined: number }

export interface ReplicaSetView {
  name: string
  region: string
  /** Copies wanted; `members.length` is less while the mesh is small. */ copies: number
  /** Raised by one with every change of `members`. */ number: number
  /** In the set's order: the first acts first in a takeover. */ members: SetMember[]
  /** Peers that have reported to be whole under their `joined` number. */ whole: string[]
}

export type Role = 'peer' | 'deployer' | 'operator' | 'viewer'

export interface MemberView {
  peer: string
  disk: string
  /** Counter of starts on that disk, and the random part of the last one. */ incarnation: number
  nonce: string
  roles: Role[]
  name: string
  region: string
  zone: string
  tier: 'edge' | 'gateway' | 'cloud'
  domain: string
  labels: Record<string, string>
  addresses: string[]
  /** Stopped cleanly; its next start takes this back. */ left: boolean
  /** Thrown out by an operator, for ever. */ removed?: boolean
}

export interface FunctionManifest {
  name: string
  version: string
  runtime: 'js'
  entry: string
  /** Content id of the packed folder. */ artefact: string
  timeoutMs: number
  effects: 'pure' | 'idempotent' | 'exclusive'
  concurrency: number
  resources: { cpus: number, memoryBytes: number, accelerators: Record<string, number> }
  requires: Record<string, string>
  warm: { minimum: number, keepMs: number }
}

export interface FunctionView { manifest: FunctionManifest, cid: string, deployedBy: string }
export interface WorkflowView {
  namespace: string, name: string, version: string, /** Content id of the plan. */ plan: string, source: string, deployedBy: string
  /** What its plan asks for, so that sets of that many copies exist. */ copies: number
}

/** Decided once for the whole mesh; every field has a default, so an older view reads as a newer one. */
export interface MeshSettings {
  /** A replica silent for so long leaves its set, ms. */ replaceAfterMs: number
  /** Sets of these sizes exist in every region from the beginning; others appear when a workflow asks. */ copies: number[]
  /** Anyone who has an address may join as a plain peer. */ open: boolean
  /** How long a binding of an idempotency key is remembered, ms. */ keyRetentionMs: number
}

export const DEFAULT_SETTINGS: MeshSettings = { replaceAfterMs: 5_000, copies: [1, 2, 3], open: false, keyRetentionMs: 24 * 3600_000 }

/** Who may be placed where, and what may be called: data only; what each kind means is written where it is enforced. */
export interface PolicyView { name: string, rule: Record<string, unknown> }

export interface MeshView {
  index: number
  meshId: string
  generation: number
  members: ReadonlyMap<string, MemberView>
  sets: ReadonlyMap<string, ReplicaSetView>
  /** By `name:version`. */ functions: ReadonlyMap<string, FunctionView>
  /** By `namespace/name:version`. */ workflows: ReadonlyMap<string, WorkflowView>
  controllers: readonly string[]
  settings: MeshSettings
  policies: ReadonlyMap<string, PolicyView>
}
