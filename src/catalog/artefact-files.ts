/**
 * Artefacts on this disk, one file each, named by content id: there whole and synced, or not at all. What does not read
 * back as its name says is taken away, so that another copy is fetched in its place.
 */
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { TooLargeError } from '../errors.js'
import { ARTEFACT_CHUNK_BYTES, MAX_ARTEFACT_BYTES } from '../limits.js'
import { idOfDigest, isContentId } from '../workflow/content-id.js'

export class ArtefactFiles {
  constructor (private readonly folder: string) {}

  async start (): Promise<void> {
    await mkdir(this.folder, { recursive: true })
    for (const name of await readdir(this.folder)) if (!isContentId(name)) await rm(join(this.folder, name), { recursive: true })
  }

  async put (bytes: Uint8Array): Promise<string> {
    if (bytes.length > MAX_ARTEFACT_BYTES) throw new TooLargeError('artefact', bytes.length, MAX_ARTEFACT_BYTES)
    const cid = idOf(bytes)
    if (await this.has(cid)) return cid
    const temporary = join(this.folder, `tmp-${randomBytes(8).toString('hex')}`)
    try {
      await writeSynced(temporary, bytes)
      await rename(temporary, join(this.folder, cid))
    } catch (err) {
      await rm(temporary, { force: true })
      throw err
    }
    await syncFolder(this.folder)
    return cid
  }

  async has (cid: string): Promise<boolean> {
    return await this.size(cid) !== undefined
  }

  async size (cid: string): Promise<number | undefined> {
    if (!isContentId(cid)) return undefined
    return (await stat(join(this.folder, cid)).catch(orMissing))?.size
  }

  /** Verified. */
  async get (cid: string): Promise<Uint8Array | undefined> {
    if (!isContentId(cid)) return undefined
    const bytes = await readFile(join(this.folder, cid)).catch(orMissing)
    if (bytes === undefined || idOf(bytes) === cid) return bytes
    await rm(join(this.folder, cid), { force: true })
    return undefined
  }

  /** A piece, not verified: whoever asks for it verifies the whole. */
  async chunk (cid: string, offset: number): Promise<{ size: number, bytes: Uint8Array } | undefined> {
    if (!isContentId(cid)) return undefined
    const file = await open(join(this.folder, cid), 'r').catch(orMissing)
    if (file === undefined) return undefined
    try {
      const { size } = await file.stat()
      const wanted = Math.max(0, Math.min(ARTEFACT_CHUNK_BYTES, size - offset))
      const { bytesRead, buffer } = await file.read(new Uint8Array(wanted), 0, wanted, offset)
      return { size, bytes: buffer.subarray(0, bytesRead) }
    } finally {
      await file.close()
    }
  }
}

export function idOf (bytes: Uint8Array): string {
  return idOfDigest(new Uint8Array(createHash('sha256').update(bytes).digest()))
}

async function writeSynced (path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function syncFolder (path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function orMissing (err: NodeJS.ErrnoException): undefined {
  if (err.code === 'ENOENT') return undefined
  throw err
}
