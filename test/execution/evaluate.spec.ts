import { expect } from 'chai'
import { apply, pending, startRoot } from '../../src/execution/index.js'
import { compileExpression } from '../../src/workflow/expressions/index.js'
import { completed, errorOf, execute } from './execute.js'
import { planOf } from './plans.js'
import type { Doc } from './plans.js'
import { clone } from './world.js'
import type { Options } from './world.js'

/** A program the own evaluator leaves to real jq; `jq` below stands in for it. */
const SPLIT = '[splits("-")]'
const split = (input: unknown): { kind: 'value', value: unknown } => ({ kind: 'value', value: String(input).split('-') })
const jq: NonNullable<Options['jq']> = (programs, input) => programs.map(() => split(input))
const at = { now: 9, random: 0.5 }

describe('execution: expressions for real jq', () => {
  it('needs a program that the own evaluator leaves alone', () => {
    expect(compileExpression(SPLIT).native).to.equal(false)
  })

  it('asks, and goes on with the answer, in every place of the data flow', () => {
    const whole = `\${ ${SPLIT} }`
    const doc: Doc = {
      input: { from: whole }, output: { as: '${ . }' },
      do: [
        { loop: { for: { in: '${ . }' }, do: [{ one: { set: '${ $item + "-x" }', output: { as: whole } } }] } },
        { choose: { switch: [{ no: { when: '.[0] == "zz"', then: 'end' } }] } },
        { join: { set: '${ join("-") }', input: { from: '${ . + ["y"] }' } } },
        { last: { if: `${SPLIT} | length == 3`, set: whole, export: { as: '${ 1 }' } } }
      ]
    }
    const answers: Options['jq'] = (programs, input) => programs.map(({ jq: text }) => text === SPLIT ? split(input) : { kind: 'value', value: true })
    const world = execute(doc, 'a-b', {}, { jq: answers, repeat: true, handoverEvery: 1 })

    expect(world.outcome).to.deep.equal(completed(['b', 'x', 'y']))
    expect(world.counters['evaluate']).to.equal(5)
  })

  it('keeps earlier answers when one operation asks more than once', () => {
    const doc: Doc = { do: [{ choose: { switch: [{ a: { when: `${SPLIT} | .[0] == "n"`, then: 'end' } }, { b: { when: `${SPLIT} | .[0] == "m"`, then: 'hit' } }] } }, { no: { set: 'no', then: 'end' } }, { hit: { set: 'hit' } }] }
    let asked = 0
    const world = execute(doc, 'm-n', {}, { jq: () => [{ kind: 'value', value: ++asked === 2 }], handoverEvery: 1 })

    expect(world.outcome).to.deep.equal(completed('hit'))
    expect(asked).to.equal(2)
  })

  it('derives the question from the state alone, and takes its answer once', () => {
    const plan = planOf({ do: [{ a: { set: `\${ ${SPLIT} }`, timeout: 50 } }] })
    const { state, effects } = startRoot(plan, { execution: 'x', input: 'p-q', ...at })
    const question = effects.find(effect => effect.type === 'evaluate')

    expect(question).to.deep.include({ programs: [{ jq: SPLIT }], input: 'p-q' })
    expect(pending(plan, clone(state))).to.deep.equal(effects)
    const event = { type: 'evaluated' as const, id: question?.id ?? 0, answers: [split('p-q')], ...at }
    const done = apply(plan, state, event)
    expect(done.state.output).to.deep.equal(['p', 'q'])
    expect(apply(plan, done.state, event).state).to.equal(done.state)
  })

  it('raises jq\'s error at the task', () => {
    const plan = planOf({ do: [{ a: { set: `\${ ${SPLIT} }` } }] })
    const { state } = startRoot(plan, { execution: 'x', input: 1, ...at })

    const { state: end } = apply(plan, state, { type: 'evaluated', id: 1, answers: [{ kind: 'error', message: 'cannot split' }], ...at })
    expect(end.error).to.include({ status: 400, detail: 'cannot split', instance: '/do/0/a' })
  })

  it('lets a timeout win over a question', () => {
    const doc: Doc = { do: [{ a: { set: 1 } }, { slow: { timeout: 1, do: [{ b: { set: `\${ ${SPLIT} }` } }] } }] }

    expect(errorOf(execute(doc, 1, {}, { jq }))).to.include({ status: 408 })
  })
})
