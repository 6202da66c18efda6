import { expect } from 'chai'
import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { armFailpoints } from '../../src/failpoints.js'
import { LevelStore } from '../../src/store/index.js'
import { metrics } from '../../src/telemetry.js'
import { storeContract } from './contract.js'

const folders: string[] = []
async function folder (): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'flowmesh-store-'))
  folders.push(path)
  return path
}

storeContract('disk', async () => LevelStore.open(await folder()))

describe('level-store', () => {
  after(async () => { await Promise.all(folders.map(path => rm(path, { recursive: true, force: true }))) })
  afterEach(() => { armFailpoints('') })

  const value = Buffer.from('x')

  it('has after reopening what it had before', async () => {
    const path = await folder()
    const first = await LevelStore.open(path)
    await first.batch([{ type: 'put', key: 'a', value }])
    await first.close()

    const second = await LevelStore.open(path)

    expect(Buffer.from((await second.get('a'))!).toString()).to.equal('x')
    await second.close()
  })

  it('writes what was handed in before it closes', async () => {
    const path = await folder()
    const first = await LevelStore.open(path)
    const writes = Array.from({ length: 20 }, (_, i) => first.batch([{ type: 'put', key: `k${i}`, value }]))
    await first.close()
    await Promise.all(writes)

    const second = await LevelStore.open(path)

    expect(await second.get('k19')).not.to.equal(undefined)
    await second.close()
  })

  it('shares one sync among the batches of one turn, and uses one for a batch alone', async () => {
    const store = await LevelStore.open(await folder())
    const syncs = metrics.counter('flowmesh_store_syncs_total')
    const before = syncs.value

    await Promise.all(Array.from({ length: 100 }, async (_, i) => {
      await Promise.resolve() // appended from promise jobs, as children of one join are
      await store.batch([{ type: 'put', key: `k${i}`, value }])
    }))
    const together = syncs.value - before
    await store.batch([{ type: 'put', key: 'alone', value }])

    expect(together).to.equal(1)
    expect(syncs.value - before - together).to.equal(1)
    await store.close()
  })

  it('bounds what shares a sync', async () => {
    const store = await LevelStore.open(await folder())
    const syncs = metrics.counter('flowmesh_store_syncs_total')
    const before = syncs.value
    const large = Buffer.alloc(3 << 20)

    await Promise.all(Array.from({ length: 6 }, (_, i) => store.batch([{ type: 'put', key: `k${i}`, value: large }])))

    expect(syncs.value - before).to.equal(3)
    await store.close()
  })

  it('keeps one file for each large value, also over reopening and after a batch that never ended', async () => {
    const path = await folder()
    const first = await LevelStore.open(path)
    await first.batch(['a', 'b', 'c'].map(key => ({ type: 'put', key, value: Buffer.alloc(200_000, key) })))
    await first.batch([{ type: 'delete', key: 'b' }, { type: 'put', key: 'c', value }])
    await first.close()
    await writeFile(join(path, 'large', '77'), 'written, and no batch names it')

    const second = await LevelStore.open(path)

    expect(await readdir(join(path, 'large'))).to.have.length(1)
    await second.batch([{ type: 'put', key: 'd', value: Buffer.alloc(200_000, 'd') }])
    expect((await second.get('a'))!.toString()).to.equal('a'.repeat(200_000))
    expect((await second.get('d'))!.toString()).to.equal('d'.repeat(200_000))
    await second.close()
  })

  it('stops rather than answer with a large value that is damaged', async () => {
    const path = await folder()
    const store = await LevelStore.open(path)
    await store.batch([{ type: 'put', key: 'a', value: Buffer.alloc(200_000) }])
    const [name] = await readdir(join(path, 'large'))
    await truncate(join(path, 'large', name!), 100)

    const err = await store.get('a').catch((err: Error) => err)

    expect(err).to.have.property('name', 'StoreFailedError')
    await store.close()
  })

  it('stops for good at the first write error and says so once', async () => {
    const store = await LevelStore.open(await folder())
    const told: Error[] = []
    store.onFailure(err => told.push(err))
    armFailpoints('store.before-sync=error')

    const results = await Promise.allSettled([1, 2, 3].map(i => store.batch([{ type: 'put', key: `k${i}`, value }])))
    const later = await Promise.allSettled([store.get('a'), store.batch([{ type: 'put', key: 'b', value }])])

    expect(told).to.have.length(1)
    for (const result of [...results, ...later]) expect(result).to.have.nested.property('reason', told[0])
    expect(told[0]).to.have.property('name', 'StoreFailedError')
    await store.close()
  })

  it('tells a listener that comes after the failure', async () => {
    const store = await LevelStore.open(await folder())
    armFailpoints('store.before-sync=error')
    await store.batch([{ type: 'put', key: 'k', value }]).catch(() => {})
    const told: Error[] = []

    store.onFailure(err => told.push(err))

    expect(told).to.have.length(1)
    await store.close()
  })
})
