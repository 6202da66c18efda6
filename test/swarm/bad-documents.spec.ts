/** Workflows and manifests that are wrong: each is refused by field and line, and the execution beside it ends. */
import { expect } from 'chai'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { flowmesh } from '../../scripts/support/local-mesh.js'
import { swarmOf } from './suite.js'
import type { Neighbour } from './suite.js'
import type { Answer, Problem } from './suite.js'

const HEAD = 'document:\n  dsl: 1.0.3\n  namespace: test\n  name: wrong\n  version: 1.0.0\n'
const aliases = (count: number): string => Array.from({ length: count }, () => '*').join('')

/** Each level holds nine of the one below it: 9 to the power of 12 values from a few hundred bytes. */
const BOMB = HEAD + 'do:\n  - a:\n      set:\n        l0: &l0 x\n' + Array.from({ length: 12 }, (_, i) =>
  `        l${i + 1}: &l${i + 1} [${aliases(9).split('').map(mark => `${mark}l${i}`).join(', ')}]\n`).join('')

const WORKFLOWS: [what: string, text: string, detail: RegExp, line: number, field?: string][] = [
  ['a YAML bomb', BOMB, /more than 200000 values once aliases are put in place/, 10],
  ['deep nesting', HEAD + 'do:\n  - a:\n      set: ' + '['.repeat(100_000) + '\n', /nested more than 256 deep/, 8],
  ['a wrong type', HEAD + 'do:\n  - a:\n      wait: 5\n', /wait/, 8, '/do/0/a/wait'],
  ['an unknown task', HEAD + 'do:\n  - a:\n      fly: { to: moon }\n', /fly/, 8, '/do/0/a/fly'],
  ['a task of the specification that is not built yet', HEAD + 'do:\n  - a:\n      listen: { to: { one: { with: { type: x } } } }\n', /listen.*not supported yet/, 8, '/do/0/a/listen'],
  ['a `then` out of its scope', HEAD + 'do:\n  - a:\n      set: { x: 1 }\n      then: inside\n  - b:\n      do:\n        - inside:\n            set: { x: 2 }\n', /task `inside` stands in another list/, 9, '/do/0/a/then'],
  ['a damaged expression', HEAD + 'do:\n  - a:\n      set:\n        x: ${ .a | | .b }\n', /\|/, 9, '/do/0/a/set/x']
]

describe('swarm: documents that are wrong', function () {
  this.timeout(60_000)
  const swarm = swarmOf(['north'])
  let beside: Neighbour
  beforeEach(async () => { beside = await swarm.neighbour('north') })

  for (const [what, text, detail, line, field] of WORKFLOWS) {
    it(`refuses ${what} by its line, over the API and on the command line`, async () => {
      const file = await swarm.write('wrong.yaml', text)

      const answer = await swarm.call('north', 'POST', '/v1/workflows', text)
      const ended = await flowmesh(['deploy', file, '--api', swarm.peer('north').api])

      expect(answer.status).to.equal(400)
      expect(answer.body.detail).to.match(detail)
      expect(answer.body.line, answer.body.detail).to.equal(line)
      if (field !== undefined) expect(answer.body.field).to.equal(field)
      expect({ code: ended.code, stdout: ended.stdout }).to.deep.equal({ code: 2, stdout: '' })
      expect(ended.stderr).to.match(detail).and.to.contain(`${file}:${line}:`)
      await beside.ends('north')
    })
  }

  it('warns of a function that is missing, and the execution that needs it waits or faults by its name', async () => {
    const { status, body } = await swarm.call<{ warnings: string[] }>('north', 'POST', '/v1/workflows', HEAD.replace('wrong', 'lacking') + 'do:\n  - a:\n      call: nobody-has-it\n')
    const id = await swarm.start('north', 'lacking')
    const view = await swarm.ended('north', id)

    expect(status).to.equal(201)
    expect(body.warnings.join()).to.contain('nobody-has-it')
    expect(view.status).to.equal('faulted')
    expect(`${view.error?.title} ${view.error?.detail}`).to.contain('nobody-has-it')
    expect(view.error?.instance).to.contain('/do/0/a')
    await beside.ends('north')
  })

  const ENTRIES: [what: string, entry: string][] = [
    ['an absolute path', '/etc/passwd.mjs'], ['a drive', 'C:/x.mjs'], ['`..`', '../../x.mjs'], ['`..` inside', 'a/../../x.mjs']
  ]
  for (const [what, entry] of ENTRIES) {
    it(`refuses a manifest whose entry has ${what}`, async () => {
      const folder = join(swarm.folder, 'outward')
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, 'function.yaml'), `name: outward\nversion: 1.0.0\nruntime: js\nentry: ${entry}\n`)

      const { body: { cid } } = await swarm.call<{ cid: string }>('north', 'PUT', '/v1/blobs', new Uint8Array([1, 2, 3]))
      const answer: Answer<Problem> = await swarm.call('north', 'POST', '/v1/functions', { name: 'outward', version: '1.0.0', runtime: 'js', entry, artefact: cid })
      const ended = await flowmesh(['deploy', folder, '--api', swarm.peer('north').api])

      expect(answer.status).to.equal(400)
      expect(answer.body.field).to.equal('entry')
      expect(ended.code).to.equal(2)
      expect(ended.stderr).to.contain(`${join(folder, 'function.yaml')}:4:`).and.to.contain('entry')
      await beside.ends('north')
    })
  }

  it('refuses a function whose bytes are no packed folder when it is called, by name', async () => {
    const { body: { cid } } = await swarm.call<{ cid: string }>('north', 'PUT', '/v1/blobs', new Uint8Array([9, 9, 9]))
    const answer = await swarm.call('north', 'POST', '/v1/functions', { name: 'garbled', version: '1.0.0', runtime: 'js', entry: 'index.mjs', artefact: cid })
    expect(answer.status).to.equal(201)
    await swarm.workflow('north', 'garbled', 'do:\n  - a: { call: garbled }\n')

    const view = await swarm.run('north', 'garbled')

    expect(view.status).to.equal('faulted')
    expect(`${view.error?.title} ${view.error?.detail}`).to.contain('garbled')
    await beside.ends('north')
  })
})
