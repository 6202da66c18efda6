import { expect } from 'chai'
import { apply, startRoot } from '../../src/execution/index.js'
import { completed, errorOf, execute, failure } from './execute.js'
import { planOf } from './plans.js'
import type { Doc, DocList, DocTask } from './plans.js'
import type { FunctionResult } from './world.js'

const ok = (output: unknown): { output: unknown } => ({ output })
const steps = (world: ReturnType<typeof execute>): string[] => world.calls.map(({ name, step, attempt }) => `${name} ${step}.${attempt}`)
const retrying = (attempts: number, more: Partial<NonNullable<NonNullable<DocTask['catch']>['retry']>> = {}): NonNullable<DocTask['catch']> =>
  ({ retry: { limit: { attempts }, ...more } })

describe('execution: try', () => {
  const catching = (clause: DocTask['catch']): Doc => ({
    do: [{ tryGet: { try: [{ get: { call: 'get' } }], catch: { as: 'err', do: [{ setError: { set: { error: '${ $err }' } } }], ...clause } } }]
  })

  it('gives the error to its catch, with the failing task as instance', () => {
    const world = execute(catching({ errors: { type: 'https://serverlessworkflow.io/dsl/errors/types/communication', status: 404 } }), {}, { get: failure(404) })

    const { error } = (world.outcome as { output: { error: unknown } }).output
    expect(error).to.deep.equal({
      type: 'https://serverlessworkflow.io/spec/1.0.0/errors/communication', status: 404, title: 'no', instance: '/do/0/tryGet/try/0/get'
    })
  })

  it('lets pass what its filter, when or exceptWhen do not take', () => {
    for (const clause of [{ errors: { status: 503 } }, { when: '$err.status == 503' }, { exceptWhen: '$err.status == 404' }, { errors: { title: 'other' } }]) {
      expect(errorOf(execute(catching(clause), {}, { get: failure(404) })).status).to.equal(404)
    }
  })

  it('faults with the error of its own catch clause, not caught by itself', () => {
    expect(errorOf(execute(catching({ when: '.a + {}' }), { a: 1 }, { get: failure(404) }))).to.include({ status: 400, instance: '/do/0/tryGet' })
  })

  it('gives catch tasks the input of the try, and goes where catch.then says', () => {
    const doc: Doc = {
      do: [
        { t: { try: [{ get: { call: 'get', with: 0 } }], catch: { do: [{ keep: { set: '${ { was: . } }' } }], then: 'last' } } },
        { skipped: { set: 'skipped' } },
        { last: { set: '${ [., "last"] }' } }
      ]
    }

    expect(execute(doc, 'in', { get: failure() }).outcome).to.deep.equal(completed([{ was: 'in' }, 'last']))
  })

  it('swallows an error when there is nothing to do about it, and passes its input on', () => {
    expect(execute({ do: [{ t: { try: [{ get: { call: 'get' } }], catch: {} } }] }, 'in', { get: failure() }).outcome).to.deep.equal(completed('in'))
  })

  it('tries again with the same step, so the same key, and counts attempts', () => {
    const doc: Doc = { do: [{ t: { try: [{ a: { call: 'a' } }, { b: { call: 'b' } }], catch: retrying(3) } }, { c: { call: 'c' } }] }
    const world = execute(doc, 1, { b: [failure(), failure(), ok(2)] })

    expect(steps(world)).to.deep.equal(['a 2.1', 'b 3.1', 'a 2.2', 'b 3.2', 'a 2.3', 'b 3.3', 'c 4.1'])
    expect(world.ledger.size).to.equal(3)
  })

  it('gives up after as many retries as the limit says: to catch.do, or outwards', () => {
    const doc = (tasks: DocList): Doc => ({ do: [{ t: { try: [{ a: { call: 'a' } }], catch: { ...retrying(2), do: tasks } } }] })

    const handled = execute(doc([{ h: { set: 'handled' } }]), 1, { a: failure() })
    expect(handled.calls).to.have.length(3)
    expect(handled.outcome).to.deep.equal(completed('handled'))
    expect(errorOf(execute(doc([]), 1, { a: failure() })).status).to.equal(503)
  })

  it('does not retry what retry.when, exceptWhen or the driver refuse', () => {
    const doc = (retry: NonNullable<DocTask['catch']>['retry']): Doc => ({ do: [{ t: { try: [{ a: { call: 'a' } }], catch: { retry: { limit: { attempts: 5 }, ...retry } } } }] })

    expect(execute(doc({ when: { jq: '$error.status == 503' } }), 1, { a: [failure(503), failure(404)] }).calls).to.have.length(2)
    expect(execute(doc({ exceptWhen: { jq: '$error.status == 404' } }), 1, { a: [failure(503), failure(404)] }).calls).to.have.length(2)
    expect(execute(doc({}), 1, { a: { ...failure(), retryable: false } }).calls).to.have.length(1)
  })

  it('waits between attempts: constant, linear, exponential, with jitter, within a duration', () => {
    const gaps = (retry: NonNullable<DocTask['catch']>['retry'], attempts = 3): number[] => {
      const plan = planOf({ do: [{ t: { try: [{ a: { call: 'a' } }], catch: { retry: { limit: { attempts }, ...retry } } } }] })
      let { state } = startRoot(plan, { execution: 'x', input: null, now: 0, random: 0 })
      const found: number[] = []
      for (let attempt = 1; ; attempt++) {
        const failed = apply(plan, state, { type: 'callFailed', step: 2, attempt, error: { type: 't', status: 500 }, now: state.at, random: 0.25 })
        const timer = failed.effects.find(effect => effect.type === 'timer')
        if (timer === undefined) return found
        found.push(timer.dueAt - state.at)
        state = apply(plan, failed.state, { type: 'timerFired', id: timer.id, now: timer.dueAt, random: 0.5 }).state
      }
    }
    const delay = { ms: 100 }

    expect(gaps({ delay })).to.deep.equal([100, 100, 100])
    expect(gaps({ delay, backoff: { kind: 'linear' } })).to.deep.equal([100, 200, 300])
    expect(gaps({ delay, backoff: { kind: 'linear', incrementMs: 5 } })).to.deep.equal([100, 105, 110])
    expect(gaps({ delay, backoff: { kind: 'exponential', factor: 3 } })).to.deep.equal([100, 300, 900])
    expect(gaps({ delay, jitter: { fromMs: 10, toMs: 50 } })).to.deep.equal([120, 120, 120])
    expect(gaps({ delay, limit: { durationMs: 250 } })).to.deep.equal([100, 100])
  })

  it('bounds one attempt, and tries again after a timeout', () => {
    const doc: Doc = { do: [{ t: { try: [{ a: { call: 'a' } }], catch: { retry: { limit: { attempts: 1, attemptTimeoutMs: 40 } } } } }] }
    let calls = 0
    const world = execute(doc, 1, { a: () => ({ output: ++calls, afterMs: calls === 1 ? 500 : 5 }) })

    expect(world.outcome).to.deep.equal(completed(2))
    expect(world.counters).to.include({ interrupt: 1 })
    expect(steps(world)).to.deep.equal(['a 2.1', 'a 2.2'])
  })

  it('does not take the keys of a catch that completed inside for the next attempt', () => {
    const doc: Doc = {
      do: [{
        outer: {
          try: [{ pay: { try: [{ charge: { call: 'charge' } }], catch: { do: [{ refund: { call: 'refund' } }] } } }, { ship: { call: 'ship' } }],
          catch: retrying(1)
        }
      }, { bill: { call: 'bill' } }]
    }
    const world = execute(doc, 1, { charge: [failure(), ok(1)], ship: [failure(), ok(1)] })

    expect(steps(world)).to.deep.equal(['charge 3.1', 'refund 4.1', 'ship 5.1', 'charge 7.1', 'ship 8.1', 'bill 9.1'])
  })

  it('nor those of a catch that undid something and raised again', () => {
    const pay: DocTask = { try: [{ charge: { call: 'charge' } }], catch: { do: [{ refund: { call: 'refund' } }, { again: { raise: '${ $error }' } }] } }
    const doc: Doc = { do: [{ outer: { try: [{ pay }, { ship: { call: 'ship' } }], catch: retrying(1) } }] }
    const world = execute(doc, 1, { charge: [failure(), ok(1)] })

    expect(steps(world)).to.deep.equal(['charge 3.1', 'refund 4.1', 'charge 7.1', 'ship 8.1'])
  })

  it('gives a catch new steps when an earlier attempt went another way', () => {
    const doc: Doc = {
      do: [{
        outer: {
          try: [{ pay: { try: [{ charge: { call: 'charge' } }], catch: { do: [{ refund: { call: 'refund' } }] } } }, { ship: { call: 'ship' } }],
          catch: retrying(2)
        }
      }]
    }
    const world = execute(doc, 1, { charge: [ok(1), failure()], ship: [failure(), ok(1)] })

    expect(steps(world)).to.deep.equal(['charge 3.1', 'ship 4.1', 'charge 3.2', 'refund 5.1', 'ship 6.1'])
  })

  it('also in the children of a fork that is tried again', () => {
    const pay: DocTask = { do: [{ t: { try: [{ charge: { call: 'charge' } }], catch: { do: [{ refund: { call: 'refund' } }] } } }, { note: { call: 'note' } }] }
    const doc: Doc = { do: [{ outer: { try: [{ both: { fork: { branches: [{ pay }] } } }, { ship: { call: 'ship' } }], catch: retrying(1) } }] }
    const world = execute(doc, 1, { charge: [ok(1), failure()], ship: [failure(), ok(1)] })

    expect(steps(world)).to.deep.equal(['charge 3.1', 'note 4.1', 'ship 3.1', 'charge 3.2', 'refund 5.2', 'note 6.2', 'ship 3.2'])
  })

  it('does not go back over a catch that completed in a child either', () => {
    const doc: Doc = {
      do: [{
        outer: {
          try: [
            { both: { fork: { branches: [{ x: { try: [{ charge: { call: 'charge' } }], catch: { do: [{ refund: { call: 'refund' } }] } } }] } } },
            { ship: { call: 'ship' } }
          ],
          catch: retrying(1)
        }
      }]
    }
    const world = execute(doc, 1, { charge: [failure(), ok(1)], ship: [failure(), ok(1)] })

    expect(new Set(world.calls.filter(({ name }) => name === 'charge').map(({ place }) => place)).size).to.equal(2)
  })

  it('lets children of a retried fork keep their keys, as a new opening and a new attempt', () => {
    const doc: Doc = { do: [{ t: { try: [{ both: { fork: { branches: [{ x: { call: 'x' } }, { y: { call: 'y' } }] } } }], catch: retrying(1) } }] }
    const world = execute(doc, 1, { y: [failure(), ok(1)] })

    expect(world.calls.map(({ name, place, step, attempt }) => `${name} ${place} ${step}.${attempt}`)).to.deep.equal(
      ['x /2/0 1.1', 'y /2/1 1.1', 'x /2/0 1.2', 'y /2/1 1.2'])
    expect(world.ledger.size).to.equal(2)
  })

  it('raises in a catch outwards', () => {
    const doc: Doc = {
      do: [{ out: { try: [{ t: { try: [{ a: { call: 'a' } }], catch: { do: [{ again: { raise: { type: 'https://x/y', status: 418 } } }] } } }], catch: { do: [{ h: { set: '${ $error.status }' } }] } } }]
    }

    expect(execute(doc, 1, { a: failure() }).outcome).to.deep.equal(completed(418))
  })
})

describe('execution: timeout and cancel', () => {
  it('interrupts the call in a task that is not done in time; a try around may handle it', () => {
    const inner: DocList = [{ slow: { timeout: 50, do: [{ a: { call: 'a' } }] } }]
    const a = (): { output: unknown, afterMs: number } => ({ output: 1, afterMs: 100 })

    const error = errorOf(execute({ do: inner }, 1, { a }))
    expect(error).to.include({ type: 'https://serverlessworkflow.io/spec/1.0.0/errors/timeout', status: 408, instance: '/do/0/slow' })
    const world = execute({ do: [{ t: { try: inner, catch: { do: [{ h: { set: '${ $error.status }' } }] } } }, { pause: { wait: 200 } }] }, 1, { a })
    expect(world.outcome).to.deep.equal(completed(408))
    expect(world.counters).to.include({ interrupt: 1, late: 1, decision: 1 })
  })

  it('closes the children of a task that is not done in time', () => {
    const doc: Doc = { do: [{ both: { timeout: 50, fork: { branches: [{ a: { call: 'a' } }, { b: { wait: 500 } }] } } }] }
    const world = execute(doc, 1)

    expect(errorOf(world)).to.include({ status: 408, instance: '/do/0/both' })
    expect(world.counters).to.include({ closeChildren: 1, decision: 1 })
  })

  it('is decided once when a task with a timeout is done in time', () => {
    const world = execute({ do: [{ quick: { timeout: 50, call: 'a' } }, { pause: { wait: 100 } }] }, 1)

    expect(world.outcome).to.deep.equal(completed(1))
    expect(world.counters).to.include({ decision: 1 })
    expect(world.calls[0]).to.include({ deadlineAt: 1_000_050 })
  })

  it('ends the whole workflow at its timeout', () => {
    expect(errorOf(execute({ timeout: 30, do: [{ a: { wait: 100 } }] }))).to.include({ status: 408, instance: '/timeout' })
  })

  it('does not retry an exclusive call that a timeout cut off', () => {
    const doc: Doc = { do: [{ t: { try: [{ a: { call: 'a', exclusive: true, timeout: 5 } }], catch: { ...retrying(3), do: [{ h: { set: 'by hand' } }] } } }] }
    const world = execute(doc, 1, { a: () => ({ output: 1, afterMs: 100 }) })

    expect(world.calls.map(({ effects }) => effects)).to.deep.equal(['exclusive'])
    expect(world.outcome).to.deep.equal(completed('by hand'))
  })

  it('does not retry around children of which one may have made an exclusive call', () => {
    const charge = { charge: { call: 'charge', exclusive: true as const } }
    const around = (fork: DocTask): DocTask => ({ try: [{ both: fork }], catch: { ...retrying(3), do: [{ h: { set: 'by hand' } }] } })
    const run = (fork: DocTask, charged: () => FunctionResult & { afterMs: number }): unknown[] => {
      const world = execute({ do: [{ t: around(fork) }] }, 1, { charge: charged, other: failure() })
      expect(world.outcome).to.deep.equal(completed('by hand'))
      return world.calls.filter(({ name }) => name === 'charge')
    }

    expect(run({ fork: { branches: [charge] } }, () => ({ ...failure(503, {}, false), afterMs: 5 }))).to.have.length(1)
    expect(run({ fork: { branches: [charge] }, timeout: 20 }, () => ({ ...failure(), afterMs: 90 }))).to.have.length(1)
    expect(run({ fork: { branches: [charge, { other: { call: 'other' } }] } }, () => ({ ...failure(), afterMs: 90 }))).to.have.length(1)
  })

  it('cancels: the call is interrupted, children are closed, the rest is over', () => {
    const call = execute({ do: [{ a: { call: 'a' } }] }, 1, {}, { cancelAtMs: 5 })
    const fork = execute({ do: [{ f: { fork: { branches: [{ a: { call: 'a' } }, { b: { call: 'b' } }] } } }] }, 1, {}, { cancelAtMs: 5 })

    expect(call.outcome).to.deep.equal({ status: 'cancelled', reason: 'asked' })
    expect(call.counters).to.include({ interrupt: 1, decision: 1, cancelled: 1 })
    expect(fork.counters).to.include({ closeChildren: 1 })
  })
})
