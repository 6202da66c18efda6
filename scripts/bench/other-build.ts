/** Another commit, checked out and built beside this one, so that both can be measured in the same minutes. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const execute = promisify(execFile)

export interface OtherBuild { commit: string, bin: string, remove: () => Promise<void> }

/** Packages come from this checkout where the lock file is the same, else from the registry. */
export async function buildCommit (ref: string): Promise<OtherBuild> {
  const commit = (await execute('git', ['rev-parse', '--short', `${ref}^{commit}`])).stdout.trim()
  const folder = join(await mkdtemp(join(tmpdir(), 'flowmesh-against-')), 'tree')
  await execute('git', ['worktree', 'add', '--detach', folder, commit])
  const remove = async (): Promise<void> => {
    await execute('git', ['worktree', 'remove', '--force', folder])
    await rm(join(folder, '..'), { recursive: true, force: true })
  }
  try {
    const sameLock = await execute('git', ['diff', '--quiet', commit, '--', 'package-lock.json']).then(() => true, () => false)
    if (sameLock) await symlink(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'), 'dir')
    else await execute('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder })
    await execute(process.execPath, ['-e', BUILD], { cwd: folder })
    return { commit, bin: join(folder, 'dist', 'flowmesh.js'), remove }
  } catch (err) {
    await remove()
    throw err
  }
}

const BUILD = `
  const { transpile } = await import('./scripts/transpile.mjs')
  await transpile(['src', 'protocols'])
  const { bundle } = await import('./scripts/bundle.mjs')
  await bundle({ types: false })
`
