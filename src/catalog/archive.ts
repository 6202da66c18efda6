/**
 * A function's folder as one archive: the same files give the same bytes, so the content id names the folder. Both ways are
 * bounded and suspicious: an archive from another peer must not write outside its folder or fill the disk.
 */
import { mkdir, readdir, readFile, realpath, stat, writeFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { decode, encode } from '@ipld/dag-cbor'
import { InvalidInputError, TooLargeError } from '../errors.js'
import { MAX_ARTEFACT_BYTES, MAX_ARTEFACT_FILES, MAX_ARTEFACT_PATH_BYTES } from '../limits.js'

export interface ArchivedFile { path: string, executable: boolean, bytes: Uint8Array }

const FORMAT = 'flowmesh-artefact-1'
/** What tools leave behind and no function needs. */
const SKIPPED = new Set(['.git', '.DS_Store'])

/** Reads a folder. InvalidInputError names the file that cannot be packed; TooLargeError. */
export async function packFolder (folder: string): Promise<Uint8Array> {
  const root = await realpath(folder)
  const found: { path: string, from: string, executable: boolean }[] = []
  let bytes = 0
  for await (const path of filesOf(root, '')) {
    const from = await insideOf(root, path)
    const { size, mode } = await stat(from)
    bytes += size
    if (bytes > MAX_ARTEFACT_BYTES) throw new TooLargeError(`function folder ${folder}`, bytes, MAX_ARTEFACT_BYTES)
    found.push({ path, from, executable: (mode & 0o100) !== 0 })
    if (found.length > MAX_ARTEFACT_FILES) throw new InvalidInputError(`${folder} has more than ${MAX_ARTEFACT_FILES} files; pack only what the function needs`)
  }
  const files: ArchivedFile[] = []
  for (const { path, from, executable } of found) files.push({ path, executable, bytes: new Uint8Array(await readFile(from)) })
  return packFiles(files)
}

/** Order and duplicates of `files` do not matter to the result; two files of one path are refused. */
export function packFiles (files: ArchivedFile[]): Uint8Array {
  const sorted = [...files].sort((a, b) => a.path < b.path ? -1 : 1)
  checkFiles(sorted)
  const archive = encode({ format: FORMAT, files: sorted.map(({ path, executable, bytes }) => [path, executable, bytes]) })
  if (archive.length > MAX_ARTEFACT_BYTES) throw new TooLargeError('artefact', archive.length, MAX_ARTEFACT_BYTES)
  return archive
}

/** What is in an archive, all of it checked. InvalidInputError says what is wrong with it. */
export function readArchive (archive: Uint8Array): ArchivedFile[] {
  if (archive.length > MAX_ARTEFACT_BYTES) throw new TooLargeError('artefact', archive.length, MAX_ARTEFACT_BYTES)
  const { format, files } = decoded(archive)
  if (format !== FORMAT || !Array.isArray(files)) throw new InvalidInputError('this is no packed function folder; deploy the folder with "flowmesh deploy"')
  const read = files.map(asFile)
  checkFiles(read)
  return read
}

/** Into a folder that does not exist yet. */
export async function unpackTo (folder: string, files: ArchivedFile[]): Promise<void> {
  await mkdir(folder, { recursive: true })
  const folders = new Set(files.map(({ path }) => dirname(path)))
  for (const one of folders) await mkdir(join(folder, one), { recursive: true })
  for (const { path, executable, bytes } of files) {
    await writeFile(join(folder, path), bytes, { flag: 'wx', mode: executable ? 0o755 : 0o644 })
  }
}

async function * filesOf (root: string, below: string): AsyncGenerator<string> {
  const entries = await readdir(join(root, below), { withFileTypes: true })
  for (const entry of entries) {
    if (SKIPPED.has(entry.name)) continue
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) yield * filesOf(root, path)
    else if (entry.isFile() || entry.isSymbolicLink()) yield path
    else throw new InvalidInputError(`${path} is neither a file nor a folder and cannot be packed`, { file: path })
  }
}

/** Links to files inside the folder are packed as what they point at; anything else would differ from peer to peer. */
async function insideOf (root: string, path: string): Promise<string> {
  const real = await realpath(join(root, path)).catch((err: unknown) => {
    throw new InvalidInputError(`${path} is a link that leads nowhere`, { file: path }, { cause: err })
  })
  if (!real.startsWith(root + sep)) throw new InvalidInputError(`${path} is a link out of the function's folder; copy what it points at`, { file: path })
  if (!(await stat(real)).isFile()) throw new InvalidInputError(`${path} is a link to a folder; copy what it points at`, { file: path })
  return real
}

function decoded (archive: Uint8Array): { format?: unknown, files?: unknown } {
  try {
    const value: unknown = decode(archive)
    return typeof value === 'object' && value !== null ? value : {}
  } catch (err) {
    throw new InvalidInputError('this is no packed function folder: it cannot be decoded', {}, { cause: err })
  }
}

function asFile (value: unknown): ArchivedFile {
  const [path, executable, bytes] = Array.isArray(value) ? value as unknown[] : []
  if (typeof path !== 'string' || typeof executable !== 'boolean' || !(bytes instanceof Uint8Array)) {
    throw new InvalidInputError('the archive has an entry that is no file')
  }
  return { path, executable, bytes }
}

/** Sorted, distinct, inside the folder, and no file where another path has a folder. */
function checkFiles (files: ArchivedFile[]): void {
  if (files.length > MAX_ARTEFACT_FILES) throw new InvalidInputError(`the archive has more than ${MAX_ARTEFACT_FILES} files`)
  const paths = new Set<string>()
  let last = ''
  for (const { path } of files) {
    if (!isInside(path)) throw new InvalidInputError(`the archive has a file with the path ${JSON.stringify(path.slice(0, 100))}, which may lie outside its folder`)
    if (path <= last) throw new InvalidInputError(`the archive has ${JSON.stringify(path)} twice or out of order`)
    last = path
    paths.add(path)
  }
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      if (paths.has(path.slice(0, end))) throw new InvalidInputError(`the archive has ${JSON.stringify(path.slice(0, end))} as a file and as a folder`)
    }
  }
}

function isInside (path: string): boolean {
  const plain = !/[\\\0]/.test(path) && !/^[A-Za-z]:/.test(path) && Buffer.byteLength(path) <= MAX_ARTEFACT_PATH_BYTES
  return plain && path.split('/').every(part => part !== '' && part !== '.' && part !== '..')
}
