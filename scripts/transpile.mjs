// Transpiles every TypeScript file under the given folders (default: all) to build/, one to one, without checking types.
// Only files newer than their output are touched, so it takes a second; `npm run types` is the check.
import { transform } from 'esbuild'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
export const FOLDERS = ['src', 'protocols', 'test', 'scripts', 'examples']

/** Returns the number of files written. Throws with every syntax error found. */
export async function transpile (folders = FOLDERS) {
  const errors = []
  let written = 0
  for (const folder of folders) {
    for (const file of await list(join(root, folder))) {
      const out = join(root, 'build', relative(root, file)).replace(/\.ts$/, '.js')
      const [from, to] = await Promise.all([stat(file), stat(out).catch(() => undefined)])
      if (to !== undefined && to.mtimeMs > from.mtimeMs) continue
      try {
        const { code } = await transform(await readFile(file, 'utf8'), {
          loader: 'ts', format: 'esm', target: 'node20', sourcemap: 'inline', sourcefile: file
        })
        await mkdir(dirname(out), { recursive: true })
        await writeFile(out, code)
        written++
      } catch (err) {
        errors.push(err.message)
      }
    }
  }
  if (errors.length > 0) throw new Error(errors.join('\n'))
  return written
}

async function list (folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map(entry => join(entry.parentPath ?? entry.path, entry.name))
    .filter(file => !file.includes('node_modules'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folders = process.argv.slice(2)
  await transpile(folders.length > 0 ? folders : FOLDERS).catch(err => {
    console.error(err.message)
    process.exitCode = 1
  })
}
