import { expect } from 'chai'
import { completed, endedTasks, errorOf, execute } from './execute.js'
import type { DocList, DocTask } from './plans.js'

const add = (color: string, more: DocTask = {}): DocTask => ({ set: { colors: `\${ .colors + ["${color}"] }` }, ...more })

describe('execution: flow', () => {
  it('runs tasks in their order', () => {
    const world = execute({ do: [{ red: add('red') }, { green: add('green') }, { blue: add('blue') }] })

    expect(world.outcome).to.deep.equal(completed({ colors: ['red', 'green', 'blue'] }))
    expect(endedTasks(world)).to.deep.equal(['red', 'green', 'blue'])
  })

  it('follows then, also backwards, and ends at end', () => {
    const world = execute({ do: [{ red: add('red', { then: 'green' }) }, { blue: add('blue', { then: 'end' }) }, { green: add('green', { then: 'blue' }) }] })

    expect(world.outcome).to.deep.equal(completed({ colors: ['red', 'green', 'blue'] }))
  })

  it('skips a task whose if fails, without a step, and goes on to the next whatever its then says', () => {
    const world = execute({ do: [{ red: add('red', { if: '.no', then: 'end' }) }, { green: add('green') }] }, {})

    expect(world.outcome).to.deep.equal(completed({ colors: ['green'] }))
    expect(world.branches.get('root')?.state.step).to.equal(1)
  })

  it('leaves the list around at exit, and everything around at end', () => {
    const inner = (then: string): DocTask => ({ do: [{ red: add('red', { then }) }, { never: add('never') }], output: { as: '${ { colors: (.colors + ["out"]) } }' } })

    expect(execute({ do: [{ wrap: inner('exit') }, { blue: add('blue') }] }).outcome).to.deep.equal(completed({ colors: ['red', 'out', 'blue'] }))
    expect(execute({ do: [{ wrap: inner('end') }, { blue: add('blue') }] }).outcome).to.deep.equal(completed({ colors: ['red', 'out'] }))
  })

  it('takes the first case that holds, the default, or goes on', () => {
    const cases: NonNullable<DocTask['switch']> = [{ red: { when: '.color == "red"', then: 'setRed' } }, { green: { when: '.color == "green"', then: 'setGreen' } }]
    const tasks: DocList = [{ setRed: add('red', { then: 'end' }) }, { setGreen: add('green', { then: 'end' }) }, { setOther: { set: { colors: '${ [$input.color] }' } } }]
    const run = (color: string, more: Record<string, { when?: string, then: string }>[] = []): unknown =>
      execute({ do: [{ choose: { switch: [...cases, ...more], then: 'end' } }, ...tasks] }, { color }).outcome

    expect(run('green')).to.deep.equal(completed({ colors: ['green'] }))
    expect(run('yellow')).to.deep.equal(completed({ color: 'yellow' }))
    expect(run('yellow', [{ other: { then: 'setOther' } }])).to.deep.equal(completed({ colors: ['yellow'] }))
  })

  it('raises what it is told to, with the task as instance', () => {
    const error = { status: 400, type: 'https://serverlessworkflow.io/errors/types/compliance', title: 'Compliance Error' }
    const world = execute({ do: [{ raiseError: { raise: error } }] })

    expect(errorOf(world)).to.deep.equal({ ...error, instance: '/do/0/raiseError' })
  })

  it('waits for a duration, as a timer, and says so', () => {
    const world = execute({ do: [{ pause: { wait: 500 } }, { after: { set: { done: '${ .x }' } } }] }, { x: 1 })

    expect(world.records[0]?.state.status).to.equal('waiting')
    expect(world.records[0]?.trace[0]?.status).to.equal('waiting')
    expect(world.now).to.equal(1_000_500)
    expect(world.outcome).to.deep.equal(completed({ done: 1 }))
  })

  it('waits for a duration that an expression gives', () => {
    expect(execute({ do: [{ pause: { wait: '.d' } }] }, { d: 'PT2S' }).now).to.equal(1_002_000)
    expect(execute({ do: [{ pause: { wait: '.d' } }] }, { d: { minutes: 1, milliseconds: 5 } }).now).to.equal(1_060_005)
    expect(execute({ do: [{ pause: { wait: '.d' } }] }, { d: 'P1M' }).now, 'the forms of the source').to.equal(1_000_000 + 30 * 86_400_000)
    for (const d of ['soon', 'P', {}, { weeks: 1 }, { seconds: 0.5 }, { days: 1e9 }, 7, null]) {
      const error = errorOf(execute({ do: [{ pause: { wait: '.d' } }] }, { d }))
      expect(error, JSON.stringify(d)).to.include({ status: 400, instance: '/do/0/pause' })
      expect(error?.detail).to.match(/^\$\{ \.d \}: /)
    }
  })

  it('completes a workflow without tasks', () => {
    expect(execute({ do: [] }, 3).outcome).to.deep.equal(completed(3))
  })

  it('lets an endless loop of pure tasks rest between records, so that it can be cancelled', () => {
    const world = execute({ do: [{ a: { set: 1 } }, { b: { set: 2, then: 'a' } }] }, null, {}, { cancelAtMs: 0 })

    expect(world.outcome).to.deep.equal({ status: 'cancelled', reason: 'asked' })
    expect(world.counters['timer']).to.be.at.least(1)
    expect(Math.max(...world.records.map(({ trace }) => trace.length))).to.be.within(100, 512)
  })

  it('gives http calls their method, request and effects', () => {
    const world = execute({
      do: [
        { read: { http: { endpoint: '${ "http://a/" + .id }', headers: { a: 1, b: '${ null }' }, query: { q: '${ .id }' } } } },
        { write: { http: { method: 'post', endpoint: 'http://b', body: { x: '${ .url }' } } } }
      ]
    }, { id: '7' })

    expect(world.calls[0]).to.deep.include({ type: 'http', method: 'GET', endpoint: 'http://a/7', headers: { a: '1' }, query: { q: '7' }, effects: 'pure' })
    expect(world.calls[1]).to.deep.include({ method: 'POST', body: { x: 'http://a/7' }, effects: 'idempotent' })
  })
})

describe('execution: endpoints', () => {
  const endpoint = (uri: string, input: unknown): string | undefined => {
    const [call] = execute({ do: [{ get: { http: { endpoint: uri } } }] }, input).calls
    return call?.type === 'http' ? call.endpoint : undefined
  }

  it('fills {name} from the input, encoded, and nothing where there is nothing', () => {
    expect(endpoint('http://a/{id}/{pet.id}/{none}/{no}', { id: 'ä/(?)', 'pet.id': 7, none: null })).to.equal('http://a/%C3%A4%2F%28%3F%29/7//')
    expect(endpoint('http://a/{0}', 'text')).to.equal('http://a/')
    expect(endpoint('http://a/{id}', { id: '\ud800' })).to.equal('http://a/%EF%BF%BD')
  })

  it('fills nothing into what an expression gives, and faults over what is no text', () => {
    expect(endpoint('${ .url }', { url: 'http://a/{id}', id: 1 })).to.equal('http://a/{id}')
    expect(errorOf(execute({ do: [{ get: { http: { endpoint: 'http://a/{id}' } } }] }, { id: {} }))).to.include({ status: 400, instance: '/do/0/get' })
    expect(errorOf(execute({ do: [{ get: { http: { endpoint: '${ .id }' } } }] }, { id: 1 }))).to.include({ status: 400, detail: 'endpoint must be a text' })
  })
})

describe('execution: for', () => {
  it('gives each iteration the output of the one before, with item and index', () => {
    const body = [{ mark: { set: { processed: '${ { colors: (.processed.colors + [$color]), indexes: (.processed.indexes + [$index]) } }' } } }]
    const world = execute({ do: [{ loop: { for: { each: 'color', in: '${ .colors }' }, do: body } }] }, { colors: ['red', 'green', 'blue'] })

    expect(world.outcome).to.deep.equal(completed({ processed: { colors: ['red', 'green', 'blue'], indexes: [0, 1, 2] } }))
  })

  it('stops when while fails, exits an iteration at exit and the loop at end', () => {
    const loop = (more: Partial<NonNullable<DocTask['for']>>, then?: string): unknown => execute({
      do: [
        { loop: { for: { in: [1, 2, 3], ...more }, do: [{ one: { set: '${ . + $item }', ...(then === undefined ? {} : { then }) } }, { two: { set: '${ . + 100 }' } }] } },
        { after: { set: '${ -. }' } }
      ]
    }, 0).outcome

    expect(loop({ while: '. < 101' })).to.deep.equal(completed(-101))
    expect(loop({}, 'exit')).to.deep.equal(completed(-6))
    expect(loop({}, 'end')).to.deep.equal(completed(1))
  })

  it('passes its input on when there is nothing to loop over, and faults over what is no array', () => {
    const doc = { do: [{ loop: { for: { in: '${ .items }' }, do: [{ one: { set: 1 } }] } }] }

    expect(execute(doc, { items: [] }).outcome).to.deep.equal(completed({ items: [] }))
    expect(errorOf(execute(doc, {}))).to.include({ status: 400, instance: '/do/0/loop', detail: 'for.in must give an array, not null' })
  })

  it('counts steps on from one iteration to the next', () => {
    const world = execute({ do: [{ loop: { for: { in: [1, 2, 3] }, do: [{ one: { call: 'f', with: '${ $item }' } }] } }] })

    expect(world.calls.map(({ step, attempt }) => [step, attempt])).to.deep.equal([[2, 1], [3, 1], [4, 1]])
  })
})
