/** Writes js functions to disk, as the catalog unpacks them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { JsFunction } from '../../src/runtime/index.js'

const folders: string[] = []

export async function writeFunction (source: string, facts: Partial<JsFunction> = {}): Promise<JsFunction> {
  const folder = await mkdtemp(join(tmpdir(), 'flowmesh-function-'))
  folders.push(folder)
  await writeFile(join(folder, 'index.mjs'), source)
  return { key: 'f:1.0.0', folder, entry: 'index.mjs', concurrency: 16, ...facts }
}

export async function removeFunctions (): Promise<void> {
  await Promise.all(folders.splice(0).map(folder => rm(folder, { recursive: true, force: true })))
}
