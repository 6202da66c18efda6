import { expect } from 'chai'
import fc from 'fast-check'
import { applyEntry, emptyState, viewOf } from '../../src/control/state.js'
import { planSets } from '../../src/control/sets.js'
import { newcomer } from '../../src/control/tables/sets.js'
import { admitOf, entryOf, factsOf, foundOf } from './commands.js'
import type { Pulse } from '../../src/control/beats.js'
import type { Command } from '../../src/control/command.js'
import type { State } from '../../src/control/state.js'
import type { ReplicaSetView } from '../../src/mesh-view.js'

interface PeerOf { peer: string, region?: string, domain?: string }

/** A mesh whose peers live or not, planned for again and again, with newcomers that become whole when they can. */
class World {
  state: State = emptyState()
  readonly dead = new Set<string>()
  now = 1_000_000
  changedAt = 0

  constructor (peers: PeerOf[]) {
    const [first, ...rest] = peers
    this.must({ ...admitOf(first!.peer, { facts: factsOf(first!.peer, first!.region, first!.domain) }), type: 'admitFounder' } as Command)
    this.must(foundOf(true))
    for (const peer of rest) this.join(peer)
  }

  join ({ peer, region, domain }: PeerOf): void {
    this.must(admitOf(peer, { facts: factsOf(peer, region, domain) }))
    this.changedAt = this.now
  }

  kill (peer: string): void {
    this.dead.add(peer)
    this.changedAt = this.now
  }

  revive (peer: string): void {
    this.dead.delete(peer)
    this.changedAt = this.now
  }

  must (command: Command): void {
    const { state, outcome } = applyEntry(this.state, this.state.applied + 1, entryOf(command))
    if (!outcome.ok) throw new Error(`${command.type}: ${outcome.message}`)
    this.state = state
  }

  plan (stuck: string[] = []): ReturnType<typeof planSets> {
    const pulses = new Map([...this.state.members.values()].map(({ peer, left }): [string, Pulse] => {
      const beating = !this.dead.has(peer)
      return [peer, { status: left ? 'left' : beating ? 'alive' : 'dead', since: this.changedAt, beating }]
    }))
    return planSets(viewOf(this.state), pulses, this.now, new Set(stuck))
  }

  /** Until nothing is to be done, every plan accepted; returns how many rounds that took. */
  settle (): number {
    for (let round = 0; round < 200; round++) {
      this.now += 20_000
      const plans = this.plan()
      for (const plan of plans) this.must(plan)
      if (this.copy() === 0 && plans.length === 0) return round
    }
    throw new Error('never comes to rest')
  }

  /** A newcomer becomes whole when it and a whole member live. */
  copy (): number {
    let copied = 0
    for (const set of this.sets()) {
      const member = newcomer(set)
      if (member === undefined || this.dead.has(member.peer) || !set.whole.some(peer => !this.dead.has(peer))) continue
      this.must({ type: 'setWhole', set: set.name, ...member })
      copied++
    }
    return copied
  }

  sets (copies?: number): ReplicaSetView[] {
    return [...this.state.sets.values()].filter(set => copies === undefined || set.copies === copies)
  }

  domains (set: ReplicaSetView): number { return new Set(set.members.map(({ peer }) => this.state.members.get(peer)!.domain)).size }
}

const peersOf = (...names: string[]): PeerOf[] => names.map(peer => ({ peer }))
const namesIn = (set: ReplicaSetView): string[] => set.members.map(({ peer }) => peer).sort()

describe('the plan of replica sets', () => {
  it('makes sets of each size at once, also for a peer alone, with names that execution ids can carry', () => {
    const world = new World(peersOf('a'))

    world.settle()

    expect(world.sets().map(({ name }) => name)).to.deep.equal(['default-1-1', 'default-2-1', 'default-3-1'])
    expect(world.sets().every(set => namesIn(set).join() === 'a')).to.equal(true)
  })

  it('grows a small set as soon as a peer qualifies, and makes about as many sets as there are peers', () => {
    const world = new World(peersOf('a'))
    world.settle()
    world.join({ peer: 'b' })
    world.join({ peer: 'c' })

    world.settle()

    for (const copies of [1, 2, 3]) {
      expect(world.sets(copies)).to.have.length(3)
      expect(world.sets(copies).every(({ members, whole }) => members.length === copies && whole.length === copies)).to.equal(true)
    }
  })

  it('keeps a set that does not need the only controller, also after a peer was away', () => {
    const world = new World(peersOf('p1', 'b', 'c')) // p1 founds
    const free = (): boolean => world.sets(2).some(set => !namesIn(set).includes('p1'))
    world.settle()
    expect(free()).to.equal(true)
    world.kill('c')
    world.settle()
    expect(free(), 'only the founder can replace it').to.equal(false)

    world.revive('c')
    world.settle()

    expect(free()).to.equal(true)
    expect(world.sets(2).every(({ members, whole }) => members.length === 2 && whole.length === 2)).to.equal(true)
  })

  it('replaces a dead member, one change at a time, by a peer that lives', () => {
    const world = new World(peersOf('a', 'b', 'c', 'd'))
    world.settle()
    world.kill('b')

    const changes = world.plan()

    const names = changes.map(({ set }) => set)
    expect(new Set(names).size).to.equal(names.length)
    expect(changes.some(({ type }) => type === 'setReplace')).to.equal(true)
    world.settle()
    expect(world.sets().filter(set => set.members.length > 1 && namesIn(set).includes('b'))).to.deep.equal([])
  })

  it('goes on smaller when nobody can take the place, and takes the peer back when it returns', () => {
    const world = new World(peersOf('a', 'b'))
    world.settle()
    world.kill('b')
    world.settle()
    expect(world.sets(2).map(namesIn)).to.deep.equal([['a'], ['a']])

    world.revive('b')
    world.settle()

    expect(world.sets(2).map(namesIn)).to.deep.equal([['a', 'b'], ['a', 'b']])
  })

  it('leaves a set alone of which nobody whole can be reached', () => {
    const world = new World(peersOf('a', 'b', 'c', 'd'))
    world.settle()
    const victim = world.sets(2)[0]!
    for (const { peer } of victim.members) world.kill(peer)

    world.settle()

    expect(world.state.sets.get(victim.name)).to.equal(victim)
  })

  it('waits until a newcomer is whole, unless the newcomer itself is gone', () => {
    const world = new World(peersOf('a', 'b', 'c', 'd', 'e'))
    world.settle()
    const set = world.sets(3)[0]!
    const [first, second] = set.members
    world.kill(first!.peer)
    for (const plan of world.plan()) world.must(plan)
    const changed = world.state.sets.get(set.name)!
    world.kill(second!.peer)
    expect(world.plan().filter(plan => plan.set === set.name)).to.deep.equal([])

    const added = newcomer(changed)!
    world.kill(added.peer)

    expect(world.plan().find(plan => plan.set === set.name)).to.include({ type: 'setReplace', remove: added.peer, number: changed.number })
  })

  it('gives a newcomer up that makes no progress: for another peer, or for none', () => {
    for (const [peers, next] of [[['a', 'b', 'c', 'd'], 'some'], [['a', 'b', 'c'], 'none']] as const) {
      const world = new World(peersOf(...peers))
      world.settle()
      const set = world.sets(2)[0]!
      world.kill(set.members[1]!.peer)
      for (const plan of world.plan()) world.must(plan)
      const stuck = newcomer(world.state.sets.get(set.name)!)!

      const plan = world.plan([set.name]).find(one => one.set === set.name)

      expect(plan).to.include({ type: 'setReplace', remove: stuck.peer })
      expect(plan?.type === 'setReplace' && plan.add?.peer).to.equal(next === 'none' ? undefined : peers.find(peer => !world.dead.has(peer) && !set.members.some(one => one.peer === peer) && peer !== stuck.peer))
    }
  })

  it('puts members into different failure domains where there are enough', () => {
    const world = new World([{ peer: 'a', domain: 'x' }, { peer: 'b', domain: 'x' }, { peer: 'c', domain: 'y' }, { peer: 'd', domain: 'y' }])

    world.settle()

    expect(world.sets(2).map(set => world.domains(set))).to.deep.equal([2, 2, 2, 2])
  })

  it('keeps sets in their region where it has enough peers, and moves strangers out when it has', () => {
    const world = new World([{ peer: 'a1', region: 'a' }, { peer: 'b1', region: 'b' }])
    world.settle()
    expect(world.sets(2).every(set => set.members.length === 2)).to.equal(true)
    for (const peer of ['a2', 'a3', 'b2', 'b3']) world.join({ peer, region: peer[0]! })

    world.settle()

    for (const set of world.sets()) expect(namesIn(set).every(peer => peer.startsWith(set.region))).to.equal(true)
  })

  it('hands the places of a leaving peer over, also where it alone is whole', () => {
    const world = new World(peersOf('a', 'b'))
    world.settle()
    world.must({ type: 'leave', peer: 'b', incarnation: 1, nonce: 'n1' })

    world.settle()

    expect(world.sets().every(set => namesIn(set).join() === 'a')).to.equal(true)
    expect(world.sets().every(set => set.whole.join() === 'a')).to.equal(true)
  })

  it('does not believe a member whose disk is not the one its set knows', () => {
    const world = new World(peersOf('a', 'b', 'c'))
    world.settle()
    world.must(admitOf('b', { disk: 'disk-new' }))

    world.settle()

    for (const set of world.sets()) for (const { peer, disk } of set.members) {
      if (peer === 'b' && set.members.length > 1) expect(disk).to.equal('disk-new')
    }
  })

  it('comes to rest, balanced, whatever happened, and what it plans is never refused', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g']
    const seen = { kills: 0, leaves: 0, joins: 0, revived: 0, halfway: 0 }
    const action = fc.tuple(fc.constantFrom('kill', 'revive', 'leave', 'join', 'step'), fc.nat(names.length - 1))
    fc.assert(fc.property(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 }), fc.array(action, { maxLength: 25 }), (size, domains, actions) => {
      const of = (peer: string): PeerOf => ({ peer, region: 'default', domain: `d${names.indexOf(peer) % domains}` })
      const world = new World(names.slice(0, size).map(of))
      for (const [what, which] of actions) {
        const peer = names[which]!
        const member = world.state.members.get(peer)
        if (what === 'join' && member === undefined) world.join(of(peer)), seen.joins++
        else if (what === 'kill' && member !== undefined) world.kill(peer), seen.kills++
        else if (what === 'revive' && world.dead.has(peer)) world.revive(peer), seen.revived++
        else if (what === 'leave' && member !== undefined) world.must({ type: 'leave', peer, incarnation: 1, nonce: 'n1' }), seen.leaves++
        else if (what === 'step') {
          for (const plan of world.plan()) world.must(plan)
          if (which % 2 === 0) world.copy()
          else seen.halfway++
        }
      }
      world.settle()

      const living = [...world.state.members.values()].filter(({ peer, left }) => !left && !world.dead.has(peer))
      for (const set of world.sets()) {
        if (newcomer(set) !== undefined || !set.whole.some(peer => !world.dead.has(peer))) continue
        if (!set.members.every(({ peer }) => living.some(one => one.peer === peer))) {
          expect(living.length === 0 || set.members.length === 1, `${set.name} keeps ${namesIn(set).join()}`).to.equal(true)
          continue
        }
        expect(set.members.length).to.equal(Math.min(set.copies, living.length))
        const possible = new Set(living.map(({ domain }) => domain)).size
        if (set.members.length > 1) expect(world.domains(set)).to.equal(Math.min(possible, set.members.length))
      }
    }), { numRuns: 500, examples: [
      [3, 1, [['step', 0], ['leave', 1], ['step', 0], ['kill', 0]]],
      [5, 2, [['step', 0], ['kill', 3], ['kill', 1], ['step', 1], ['kill', 0], ['join', 5]]] // a newcomer that waits for ever
    ] })
    expect(Object.values(seen).every(count => count > 0), JSON.stringify(seen)).to.equal(true)
  })
})
