/** Small files that are there whole or not at all. */
import { open, readFile, rename } from 'node:fs/promises'
import { basename, dirname } from 'node:path'

/** Undefined when there is none; throws a SyntaxError that names the file when it is not JSON. */
export async function readJson (path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8').catch((err: unknown) => {
    if (isErrno(err, 'ENOENT')) return undefined
    throw err
  })
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch (err) {
    throw new SyntaxError(`${basename(path)} is not JSON`, { cause: err })
  }
}

/** Synced, and renamed over the old one, so that a crash leaves the old or the new. */
export async function writeJson (path: string, value: unknown): Promise<void> {
  const temporary = path + '.tmp'
  const file = await open(temporary, 'w', 0o600)
  try {
    await file.writeFile(JSON.stringify(value) + '\n')
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

export function isErrno (err: unknown, ...codes: string[]): boolean {
  return err instanceof Error && 'code' in err && codes.includes(String(err.code))
}
