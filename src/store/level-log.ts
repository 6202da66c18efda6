/**
 * Looks at LevelDB's write-ahead logs before LevelDB does. It drops what it cannot read there and opens without a word: right
 * for a torn tail, which nobody was told is on disk, and wrong for damage in the middle, which takes acknowledged records
 * away. Format: 32 KiB blocks of fragments; crc32c of type and data (masked), length, type.
 */
import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isErrno } from './json-file.js'

const BLOCK_BYTES = 32 * 1024
const HEADER_BYTES = 7

/** How far a log was written when its peer stopped: all of it was synced, so nothing of it can be torn. */
export interface LogEnd { name: string, bytes: number }

/** Of the log that is written now. */
export async function logEnd (store: string): Promise<LogEnd | undefined> {
  const name = (await logNames(store)).at(-1)
  return name === undefined ? undefined : { name, bytes: (await stat(join(store, name))).size }
}

/**
 * Says which file is damaged and where; undefined when the logs are whole but for a torn tail, or when there are none.
 * `stopped` leaves no room for a torn tail in its log; when that is gone, a later start has replaced it.
 */
export async function damagedLog (store: string, stopped?: LogEnd): Promise<string | undefined> {
  for (const name of await logNames(store)) {
    const bytes = await readFile(join(store, name)).catch((err: unknown) => {
      if (isErrno(err, 'ENOENT')) return Buffer.alloc(0) // compacted by its holder meanwhile
      throw err
    })
    const bad = firstBad(bytes)
    if (bad !== undefined && hasGoodAfter(bytes, bad)) return `store/${name} does not match its checksum at byte ${bad}`
    const goodBytes = bad ?? bytes.length
    if (name === stopped?.name && goodBytes < stopped.bytes) {
      return `store/${name} can be read up to byte ${goodBytes}, and had ${stopped.bytes} when its peer stopped`
    }
  }
}

/** In the order in which they were begun. */
async function logNames (store: string): Promise<string[]> {
  const names = await readdir(store).catch((err: unknown) => {
    if (isErrno(err, 'ENOENT')) return []
    throw err
  })
  return names.filter(name => name.endsWith('.log')).sort((a, b) => parseInt(a) - parseInt(b))
}

/** Offset of the first fragment that does not read well; undefined when all do. */
function firstBad (bytes: Buffer): number | undefined {
  let at = 0
  while (at < bytes.length) {
    const leftInBlock = BLOCK_BYTES - at % BLOCK_BYTES
    if (leftInBlock < HEADER_BYTES) {
      at += leftInBlock // padding
      continue
    }
    const length = goodFragment(bytes, at)
    if (length === undefined) return at
    at += length
  }
}

/**
 * A tail is torn only if nothing readable follows, which was written after it. The length of what is bad may be bad too, so
 * the next fragment may begin anywhere in this block; in later ones it begins with them.
 */
function hasGoodAfter (bytes: Buffer, bad: number): boolean {
  const nextBlock = (Math.floor(bad / BLOCK_BYTES) + 1) * BLOCK_BYTES
  for (let at = bad + 1; at < Math.min(nextBlock, bytes.length); at++) if (goodFragment(bytes, at) !== undefined) return true
  for (let block = nextBlock; block < bytes.length; block += BLOCK_BYTES) if (goodFragment(bytes, block) !== undefined) return true
  return false
}

function sameBlock (a: number, b: number): boolean {
  return Math.floor(a / BLOCK_BYTES) === Math.floor(b / BLOCK_BYTES)
}

/** Header and data of the fragment there, in bytes; undefined when it is cut short or its checksum is wrong. */
function goodFragment (bytes: Buffer, at: number): number | undefined {
  if (at + HEADER_BYTES > bytes.length) return undefined
  const end = at + HEADER_BYTES + bytes.readUInt16LE(at + 4)
  const type = bytes[at + 6]!
  if (type < 1 || type > 4 || end > bytes.length || !sameBlock(at, end - 1)) return undefined
  return masked(crc32c(bytes, at + 6, end)) === bytes.readUInt32LE(at) ? end - at : undefined
}

function masked (crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let crc = n
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  return crc >>> 0
})

function crc32c (bytes: Buffer, from: number, to: number): number {
  let crc = 0xffffffff
  for (let i = from; i < to; i++) crc = (crc >>> 8) ^ TABLE[(crc ^ bytes[i]!) & 0xff]!
  return (crc ^ 0xffffffff) >>> 0
}
