/**
 * The world that the exploration walks: peers with disks and memories, a network that loses, repeats and reorders, and an
 * abstract group that never errs. Peers run the production code of src/branch; everything around it is as small as it can be.
 */
import type * as branch from '../../src/branch/index.js'
import type {
  Append, AppendReply, Attachment, BranchRecord, Epoch, NoteReply, NoteRequest, RecordRef, ReplicaBranch, SetConfig, SetCopy, SetMember,
  SetState, TakeoverState, WriterMark, WriterState
} from '../../src/branch/index.js'

export type Protocol = typeof branch

/** What one record of a branch does. `fork` opens two children, `race` too, but the first result closes the other. */
export type Op = 'call' | 'exclusive' | 'fork' | 'race' | 'join' | 'end'

/** Rules of the shell around the protocol, each of which a mutant switches off. */
export interface ShellRules {
  saveThenSend: boolean
  saveNumber: boolean
  saveNoted: boolean
  resultWhenDone: boolean
  strictResults: boolean
  exclusiveWhenDone: boolean
  firstIntent: boolean
  incarnation: boolean
  remembersStarts: boolean
  replaceWhenWhole: boolean
  replaceNewcomer: boolean
  copyReplacesHeads: boolean
  copyReplacesEpochs: boolean
  ownEpoch: boolean
}

export interface Spec {
  name: string
  peers: number
  /** Peers that are members at first. */ members: number
  copies: number
  program: Op[]
  child: Op[]
  /** Lives a nested fork: programs of grandchildren. */ grandchild: Op[]
  runAhead: number
  degraded: boolean
  rules: ShellRules
}

export const RULES: ShellRules = {
  saveThenSend: true, saveNumber: true, saveNoted: true, resultWhenDone: true, strictResults: true, exclusiveWhenDone: true,
  firstIntent: true, incarnation: true, remembersStarts: true, replaceWhenWhole: true, replaceNewcomer: true,
  copyReplacesHeads: true, copyReplacesEpochs: true, ownEpoch: true
}

/** Where a branch stands: what a record's body holds in the product, kept beside it here, by hash. */
export interface Body { pc: number, depth: number, path: string, got: number, value: string }

export type Message = { from: number, to: number, repeated?: boolean } & (
  | { kind: 'append', append: Append }
  | { kind: 'reply', reply: AppendReply }
  | { kind: 'note', request: NoteRequest }
  | { kind: 'noted', reply: NoteReply }
  | { kind: 'handover', branch: string, record: BranchRecord, epoch: Epoch }
  | { kind: 'result', child: string, parent: string, hash: string }
  | { kind: 'askCopy', number: number }
  | { kind: 'copy', copy: SetCopy }
  | { kind: 'fetch', missing: RecordRef[], branch: string, hash: string, for: string }
  | { kind: 'heads', heads: Attachment[], branch: string, hash: string, for: string })

export interface Peer {
  id: string
  at: number
  alive: boolean
  life: number
  disk: number
  // On disk.
  set: SetState | undefined
  branches: Map<string, ReplicaBranch>
  // What a crash takes back, for the mutants that save late.
  unsaved: (() => void)[]
  // In memory.
  config: SetConfig
  writers: Map<string, WriterState>
  marks: Map<string, WriterMark>
  takeovers: Map<string, TakeoverState>
  /** Results of children received here: child to the hash of its final record. */ results: Map<string, string>
  /** Missing heads already looked for since the last resend. */ attached: Set<string>
  /** Exclusive calls answered in this life, by key. */ answered: Set<string>
}

export interface Group {
  config: SetConfig
  whole: Set<string>
  intents: Map<string, string>
}

export interface World {
  spec: Spec
  protocol: Protocol
  peers: Peer[]
  group: Group
  net: Message[]
  /** Pairs that cannot talk, as `a*16+b` with a < b. */ cuts: Set<number>
  observed: Observed
  counters: Counters
  /** Content-addressed, so shared by all worlds of one exploration. */
  records: Map<string, BranchRecord>
  bodies: Map<string, Body>
}

/** What an all-seeing observer knows: the newest done record per branch, calls made, what went wrong. */
export interface Observed {
  done: Map<string, { index: number, hash: string }>
  calls: Map<string, number>
  final: string | null
  violation: string | null
}

export const COUNTERS = [
  'records', 'done', 'handovers', 'named', 'takeovers', 'adopted', 'adoptedOthers', 'gaveUp', 'parked', 'replacements', 'newcomers',
  'growths', 'returns', 'wipes', 'crashes', 'restarts', 'cuts', 'lost', 'repeated', 'degraded', 'repaired', 'forks', 'takes', 'batchTakes',
  'localTakes', 'closes', 'exclusive', 'intentLost', 'finals', 'jumps', 'back', 'missing', 'attached', 'closedRefusals', 'oldNumber',
  'superseded', 'forgotten', 'begunAgain'
] as const
export type Counters = Record<typeof COUNTERS[number], number>

export function noCounters (): Counters {
  return Object.fromEntries(COUNTERS.map(name => [name, 0])) as Counters
}

export function makeWorld (spec: Spec, protocol: Protocol, shared?: Pick<World, 'records' | 'bodies' | 'counters'>): World {
  const members: SetMember[] = Array.from({ length: spec.members }, (_, at) => ({ peer: `p${at}`, disk: 'd0', joined: 1 }))
  const config: SetConfig = { set: 's', generation: 1, number: 1, members }
  const peers = Array.from({ length: spec.peers }, (_, at): Peer => ({
    id: `p${at}`, at, alive: true, life: 1, disk: 0, set: protocol.noteSet(undefined, config, `p${at}`, 'd0'), branches: new Map(),
    unsaved: [], config, writers: new Map(), marks: new Map(), takeovers: new Map(), results: new Map(), attached: new Set(), answered: new Set()
  }))
  return {
    spec, protocol, peers, group: { config, whole: new Set(members.map(protocol.memberKey)), intents: new Map() }, net: [],
    cuts: new Set(), observed: { done: new Map(), calls: new Map(), final: null, violation: null },
    counters: shared?.counters ?? noCounters(), records: shared?.records ?? new Map<string, BranchRecord>(),
    bodies: shared?.bodies ?? new Map<string, Body>()
  }
}

/** A copy in which one peer may act: everything an action at that peer can touch is its own, the rest is shared. */
export function cloneFor (world: World, at: number): World {
  const { group, observed } = world
  return {
    ...world,
    peers: world.peers.map(peer => peer.at !== at ? peer : {
      ...peer, branches: new Map(peer.branches), unsaved: [...peer.unsaved], writers: new Map(peer.writers), marks: new Map(peer.marks),
      takeovers: new Map(peer.takeovers), results: new Map(peer.results), attached: new Set(peer.attached), answered: new Set(peer.answered)
    }),
    group: { config: group.config, whole: new Set(group.whole), intents: new Map(group.intents) },
    net: [...world.net], cuts: new Set(world.cuts),
    observed: { ...observed, done: new Map(observed.done), calls: new Map(observed.calls) }
  }
}

export function isCut (world: World, a: number, b: number): boolean {
  return world.cuts.size > 0 && world.cuts.has(Math.min(a, b) * 16 + Math.max(a, b))
}

export function peerAt (id: string): number {
  return Number(id.slice(1))
}

export function diskOf (peer: Peer): string {
  return `d${peer.disk}`
}

export function incarnationOf (world: World, peer: Peer): string {
  return world.spec.rules.incarnation ? String(peer.life) : '1'
}

/** The content id of this world. */
export function digest (text: string): string {
  return digestNumber(text).toString(36)
}

/** 53 bits over a text. */
export function digestNumber (text: string): number {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < text.length; i++) {
    const char = text.charCodeAt(i)
    a = Math.imul(a ^ char, 2654435761)
    b = Math.imul(b ^ char, 1597334677)
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909)
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909)
  return 4294967296 * (2097151 & b) + (a >>> 0)
}
