// Makes dist/, what the package ships: one file for the command line and one for the library, one per worker, jq's wasm and
// the schemas; with `types` also the declarations. classic-level stays outside: it is the only dependency users install.
import { build } from 'esbuild'
import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, copyFile, mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const require = createRequire(import.meta.url)

/** Whether a source is newer than the bundle. */
export async function bundleStale () {
  const made = await stat(join(dist, 'flowmesh.js')).catch(() => undefined)
  if (made === undefined) return true
  const files = [...await sources('src'), ...await sources('protocols'), join(root, 'package-lock.json'), fileURLToPath(import.meta.url)]
  for (const file of files) if ((await stat(file)).mtimeMs > made.mtimeMs) return true
  return false
}

/** Resolves with a line that says what was made. Needs build/ up to date. */
export async function bundle ({ types }) {
  const all = await sources('src')
  const workers = all.filter(file => file.endsWith('-worker.ts'))
  if (types) await rm(dist, { recursive: true, force: true })
  await bundleTo('flowmesh.js', join(root, 'src/cli/main.ts'), '#!/usr/bin/env node\n')
  await chmod(join(dist, 'flowmesh.js'), 0o755)
  if (existsSync(join(root, 'src/index.ts'))) await bundleTo('index.js', join(root, 'src/index.ts'))
  for (const worker of workers) await bundleTo(basename(worker).replace(/\.ts$/, '.js'), worker)
  // tinypool starts its own worker from beside itself, which is beside the bundle now.
  if (all.some(file => readFileSync(file, 'utf8').includes("from 'tinypool'"))) {
    await bundleTo('entry/worker.js', join(dirname(require.resolve('tinypool/package.json')), 'dist/entry/worker.js'))
  }
  await copyFile(join(root, 'node_modules/jq-wasm/dist/build/jq.wasm'), join(dist, 'jq.wasm'))
  await chmod(join(dist, 'jq.wasm'), 0o644)
  if (!types) return `bundled dist/flowmesh.js and ${workers.length} workers`
  await writeSchemas()
  await writeTypes()
  return `built dist/: bundle, ${workers.length} workers, schemas, types`
}

async function bundleTo (name, entry, hashbang = '') {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  await build({
    entryPoints: [entry],
    outfile: join(dist, name),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['classic-level'],
    mainFields: ['module', 'main'],
    conditions: ['node', 'import'],
    // Minified names broke libraries that compare class names.
    minifyWhitespace: true,
    minifySyntax: true,
    keepNames: false,
    legalComments: 'none',
    logLevel: 'error',
    define: { __FLOWMESH_VERSION__: JSON.stringify(version) },
    // CommonJS packages inside the bundle still ask for Node's modules by require.
    banner: { js: `${hashbang}import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);` }
  })
}

async function writeSchemas () {
  const { describeApi } = await import(pathToFileURL(join(root, 'build/src/api/openapi.js')).href)
  const { ROUTES } = await import(pathToFileURL(join(root, 'build/src/api/routes.js')).href)
  const api = describeApi(ROUTES, '1')
  await mkdir(join(dist, 'schemas'), { recursive: true })
  await writeFile(join(dist, 'schemas/openapi.json'), JSON.stringify(api, undefined, 2) + '\n')
  const manifest = { $schema: 'https://json-schema.org/draft/2020-12/schema', title: 'function.yaml', ...api.components.schemas.Manifest }
  delete manifest.properties.artefact // packing the folder adds it
  manifest.required = manifest.required.filter(field => field !== 'artefact')
  await writeFile(join(dist, 'schemas/function.json'), JSON.stringify(manifest, undefined, 2) + '\n')
}

async function writeTypes () {
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc')
  const options = ['-p', 'tsconfig.build.json']
  await promisify(execFile)(process.execPath, [tsc, ...options], { cwd: root }).catch(err => { throw new Error(`types: ${err.stdout}`) })
}

async function sources (folder) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
}
