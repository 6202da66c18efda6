/**
 * A peer's state directory: who holds it, which disk it is, and the how-manieth start this is. What cannot be trusted is
 * refused by name and left as it is; nothing is ever emptied or mended silently, because a replica that forgot what it
 * acknowledged is worse than one that is gone.
 *
 *   disk.json         {format, disk, createdAt}; written last when the directory is made, never changed
 *   incarnation.json  the last start, a copy of what the store says: the two differ when one of them was put back; written
 *                     before the store's and again after it, and once more at a clean stop with the end of the store's log
 *   lock.json         who holds the directory, for people; the lock itself is LevelDB's and ends with the process
 *   store/            everything else; keys under `dir/` are this file's
 */
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { StateDirError } from '../errors.js'
import { isErrno, readJson, writeJson } from './json-file.js'
import { LevelStore } from './level-store.js'
import { damagedLog, logEnd } from './level-log.js'
import type { LogEnd } from './level-log.js'
import type { Store } from './port.js'

export interface Incarnation { count: number, nonce: string }

export interface StateDir {
  /** Absolute. */ path: string
  store: Store
  /** Random, made with the directory: 32 hexadecimal digits. */ disk: string
  /** This start: one more than the last on this disk, already synced. */ incarnation: Incarnation
  /** Keeps the port that was got for an address, so that the next start asks for it again. */
  rememberPort (address: string, port: number): Promise<void>
  lastPort (address: string): number | undefined
  close (): Promise<void>
}

const FORMAT = 1
const OWN_FILES = ['disk.json', 'disk.json.tmp', 'incarnation.json', 'incarnation.json.tmp', 'lock.json', 'store']
const INCARNATION_KEY = 'dir/incarnation'
const PORT_PREFIX = 'dir/port/'
const MOVE_AWAY = 'Nothing was removed. Move the directory away and start again: the peer then joins as a new one'

interface DiskFile { format: number, disk: string, createdAt: string }
interface Start extends Incarnation { disk: string }
interface StartCopy extends Start {
  /** Nonce of the start before, until the store has this one too. */ before?: string
  /** Where the store's log ended at a clean stop. */ stopped?: LogEnd
}

/** Opens or makes the directory. What is refused keeps all it holds. Rejects with StateDirError; `name` is the peer's, for the one who meets the lock. */
export async function openStateDir (path: string, options: { name?: string } = {}): Promise<StateDir> {
  const dir = resolve(path)
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    const entries = await readdir(dir)
    const isNew = !entries.includes('disk.json')
    if (isNew) refuseForeign(dir, entries)
    else refuseUnreadable(dir, await readJson(join(dir, 'disk.json')))
    await chmod(dir, 0o700)
    const store = await openStore(dir, isNew, options.name ?? '')
    try {
      return await start(dir, store)
    } catch (err) {
      await store.close()
      throw err
    }
  } catch (err) {
    throw explained(dir, err)
  }
}

function refuseForeign (dir: string, entries: string[]): void {
  const foreign = entries.filter(entry => !OWN_FILES.includes(entry))
  if (foreign.length === 0) return
  throw new StateDirError(dir, 'foreign', `it holds other things (${foreign.slice(0, 3).join(', ')}) and no disk.json, so it is not ` +
    'a state directory. Give an empty or new directory with --state-dir')
}

function refuseUnreadable (dir: string, disk: unknown): asserts disk is DiskFile {
  const { format, disk: id, createdAt } = (disk ?? {}) as Partial<DiskFile>
  if (typeof format === 'number' && format > FORMAT) {
    throw new StateDirError(dir, 'newer', `it was written by a newer version (format ${format}; this one reads ${FORMAT}). ` +
      'Start the newer version, or another directory with --state-dir')
  }
  if (format !== FORMAT || typeof id !== 'string' || !/^[0-9a-f]{32}$/.test(id) || typeof createdAt !== 'string') {
    throw damaged(dir, 'disk.json is not what was written there')
  }
}

async function openStore (dir: string, isNew: boolean, name: string): Promise<LevelStore> {
  const path = join(dir, 'store')
  // Before LevelDB sees it: it skips what it cannot read in its log, goes on without a word, and deletes the log.
  const bad = await damagedLog(path, (await readCopy(dir))?.stopped)
  if (bad !== undefined) throw damaged(dir, bad)
  if (!isNew && !(await readdir(path)).includes('CURRENT')) throw damaged(dir, 'its store is empty')
  if (!isNew && await logEnd(path) === undefined) throw damaged(dir, 'the log of its store is missing')
  try {
    const store = await LevelStore.open(path, { create: isNew })
    await writeJson(join(dir, 'lock.json'), { pid: process.pid, startedAt: new Date().toISOString(), name })
    return store
  } catch (err) {
    const code = (err as { code?: unknown }).code
    if (code === 'LEVEL_LOCKED') throw locked(dir, await readJson(join(dir, 'lock.json')).catch(() => undefined), err)
    if (code === 'LEVEL_CORRUPTION' || /does not exist/.test((err as Error).message)) throw damaged(dir, (err as Error).message, err)
    throw err
  }
}

function locked (dir: string, holder: unknown, cause: unknown): StateDirError {
  const { pid, startedAt, name } = (holder ?? {}) as Record<string, unknown>
  const who = typeof pid === 'number' ? `process ${pid}${name === '' ? '' : ` (peer "${String(name)}")`}, started ${String(startedAt)},` : 'another process'
  return new StateDirError(dir, 'locked', `${who} holds it. Stop that peer first, or give another directory with --state-dir`, { cause })
}

/** The store is open and this process holds the lock: no other process touches what is read here. */
async function start (dir: string, store: LevelStore): Promise<StateDir> {
  const last = await readStart(dir, store)
  const disk = await diskOf(dir, last)
  const incarnation = { count: (last?.count ?? 0) + 1, nonce: randomBytes(8).toString('hex') }
  const record: Start = { disk, ...incarnation }
  // The file first: a crash between leaves it ahead by one start that never served, which the next one recognises.
  await writeCopy(dir, { ...record, before: last?.nonce ?? '' })
  await store.batch([{ type: 'put', key: INCARNATION_KEY, value: encode(record) }])
  await writeCopy(dir, record) // from here on a store without this start has lost it
  const ports = await readPorts(store)
  return {
    path: dir,
    store,
    disk,
    incarnation,
    rememberPort: async (address, port) => {
      if (ports.get(address) === port) return
      await store.batch([{ type: 'put', key: PORT_PREFIX + address, value: encode(port) }])
      ports.set(address, port)
    },
    lastPort: address => ports.get(address),
    // Where the disk is full the next start trusts the log as it does after a kill.
    close: () => store.close(async () => { await writeStopped(dir, record, store.path).catch(() => {}) })
  }
}

/** The last start by the store, after it was compared with its copy; undefined when there was none. */
async function readStart (dir: string, store: LevelStore): Promise<Start | undefined> {
  const bytes = await store.get(INCARNATION_KEY)
  const copy = await readCopy(dir)
  if (bytes === undefined) {
    const startedEarly = copy === undefined || (copy.count === 1 && copy.before !== undefined)
    if (startedEarly && await isEmpty(store)) return undefined
    throw damaged(dir, 'the store has lost its incarnation')
  }
  const last = decode(bytes) as Start
  if (copy === undefined) throw damaged(dir, 'incarnation.json is missing')
  const same = copy.count === last.count && copy.nonce === last.nonce
  const startedEarly = copy.count === last.count + 1 && copy.before === last.nonce
  if (copy.disk !== last.disk) throw damaged(dir, 'incarnation.json is of another disk')
  if (!same && !startedEarly) {
    throw new StateDirError(dir, 'rolledBack', `the store is at start ${last.count}, incarnation.json at ${copy.count}: one of ` +
      `them was put back from a copy. ${MOVE_AWAY}`)
  }
  return last
}

async function readCopy (dir: string): Promise<StartCopy | undefined> {
  return await readJson(join(dir, 'incarnation.json')) as StartCopy | undefined
}

async function writeCopy (dir: string, copy: StartCopy): Promise<void> { await writeJson(join(dir, 'incarnation.json'), copy) }

async function writeStopped (dir: string, start: Start, store: string): Promise<void> {
  const stopped = await logEnd(store)
  if (stopped !== undefined) await writeCopy(dir, { ...start, stopped })
}

async function diskOf (dir: string, last: Start | undefined): Promise<string> {
  const file = await readJson(join(dir, 'disk.json'))
  if (file !== undefined) {
    refuseUnreadable(dir, file)
    if (last !== undefined && last.disk !== file.disk) throw damaged(dir, 'disk.json and the store are of two disks')
    return file.disk
  }
  if (last !== undefined) throw damaged(dir, 'disk.json is missing')
  const made: DiskFile = { format: FORMAT, disk: randomBytes(16).toString('hex'), createdAt: new Date().toISOString() }
  await writeJson(join(dir, 'disk.json'), made)
  return made.disk
}

async function readPorts (store: LevelStore): Promise<Map<string, number>> {
  const ports = new Map<string, number>()
  for await (const [key, value] of store.range({ from: PORT_PREFIX, to: PORT_PREFIX + '\uffff' })) {
    ports.set(key.slice(PORT_PREFIX.length), decode(value) as number)
  }
  return ports
}

async function isEmpty (store: LevelStore): Promise<boolean> {
  for await (const _ of store.range({ from: '\u0001', to: '\u{10ffff}', limit: 1 })) return false
  return true
}

function damaged (dir: string, what: string, cause?: unknown): StateDirError {
  return new StateDirError(dir, 'damaged', `it is damaged: ${what}. ${MOVE_AWAY}`, { cause })
}

/** What the operating system says, with what to do about it. */
function explained (dir: string, err: unknown): unknown {
  if (err instanceof StateDirError) return err
  const text = err instanceof Error ? `${err.message} ${err.cause instanceof Error ? err.cause.message : ''}` : String(err)
  if (isErrno(err, 'ENOSPC', 'EDQUOT') || /No space left|quota exceeded/i.test(text)) {
    return new StateDirError(dir, 'full', 'the disk is full. Free some space and start again; nothing was lost', { cause: err })
  }
  if (isErrno(err, 'ENOENT')) return damaged(dir, text.trim(), err)
  if (isErrno(err, 'EEXIST', 'ENOTDIR')) return new StateDirError(dir, 'access', 'it is not a directory', { cause: err })
  if (isErrno(err, 'EACCES', 'EPERM', 'EROFS') || /Permission denied|Read-only/i.test(text)) {
    return new StateDirError(dir, 'access', 'this user may not write there. Change its owner, or give another with --state-dir', { cause: err })
  }
  if (err instanceof SyntaxError) return damaged(dir, err.message, err)
  return new StateDirError(dir, 'damaged', `it cannot be opened: ${text.trim()}. ${MOVE_AWAY}`, { cause: err })
}

function encode (value: unknown): Uint8Array { return Buffer.from(JSON.stringify(value)) }
function decode (bytes: Uint8Array): unknown { return JSON.parse(Buffer.from(bytes).toString()) }
