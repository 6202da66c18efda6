/** What `npm pack` ships, and that it stands alone: nothing but classic-level is to be installed beside it. */
import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const TYPES = join('dist', 'types', 'src', 'index.d.ts')
const MAX_UNPACKED_BYTES = 20_000_000

describe('the package', function () {
  this.timeout(180_000)
  let files: { path: string, size: number, mode: number }[]

  before(async () => {
    if (!built()) await run(process.execPath, ['scripts/prepare.mjs', 'build'])
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'])
    ;[{ files }] = JSON.parse(stdout) as [{ files: typeof files }]
  })

  it('holds the bundle, every worker, the library with its types, jq\'s wasm, schemas and protocols', () => {
    const workers = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter(file => file.endsWith('-worker.ts')).map(file => `dist/${file.split('/').at(-1)?.replace('.ts', '.js')}`)

    expect(files.map(({ path }) => path)).to.include.members([
      'package.json', 'LICENSE', 'README.md', 'dist/flowmesh.js', 'dist/index.js', 'dist/jq.wasm', 'dist/types/src/index.d.ts',
      'dist/schemas/openapi.json', 'dist/schemas/function.json', 'protocols/checkpoint.proto', ...workers
    ])
    expect(workers).to.not.be.empty
  })

  it('holds no source, no test and no dependency', () => {
    expect(files.filter(({ path }) => /^(src|test|scripts|build|node_modules|docs)\//.test(path))).to.deep.equal([])
    expect(files.reduce((sum, { size }) => sum + size, 0)).to.be.below(MAX_UNPACKED_BYTES)
  })

  it('has a command that can be run', () => {
    expect(files.find(({ path }) => path === 'dist/flowmesh.js')?.mode).to.equal(0o755)
    expect(readFileSync('dist/flowmesh.js', 'utf8').slice(0, 20)).to.equal('#!/usr/bin/env node\n')
  })

  it('imports nothing but Node\'s own modules and classic-level', () => {
    const outside = files.filter(({ path }) => /^dist\/(?!types).*\.js$/.test(path)).flatMap(({ path }) =>
      [...readFileSync(path, 'utf8').matchAll(/(?:^|[;}])import(?:[\w$*{},\s]*?from)?"([^"]+)"/gm)].map(([, from = '']) => from))

    expect(outside).to.include('classic-level')
    expect([...new Set(outside)].filter(from => !builtinModules.includes(from.replace('node:', '')))).to.deep.equal(['classic-level'])
  })
})

function built (): boolean {
  return existsSync(TYPES) && existsSync('dist/flowmesh.js') && statSync(TYPES).mtimeMs > newest('src')
}

function newest (folder: string): number {
  return Math.max(...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map(file => statSync(join(folder, file)).mtimeMs))
}
