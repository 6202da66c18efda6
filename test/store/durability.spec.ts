import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStateDir } from '../../src/store/index.js'
import type { ChildProcess } from 'node:child_process'

const writer = join(process.cwd(), 'build/test/store/writer.js')

describe('durability of the store', () => {
  let base: string
  let path: string
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'flowmesh-durability-'))
    path = join(base, 'state')
  })
  afterEach(async () => { await rm(base, { recursive: true, force: true }) })

  async function missing (acknowledged: number[]): Promise<number[]> {
    const dir = await openStateDir(path)
    const lost = []
    for (const n of acknowledged) if (await dir.store.get(`record/${n}`) === undefined) lost.push(n)
    await dir.close()
    return lost
  }

  for (const [name, env] of [['at a moment of its own', {}], ['before a sync', { FLOWMESH_FAILPOINTS: 'store.before-sync=kill@60' }],
    ['after a sync nobody was told of', { FLOWMESH_FAILPOINTS: 'store.after-sync=kill@60' }]] as const) {
    it(`has every acknowledged record after a kill ${name}`, async () => {
      const child = spawn(process.execPath, [writer, path], { env: { ...process.env, ...env } })
      const lines = collect(child)
      if (name === 'at a moment of its own') {
        const enough = 150 + Math.random() * 500
        child.stdout.on('data', () => { if (lines().length > enough) child.kill('SIGKILL') })
      }
      const [, signal] = await once(child, 'close') as [number | null, string | null]

      const acknowledged = lines().map(Number)

      expect(signal).to.equal('SIGKILL')
      expect(acknowledged.length).to.be.above(100)
      expect(await missing(acknowledged)).to.deep.equal([])
    })
  }

  it('stops at the first write error of the disk, and has every acknowledged record after reopening', async () => {
    // A limit on the size of files makes the system refuse the write as a full disk does, without being root.
    const child = spawn('sh', ['-c', `ulimit -f 256; exec "${process.execPath}" "${writer}" "${path}"`])
    const lines = collect(child)
    const [code] = await once(child, 'close') as [number | null]

    const acknowledged = lines().filter(line => /^\d+$/.test(line)).map(Number)

    expect(code).to.equal(9)
    expect(lines().filter(line => line.startsWith('failed'))).to.deep.equal(['failed StoreFailedError'])
    expect(lines().at(-1)).to.equal('later StoreFailedError')
    expect(acknowledged.length).to.be.above(20)
    expect(await missing(acknowledged)).to.deep.equal([])
  })
})

/** Whole lines the child has printed so far. */
function collect (child: ChildProcess): () => string[] {
  let text = ''
  child.stdout!.on('data', (chunk: Buffer) => { text += chunk.toString() })
  child.stderr!.pipe(process.stderr)
  return () => text.split('\n').slice(0, -1)
}
