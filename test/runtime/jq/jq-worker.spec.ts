import { expect } from 'chai'
import { JqWorker } from '../../../src/runtime/jq/index.js'
import { UnavailableError } from '../../../src/errors.js'

describe('the jq worker', () => {
  let worker: JqWorker
  beforeEach(() => { worker = new JqWorker() })
  afterEach(async () => { await worker.close() })

  it('answers all programs of a call in order, each with its own error', async () => {
    const answers = await worker.evaluate({
      programs: ['.a | test("^b.*d$")', 'error("no")', 'def f: . + 1; $x | f', 'empty', '1 # a comment'],
      input: { a: 'bcd' }, vars: { x: 41, unused: 1 }, deadlineMs: 5000
    })

    expect(answers).to.deep.equal([
      { kind: 'value', value: true }, { kind: 'error', message: 'no' }, { kind: 'value', value: 42 },
      { kind: 'value', value: null }, { kind: 'value', value: 1 }])
  })

  it('takes the first output, and does not hear of an error after it', async () => {
    const answers = await worker.evaluate({ programs: ['(1, error("late"))'], input: null, vars: {}, deadlineMs: 5000 })

    expect(answers).to.deep.equal([{ kind: 'value', value: 1 }])
  })

  it('lets no program out of its place', async () => {
    const call = { programs: ['1)] , [(2'], input: null, vars: {}, deadlineMs: 5000 }

    const error = await worker.evaluate(call).then(() => undefined, (err: Error) => err)

    expect(error?.name).to.equal('InvalidInputError')
  })

  it('ends a program at its deadline and answers the next call with a new thread', async () => {
    const endless = worker.evaluate({ programs: ['def f: f; f'], input: null, vars: {}, deadlineMs: 300 })
    const after = worker.evaluate({ programs: ['1 + 1'], input: null, vars: {}, deadlineMs: 5000 })

    expect((await endless)[0]).to.deep.equal({ kind: 'error', message: 'the expression: no answer within 300 ms' })
    expect(await after).to.deep.equal([{ kind: 'value', value: 2 }])
  })

  it('says which limit an output passed', async () => {
    const small = new JqWorker({ maxOutputBytes: 100 })

    const answers = await small.evaluate({ programs: ['[range(100)]', '7'], input: null, vars: {}, deadlineMs: 5000 })
    await small.close()

    expect(answers[0]).to.have.property('message').that.matches(/MAX_DATA_BYTES/)
    expect(answers[1]).to.deep.equal({ kind: 'value', value: 7 })
  })

  it('names a variable that is missing', async () => {
    const answers = await worker.evaluate({ programs: ['$gone', '$__in', '$x'], input: null, vars: { x: 1 }, deadlineMs: 5000 })

    expect(answers).to.deep.equal([{ kind: 'error', message: '$gone is not defined' },
      { kind: 'error', message: '$__in is not defined' }, { kind: 'value', value: 1 }])
  })

  it('starts with the first call and stops when idle', async () => {
    const lazy = new JqWorker({ idleMs: 20 })

    const before = lazy.running
    await lazy.evaluate({ programs: ['.'], input: 1, vars: {}, deadlineMs: 5000 })
    const during = lazy.running
    await new Promise(resolve => setTimeout(resolve, 100))

    expect([before, during, lazy.running]).to.deep.equal([false, true, false])
    expect(await lazy.evaluate({ programs: ['.'], input: 2, vars: {}, deadlineMs: 5000 })).to.deep.equal([{ kind: 'value', value: 2 }])
    await lazy.close()
  })

  it('refuses calls that wait when it is closed', async () => {
    const waiting = worker.evaluate({ programs: ['def f: f; f'], input: null, vars: {}, deadlineMs: 5000 })
    const outcome = waiting.then(() => undefined, (err: Error) => err)

    await worker.close()

    expect(await outcome).to.be.instanceOf(UnavailableError)
  })
})
