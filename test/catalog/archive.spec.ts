import { expect } from 'chai'
import { chmod, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encode } from '@ipld/dag-cbor'
import { packFiles, packFolder, readArchive, unpackTo } from '../../src/catalog/archive.js'
import { MAX_ARTEFACT_BYTES, MAX_ARTEFACT_FILES } from '../../src/limits.js'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const file = (path: string, text = 'x'): { path: string, executable: boolean, bytes: Uint8Array } => ({ path, executable: false, bytes: bytes(text) })
/** As a peer would send it that does not care for the rules. */
const hostile = (...files: unknown[]): Uint8Array => encode({ format: 'flowmesh-artefact-1', files })

describe('a packed function folder', () => {
  let folder: string
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'archive-')) })
  afterEach(async () => { await rm(folder, { recursive: true }) })

  it('comes out as it went in: names in any script, empty files, the right to execute', async () => {
    await mkdir(join(folder, 'in/node_modules/é'), { recursive: true })
    await writeFile(join(folder, 'in/index.mjs'), 'export default 1')
    await writeFile(join(folder, 'in/node_modules/é/空.json'), '')
    await writeFile(join(folder, 'in/run.sh'), '#!/bin/sh')
    await chmod(join(folder, 'in/run.sh'), 0o755)

    await unpackTo(join(folder, 'out'), readArchive(await packFolder(join(folder, 'in'))))

    expect(await readFile(join(folder, 'out/index.mjs'), 'utf8')).to.equal('export default 1')
    expect(await readFile(join(folder, 'out/node_modules/é/空.json'), 'utf8')).to.equal('')
    expect((await stat(join(folder, 'out/run.sh'))).mode & 0o111).to.equal(0o111)
    expect((await stat(join(folder, 'out/index.mjs'))).mode & 0o111).to.equal(0)
  })

  it('is the same bytes whatever order the files were made in, and differs when one byte does', async () => {
    for (const [name, order] of [['one', ['b', 'a']], ['two', ['a', 'b']]] as const) {
      await mkdir(join(folder, name))
      for (const path of order) await writeFile(join(folder, name, path), path)
    }
    const one = await packFolder(join(folder, 'one'))

    expect(await packFolder(join(folder, 'two'))).to.deep.equal(one)
    await writeFile(join(folder, 'two/a'), 'A')
    expect(await packFolder(join(folder, 'two'))).not.to.deep.equal(one)
  })

  it('takes links inside the folder as what they point at, and refuses those that lead out, nowhere or to folders', async () => {
    await mkdir(join(folder, 'in/sub'), { recursive: true })
    await writeFile(join(folder, 'secret'), 'key')
    await writeFile(join(folder, 'in/index.mjs'), '1')
    await symlink('index.mjs', join(folder, 'in/inner'))
    expect(readArchive(await packFolder(join(folder, 'in'))).map(({ path }) => path)).to.deep.equal(['index.mjs', 'inner'])

    for (const [target, says] of [['../secret', /out of the function's folder/], ['/etc/hostname', /out of/], ['nothing', /nowhere/], ['sub', /link to a folder/]] as const) {
      await symlink(target, join(folder, 'in/bad'))
      const refused = await packFolder(join(folder, 'in')).catch((err: unknown) => err)
      expect(refused, target).to.have.property('kind', 'invalid')
      expect((refused as Error).message).to.match(says)
      await rm(join(folder, 'in/bad'))
    }
  })

  it('is refused above its bounds before it is read into memory', async () => {
    await writeFile(join(folder, 'large'), '')
    await (await import('node:fs/promises')).truncate(join(folder, 'large'), MAX_ARTEFACT_BYTES + 1)

    expect(await packFolder(folder).catch((err: unknown) => err)).to.have.property('kind', 'tooLarge')
    expect(() => packFiles(Array.from({ length: MAX_ARTEFACT_FILES + 1 }, (_, i) => file(`f${i}`)))).to.throw(/files/)
  })

  const paths = ['../x', 'a/../../x', '/etc/passwd', 'a//b', './a', 'a/.', 'a\\..\\b', 'C:/x', 'C:x', 'a\0b', '', '..', 'x'.repeat(600)]
  for (const path of paths) {
    it(`is refused with the path ${JSON.stringify(path.slice(0, 20))}, from outside and when packing`, () => {
      expect(() => readArchive(hostile([path, false, bytes('x')]))).to.throw(/path|twice/)
      expect(() => packFiles([file(path)])).to.throw(/path|twice/)
    })
  }

  const archives: [string, Uint8Array, RegExp][] = [
    ['no archive', bytes('hello'), /decoded|packed/],
    ['another format', encode({ format: 'tar', files: [] }), /packed/],
    ['no list', encode({ format: 'flowmesh-artefact-1', files: 7 }), /packed/],
    ['null', encode(null), /packed/],
    ['entries that are no files', hostile(['a', false]), /no file/],
    ['a file twice', hostile(['a', false, bytes('1')], ['a', false, bytes('2')]), /twice/],
    ['files out of order', hostile(['b', false, bytes('1')], ['a', false, bytes('2')]), /order/],
    ['a file that is also a folder', hostile(['a', false, bytes('1')], ['a/b', false, bytes('2')]), /as a file and as a folder/],
    ['a file cut short', hostile(['a', false, bytes('12345')]).subarray(0, 40), /decoded/]
  ]
  for (const [title, archive, says] of archives) {
    it(`is refused when it is ${title}`, () => { expect(() => readArchive(archive)).to.throw(says) })
  }
})
