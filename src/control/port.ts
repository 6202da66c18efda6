/**
 * What the rest of a peer may ask of the control plane. Behind it stands one group: now the founder alone, later Raft;
 * callers see no difference but the time an answer takes.
 */
import type { FunctionManifest, MeshSettings, MeshView } from '../mesh-view.js'

export type Liveness = 'alive' | 'suspect' | 'dead' | 'left'

export interface IntentKey { execution: string, branch: string, step: number, attempt: number }

export interface Control {
  /** The newest view this peer has; never blocks. */
  view (): MeshView
  onChange (listener: (view: MeshView) => void): void
  /** Catch up with everything decided before this call (read index). Rejects with UnavailableError without a quorum. */
  refresh (deadlineMs: number): Promise<MeshView>
  /** Milliseconds since the group last confirmed the view; Infinity when it never did since the start. */
  staleMs (): number

  deployFunction (manifest: FunctionManifest): Promise<{ cid: string, created: boolean }>
  deployWorkflow (source: string): Promise<{ namespace: string, name: string, version: string, plan: string, created: boolean, warnings: string[] }>
  invite (options: { role?: string, uses?: number, ttlMs?: number }): Promise<{ token: string, expiresAt: number }>

  /**
   * First one holds: resolves with the holder, which is `by` when this call won or repeats its own win, and empty when the
   * execution was retired and nobody knows any more. Safe to repeat.
   */
  intend (key: IntentKey, by: string): Promise<{ holder: string }>
  /** Binds (workflow, key) to an execution id and input hash; resolves with what is bound. Safe to repeat. */
  bindKey (workflow: string, key: string, id: string, inputHash: string): Promise<{ id: string, inputHash: string, pending: boolean }>
  confirmKey (workflow: string, key: string, id: string): Promise<void>
  /**
   * For whoever meets a pending binding whose execution no replica knows: `id` takes the place of `from`, if that is still
   * what is bound and pending. Resolves with what is bound now. Safe to repeat.
   */
  rebindKey (workflow: string, key: string, from: string, id: string): Promise<{ id: string, inputHash: string, pending: boolean }>
  /** These executions are over and their history is gone: who held their intents is forgotten, and they get none again. Safe to repeat. */
  retire (executions: string[]): Promise<void>
  /** Operators only. */
  configure (settings: Partial<MeshSettings>): Promise<void>

  /** A replica tells that it is whole under the set number it joined under. Safe to repeat. */
  reportWhole (set: string, joined: number): Promise<void>
  /**
   * A clean stop: this peer's places in sets are handed over, then it counts as left until its next start. Resolves when
   * no set names it any more or at the deadline; true when every place found another peer.
   */
  leave (deadlineMs: number): Promise<boolean>

  /** Who the group is and how it is; never throws, says what it knows. */
  status (): { term: number, leader: string | null, voters: string[], learners: string[], commitIndex: number, quorum: boolean }
  /** The leader's guess who is alive, as far as this peer has heard; absent: unknown. */
  liveness (): ReadonlyMap<string, Liveness>
  /** How busy each peer last said it was, 0 idle to 1 full; absent: unknown. */
  loads (): ReadonlyMap<string, number>
}
