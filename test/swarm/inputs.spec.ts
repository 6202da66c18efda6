/** Inputs at and over the limits, and many at once. */
import { expect } from 'chai'
import { MAX_API_BODY_BYTES, MAX_JSON_DEPTH } from '../../src/limits.js'
import type { ExecutionView } from '../../src/sidecar/port.js'
import { flowmesh, until } from '../../scripts/support/local-mesh.js'
import { swarmOf } from './suite.js'

const MANY = 1000
const FORKS = 600
const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))
const UNICODE = { 'ключ 🔑': ['日本語', 'مرحبا', 'e\u0301', '\u0000\u001f', '\u2028', '👩‍👩‍👧‍👦', '\ud800'], '': ' ', '__proto__x': 'ß', 'a/b~c': '~1' }

describe('swarm: inputs', function () {
  this.timeout(120_000)
  const swarm = swarmOf(['north', 'south', 'east'])

  const INPUTS: [what: string, input: unknown][] = [
    ['null', null], ['nothing', undefined], ['of 5 MB', 'x'.repeat(5_000_000)], ['of 5 MB in many values', Array.from({ length: 500_000 }, (_, i) => i * 7919)],
    ['of deep nesting', nested(MAX_JSON_DEPTH - 10)], ['of unicode everywhere', UNICODE]
  ]
  for (const [what, input] of INPUTS) {
    it(`gives back an input ${what} as it was, read from another peer; its neighbour ends`, async () => {
      const beside = await swarm.neighbour('north')

      const view = await swarm.ended('south', await swarm.start('east', 'echo', input))

      expect(view.status, JSON.stringify(view.error)).to.equal('completed')
      expect(view.output).to.deep.equal(input ?? null)
      await beside.ends('east')
    })
  }

  const REFUSED: [what: string, body: string, status: number, detail: RegExp][] = [
    ['over the limit of a body', JSON.stringify({ workflow: 'echo', input: 'x'.repeat(MAX_API_BODY_BYTES) }), 413, /limit is 17825792/],
    ['nested deeper than the limit', `{"workflow":"echo","input":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400, /nests deeper than 256 levels/],
    ['that is no JSON', '{"workflow":"echo",\n"input":}', 400, /not JSON/],
    ['that is empty', '', 400, /empty/],
    ['with a field nobody knows', '{"workflow":"echo","inptu":1}', 400, /inptu/],
    ['of a workflow that is not there', '{"workflow":"nowhere"}', 404, /nowhere/],
    ['with a copy too many', '{"workflow":"echo","copies":99}', 400, /copies/]
  ]
  for (const [what, body, status, detail] of REFUSED) {
    it(`refuses a start ${what}; its neighbour ends`, async () => {
      const beside = await swarm.neighbour('south')

      const answer = await swarm.call('south', 'POST', '/v1/executions', body)

      expect(answer.status).to.equal(status)
      expect(answer.body.detail).to.match(detail)
      expect(answer.headers.get('content-type')).to.equal('application/problem+json')
      await beside.ends('south')
    })
  }

  it('says where in its own text a command line input is wrong', async () => {
    const file = await swarm.write('input.json', '{"a":\n]')

    const ended = await flowmesh(['run', 'echo', '--input', `@${file}`, '--api', swarm.peer('north').api])

    expect(ended).to.include({ code: 2, stdout: '' })
    expect(ended.stderr).to.contain(file).and.to.contain('--input')
  })

  it('takes names in unicode from end to end', async () => {
    await swarm.workflow('north', 'unicode', 'do:\n  - größe 📦:\n      set:\n        цена: ${ .["цена"] + 1 }\n        注: ${ "\\(.["注"])✓" }\n')

    const view = await swarm.run('south', 'unicode', { 'цена': 1, '注': '意' })

    expect(view.output).to.deep.equal({ 'цена': 2, '注': '意✓' })
    expect(view.tasks.map(({ task }) => task)).to.deep.equal(['/do/0/größe 📦'])
  })

  it(`ends ${MANY} executions started at once, and the neighbour beside them`, async () => {
    const beside = await swarm.neighbour('north')
    const { url } = swarm.outside
    const names = ['north', 'south', 'east']

    const ids = await Promise.all(Array.from({ length: MANY }, async (_, i) => await startPatiently(names[i % 3]!, 'visit-once', { outside: url, i })))
    const ended = await until(`${MANY} end`, 90_000, async () => {
      const views = await Promise.all(ids.slice(-3).map(async id => (await swarm.call<ExecutionView>('north', 'GET', `/v1/executions/${id}`)).body))
      return views.every(({ final }) => final) ? true : undefined
    })
    const views: ExecutionView[] = []
    for (let from = 0; from < MANY; from += 50) {
      views.push(...await Promise.all(ids.slice(from, from + 50).map(async id => await swarm.ended('south', id))))
    }

    expect(ended).to.equal(true)
    expect(views.filter(({ status }) => status !== 'completed').map(({ id, error }) => [id, error])).to.deep.equal([])
    expect(views.map(({ output }) => (output as { i: number }).i)).to.deep.equal(Array.from({ length: MANY }, (_, i) => i))
    expect(new Set(ids).size).to.equal(MANY)
    await beside.ends('east')
  })

  it(`ends ${FORKS} forks started at once, with outcomes that are final`, async () => {
    await swarm.workflow('north', 'forks', 'do:\n  - all: { fork: { branches: [{ a: { call: visit } }, { b: { call: visit } }, { c: { call: visit } }] } }\n  - out: { set: { n: "${ length }" } }\n')

    const ids = await Promise.all(Array.from({ length: FORKS }, async (_, i) => await startPatiently(['north', 'south', 'east'][i % 3]!, 'forks', { outside: swarm.outside.url })))
    const views: ExecutionView[] = []
    for (const id of ids) views.push(await swarm.ended('south', id))

    expect(views.filter(({ status, output }) => status !== 'completed' || (output as { n: number }).n !== 3).map(({ id, error, output }) => [id, error, output])).to.deep.equal([])
    for (const id of ids) expect(swarm.outside.keys(id).size).to.equal(3)
  })

  /** A peer that has as much as it can hold says so (429), and nothing was done. */
  async function startPatiently (at: string, workflow: string, input: unknown): Promise<string> {
    return await until('an execution is accepted', 60_000, async () => {
      const { status, body } = await swarm.call<{ id: string }>(at, 'POST', '/v1/executions', { workflow, input })
      if (status !== 202 && status !== 429) throw new Error(`${status} ${JSON.stringify(body)}`)
      return status === 202 ? body.id : undefined
    })
  }
})
