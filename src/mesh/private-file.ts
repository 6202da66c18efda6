/** Whole or not at all, and for the owner only: what a state directory keeps as plain files. */
import { mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Durable when it resolves. */
export async function writePrivateFile (path: string, bytes: Uint8Array | string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const next = `${path}.next`
  const file = await open(next, 'w', 0o600)
  try {
    await file.chmod(0o600)
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(next, path)
  const folder = await open(dirname(path), 'r')
  try { await folder.sync() } finally { await folder.close() }
}
