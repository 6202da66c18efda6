/** What the rest of a peer asks of the catalog: bytes by content id, and a function's folder ready to run. */
import type { FunctionManifest } from '../mesh-view.js'

/** Who may hold the bytes of this id, best first. Replaced by Kademlia when the mesh grows; an empty answer is no error. */
export type FindProviders = (cid: string) => string[]

export interface Artefacts {
  /** Keeps the bytes, durable when it resolves. The same again changes nothing. TooLargeError above MAX_ARTEFACT_BYTES. */
  put (bytes: Uint8Array): Promise<{ cid: string, size: number }>
  has (cid: string): Promise<boolean>
  /** The verified bytes, from this disk or from another peer. UnavailableError names the peers that were asked in vain. */
  get (cid: string): Promise<Uint8Array>
  /**
   * The function's folder, unpacked and verified, and the absolute path of its entry module. Fetches what is missing;
   * concurrent calls for one artefact share the work. Cheap when it is there already.
   */
  ensure (manifest: FunctionManifest): Promise<{ folder: string, entry: string }>
  start (): Promise<void>
  stop (): Promise<void>
}
