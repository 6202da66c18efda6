/** What the README promises a newcomer: its function and its workflow, on three peers, with the one killed that executes. */
import '../../src/polyfill.js'
import '../support/ends-with-parent.js'
import { expect } from 'chai'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { flowmesh, LocalMesh, until } from '../../scripts/support/local-mesh.js'
import type { ExecutionView } from '../../src/sidecar/port.js'

describe('the README', function () {
  this.timeout(90_000)
  let mesh: LocalMesh
  let folder: string

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'flowmesh-readme-'))
    mesh = await LocalMesh.create()
  })
  after(async () => {
    await mesh.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('has a first workflow that ends although the peer that runs it is killed', async () => {
    await mesh.startMesh(['office', 'shop', 'warehouse'])
    const [office, shop] = [mesh.peer('office'), mesh.peer('shop')]
    const files = await writeBlocks(folder)
    const deployed = await flowmesh(['deploy', ...files, '--api', office.api])
    await until('the shop knows the workflow and every set is whole', 20_000, async () => await isReady(shop.api))

    const started = await flowmesh(['run', 'hello', '--input', '{"name":"Ada"}', '--detach', '--api', shop.api])
    const id = started.stdout.trim()
    await until('the first step is done', 10_000, async () => {
      const { stdout } = await flowmesh(['execution', id, '--json', '--api', office.api])
      return (JSON.parse(stdout) as ExecutionView).tasks.some(({ task, status }) => task === '/do/0/greet' && status === 'completed') ? true : undefined
    })
    await mesh.kill('shop')
    const followed = await flowmesh(['execution', id, '--watch', '--json', '--api', office.api])

    expect([deployed.code, started.code, followed.code]).to.deep.equal([0, 0, 0])
    const view = JSON.parse(followed.stdout) as ExecutionView
    expect(view).to.deep.include({ status: 'completed', final: true, output: { text: 'HELLO, ADA!' } })
    expect(view.tasks[0]?.peer).to.equal(shop.peer)
    expect(view.tasks.at(-1)?.peer).to.not.equal(shop.peer)
  })
})

/** Blocks that begin with the name of their file. Returns what is to be deployed. */
async function writeBlocks (folder: string): Promise<string[]> {
  const text = await readFile('README.md', 'utf8')
  for (const [, block = ''] of text.matchAll(/^```\w+\n([\s\S]*?)^```/gm)) {
    const [, name] = /^(?:#|\/\/) (\S+)\n/.exec(block) ?? []
    if (name === undefined) continue
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), block)
  }
  return [join(folder, 'greet'), join(folder, 'hello.yaml')]
}

async function isReady (api: string): Promise<true | undefined> {
  const get = async <T>(path: string): Promise<T> => await (await fetch(api + path, { signal: AbortSignal.timeout(5000) })).json() as T
  const workflows = await get<{ name: string }[]>('/v1/workflows')
  const sets = (await get<{ copies: number, replicas: string[], whole: boolean }[]>('/v1/sets')).filter(({ copies }) => copies === 2)
  return workflows.length > 0 && sets.length >= 3 && sets.every(({ replicas, whole }) => replicas.length === 2 && whole) ? true : undefined
}
