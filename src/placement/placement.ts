/**
 * Where a step goes, as a pure choice over what is known now. Hard filters first; then, while the full cost model is not
 * built, a simple order: here when there is room, else the nearest of the least loaded. Issue-wise this is a port: callers
 * only see `choosePeer` and its explanation.
 */
import type { PlacementHints } from '../workflow/index.js'

export interface Candidate {
  peer: string
  name: string
  region: string
  tier: string
  labels: Readonly<Record<string, string>>
  /** Calls running and queued there. */ load: number
  /** Calls it takes at once before they queue. */ slots: number
  /** Median round trip, ms; 0 for this peer, undefined when never measured. */ rttMs: number | undefined
  /** Whether it has the function's artefact already. */ warm: boolean
}

export interface PlacementRequest {
  self: string
  requires: Readonly<Record<string, string>>
  /** The workflow's hints, then the task's, which win. */ hints: PlacementHints[]
  candidates: Candidate[]
}

export interface Choice {
  peer: string | undefined
  /** Every candidate with its cost in ms, or why it was out; the chosen one first. */
  considered: { peer: string, costMs?: number, out?: string }[]
}

/** Guess for a peer never measured: a far one. */
const UNKNOWN_RTT_MS = 100
/** What one call waiting in front costs, ms: short enough that a busy near peer still beats an idle far one. */
const QUEUE_MS_PER_CALL = 5
const COLD_MS = 20
/** A preferred peer wins against anything that is not far or overloaded. */
const PREFERENCE_MS = 1000

export function choosePeer (request: PlacementRequest): Choice {
  const hints = Object.assign({}, ...request.hints) as PlacementHints
  const scored: { peer: string, costMs: number }[] = []
  const out: { peer: string, out: string }[] = []
  for (const candidate of request.candidates) {
    const reason = excluded(candidate, request.requires, hints)
    if (reason !== undefined) out.push({ peer: candidate.peer, out: reason })
    else scored.push({ peer: candidate.peer, costMs: costMs(candidate, hints, request.self) })
  }
  scored.sort((a, b) => a.costMs - b.costMs || (a.peer < b.peer ? -1 : 1))
  return { peer: scored[0]?.peer, considered: [...scored, ...out] }
}

function excluded (candidate: Candidate, requires: Readonly<Record<string, string>>, hints: PlacementHints): string | undefined {
  for (const [key, value] of Object.entries(requires)) {
    const has = key === 'tier' ? candidate.tier : key === 'region' ? candidate.region : candidate.labels[key]
    if (has !== value) return `needs ${key}=${value}`
  }
  if (hints.region !== undefined && hints.region !== candidate.region) return `not in region ${hints.region}`
  if (hints.tier !== undefined && hints.tier !== candidate.tier) return `not of tier ${hints.tier}`
  if (hints.peer !== undefined && !isNamed(candidate, hints.peer)) return `not the peer ${hints.peer}`
  return undefined
}

function costMs (candidate: Candidate, hints: PlacementHints, self: string): number {
  const rtt = candidate.peer === self ? 0 : candidate.rttMs ?? UNKNOWN_RTT_MS
  const queued = Math.max(0, candidate.load + 1 - candidate.slots)
  const preferred = hints.prefer?.some(name => isNamed(candidate, name)) === true
  const avoided = hints.avoid?.some(name => isNamed(candidate, name)) === true
  return 2 * rtt + queued * QUEUE_MS_PER_CALL + (candidate.warm ? 0 : COLD_MS) +
    (preferred ? 0 : hints.prefer === undefined ? 0 : PREFERENCE_MS) + (avoided ? PREFERENCE_MS : 0)
}

function isNamed (candidate: Candidate, name: string): boolean {
  return candidate.peer === name || candidate.name === name
}
