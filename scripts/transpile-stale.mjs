// Brings build/ up to date with the sources: writes what is newer, and removes what has no source any more, so that a test
// that was deleted is not run.
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FOLDERS, transpile } from './transpile.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

export async function transpileStale () {
  return { removed: await removeOrphans(), written: await transpile() }
}

async function removeOrphans () {
  let removed = 0
  for (const folder of FOLDERS) {
    const built = join(root, 'build', folder)
    const entries = await readdir(built, { recursive: true, withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (!entry.isFile() || !entry.name.endsWith('.js')) continue
      const file = join(entry.parentPath ?? entry.path, entry.name)
      const source = join(root, relative(join(root, 'build'), file)).replace(/\.js$/, '.ts')
      if (existsSync(source)) continue
      await rm(file)
      removed++
    }
  }
  return removed
}
