/** What `deploy` and `validate` find at a path: functions (folders with `function.yaml`) and workflows. */
import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InvalidInputError, TooLargeError } from '../errors.js'
import { MAX_WORKFLOW_BYTES } from '../limits.js'

export type Source =
  | { kind: 'function', folder: string, file: string, text: string }
  | { kind: 'workflow', file: string, text: string }

const MANIFESTS = ['function.yaml', 'function.yml', 'function.json']
const WORKFLOW = /\.(ya?ml|json)$/
/** Beyond it this is not the folder that was meant. */
const MAX_SOURCES = 1000

/** All of them, functions first, because workflows call them. Throws InvalidInputError when a path has none. */
export async function findSources (paths: string[]): Promise<Source[]> {
  const found: Source[] = []
  for (const path of paths) {
    const info = await stat(path).catch(() => undefined)
    if (info === undefined) throw new InvalidInputError(`there is no file or folder ${path}`, { file: path })
    const here = info.isDirectory() ? await inFolder(path) : await only(oneFile(path, true))
    if (here.length === 0) {
      throw new InvalidInputError(`${path} has neither a function.yaml nor workflows (*.yaml, *.json that begin with "document")`, { file: path })
    }
    found.push(...here)
    if (found.length > MAX_SOURCES) throw new InvalidInputError(`more than ${MAX_SOURCES} functions and workflows; name the folders`, { file: path })
  }
  const unique = [...new Map(found.map(source => [source.file, source])).values()]
  return [...unique.filter(({ kind }) => kind === 'function'), ...unique.filter(({ kind }) => kind === 'workflow')]
}

/** @param meant false: it only lies in a folder that was named; undefined is none of ours */
async function oneFile (file: string, meant: boolean): Promise<Source | undefined> {
  const isManifest = MANIFESTS.includes(basename(file))
  if (!isManifest && !WORKFLOW.test(file)) throw new InvalidInputError(`${file} is neither a workflow (*.yaml, *.json) nor a function.yaml`, { file })
  const { text, bytes } = await beginningOf(file)
  if (!isManifest && !meant && !looksLikeWorkflow(text)) return undefined
  if (bytes > MAX_WORKFLOW_BYTES) throw new TooLargeError(file, bytes, MAX_WORKFLOW_BYTES)
  return isManifest ? { kind: 'function', folder: dirname(file), file, text } : { kind: 'workflow', file, text }
}

/** All of it, if it is no larger than a workflow may be: a tree may hold files of any size. */
async function beginningOf (file: string): Promise<{ text: string, bytes: number }> {
  try {
    const opened = await open(file)
    try {
      const { bytesRead, buffer } = await opened.read(Buffer.alloc(MAX_WORKFLOW_BYTES), 0, MAX_WORKFLOW_BYTES, 0)
      return { text: buffer.toString('utf8', 0, bytesRead), bytes: (await opened.stat()).size }
    } finally {
      await opened.close()
    }
  } catch (err) {
    throw new InvalidInputError(`cannot read ${file}: ${(err as Error).message}`, { file }, { cause: err })
  }
}

async function inFolder (folder: string): Promise<Source[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const manifest = MANIFESTS.find(name => entries.some(entry => entry.isFile() && entry.name === name))
  if (manifest !== undefined) return await only(oneFile(join(folder, manifest), true))
  const found: Source[] = []
  for (const entry of entries.sort((a, b) => a.name < b.name ? -1 : 1)) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) found.push(...await inFolder(path))
    else if (WORKFLOW.test(entry.name)) found.push(...await only(oneFile(path, false)))
  }
  return found
}

async function only (source: Promise<Source | undefined>): Promise<Source[]> {
  const found = await source
  return found === undefined ? [] : [found]
}

/** A tree holds other YAML and JSON too: inputs, package files. A file that is named on the command line is always meant. */
function looksLikeWorkflow (text: string): boolean {
  return /^document\s*:|^\s*\{\s*"document"\s*:|^\s{0,4}"document"\s*:/m.test(text)
}
