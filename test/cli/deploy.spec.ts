/** `deploy` and `validate`: real folders, packing and compiling; the API behind has its ports in memory. */
import { expect } from 'chai'
import { cp, symlink, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { manifest as controlShape } from '../../src/control/tables/functions.js'
import type { RunningApi } from '../../src/api/ports.js'
import { inProcess, serve } from '../api/ports-in-process.js'
import type { InProcess } from '../api/ports-in-process.js'
import { flowmesh } from './command.js'

const WORKFLOW = `document:
  dsl: '1.0.0'
  namespace: default
  name: checkout
  version: 1.0.0
do:
  - pay:
      call: payment
      with: { amount: 5 }
`

describe('flowmesh deploy and validate (edge)', function () {
  this.timeout(30_000)
  let peer: InProcess
  let api: RunningApi
  let folder: string
  let env: Record<string, string>

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flowmesh-deploy-'))
    peer = inProcess()
    api = await serve(peer)
    env = { FLOWMESH_API: api.url }
  })
  afterEach(async () => {
    await api.close()
    await rm(folder, { recursive: true, force: true })
  })

  const write = async (files: Record<string, string>): Promise<void> => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(folder, name, '..'), { recursive: true })
      await writeFile(join(folder, name), text)
    }
  }
  const manifest = (more = ''): string => `name: payment\nversion: 1.0.0\nruntime: js\nentry: index.mjs\n${more}`

  it('deploys a tree, functions first, and the second time says that nothing changed', async () => {
    await write({
      'a-flows/checkout.yaml': WORKFLOW, 'a-flows/input.json': '{"amount": 5}', 'payment/function.yaml': manifest('timeout: 5s\n'),
      'payment/index.mjs': 'export default async input => input\n', 'payment/data.yaml': 'document: no workflow, but the function\'s own\n'
    })

    const first = await flowmesh(['deploy', folder], env)
    const second = await flowmesh(['deploy', folder], env)

    expect(first).to.deep.equal({ code: 0, stdout: 'created   function payment:1.0.0\ncreated   workflow checkout:1.0.0\n', stderr: '' })
    expect(second.stdout).to.equal('unchanged function payment:1.0.0\nunchanged workflow checkout:1.0.0\n')
    expect(peer.view.functions.get('payment:1.0.0')?.manifest).to.include({ timeoutMs: 5000, entry: 'index.mjs' })
  })

  it('prints what it did as one JSON value', async () => {
    await write({ 'checkout.yaml': WORKFLOW })

    const { stdout } = await flowmesh(['deploy', join(folder, 'checkout.yaml'), '--json'], env)

    expect(JSON.parse(stdout)).to.deep.equal([
      { kind: 'workflow', name: 'checkout', version: '1.0.0', created: true, file: join(folder, 'checkout.yaml'), warnings: [] }
    ])
  })

  it('exits 1 when a deployed version has other content', async () => {
    await write({ 'payment/function.yaml': manifest(), 'payment/index.mjs': 'export default async () => 1\n' })
    await flowmesh(['deploy', folder], env)
    await write({ 'payment/index.mjs': 'export default async () => 2\n' })

    const { code, stderr } = await flowmesh(['deploy', folder], env)

    expect([code, stderr]).to.deep.equal([1, 'flowmesh: function payment:1.0.0 exists with other content\n'])
  })

  it('deploys nothing when one of the files is wrong, and names file, line and field', async () => {
    await write({ 'payment/function.yaml': manifest(), 'payment/index.mjs': '', 'flow.yaml': WORKFLOW.replace('call: payment', 'cal: payment') })

    const { code, stdout, stderr } = await flowmesh(['deploy', folder], env)

    expect([code, stdout, peer.view.functions.size]).to.deep.equal([2, '', 0])
    expect(stderr).to.match(/^flowmesh: \S+flow\.yaml:\d+:\d+: \/do\/0\/pay/).and.not.match(/flow\.yaml.*flow\.yaml/)
  })

  it('names the field of a manifest that is wrong', async () => {
    for (const [wrong, field] of [['entry: ../index.mjs', 'entry'], ['entry: /index.mjs', 'entry'], ['runtime: cobol', 'runtime'], ['name: "a b"', 'name']] as const) {
      await write({ 'payment/function.yaml': manifest().replace(new RegExp(`^${field}: .*$`, 'm'), wrong) })

      const { code, stderr } = await flowmesh(['deploy', folder], env)

      expect(code, wrong).to.equal(2)
      expect(stderr, wrong).to.contain(join('payment', 'function.yaml')).and.contain(field)
    }
  })

  it('deploys every form of a manifest that it says is valid, in the words of the control plane', async () => {
    const forms = ['timeout: PT30S', 'timeout: { seconds: 30 }', 'timeout: 24h', 'warm: { minimum: 2, keep: PT5M }', `requires: { ${'k'.repeat(128)}: ${'v'.repeat(128)} }`,
      'resources: { cpus: 0.5, memory: 0.5 GiB, accelerators: { Nvidia_A100: 1 } }', 'concurrency: 1000', 'entry: ./lib/index.mjs']
    await write({ 'payment/index.mjs': '', 'payment/lib/index.mjs': '' })

    for (const [at, form] of forms.entries()) {
      const base = manifest().replace('1.0.0', `1.0.${at}`)
      await write({ 'payment/function.yaml': form.startsWith('entry') ? base.replace(/^entry.*$/m, form) : base + form })
      const { code, stderr } = await flowmesh(['deploy', folder], env)

      expect([code, stderr], form).to.deep.equal([0, ''])
      const deployed = peer.view.functions.get(`payment:1.0.${at}`)?.manifest
      expect(controlShape.safeParse(deployed).error?.message, form).to.equal(undefined)
    }
  })

  it('refuses what no peer would take, before anything is sent', async () => {
    await write({ 'payment/index.mjs': '' })
    for (const [wrong, says] of [['timeout: 25h', 'at most 24h'], ['warm: { keep: 8d }', 'at most 7d'], ['entry: other.mjs', 'there is no file other.mjs'], ['entry: .', 'entry']] as const) {
      const base = manifest()
      await write({ 'payment/function.yaml': wrong.startsWith('entry') ? base.replace(/^entry.*$/m, wrong) : base + wrong })
      const both = await Promise.all(['validate', 'deploy'].map(async verb => await flowmesh([verb, folder], env)))

      expect(both.map(({ code }) => code), wrong).to.deep.equal([2, 2])
      expect(both[1]?.stderr, wrong).to.contain(says).and.contain('function.yaml')
    }
    expect(peer.view.functions.size).to.equal(0)
  })

  it('says what a path lacks', async () => {
    await write({ 'notes.txt': 'x', 'data.json': '{}' })

    const [none, empty, text] = await Promise.all([join(folder, 'none'), folder, join(folder, 'notes.txt')].map(async path => await flowmesh(['deploy', path], env)))

    expect([none?.code, empty?.code, text?.code]).to.deep.equal([2, 2, 2])
    expect(empty?.stderr).to.contain('neither a function.yaml nor workflows')
  })

  it('passes by what is no workflow whatever its size, and names one that is too large or cannot be read', async () => {
    await write({ 'data.json': '"' + 'x'.repeat(400_000) + '"', 'checkout.yaml': WORKFLOW })
    const good = await flowmesh(['deploy', folder, '--json'], env)
    await write({ 'large.yaml': WORKFLOW + '#'.repeat(400_000) })
    await mkdir(join(folder, 'folder.yaml', 'file.yaml'), { recursive: true })
    const large = await flowmesh(['deploy', folder], env)
    const [named, looped] = await Promise.all([join(folder, 'data.json'), join(folder, 'loop.yaml')].map(async (path, at) => {
      if (at === 1) await symlink(path, path)
      return await flowmesh(['validate', path])
    }))

    expect([good.code, large.code, named?.code, looped?.code]).to.deep.equal([0, 2, 2, 2])
    expect(large.stderr).to.match(/large\.yaml has 400\d{3} bytes; the limit is 262144/)
    expect(named?.stderr).to.match(/data\.json has 400002 bytes/)
  })

  it('validates without a peer, each file by itself', async () => {
    await cp('examples/checkout', join(folder, 'checkout'), { recursive: true })
    await write({ 'bad.yaml': WORKFLOW.replace("dsl: '1.0.0'", 'dsl: 7') })

    const good = await flowmesh(['validate', join(folder, 'checkout')])
    const both = await flowmesh(['validate', join(folder, 'checkout', 'checkout.yaml'), join(folder, 'bad.yaml'), '--json'])

    expect([good.code, both.code]).to.deep.equal([0, 2])
    expect(good.stdout).to.match(/checkout\.yaml: checkout:\S+ is valid/)
    const results = JSON.parse(both.stdout) as { valid: boolean, error?: { line: number, field: string } }[]
    expect(results.map(({ valid }) => valid)).to.deep.equal([true, false])
    expect(results[1]?.error).to.include({ line: 2, field: '/document/dsl' })
  })
})
