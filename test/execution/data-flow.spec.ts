import { expect } from 'chai'
import { completed, errorOf, execute } from './execute.js'
import type { Doc } from './plans.js'

const set = (value: unknown): { set: unknown } => ({ set: value })

describe('execution: data flow', () => {
  it('gives the task what input.from makes of its raw input', () => {
    const doc: Doc = { do: [{ setId: { input: { from: '${ .user.claims.subject }' }, ...set({ playerId: '${ . }' }) } }] }

    expect(execute(doc, { user: { claims: { subject: 'abc' } } }).outcome).to.deep.equal(completed({ playerId: 'abc' }))
  })

  it('gives the next task what output.as makes of the raw output', () => {
    const doc: Doc = { do: [{ getPet: { call: 'pet', output: { as: '${ .id }' } } }, { again: { call: 'pet', output: { as: '${ { ids: [$input, .id] } }' } } }] }

    expect(execute(doc, { petId: 1 }, { pet: { output: { id: 7 } } }).outcome).to.deep.equal(completed({ ids: [7, 7] }))
  })

  it('transforms and checks in the order of the specification', () => {
    const number = { type: 'number' }
    const doc: Doc = {
      input: { schema: { type: 'object' }, from: '${ .a }' },
      output: { as: '${ { sum: ., context: $context } }', schema: { type: 'object' } },
      do: [
        { first: { input: { schema: number, from: '${ . + 1 }' }, ...set('${ . * 10 }'), output: { as: '${ . + $input }', schema: number }, export: { as: '${ { seen: . } }' } } },
        { second: set('${ . + $context.seen }') }
      ]
    }

    expect(execute(doc, { a: 1 }).outcome).to.deep.equal(completed({ sum: 44, context: { seen: 22 } }))
  })

  it('starts the context with the transformed input', () => {
    expect(execute({ input: { from: '${ .a }' }, do: [{ one: set('${ $context }') }] }, { a: { b: 1 } }).outcome).to.deep.equal(completed({ b: 1 }))
  })

  it('faults with a validation error where a schema does not fit', () => {
    const doc: Doc = { do: [{ one: { input: { schema: { type: 'object', required: ['x'] } }, ...set(1) } }] }

    const error = errorOf(execute(doc, {}))

    expect(error.type).to.match(/errors\/validation$/)
    expect(error).to.include({ status: 400, instance: '/do/0/one' })
  })

  it('offers $task, $workflow and $runtime', () => {
    const doc: Doc = {
      do: [{ one: { ...set('${ [$task.name, $task.reference, $task.input, $workflow.id, $workflow.input, $workflow.startedAt.iso8601, $runtime.name] }'), output: { as: '${ . + [$task.output | length] }' } } }]
    }

    expect(execute(doc, 5).outcome).to.deep.equal(completed(['one', '/do/0/one', 5, 'x', 5, '1970-01-01T00:16:40.000Z', 'flowmesh', 7]))
  })

  it('raises an expression error at the task', () => {
    const error = errorOf(execute({ do: [{ one: set('${ .a + {} }') }] }, { a: 1 }))

    expect(error).to.include({ status: 400, instance: '/do/0/one' })
  })

  it('keeps nothing in a state that nobody reads again', () => {
    const doc: Doc = { do: [{ wrap: { do: [{ one: { call: 'f', with: { small: 1 } } }] } }] }
    const world = execute(doc, { big: 'x'.repeat(1000) })

    expect(JSON.stringify(world.records[0]?.state)).to.have.length.below(500)
  })
})
