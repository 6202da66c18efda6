/** Versions of functions: a deployed one never changes. */
import { z } from 'zod'
import { ConflictError, OverloadedError } from '../../errors.js'
import { MAX_CALL_MS, MAX_KEEP_WARM_MS, MAX_NAME_LENGTH, MAX_REQUIREMENTS, MAX_VERSIONS } from '../../limits.js'
import { contentIdText, count, labels, name, semver, text } from './shapes.js'
import type { FunctionView } from '../../mesh-view.js'

export type Functions = ReadonlyMap<string, FunctionView>

const entryPath = text(256).min(1).refine(path => !path.startsWith('/') && !path.includes('\\') && !path.includes('\0') &&
  !path.split('/').some(part => part === '' || part === '.' || part === '..'), 'must be a relative path inside the function\'s folder')

export const manifest = z.strictObject({
  name,
  version: semver,
  runtime: z.literal('js'),
  entry: entryPath,
  artefact: contentIdText,
  timeoutMs: z.number().int().min(1).max(MAX_CALL_MS),
  effects: z.enum(['pure', 'idempotent', 'exclusive']),
  concurrency: z.number().int().min(1).max(10_000),
  resources: z.strictObject({
    cpus: z.number().min(0).max(4096),
    memoryBytes: count,
    accelerators: z.record(text(MAX_NAME_LENGTH).min(1), z.number().int().min(0).max(1024))
      .refine(all => Object.keys(all).length <= MAX_REQUIREMENTS, `has more than ${MAX_REQUIREMENTS} kinds`)
  }),
  requires: labels,
  warm: z.strictObject({ minimum: z.number().int().min(0).max(1000), keepMs: z.number().int().min(0).max(MAX_KEEP_WARM_MS) })
})

export const deployFunction = z.strictObject({ type: z.literal('deployFunction'), manifest, cid: contentIdText })
export type FunctionCommand = z.infer<typeof deployFunction>

export interface FunctionDeployed { cid: string, created: boolean }

export function applyFunctions (state: Functions, command: FunctionCommand, by: string): { state: Functions, result: FunctionDeployed } {
  const { manifest: deployed, cid } = command
  const key = `${deployed.name}:${deployed.version}`
  const before = state.get(key)
  if (before !== undefined && before.cid !== cid) {
    throw new ConflictError(`function ${key} is deployed with other content; a deployed version never changes: raise the version`)
  }
  if (before !== undefined) return { state, result: { cid, created: false } }
  if (state.size >= MAX_VERSIONS) throw new OverloadedError(`this mesh has ${MAX_VERSIONS} versions of functions, its limit`)

  return { state: new Map(state).set(key, { manifest: deployed, cid, deployedBy: by }), result: { cid, created: true } }
}
