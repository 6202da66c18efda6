/**
 * What every peer answers about the control plane: a controller by its service, any other by naming the controllers. So
 * whoever knows one peer of the mesh finds the group.
 */
import { Answer } from '../../protocols/control.js'
import { KINDS } from './service.js'
import type { Sessions } from '../mesh/port.js'
import type { ControlService, Kind } from './service.js'

/** Controllers that one answer names. */
export const MAX_REDIRECTS = 16

export interface Door {
  /** Undefined while this peer is no controller. */ service (): ControlService | undefined
  controllers (): readonly string[]
}

export function serveControl (sessions: Pick<Sessions, 'onRequest'>, door: Door): void {
  for (const kind of KINDS) sessions.onRequest(kind, async (body, from) => await answer(door, kind, body, from))
}

export async function answer (door: Door, kind: Kind, body: Uint8Array, from: string): Promise<Uint8Array> {
  const own = door.service()
  if (own === undefined) return Answer.encode({ body: new Uint8Array(), redirect: [...door.controllers()].slice(0, MAX_REDIRECTS) })
  return Answer.encode({ body: new Uint8Array(await own.answer(kind, body, from)), redirect: [] })
}
