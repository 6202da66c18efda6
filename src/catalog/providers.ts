/** Who may hold an artefact, before Kademlia is asked: its deployer, the controllers, then whoever is connected. */
import type { MeshView } from '../mesh-view.js'

export function likelyProviders (view: MeshView, self: string, connected: string[], cid: string): string[] {
  const deployers = [...view.functions.values()].filter(({ manifest }) => manifest.artefact === cid).map(({ deployedBy }) => deployedBy)
  return [...new Set([...deployers, ...view.controllers, ...connected])].filter(peer => peer !== self)
}
