/**
 * Which replica sets should be made, grown or repaired now: a pure plan over what is committed and who seems alive. It
 * only proposes; the table refuses what was planned against an older number, and never has two changes of a set in flight.
 *
 * Kept here: a set of which nobody whole can be reached is not changed; while a newcomer is not whole, only the newcomer
 * itself is replaced; members are of the set's region, then of different failure domains, then of those with fewest places.
 */
import { MAX_SETS_PER_REGION } from '../limits.js'
import { newcomer } from './tables/sets.js'
import type { MemberView, MeshView, ReplicaSetView, SetMember } from '../mesh-view.js'
import type { Pulse } from './beats.js'
import type { Place, SetCommand } from './tables/sets.js'

export type SetPlan = Exclude<SetCommand, { type: 'setWhole' }>
export type PlannedView = Pick<MeshView, 'members' | 'sets' | 'settings' | 'workflows' | 'controllers'>

/** Changes proposed at once: a mesh that lost half its peers is repaired in portions. */
const MAX_CHANGES = 32
/** Peers must have stood as they are for so long before a set that is well is moved for the better. */
const QUIET_MS = 10_000

interface Planner {
  view: PlannedView
  peers: MemberView[]
  pulses: ReadonlyMap<string, Pulse>
  places: Map<string, number>
  stuck: ReadonlySet<string>
}

/** `stuck`: sets whose newcomer has made no progress for long; it is given up like one that is gone. */
export function planSets (
  view: PlannedView, pulses: ReadonlyMap<string, Pulse>, now: number, stuck: ReadonlySet<string> = new Set()
): SetPlan[] {
  const peers = [...view.members.values()].filter(member => keeps(member) && pulses.get(member.peer)?.status === 'alive')
  const planner: Planner = { view, peers, pulses, places: countPlaces(view.sets), stuck }
  const plans: SetPlan[] = []
  for (const set of view.sets.values()) {
    const plan = plans.length < MAX_CHANGES ? repair(planner, set) : undefined
    if (plan !== undefined) plans.push(plan)
  }
  for (const plan of missing(planner)) if (plans.length < MAX_CHANGES) plans.push(plan)
  if (plans.length > 0) return plans
  const better = isQuiet(planner, now) ? outlive(planner) ?? improve(planner) : undefined
  return better === undefined ? [] : [better]
}

const keeps = (member: MemberView): boolean => !member.left && member.removed !== true && member.roles.includes('peer')

function countPlaces (sets: MeshView['sets']): Map<string, number> {
  const places = new Map<string, number>()
  for (const set of sets.values()) for (const { peer } of set.members) places.set(peer, (places.get(peer) ?? 0) + 1)
  return places
}

/** Replace who is gone, or grow. */
function repair (planner: Planner, set: ReplicaSetView): SetPlan | undefined {
  const changing = newcomer(set)
  if (changing !== undefined) {
    const isGivenUp = planner.stuck.has(set.name) || isGone(planner, changing)
    return isGivenUp ? replace(planner, set, changing) : undefined
  }
  const gone = set.members.filter(member => isGone(planner, member))
  for (const leaving of gone) {
    const plan = replace(planner, set, leaving)
    if (plan !== undefined) return plan // one that leaves may be the last whole one: then another goes before it
  }
  if (gone.length > 0) return undefined
  if (set.members.length >= set.copies) return undefined
  const add = take(planner, set.region, set.members)
  return add === undefined ? undefined : { type: 'setGrow', set: set.name, number: set.number, add }
}

function replace (planner: Planner, set: ReplicaSetView, leaving: SetMember): SetPlan | undefined {
  const { name, number, region } = set
  const staying = set.members.filter(member => member !== leaving)
  const source = staying.find(member => set.whole.includes(member.peer) && isReachable(planner, member))
  if (source !== undefined) {
    const enough = staying.length >= set.copies
    const add = enough ? undefined : take(planner, region, staying, leaving.peer)
    return { type: 'setReplace', set: name, number, remove: leaving.peer, add: add ?? null }
  }
  // It leaves cleanly and alone is whole: a newcomer copies from it before it goes.
  const lastWhole = set.whole.includes(leaving.peer) && isReachable(planner, leaving) && staying.length < set.copies
  const add = lastWhole ? take(planner, region, set.members) : undefined
  return add === undefined ? undefined : { type: 'setGrow', set: name, number, add }
}

function isGone (planner: Planner, { peer, disk }: SetMember): boolean {
  const member = planner.view.members.get(peer)
  return member?.disk !== disk || !keeps(member) || planner.pulses.get(peer)?.status === 'dead'
}

function isReachable (planner: Planner, { peer, disk }: SetMember): boolean {
  return planner.view.members.get(peer)?.disk === disk && planner.pulses.get(peer)?.beating === true
}

/** Sets that do not exist yet: per region and number of copies about as many as it has peers. */
function * missing (planner: Planner): Generator<SetPlan> {
  const { view, peers } = planner
  const wanted = new Set([...view.settings.copies, ...[...view.workflows.values()].map(({ copies }) => copies)])
  const names = new Set(view.sets.keys())
  for (const region of new Set(peers.map(peer => peer.region))) {
    for (const copies of [...wanted].sort((a, b) => a - b)) yield * missingOf(planner, names, region, copies)
  }
}

function * missingOf (planner: Planner, names: Set<string>, region: string, copies: number): Generator<SetPlan> {
  const local = planner.peers.filter(peer => peer.region === region)
  const there = [...planner.view.sets.values()].filter(set => set.region === region && set.copies === copies)
  const firsts = new Map(local.map(({ peer }) => [peer, there.filter(set => set.members[0]?.peer === peer).length]))
  for (let count = there.length; count < Math.min(local.length, MAX_SETS_PER_REGION); count++) {
    // The first acts first in a takeover, so that turn goes round too.
    const first = least(local, ({ peer }) => [firsts.get(peer) ?? 0, planner.places.get(peer) ?? 0])
    if (first === undefined) return
    firsts.set(first.peer, (firsts.get(first.peer) ?? 0) + 1)
    const members = [occupy(planner, first)]
    while (members.length < copies) {
      const next = take(planner, region, members)
      if (next === undefined) break
      members.push(next)
    }
    yield { type: 'setMake', set: freeName(names, region, copies), region, copies, members }
  }
}

/** `default-2-1`: executions' ids begin with it, so it is plain. */
function freeName (names: Set<string>, region: string, copies: number): string {
  const plain = region.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 48)
  let ordinal = 1
  const name = (): string => `${plain === '' ? 'region' : plain}-${copies}-${ordinal}`
  while (names.has(name())) ordinal++
  const found = name()
  names.add(found)
  return found
}

/** The best peer that may join these, if there is one; it counts as placed from then on. */
function take (planner: Planner, region: string, members: Pick<SetMember, 'peer'>[], except?: string): Place | undefined {
  const best = candidate(planner, region, members, except)
  return best === undefined ? undefined : occupy(planner, best)
}

function candidate (planner: Planner, region: string, members: Pick<SetMember, 'peer'>[], except?: string): MemberView | undefined {
  const taken = new Set(members.map(({ peer }) => planner.view.members.get(peer)?.domain))
  const free = planner.peers.filter(({ peer }) => peer !== except && !members.some(member => member.peer === peer))
  return least(free, member => [
    member.region === region ? 0 : 1, taken.has(member.domain) ? 1 : 0, isOnlyController(planner, member) ? 1 : 0, planner.places.get(member.peer) ?? 0
  ])
}

/** When it dies nothing can be repaired, so other sets should not need it then: it comes last. */
function isOnlyController ({ view }: Planner, { peer }: Pick<MemberView, 'peer'>): boolean {
  return view.controllers.length === 1 && view.controllers[0] === peer
}

function occupy (planner: Planner, { peer, disk }: MemberView): Place {
  planner.places.set(peer, (planner.places.get(peer) ?? 0) + 1)
  return { peer, disk }
}

/** The first in the order of these ranks, then of the id, so that every controller chooses alike. */
function least (peers: MemberView[], ranks: (peer: MemberView) => number[]): MemberView | undefined {
  const ranked = peers.map(peer => ({ peer, rank: ranks(peer) }))
  ranked.sort((a, b) => {
    const unequal = a.rank.findIndex((value, i) => value !== b.rank[i])
    if (unequal >= 0) return (a.rank[unequal] ?? 0) - (b.rank[unequal] ?? 0)
    return a.peer.peer < b.peer.peer ? -1 : 1
  })
  return ranked[0]?.peer
}

/**
 * No newcomer is copying and everybody has stood as they do for a while: moving one for the better disturbs nobody. A
 * newcomer with nobody to copy from waits, perhaps for ever, and must not keep the other sets as they are.
 */
function isQuiet (planner: Planner, now: number): boolean {
  const isCopying = (set: ReplicaSetView): boolean => newcomer(set) !== undefined &&
    set.members.some(member => set.whole.includes(member.peer) && isReachable(planner, member))
  return ![...planner.view.sets.values()].some(isCopying) && [...planner.pulses.values()].every(({ since }) => now - since >= QUIET_MS)
}

/** Of each region's sets with so many copies one needs no only controller, where there are peers enough: starts go on there. */
function outlive (planner: Planner): SetPlan | undefined {
  const needsIt = (set: ReplicaSetView): boolean => set.members.some(member => isOnlyController(planner, member))
  for (const set of [...planner.view.sets.values()].reverse()) {
    const alike = [...planner.view.sets.values()].filter(({ region, copies }) => region === set.region && copies === set.copies)
    if (set.members.length < 2 || !alike.every(needsIt)) continue
    const staying = set.members.filter(member => !isOnlyController(planner, member))
    const add = candidate(planner, set.region, staying)
    if (add === undefined || isOnlyController(planner, add)) continue
    const leaving = planner.view.controllers[0] ?? ''
    return { type: 'setReplace', set: set.name, number: set.number, remove: leaving, add: { peer: add.peer, disk: add.disk } }
  }
  return undefined
}

/** One move: a member of another region or a shared domain gives way, or one with two places more than another. */
function improve (planner: Planner): SetPlan | undefined {
  for (const set of planner.view.sets.values()) {
    if (set.members.length < 2) continue // nobody would be left to copy from
    for (const leaving of [...set.members].reverse()) {
      const staying = set.members.filter(member => member !== leaving)
      const better = candidate(planner, set.region, staying)
      if (better === undefined || better.peer === leaving.peer || !isBetter(planner, set, staying, leaving, better)) continue
      const add = { peer: better.peer, disk: better.disk }
      return { type: 'setReplace', set: set.name, number: set.number, remove: leaving.peer, add }
    }
  }
  return undefined
}

function isBetter (planner: Planner, set: ReplicaSetView, staying: SetMember[], leaving: SetMember, better: MemberView): boolean {
  const old = planner.view.members.get(leaving.peer)
  if (old === undefined || planner.pulses.get(leaving.peer)?.status !== 'alive') return false
  const domains = new Set(staying.map(({ peer }) => planner.view.members.get(peer)?.domain))
  const rank = (member: MemberView): number => (member.region === set.region ? 0 : 2) + (domains.has(member.domain) ? 1 : 0)
  if (rank(better) !== rank(old)) return rank(better) < rank(old)
  return (planner.places.get(old.peer) ?? 0) - (planner.places.get(better.peer) ?? 0) >= 2
}
