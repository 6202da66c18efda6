import { expect } from 'chai'
import { foldExecution, idempotencyKey, mapTraceValues, standardError } from '../../src/execution/index.js'
import { matchesFilter } from '../../src/execution/fault.js'
import { countTry } from '../../src/execution/tries.js'
import type { Runs } from '../../src/execution/tries.js'
import { execute, failure } from './execute.js'
import type { Doc } from './plans.js'

const doc: Doc = {
  do: [
    { t: { try: [{ a: { call: 'a' } }], catch: { retry: { limit: { attempts: 1 } } } } },
    { race: { fork: { compete: true, branches: [{ quick: { call: 'quick' } }, { slow: { wait: 900 } }] } } }
  ]
}

describe('execution: view', () => {
  it('folds the records of all branches into one row a task and attempt', () => {
    const fold = foldExecution(execute(doc, 1, { a: [failure(), { output: 2 }], quick: { output: 3 } }).records)

    expect(fold).to.include({ status: 'completed', output: 3, startedAt: '1970-01-01T00:16:40.000Z', endedAt: '1970-01-01T00:16:40.031Z' })
    expect(fold.tasks.map(({ task, branch, step, attempt, status }) => [task.split('/').pop(), branch, `${step}.${attempt}`, status])).to.deep.equal([
      ['t', 'root', '1.1', 'completed'],
      ['a', 'root', '2.1', 'faulted'],
      ['a', 'root', '2.2', 'completed'],
      ['race', 'root', '3.1', 'completed'],
      ['quick', 'root/2.0'.replace('2', '3'), '1.1', 'completed'],
      ['slow', 'root/3.1', '1.1', 'cancelled']
    ])
    expect(fold.tasks[1]).to.deep.include({ input: 1, error: { ...(failure() as { error: object }).error, instance: '/do/0/t/try/0/a' } })
    expect(fold.tasks[2]).to.deep.include({ input: 1, output: 2 })
  })

  it('shows what runs at the peer that was named next, and keeps superseded rows apart', () => {
    const { records } = execute(doc, 1, { a: { output: 2 } })
    const [first] = records
    if (first === undefined) throw new Error('no record')
    const fold = foldExecution([{ ...first, next: 'q' }, { ...first, peer: 'old', superseded: true }])

    expect(fold.status).to.equal('running')
    expect(fold.tasks.map(({ task, status, peer, superseded }) => [task, status, peer, superseded])).to.deep.equal([
      ['/do/0/t', 'running', 'q', undefined], ['/do/0/t/try/0/a', 'running', 'q', undefined],
      ['/do/0/t', 'running', 'old', true], ['/do/0/t/try/0/a', 'running', 'old', true]
    ])
  })

  it('maps the values of a trace, and gives the same when nothing changed', () => {
    const trace = [{ task: 'a', step: 1, attempt: 1, status: 'completed' as const, startedAt: 1, input: 'big', output: 'big' }]

    expect(mapTraceValues(trace, value => value)).to.equal(trace)
    expect(mapTraceValues(trace, () => 0)).to.deep.equal([{ ...trace[0], input: 0, output: 0 }])
  })
})

describe('execution: keys, tries, errors', () => {
  it('makes keys that differ in every part and depend on nothing else', () => {
    const keys = [['m', 'x', '', 1], ['n', 'x', '', 1], ['m', 'y', '', 1], ['m', 'x', '/1/0', 1], ['m', 'x', '', 2], ['mx', '', '', 1], ['m', 'x', '/1', 1]] as const

    expect(new Set(keys.map(([mesh, execution, place, step]) => idempotencyKey(mesh, execution, place, step))).size).to.equal(keys.length)
    expect(idempotencyKey('m', 'x', '/1/0', 1)).to.match(/^[0-9a-f]{32}$/).and.equal(idempotencyKey('m', 'x', '/1/0', 1))
  })

  it('counts tries per step in few numbers', () => {
    let runs: Runs = []
    const enter = (...steps: number[]): number[] => steps.map(step => {
      const counted = countTry(runs, step)
      runs = counted.runs
      return counted.count
    })

    expect(enter(2, 3, 4, 5)).to.deep.equal([1, 1, 1, 1])
    expect(enter(2, 3, 4)).to.deep.equal([2, 2, 2])
    expect(enter(4, 4)).to.deep.equal([3, 4])
    expect(enter(2, 3, 4, 5, 6)).to.deep.equal([3, 3, 5, 2, 1])
    expect(runs).to.deep.equal([[2, 3, 3], [4, 4, 5], [5, 5, 2], [6, 6, 1]])
  })

  it('compares error types by every address they have had, and bounds texts', () => {
    const error = standardError('communication', 'x'.repeat(9000), '/do/0/a', 404)

    expect(error.detail).to.have.length(4096)
    expect(matchesFilter(error, { type: 'https://open-workflow-specification.org/dsl/errors/types/communication', status: 404 })).to.equal(true)
    expect(matchesFilter(error, { type: 'https://example.com/communication' })).to.equal(false)
    expect(matchesFilter(error, { instance: '/do/1/b' })).to.equal(false)
  })
})
