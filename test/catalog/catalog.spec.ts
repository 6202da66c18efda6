import { expect } from 'chai'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ChunkRequest, Chunk } from '../../protocols/catalog.js'
import { packFiles } from '../../src/catalog/archive.js'
import { Catalog } from '../../src/catalog/index.js'
import { systemClock } from '../../src/clock.js'
import { contentId } from '../../src/workflow/content-id.js'
import { ARTEFACT_CHUNK_BYTES, MAX_ARTEFACT_BYTES } from '../../src/limits.js'
import { manifestOf } from '../control/commands.js'
import { Loopback, until } from '../control/loopback.js'
import type { FunctionManifest, MeshView } from '../../src/mesh-view.js'

const code = (text: string): Uint8Array => packFiles([{ path: 'index.mjs', executable: false, bytes: new TextEncoder().encode(text) }])
const manifestFor = (artefact: string, more: Partial<FunctionManifest> = {}): FunctionManifest => ({ ...manifestOf('f'), artefact, ...more })
const viewWith = (...artefacts: string[]): MeshView =>
  ({ functions: new Map(artefacts.map(cid => [cid, { manifest: manifestFor(cid), cid, deployedBy: 'a' }])) } as unknown as MeshView)

describe('the catalog', () => {
  let net: Loopback
  let dir: string
  const running: Catalog[] = []

  beforeEach(async () => {
    net = new Loopback()
    dir = await mkdtemp(join(tmpdir(), 'catalog-'))
  })
  afterEach(async () => {
    await Promise.all(running.splice(0).map(async catalog => { await catalog.stop() }))
    await rm(dir, { recursive: true })
  })

  async function start (name: string, providers: string[] = []): Promise<Catalog> {
    const catalog = new Catalog({ stateDir: join(dir, name), sessions: net.session(name), findProviders: () => providers, clock: systemClock })
    running.push(catalog)
    await catalog.start()
    return catalog
  }

  it('keeps bytes by content id, over a restart, and the same again is no change', async () => {
    const first = await start('a')
    const bytes = code('1')
    const { cid, size } = await first.put(bytes)
    await first.put(bytes)
    await first.stop()

    const again = await start('a')

    expect(size).to.equal(bytes.length)
    expect(cid).to.equal(contentId(bytes))
    expect(await again.has(cid)).to.equal(true)
    expect(new Uint8Array(await again.get(cid))).to.deep.equal(bytes)
    expect(await readdir(join(dir, 'a/artefacts'))).to.deep.equal([cid])
  })

  it('unpacks a function once for all who ask, and finds its entry', async () => {
    const catalog = await start('a')
    const { cid } = await catalog.put(code('export default 7'))

    const all = await Promise.all(Array.from({ length: 10 }, async () => await catalog.ensure(manifestFor(cid))))

    expect(new Set(all.map(({ folder }) => folder)).size).to.equal(1)
    expect(await readFile(all[0]!.entry, 'utf8')).to.equal('export default 7')
    expect(await readdir(join(dir, 'a/functions'))).to.deep.equal([cid])
  })

  it('says when the artefact has no such entry, or is no folder', async () => {
    const catalog = await start('a')
    const { cid } = await catalog.put(code('1'))
    const blob = await catalog.put(new TextEncoder().encode('no archive'))

    expect(await catalog.ensure(manifestFor(cid, { entry: 'main.mjs' })).catch((err: unknown) => err)).to.have.property('kind', 'invalid')
    expect(await catalog.ensure(manifestFor(blob.cid)).catch((err: unknown) => err)).to.have.property('kind', 'invalid')
    expect((await readdir(join(dir, 'a/functions'))).filter(name => name.startsWith('tmp'))).to.deep.equal([])
  })

  it('fetches large artefacts in chunks', async () => {
    const source = await start('a')
    const bytes = new Uint8Array(ARTEFACT_CHUNK_BYTES * 9 + 17).map((_, i) => i % 251)
    const { cid } = await source.put(bytes)
    const target = await start('b', ['a'])

    const fetched = await target.get(cid)

    expect(contentId(fetched)).to.equal(cid)
    expect(await target.has(cid)).to.equal(true)
  })

  it('uses another copy when one has a flipped byte, lies about its size, fails or is gone', async () => {
    const good = await start('good')
    const bytes = code('export default "good"')
    const { cid } = await good.put(bytes)
    const flipped = await start('flipped')
    await flipped.put(bytes)
    const damaged = Uint8Array.from(bytes)
    damaged[30]! ^= 1
    await writeFile(join(dir, 'flipped/artefacts', cid), damaged)
    net.session('liar').onRequest('catalog/chunk', () => Chunk.encode({ found: true, size: 1e15, bytes: new Uint8Array(10) }))
    net.session('short').onRequest('catalog/chunk', () => Chunk.encode({ found: true, size: 100, bytes: new Uint8Array(10) }))
    net.session('broken').onRequest('catalog/chunk', () => { throw new Error('disk on fire') })
    await start('empty')
    const target = await start('target', ['gone', 'flipped', 'liar', 'short', 'broken', 'empty', 'good'])

    const { entry } = await target.ensure(manifestFor(cid))

    expect(await readFile(entry, 'utf8')).to.equal('export default "good"')
  })

  it('says who was asked in vain, and tries anew when asked again', async () => {
    const source = await start('a')
    const target = await start('b', ['a', 'gone'])
    const bytes = code('late')

    const refused: unknown = await target.ensure(manifestFor(contentId(bytes))).catch((err: unknown) => err)
    await source.put(bytes)

    expect(refused).to.have.property('kind', 'unavailable')
    expect(refused).to.have.deep.property('owes', ['a', 'gone'])
    expect((await target.ensure(manifestFor(contentId(bytes)))).folder).to.be.a('string')
  })

  it('takes a copy that rotted on its own disk away and fetches another', async () => {
    const source = await start('a')
    const { cid } = await source.put(code('1'))
    const target = await start('b', ['a'])
    await target.get(cid)
    await writeFile(join(dir, 'b/artefacts', cid), 'rotten')

    expect(contentId(await target.get(cid))).to.equal(cid)
    expect(contentId(new Uint8Array(await readFile(join(dir, 'b/artefacts', cid))))).to.equal(cid)
  })

  it('has small artefacts before they are called for, and leaves large ones to the first call', async () => {
    const source = await start('a')
    const small = await source.put(code('small'))
    const large = await source.put(new Uint8Array(3 * 1024 * 1024))
    const target = await start('b', ['a'])

    target.follow(viewWith(small.cid, large.cid))

    await until(() => net.requests >= 2)
    await new Promise(resolve => setTimeout(resolve, 100))
    expect(await target.has(small.cid)).to.equal(true)
    expect(await target.has(large.cid)).to.equal(false)
  })

  it('unpacks anew after a start what an earlier process may have changed', async () => {
    const first = await start('a')
    const { cid } = await first.put(code('export default 1'))
    await writeFile((await first.ensure(manifestFor(cid))).entry, 'tampered')
    await first.stop()

    const again = await start('a')

    expect(await readFile((await again.ensure(manifestFor(cid))).entry, 'utf8')).to.equal('export default 1')
  })

  it('serves nothing but artefacts, whatever id is asked for', async () => {
    await start('a')
    const other = net.session('x')
    const ask = async (cid: string, offset = 0): Promise<unknown> => await other
      .request('a', 'catalog/chunk', ChunkRequest.encode({ cid, offset }), { deadlineMs: 1000 }).catch((err: unknown) => err)

    for (const cid of ['../../etc/passwd', '', 'x'.repeat(1000)]) expect(await ask(cid)).to.have.property('kind', 'invalid')
    expect(Chunk.decode(await ask(contentId(new Uint8Array(1)), 1e12) as Uint8Array).found).to.equal(false)
  })

  it('refuses more than an artefact may have', async () => {
    const catalog = await start('a')

    expect(await catalog.put(new Uint8Array(MAX_ARTEFACT_BYTES + 1)).catch((err: unknown) => err)).to.have.property('kind', 'tooLarge')
  })
})
