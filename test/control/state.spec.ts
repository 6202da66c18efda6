import { decode, encode } from '@ipld/dag-cbor'
import { expect } from 'chai'
import fc from 'fast-check'
import { decodeEntry, encodeEntry } from '../../src/control/command.js'
import { applyEntry, emptyState, restore, snapshot } from '../../src/control/state.js'
import { newcomer } from '../../src/control/tables/sets.js'
import { admitOf, anyCommand, anyLog, entryOf, foundOf } from './commands.js'
import type { Command, Entry, Outcome } from '../../src/control/command.js'
import type { State } from '../../src/control/state.js'
import type { Place } from '../../src/control/tables/sets.js'

function replay (entries: Entry[], from: State = emptyState()): { state: State, outcomes: Outcome[] } {
  let state = from
  const outcomes = entries.map(entry => {
    const done = applyEntry(state, state.applied + 1, decodeEntry(encodeEntry(entry)))
    state = done.state
    return done.outcome
  })
  return { state, outcomes }
}

describe('control state', () => {
  it('is the same, and answers the same, when the same entries are replayed', () => {
    fc.assert(fc.property(anyLog, entries => {
      const one = replay(entries)
      const other = replay(entries)

      expect(snapshot(one.state)).to.deep.equal(snapshot(other.state))
      expect(one.outcomes).to.deep.equal(other.outcomes)
    }), { numRuns: 100 })
  })

  it('is the same when it goes on from a snapshot taken anywhere', () => {
    fc.assert(fc.property(anyLog, fc.nat(), (entries, cut) => {
      const at = cut % entries.length
      const first = replay(entries.slice(0, at))
      const whole = replay(entries)

      const resumed = replay(entries.slice(at), restore(snapshot(first.state)))

      expect(snapshot(resumed.state)).to.deep.equal(snapshot(whole.state))
      expect(resumed.outcomes).to.deep.equal(whole.outcomes.slice(at))
    }), { numRuns: 100 })
  })

  it('is read from a snapshot of the version before, and not from one of a newer program', () => {
    const state = replay(fc.sample(anyLog, { numRuns: 1, seed: 5 })[0]!).state
    const kept = decode<{ version: number, intents: Record<string, unknown> }>(snapshot({ ...state, intents: emptyState().intents }))
    const { byExecution, size } = kept.intents

    const old = restore(encode({ ...kept, version: 1, intents: { byExecution, size } }))

    expect(snapshot(old)).to.deep.equal(snapshot({ ...state, intents: emptyState().intents }))
    expect(() => restore(encode({ ...kept, version: kept.version + 1 }))).to.throw(/start the newer program/)
  })

  it('applies each command of a session once, however often and late it is repeated', () => {
    let repeated = 0
    fc.assert(fc.property(fc.array(anyCommand.filter(one => one.type !== 'openSession'), { minLength: 1, maxLength: 20 }), fc.array(fc.nat(), { maxLength: 40 }), (commands, again) => {
      const start = replay([entryOf({ type: 'openSession' })])
      const session = start.state.applied
      const numbered = commands.map((command, i) => entryOf(command, 'p1', { session, sequence: i + 1, floor: 1 }))
      const plain = replay(numbered, start.state)
      const before = snapshot(plain.state)
      const repetitions = again.map(i => i % numbered.length)

      const after = replay(repetitions.map(i => numbered[i]!), restore(before))

      expect(after.outcomes).to.deep.equal(repetitions.map(i => plain.outcomes[i]))
      expect(snapshot({ ...after.state, applied: plain.state.applied })).to.deep.equal(before)
      repeated += repetitions.length
    }), { numRuns: 100 })
    expect(repeated).to.be.greaterThan(0)
  })

  it('changes nothing when it refuses', () => {
    let refused = 0
    fc.assert(fc.property(anyLog, anyCommand, (entries, command) => {
      const { state } = replay(entries)
      const before = snapshot(state)

      const { state: after, outcome } = applyEntry(restore(before), state.applied + 1, entryOf(command, 'p1', { now: 0 }))

      if (outcome.ok) return
      refused++
      expect(snapshot({ ...after, applied: state.applied })).to.deep.equal(before)
    }), { numRuns: 150 })
    expect(refused).to.be.greaterThan(10)
  })

  it('never has two changes of a set in flight, nor a set without a whole member, and numbers only rise by one', () => {
    const seen = { grown: 0, replaced: 0, whole: 0 }
    const peers = ['p1', 'p2', 'p3', 'p4']
    const start = [entryOf({ ...admitOf('p1'), type: 'admitFounder' } as Command), entryOf(foundOf(true)), ...peers.slice(1).map(peer => entryOf(admitOf(peer)))]
    const placeOf = (peer: string): Place => ({ peer, disk: `disk-${peer}` })
    const step = fc.tuple(fc.nat(3), fc.constantFrom(...peers), fc.constantFrom(...peers), fc.boolean())
    fc.assert(fc.property(fc.nat(1), fc.array(step, { minLength: 5, maxLength: 40 }), (more, steps) => {
      let { state } = replay([...start, entryOf({
        type: 'setMake', set: 's-2-1', region: 'default', copies: 2 + more, members: peers.slice(0, 1 + more).map(placeOf)
      })])
      for (const [kind, one, other, gone] of steps) {
        const before = state.sets
        const { number, members } = before.get('s-2-1')!
        const joined = members.find(({ peer }) => peer === one)?.joined ?? 0
        const command: Command[] = [
          { type: 'setGrow', set: 's-2-1', number, add: placeOf(one) },
          { type: 'setReplace', set: 's-2-1', number, remove: one, add: gone ? null : placeOf(other) },
          { type: 'setWhole', set: 's-2-1', ...placeOf(one), joined },
          { type: 'setReplace', set: 's-2-1', number: number - 1, remove: one, add: placeOf(other) }
        ]
        state = applyEntry(state, state.applied + 1, entryOf(command[kind]!)).state
        for (const set of state.sets.values()) {
          const was = before.get(set.name)
          expect(set.members.filter(({ peer }) => !set.whole.includes(peer)).length).to.be.at.most(1)
          expect(set.whole.length).to.be.at.least(1)
          expect(new Set(set.members.map(({ peer }) => peer)).size).to.equal(set.members.length)
          if (was === undefined || was === set) continue
          expect(set.number - was.number).to.equal(set.members === was.members ? 0 : 1)
          if (set.number === was.number) seen.whole++
          else if (set.members.length > was.members.length) seen.grown++
          else seen.replaced++
          const changing = newcomer(was)
          if (set.number > was.number && changing !== undefined) expect(set.members.some(({ peer, joined }) => peer === changing.peer && joined === changing.joined)).to.equal(false)
        }
      }
    }), { numRuns: 250 })
    expect(Object.values(seen).every(count => count > 0), JSON.stringify(seen)).to.equal(true)
  })

  it('refuses a session that is not known any more, or another peer\'s', () => {
    const { state } = replay([entryOf({ type: 'openSession' }, 'p1')])

    const unknown = applyEntry(state, 2, entryOf({ type: 'retire', executions: ['s.1'] }, 'p1', { session: 77, sequence: 1, floor: 1 }))
    const foreign = applyEntry(state, 2, entryOf({ type: 'retire', executions: ['s.1'] }, 'p2', { session: 1, sequence: 1, floor: 1 }))

    expect(unknown.outcome).to.include({ ok: false, kind: 'sessionExpired' })
    expect(foreign.outcome).to.include({ ok: false, kind: 'notPermitted' })
  })
})
