/**
 * Everything the group has decided, as one deterministic machine over the tables: the same entries give the same state and
 * the same answers on every controller. A refusal is an answer too, and changes nothing. Tables that the view shows are
 * never changed in place, so that what changed can be seen by reference.
 */
import { encode } from '@ipld/dag-cbor'
import { FlowMeshError, InvalidInputError, NotPermittedError } from '../errors.js'
import { DEFAULT_SETTINGS } from '../mesh-view.js'
import { decodeCbor } from './command.js'
import { applyFunctions } from './tables/functions.js'
import { applyIntents } from './tables/intents.js'
import { applyInvites, redeem } from './tables/invites.js'
import { applyKeys } from './tables/keys.js'
import { admitMember, applyMembers, wasRemoved } from './tables/members.js'
import { applyPolicies } from './tables/policies.js'
import { AdmissionRefused } from './tables/refused.js'
import { answered, openSession, remember } from './tables/sessions.js'
import { applySets } from './tables/sets.js'
import { applySettings } from './tables/settings.js'
import { applyWorkflows } from './tables/workflows.js'
import type { MeshSettings, MeshView, Role } from '../mesh-view.js'
import type { Command, Entry, Outcome } from './command.js'
import type { Functions } from './tables/functions.js'
import type { Intents } from './tables/intents.js'
import type { Invites } from './tables/invites.js'
import type { Binding } from './tables/keys.js'
import type { AdmitCommand, Members } from './tables/members.js'
import type { Policies } from './tables/policies.js'
import type { Session } from './tables/sessions.js'
import type { Sets } from './tables/sets.js'
import type { Workflows } from './tables/workflows.js'

export interface State {
  meshId: string
  generation: number
  /** Index of the newest entry applied. */ applied: number
  /** Newest time any entry carried: times never go back. */ time: number
  controllers: readonly string[]
  settings: MeshSettings
  members: Members
  invites: Invites
  functions: Functions
  workflows: Workflows
  policies: Policies
  sets: Sets
  intents: Intents
  keys: Map<string, Binding>
  sessions: Map<number, Session>
}

const ALL_ROLES: Role[] = ['peer', 'deployer', 'operator', 'viewer']

export function emptyState (): State {
  return {
    meshId: '', generation: 0, applied: 0, time: 0, controllers: [], settings: DEFAULT_SETTINGS,
    members: new Map(), invites: new Map(), functions: new Map(), workflows: { byKey: new Map(), bytes: 0 }, policies: new Map(),
    sets: new Map(), intents: { byExecution: new Map(), size: 0, retired: new Set(), floor: '' }, keys: new Map(), sessions: new Map()
  }
}

/** Applies the entry at `index`. The state given in is consumed. Throws only on what is a fault of this program. */
export function applyEntry (before: State, index: number, entry: Entry): { state: State, outcome: Outcome } {
  const state = { ...before, applied: index, time: Math.max(before.time, entry.now) }
  try {
    const repeated = entry.session === 0 ? undefined : answered(state.sessions, entry, entry.by)
    if (repeated !== undefined) return { state, outcome: repeated }
  } catch (err) {
    return { state, outcome: refusal(err) }
  }
  const done = attempt(state, entry)
  if (entry.session !== 0) remember(state.sessions, entry, done.outcome)
  return done
}

function attempt (state: State, entry: Entry): { state: State, outcome: Outcome } {
  try {
    const { state: change, result } = applyCommand(state, entry.command, entry.by)
    return { state: { ...state, ...change }, outcome: { ok: true, value: result } }
  } catch (err) {
    return { state, outcome: refusal(err) }
  }
}

function refusal (err: unknown): Outcome {
  if (!(err instanceof FlowMeshError)) throw err
  const why = err instanceof AdmissionRefused ? { refusal: err.refusal } : {}
  return { ok: false, kind: err.kind, message: err.message, ...why }
}

interface Change { state: Partial<State>, result: unknown }

function applyCommand (state: State, command: Command, by: string): Change {
  switch (command.type) {
    case 'found': return foundMesh(state, command)
    case 'openSession':
      openSession(state.sessions, state.applied, by)
      return { state: {}, result: { session: state.applied } }
    case 'configure': return table('settings', applySettings(state.settings, command))
    case 'invite': return table('invites', applyInvites(state.invites, command, state.time))
    case 'admitFounder': return table('members', admitMember(state.members, { ...command, type: 'admit' }, ALL_ROLES))
    case 'admit': return admitted(state, command)
    case 'hello': case 'leave': case 'remove': return table('members', applyMembers(state.members, command))
    case 'deployFunction': return table('functions', applyFunctions(state.functions, command, by))
    case 'deployWorkflow': return table('workflows', applyWorkflows(state.workflows, command, by))
    case 'setPolicy': return table('policies', applyPolicies(state.policies, command))
    case 'setMake': case 'setGrow': case 'setReplace': case 'setWhole': return table('sets', applySets(state.sets, command, state.members))
    case 'intend': case 'retire': return table('intents', applyIntents(state.intents, command))
    case 'bindKey': case 'confirmKey': case 'rebindKey':
      return table('keys', applyKeys(state.keys, command, { now: state.time, retentionMs: state.settings.keyRetentionMs }))
  }
}

function table (name: keyof State, applied: { state: unknown, result: unknown }): Change {
  return { state: { [name]: applied.state }, result: applied.result }
}

function foundMesh (state: State, command: Extract<Command, { type: 'found' }>): Change {
  if (state.meshId !== '') throw new NotPermittedError(`this log is of mesh ${state.meshId}; a mesh is founded once`)
  const { meshId, generation, controllers, open } = command
  return { state: { meshId, generation, controllers, settings: { ...state.settings, open } }, result: null }
}

/** The secret's roles, else a plain peer's in an open mesh, else whoever the mesh knows already. One command, two tables. */
function admitted (state: State, command: AdmitCommand): Change {
  const { peer, disk, secretHash } = command
  if (state.members.get(peer)?.removed === true) throw wasRemoved(peer)
  const redeemed = secretHash === undefined ? undefined : redeem(state.invites, secretHash, peer, disk, state.time)
  const roles = redeemed?.result ?? (state.settings.open ? ['peer' as const] : undefined)
  const { state: members, result } = admitMember(state.members, command, roles)
  return { state: { members, invites: redeemed?.state ?? state.invites }, result }
}

export function viewOf (state: State): MeshView {
  const { applied, meshId, generation, members, sets, functions, controllers, settings, policies } = state
  return { index: applied, meshId, generation, members, sets, functions, workflows: state.workflows.byKey, controllers, settings, policies }
}

/** Snapshots name their version: a newer program reads older ones, an older one refuses newer ones. */
const SNAPSHOT_VERSION = 2

export function snapshot (state: State): Uint8Array {
  return encode({
    version: SNAPSHOT_VERSION,
    head: { meshId: state.meshId, generation: state.generation, applied: state.applied, time: state.time, controllers: [...state.controllers] },
    settings: state.settings,
    members: [...state.members],
    invites: [...state.invites],
    functions: [...state.functions],
    workflows: { byKey: [...state.workflows.byKey], bytes: state.workflows.bytes },
    policies: [...state.policies],
    sets: [...state.sets],
    intents: {
      byExecution: large([...state.intents.byExecution].map(([execution, held]) => [execution, [...held]])), size: state.intents.size,
      retired: large([...state.intents.retired]), floor: state.intents.floor
    },
    keys: large([...state.keys].map(([name, { id, inputHash, pending, at }]) => [name, id, inputHash, pending, at])),
    sessions: [...state.sessions].map(([id, { peer, floor, answers }]) => [id, { peer, floor, answers: [...answers] }])
  })
}

/** Trusts its bytes: whoever stores or sends a snapshot guards it by a checksum. */
export function restore (bytes: Uint8Array): State {
  const kept = decodeCbor(bytes, 'snapshot') as Kept
  if (kept.version > SNAPSHOT_VERSION) {
    throw new InvalidInputError(`this snapshot has version ${kept.version}, this program reads up to ${SNAPSHOT_VERSION}: start the newer program`)
  }
  return {
    ...kept.head,
    settings: { ...DEFAULT_SETTINGS, ...kept.settings },
    members: new Map(kept.members),
    invites: new Map(kept.invites),
    functions: new Map(kept.functions),
    workflows: { byKey: new Map(kept.workflows.byKey), bytes: kept.workflows.bytes },
    policies: new Map(kept.policies),
    sets: new Map(kept.sets),
    intents: {
      byExecution: new Map(readLarge<[string, [string, string][]][]>(kept.intents.byExecution).map(([execution, held]) => [execution, new Map(held)])), size: kept.intents.size,
      retired: new Set(kept.intents.retired === undefined ? [] : readLarge<string[]>(kept.intents.retired)), floor: kept.intents.floor ?? ''
    },
    keys: new Map(readLarge<[string, string, string, boolean, number][]>(kept.keys).map(([name, id, inputHash, pending, at]) => [name, { id, inputHash, pending, at }])),
    sessions: new Map(kept.sessions.map(([id, session]) => [id, { ...session, answers: new Map(session.answers) }]))
  }
}

/** The large tables as JSON in the order they stand: many times faster to write than one CBOR map an entry. */
const large = (entries: unknown[]): Uint8Array => new TextEncoder().encode(JSON.stringify(entries))
const readLarge = <T>(bytes: Uint8Array): T => JSON.parse(new TextDecoder().decode(bytes)) as T

type Entries<M> = M extends ReadonlyMap<infer K, infer V> ? [K, V][] : never

interface Kept {
  version: number
  head: Pick<State, 'meshId' | 'generation' | 'applied' | 'time' | 'controllers'>
  settings: MeshSettings
  members: Entries<Members>
  invites: Entries<Invites>
  functions: Entries<Functions>
  workflows: { byKey: Entries<Workflows['byKey']>, bytes: number }
  policies: Entries<Policies>
  sets: Entries<Sets>
  /** Version 1 remembers no retired ones. */ intents: { byExecution: Uint8Array, size: number, retired?: Uint8Array, floor?: string }
  keys: Uint8Array
  sessions: [number, { peer: string, floor: number, answers: [number, Outcome][] }][]
}
