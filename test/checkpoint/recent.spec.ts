import { expect } from 'chai'
import type { BranchRecord } from '../../src/branch/index.js'
import { Recent } from '../../src/checkpoint/recent.js'

const record = (execution: string, index: number, bytes = 0): BranchRecord => ({
  hash: `${execution}/${index}`, execution, branch: execution, index, prev: null, epoch: { generation: 0, set: 1, count: 0, peer: 'a' },
  writer: { peer: 'a', incarnation: '1' }, next: null, lineage: [], opens: [], open: [], takes: [], closes: [], needs: [],
  degraded: false, body: new Uint8Array(bytes)
})

describe('recent records', () => {
  it('answers only for executions it has kept from their beginning', () => {
    const recent = new Recent()
    recent.begin('whole')

    for (const execution of ['whole', 'joined later']) recent.add(record(execution, 0))

    expect(recent.get('whole')?.records.map(({ hash }) => hash)).to.deep.equal(['whole/0'])
    expect(recent.get('joined later')).to.equal(undefined)
  })

  it('says nothing of an execution of which nothing was saved yet', () => {
    const recent = new Recent()

    recent.begin('new')

    expect(recent.get('new')).to.equal(undefined)
  })

  it('knows which outcomes are final', () => {
    const recent = new Recent()
    recent.begin('one')
    recent.add(record('one', 0))

    const before = recent.get('one')?.final
    recent.end('one')

    expect([before, recent.get('one')?.final]).to.deep.equal([false, true])
  })

  it('drops the longest known whole, so that what it has of any is all of it', () => {
    const recent = new Recent()
    for (let i = 0; i < 30; i++) {
      recent.begin(`e${i}`)
      for (let index = 0; index < 4; index++) recent.add(record(`e${i}`, index, 200_000))
    }

    const kept = Array.from({ length: 30 }, (_, i) => recent.get(`e${i}`)?.records.length)

    expect(kept[0]).to.equal(undefined)
    expect(kept.at(-1)).to.equal(4)
    expect(new Set(kept)).to.deep.equal(new Set([undefined, 4]))
  })

  it('does not grow by executions of which nothing ever comes', () => {
    const recent = new Recent()
    recent.begin('first')
    recent.add(record('first', 0))

    for (let i = 0; i < 10_000; i++) recent.begin(`empty ${i}`)

    expect(recent.get('first')).to.equal(undefined)
  })
})
