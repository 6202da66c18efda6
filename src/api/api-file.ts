/** Where a running peer's API is: `api.json` in its state directory, for the command line. */
import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'

export interface ApiFile { url: string, pid: number, token?: string }

/** Readable by its owner only: it may hold the token. */
export async function writeApiFile (stateDir: string, file: ApiFile): Promise<void> {
  await writeWhole(join(stateDir, 'api.json'), file)
}

/** Undefined when no peer has written one, or when it cannot be read as one. */
export async function readApiFile (stateDir: string): Promise<ApiFile | undefined> {
  const file = await readJson(join(stateDir, 'api.json')) as Partial<ApiFile> | undefined
  return typeof file?.url === 'string' && typeof file.pid === 'number' ? file as ApiFile : undefined
}

export async function removeApiFile (stateDir: string): Promise<void> {
  await rm(join(stateDir, 'api.json'), { force: true })
}

async function readJson (path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : undefined
  } catch {
    return undefined // missing or torn: it is a convenience, made anew by the next start
  }
}

async function writeWhole (path: string, value: unknown): Promise<void> {
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`
  await writeFile(draft, JSON.stringify(value) + '\n', { mode: 0o600 })
  await chmod(draft, 0o600)
  await rename(draft, path)
}
