/** What a peer does not know yet, it asks for before it says that it does not exist. */
import type { Control } from '../control/port.js'
import { FlowMeshError } from '../errors.js'

/** How long to wait for the control plane before a name is called unknown, ms. */
const REFRESH_MS = 3000

/**
 * Runs the lookup again after catching up when it finds nothing: after a 201 every live peer accepts the name. Without a
 * quorum that is 503, not 404: this peer cannot know.
 */
export async function afterCatchUp<T> (control: Control, lookUp: () => Promise<T> | T): Promise<T> {
  try {
    return await lookUp()
  } catch (err) {
    if (!(err instanceof FlowMeshError) || err.kind !== 'notFound') throw err
    await control.refresh(REFRESH_MS)
    return await lookUp()
  }
}
