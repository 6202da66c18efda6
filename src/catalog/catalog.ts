/**
 * Artefacts by content id, and functions' folders ready to run. A folder is unpacked anew after each start: what an earlier
 * process left there was never synced, and may have been changed by what it ran.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { InvalidInputError, TooLargeError, UnavailableError } from '../errors.js'
import { MAX_EAGER_ARTEFACT_BYTES } from '../limits.js'
import { readArchive, unpackTo } from './archive.js'
import { ArtefactFiles } from './artefact-files.js'
import { fetchArtefact, serveChunks } from './fetch.js'
import type { Clock } from '../clock.js'
import type { Sessions } from '../mesh/port.js'
import type { FunctionManifest, MeshView } from '../mesh-view.js'
import type { Artefacts, FindProviders } from './port.js'

export interface CatalogOptions {
  /** Artefacts and unpacked functions are kept below it. */ stateDir: string
  sessions: Pick<Sessions, 'request' | 'onRequest'>
  findProviders: FindProviders
  clock: Clock
}

const EAGER_RETRY_MS = 5_000

export class Catalog implements Artefacts {
  private readonly files: ArtefactFiles
  private readonly functions: string
  private readonly fetching = new Map<string, Promise<Uint8Array>>()
  private readonly folders = new Map<string, Promise<string>>()
  /** Paths in each unpacked folder. */ private readonly entries = new Map<string, Set<string>>()
  /** Deployed, and not here yet. */ private readonly wanted = new Set<string>()
  private readonly seen = new Set<string>()
  private readonly stopping = new AbortController()
  private warming: Promise<void> | undefined

  constructor (private readonly options: CatalogOptions) {
    this.files = new ArtefactFiles(join(options.stateDir, 'artefacts'))
    this.functions = join(options.stateDir, 'functions')
  }

  async start (): Promise<void> {
    await this.files.start()
    await rm(this.functions, { recursive: true, force: true })
    await mkdir(this.functions, { recursive: true })
    serveChunks(this.options.sessions, this.files)
  }

  async stop (): Promise<void> {
    this.stopping.abort()
    await this.warming
    await Promise.allSettled([...this.fetching.values(), ...this.folders.values()])
  }

  async put (bytes: Uint8Array): Promise<{ cid: string, size: number }> {
    return { cid: await this.files.put(bytes), size: bytes.length }
  }

  async has (cid: string): Promise<boolean> { return await this.files.has(cid) }

  async get (cid: string): Promise<Uint8Array> { return await this.load(cid) }

  async ensure (manifest: FunctionManifest): Promise<{ folder: string, entry: string }> {
    const folder = await this.folderOf(manifest.artefact, manifest.entry)
    return { folder, entry: join(folder, manifest.entry) }
  }

  /** Called with every new view: small artefacts are fetched before anybody calls them. */
  follow (view: MeshView): void {
    for (const { manifest: { artefact } } of view.functions.values()) {
      if (this.seen.has(artefact)) continue
      this.seen.add(artefact)
      this.wanted.add(artefact)
    }
    if (this.wanted.size > 0) this.warming ??= this.warm().finally(() => { this.warming = undefined })
  }

  private async warm (): Promise<void> {
    while (this.wanted.size > 0 && !this.stopping.signal.aborted) {
      for (const cid of [...this.wanted]) {
        try {
          if (!await this.has(cid)) await this.load(cid, MAX_EAGER_ARTEFACT_BYTES)
          this.wanted.delete(cid)
        } catch (err) {
          // A large one comes with the first call; anything else is tried again.
          if (err instanceof TooLargeError) this.wanted.delete(cid)
        }
      }
      if (this.wanted.size > 0) await this.pause(EAGER_RETRY_MS)
    }
  }

  private async pause (ms: number): Promise<void> {
    const { signal } = this.stopping
    if (signal.aborted) return
    await new Promise<void>(resolve => {
      const over = this.options.clock.after(ms, resolve)
      signal.addEventListener('abort', () => {
        over()
        resolve()
      }, { once: true })
    })
  }

  private async load (cid: string, maxBytes?: number): Promise<Uint8Array> {
    const kept = await this.files.get(cid)
    if (kept !== undefined) return kept
    const name = `${cid} ${maxBytes ?? ''}`
    const begun = this.fetching.get(name) ?? this.fetch(cid, maxBytes).finally(() => { this.fetching.delete(name) })
    this.fetching.set(name, begun)
    return await begun
  }

  private async fetch (cid: string, maxBytes?: number): Promise<Uint8Array> {
    const { sessions, findProviders } = this.options
    const bytes = await fetchArtefact(sessions, cid, findProviders(cid), maxBytes, this.stopping.signal)
    await this.files.put(bytes)
    return bytes
  }

  private async folderOf (cid: string, entry: string): Promise<string> {
    if (this.stopping.signal.aborted) throw new UnavailableError('this peer is stopping')
    const begun = this.folders.get(cid) ?? this.unpack(cid)
    this.folders.set(cid, begun)
    const folder = await begun.catch((err: unknown) => {
      if (this.folders.get(cid) === begun) this.folders.delete(cid)
      throw err
    })
    if (this.entries.get(cid)?.has(entry) !== true) throw new InvalidInputError(`the artefact has no file "${entry}", which its manifest names as entry`, { field: 'entry' })
    return folder
  }

  /** Beside its place first, then moved there: whoever sees the folder sees all of it. */
  private async unpack (cid: string): Promise<string> {
    const files = readArchive(await this.load(cid))
    const temporary = join(this.functions, `tmp-${randomBytes(8).toString('hex')}`)
    const folder = join(this.functions, cid)
    try {
      await unpackTo(temporary, files)
      await rename(temporary, folder)
    } catch (err) {
      await rm(temporary, { recursive: true, force: true })
      throw err
    }
    this.entries.set(cid, new Set(files.map(({ path }) => path)))
    return folder
  }
}
