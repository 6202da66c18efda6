/**
 * Where the next step runs, and a place for it there: candidates from the mesh, their load as last heard, the choice of
 * placement/, and a reservation at a peer that is not this one. A peer that is full refuses, and the next best is asked.
 */
import { ReservedMessage, ReserveMessage } from '../../protocols/sidecar.js'
import type { PeerRef } from '../branch/index.js'
import type { FunctionManifest, MeshView } from '../mesh-view.js'
import type { Mesh } from '../mesh/port.js'
import { choosePeer } from '../placement/index.js'
import type { Candidate, Choice } from '../placement/index.js'
import { metrics, readFrom } from '../telemetry.js'
import type { PlacementHints } from '../workflow/index.js'
import type { Supervisor } from './supervisor.js'

const RESERVE_KIND = 'sidecar/reserve'
const RESERVE_WITHIN_MS = 1000
/** Tries at other peers before the step runs here after all. */
const MAX_ASKED = 3

export interface PlacingOptions {
  mesh: Mesh
  view: () => MeshView
  supervisor: Supervisor
  self: PeerRef
  /** Calls running and queued here, and how many may run at once. */ load: () => { running: number, slots: number }
  /** Whether this peer takes work at all now. */ isOpen: () => boolean
  /** At which load reservations are refused. */ maxQueued: number
}

const remote = metrics.counter('flowmesh_handovers_total', 'steps handed to another peer')
const local = metrics.counter('flowmesh_local_steps_total', 'steps that stayed on this peer')

export class Placing {
  constructor (private readonly options: PlacingOptions) {}

  start (): void {
    this.options.mesh.onRequest(RESERVE_KIND, (body, from) => {
      readFrom(RESERVE_KIND, from, () => ReserveMessage.decode(body))
      const { running, slots } = this.options.load()
      const granted = this.options.isOpen() && running < this.options.maxQueued
      return ReservedMessage.encode({ granted, running, slots, incarnation: this.options.self.incarnation })
    })
  }

  /** This peer at once, or another one after it said yes. Never rejects. */
  place (manifest: FunctionManifest | undefined, hints: PlacementHints[], execution: string): PeerRef | Promise<PeerRef> {
    const choice = this.choose(manifest, hints)
    const best = choice.peer
    if (best === undefined || best === this.options.self.peer) {
      local.add(1)
      return this.options.self
    }
    return this.reserve(choice, manifest, execution)
  }

  choose (manifest: FunctionManifest | undefined, hints: PlacementHints[]): Choice {
    return choosePeer({ self: this.options.self.peer, requires: manifest?.requires ?? {}, hints, candidates: this.candidates(manifest) })
  }

  /** A place at some other peer, for a branch that must leave; undefined when none says yes. */
  async elsewhere (execution: string): Promise<PeerRef | undefined> {
    const { peer } = this.options.self
    const choice = this.choose(undefined, [])
    const others = choice.considered.filter(each => each.peer !== peer)
    const found = await this.reserve({ peer: others[0]?.peer, considered: others }, undefined, execution)
    return found.peer === peer ? undefined : found
  }

  private candidates (manifest: FunctionManifest | undefined): Candidate[] {
    const { mesh, view, self, supervisor } = this.options
    const { members } = view()
    const mine = this.options.load()
    const peers = [self.peer, ...mesh.connected().filter(peer => members.get(peer)?.left === false)]
    return peers.flatMap(peer => {
      const member = members.get(peer)
      if (member === undefined) return []
      const heard = peer === self.peer ? mine : supervisor.loadOf(peer)
      const { name, region, tier, labels } = member
      return [{ peer, name, region, tier, labels, load: heard?.running ?? 0, slots: Math.min(manifest?.concurrency ?? Infinity, heard?.slots ?? 16), rttMs: peer === self.peer ? 0 : mesh.rttMs(peer), warm: true }]
    })
  }

  private async reserve (choice: Choice, manifest: FunctionManifest | undefined, execution: string): Promise<PeerRef> {
    const { mesh, self, supervisor } = this.options
    const body = ReserveMessage.encode({ fn: manifest?.name ?? '', version: manifest?.version ?? '', execution })
    for (const { peer, costMs } of choice.considered.slice(0, MAX_ASKED)) {
      if (costMs === undefined || peer === self.peer) break
      try {
        const answer = await mesh.request(peer, RESERVE_KIND, body, { deadlineMs: RESERVE_WITHIN_MS })
        const reply = readFrom(RESERVE_KIND, peer, () => ReservedMessage.decode(answer))
        supervisor.note(peer, reply.incarnation, reply.running + (reply.granted ? 1 : 0), reply.slots)
        if (!reply.granted) continue
        remote.add(1)
        return { peer, incarnation: reply.incarnation }
      } catch {
        // Out of reach just now: the next best.
      }
    }
    local.add(1)
    return self
  }
}
