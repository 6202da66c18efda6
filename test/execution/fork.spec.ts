import { expect } from 'chai'
import { apply, compose, mapValues, pending, startChild, startRoot } from '../../src/execution/index.js'
import { completed, errorOf, execute, failure } from './execute.js'
import { planOf } from './plans.js'
import type { Doc, DocTask } from './plans.js'

const at = { now: 5, random: 0.5 }

describe('execution: fork', () => {
  it('gives the outputs in declared order, whoever is first', () => {
    const doc: Doc = { do: [{ both: { fork: { branches: [{ slow: { call: 'slow' } }, { fast: { call: 'fast' } }] } } }] }
    const world = execute(doc, 1, { slow: () => ({ output: 's', afterMs: 90 }), fast: () => ({ output: 'f', afterMs: 5 }) })

    expect(world.outcome).to.deep.equal(completed(['s', 'f']))
    expect(world.calls.map(({ place }) => place)).to.deep.equal(['/1/0', '/1/1'])
  })

  it('lets the first success win where branches compete, and closes the others by a decision', () => {
    const doc: Doc = { do: [{ race: { fork: { compete: true, branches: [{ bad: { call: 'bad' } }, { slow: { call: 'slow' } }, { good: { call: 'good' } }] } } }] }
    const world = execute(doc, 1, { bad: failure(), slow: () => ({ output: 's', afterMs: 90 }), good: () => ({ output: 'g', afterMs: 20 }) })

    expect(world.outcome).to.deep.equal(completed('g'))
    expect(world.counters).to.include({ closeChildren: 1, decision: 1 })
  })

  it('faults where branches compete only when all have failed', () => {
    const doc: Doc = { do: [{ race: { fork: { compete: true, branches: [{ a: { call: 'a' } }, { b: { call: 'b' } }] } } }] }

    expect(errorOf(execute(doc, 1, { a: failure(500), b: () => ({ ...failure(501), afterMs: 1 }) }))).to.include({ status: 500, instance: '/do/0/race/fork/branches/0/a' })
  })

  it('faults with the first fault otherwise, and closes the siblings', () => {
    const doc: Doc = { do: [{ both: { fork: { branches: [{ a: { call: 'a' } }, { b: { call: 'b' } }] } } }] }
    const world = execute(doc, 1, { a: failure(), b: () => ({ output: 1, afterMs: 50 }) })

    expect(errorOf(world).status).to.equal(503)
    expect(world.counters).to.include({ closeChildren: 1, decision: 1 })
  })

  it('maps in parallel in a sliding window, with ordered results', () => {
    const doc: Doc = { do: [{ map: { for: { each: 'n', in: '${ . }', at: 'i', concurrency: 3 }, do: [{ f: { call: 'f', with: '${ { n: $n, i: $i } }' } }] } }] }
    let most = 0
    let open = 0
    const ends: number[] = []
    const world = execute(doc, [9, 8, 7, 6, 5, 4, 3], {
      f: call => {
        const { n, i } = call.input as { n: number, i: number }
        ends.push(i)
        return { output: n * 10 + i, afterMs: n * 5 }
      }
    })
    for (const { state, trace } of world.records.filter(({ branch }) => branch === 'root')) {
      const inside = state.frames.at(-1)?.inside
      if (inside?.kind === 'children') open = inside.opened - inside.ended
      most = Math.max(most, open)
      expect(trace.length).to.be.below(3)
    }

    expect(world.outcome).to.deep.equal(completed([90, 81, 72, 63, 54, 45, 36]))
    expect(most).to.equal(3)
    expect(ends).to.have.length(7)
  })

  it('gives an empty list for an empty list', () => {
    expect(execute({ do: [{ map: { for: { in: '${ . }', concurrency: 2 }, do: [{ f: { call: 'f' } }] } }] }, []).outcome).to.deep.equal(completed([]))
  })

  it('gives children copies of context and variables; what they export stays with them', () => {
    const child = (name: string): Record<string, DocTask> => ({ [name]: { do: [{ put: { set: '${ [$item, $context] }', export: { as: '${ "mine" }' } } }, { get: { set: '${ . + [$context] }' } }] } })
    const doc: Doc = {
      do: [
        { first: { set: 1, export: { as: '${ "ours" }' } } },
        { loop: { for: { in: [7] }, do: [{ both: { fork: { branches: [child('a'), child('b')] } } }] } },
        { last: { set: '${ [., $context] }' } }
      ]
    }

    expect(execute(doc).outcome).to.deep.equal(completed([[[7, 'ours', 'mine'], [7, 'ours', 'mine']], 'ours']))
  })

  it('makes a child out of the opening record alone, at the place that keys are made of', () => {
    const plan = planOf({ do: [{ a: { set: 1 } }, { both: { fork: { branches: [{ x: { call: 'x' } }, { y: { call: 'y' } }] } } }] })
    const { state, opens } = startRoot(plan, { execution: 'e', input: null, ...at })

    expect(opens.map(({ place }) => place)).to.deep.equal(['/2/0', '/2/1'])
    const child = startChild(plan, state, 1)
    expect(child).to.deep.include({ place: '/2/1', data: 1, step: 0 })
    expect(pending(plan, child)).to.deep.equal([{ type: 'timer', id: 1, dueAt: 5 }])
    expect(() => startChild(plan, state, 2)).to.throw('no child 2 open')
  })

  it('composes fifty joins into one record, and a call that was cut off before it was made vanishes', () => {
    const doc: Doc = { do: [{ map: { for: { in: '${ . }', concurrency: 50 }, do: [{ f: { call: 'f' } }] } }, { next: { timeout: 10, call: 'next' } }] }
    const plan = planOf(doc)
    const first = startRoot(plan, { execution: 'e', input: Array.from({ length: 50 }, (_, n) => n), ...at })
    const opening = first.opens[0]?.opening ?? 0
    let all = apply(plan, first.state, { type: 'childEnded', opening, index: 0, outcome: { status: 'completed', output: 0 }, ...at })
    for (let index = 1; index < 50; index++) {
      all = compose(all, apply(plan, all.state, { type: 'childEnded', opening, index, outcome: { status: 'completed', output: index }, ...at }))
    }

    expect(all.takes).to.have.length(50)
    expect(all.effects.map(({ type }) => type)).to.deep.equal(['call', 'timer'])
    const deadline = all.effects.find(effect => effect.type === 'timer')
    const cut = compose(all, apply(plan, all.state, { type: 'timerFired', id: deadline?.id ?? 0, ...at }))
    expect(cut.effects.map(({ type }) => type)).to.deep.equal(['finish'])
    expect(cut.decision).to.equal(true)
  })

  it('opens no more children at a time than a record can name, and all of them in the end', () => {
    const doc: Doc = { do: [{ map: { for: { in: '${ [range(2500)] }', concurrency: 2500 }, do: [{ f: { set: '${ $item }' } }], output: { as: '${ [length, .[2499]] }' } } }] }
    const plan = planOf(doc)
    const first = startRoot(plan, { execution: 'e', input: null, ...at })
    const opening = first.opens[0]?.opening ?? 0
    let { state } = first
    let opened = first.opens.length
    expect(opened).to.equal(1024)
    for (let index = 0; index < 2500; index++) {
      const step = apply(plan, state, { type: 'childEnded', opening, index, outcome: { status: 'completed', output: index }, ...at })
      opened += step.opens.length
      state = step.state
    }

    expect(opened).to.equal(2500)
    expect(state.output).to.deep.equal([2500, 2499])
  })

  it('shows outcomes as chunks of which only one changes, and finds emptied slots again', () => {
    const doc: Doc = { do: [{ map: { for: { in: '${ . }', concurrency: 200 }, do: [{ f: { call: 'f' } }] } }] }
    const plan = planOf(doc)
    const first = startRoot(plan, { execution: 'e', input: Array.from({ length: 200 }, (_, n) => n), ...at })
    const opening = first.opens[0]?.opening ?? 0
    let state = first.state
    for (let index = 0; index < 150; index++) state = apply(plan, state, { type: 'childEnded', opening, index, outcome: { status: 'completed', output: index }, ...at }).state
    const before: unknown[] = []
    mapValues(state, value => { before.push(value); return value })
    state = apply(plan, state, { type: 'childEnded', opening, index: 190, outcome: { status: 'completed', output: 1 }, ...at }).state
    const after: unknown[] = []
    const emptied = mapValues(state, value => { after.push(value); return null })

    expect(after.filter(value => !before.includes(value))).to.have.length(1)
    let slot = 0
    expect(mapValues(JSON.parse(JSON.stringify(emptied)) as typeof state, () => after[slot++])).to.deep.equal(JSON.parse(JSON.stringify(state)))
  })
})
