/** An execution's records as people see them: `GET /v1/executions/{id}`. */
import { formatEpoch } from '../branch/index.js'
import type { BranchRecord } from '../branch/index.js'
import type { ExecutionRecords } from '../checkpoint/index.js'
import { foldExecution } from '../execution/index.js'
import type { ViewRecord } from '../execution/index.js'
import type { ReplicaSetView } from '../mesh-view.js'
import { MAX_SHOWN_BYTES } from './bodies.js'
import { blobValue, decodeBody } from './body.js'
import type { Body } from './body.js'
import type { ExecutionView } from './port.js'

export interface ViewOptions {
  set: ReplicaSetView | undefined
  final: boolean
  /** Large values at hand already, by content id. */ values: ReadonlyMap<string, unknown>
}

/** Undefined when no record of the root branch is among what is known. */
export function executionView (id: string, found: ExecutionRecords, options: ViewOptions): ExecutionView | undefined {
  const valueOf = shownValues(found.blobs, options.values)
  const bodies = found.records.flatMap(({ record, superseded }) => {
    const body = readBody(record, valueOf)
    return body === undefined ? [] : [{ record, superseded, body }]
  })
  const newest = bodies.filter(({ record, superseded }) => record.branch === id && !superseded).at(-1)
  if (newest === undefined) return undefined
  const records = bodies.map(({ record, superseded, body }): ViewRecord => {
    const of = { branch: record.branch, peer: record.writer.peer, ...(record.next === null ? {} : { next: record.next.peer }), epoch: formatEpoch(record.epoch), trace: body.trace, state: body.state }
    return superseded ? { ...of, superseded } : of
  })
  const fold = foldExecution(records)
  const first = bodies.find(({ record }) => record.branch === id && record.index === 0)
  const { workflow } = newest.body
  const { set } = options
  const final = newest.record.next === null && (found.final || options.final)
  return {
    id,
    workflow: `${workflow.namespace}/${workflow.name}`,
    version: workflow.version,
    plan: newest.body.plan,
    final,
    input: inputOf(first?.body),
    ...fold,
    epoch: found.epoch,
    set: { name: set?.name ?? '', number: set?.number ?? 0, replicas: set?.members.map(member => member.peer) ?? [] },
    ...(found.stale ? { stale: true } : {}),
    ...(newest.record.degraded ? { degraded: true } : {})
  }
}

/** A blob that is not at hand leaves a gap in the view, nothing worse. */
const TOO_LARGE = { flowmesh: 'too large to show' }

function shownValues (blobs: Map<string, Uint8Array>, atHand: ReadonlyMap<string, unknown>): (id: string) => unknown {
  const values = new Map(atHand)
  return id => {
    const bytes = values.has(id) ? undefined : blobs.get(id)
    if (bytes !== undefined) values.set(id, blobValue(bytes))
    return values.has(id) ? values.get(id) : TOO_LARGE
  }
}

function readBody (record: BranchRecord, valueOf: (id: string) => unknown): Body | undefined {
  try {
    // Of states only the outcome is shown.
    return decodeBody(record.body, (id, part, bytes) => (part === 'state' ? record.next !== null : part === 'trace' && bytes > MAX_SHOWN_BYTES) ? TOO_LARGE : valueOf(id))
  } catch {
    return undefined
  }
}

function inputOf (body: Body | undefined): unknown {
  return body?.start?.input ?? null
}
