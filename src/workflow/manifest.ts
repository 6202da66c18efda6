/** `function.yaml`: what a function is called, how it is run, and what it needs. Strict: an unknown field is an error. */
import { MAX_CALL_MS, MAX_CONCURRENCY, MAX_FUNCTION_MEMORY_BYTES, MAX_KEEP_WARM_MS, MAX_REQUIREMENTS } from '../limits.js'
import type { FunctionManifest } from '../mesh-view.js'
import { Fields } from './fields.js'
import { FUNCTION_NAME, SEMVER } from './names.js'
import { parseWorkflow } from './parse.js'
import { isPlainObject, kindOf, show } from './schema/messages.js'
import { child } from './source.js'

/** A manifest before its folder is packed: the artefact's content id is not known yet. */
export type ParsedManifest = Omit<FunctionManifest, 'artefact'>

const KEYS = ['name', 'version', 'runtime', 'entry', 'timeout', 'effects', 'concurrency', 'resources', 'requires', 'warm', 'http']
const NOT_YET = ['wasm', 'http']
const MiB = 1024 * 1024
const UNITS: Record<string, number> = { B: 1, KiB: 1024, MiB, GiB: 1024 * MiB, KB: 1000, kB: 1000, MB: 1e6, GB: 1e9 }
const SIZE = /^(\d+(?:\.\d+)?)\s*(B|KiB|MiB|GiB|kB|KB|MB|GB)$/
const MAX_CPUS = 1024
const MAX_WARM = 64

/** `function.yaml` (or JSON). Throws InvalidInputError with file, line, column and field. */
export function parseFunctionManifest (text: string, file?: string): ParsedManifest {
  const source = parseWorkflow(text, file)
  const fields = new Fields(source, source.document, '', KEYS)
  for (const key of ['name', 'version', 'runtime']) fields.required(key)
  if (fields.get('runtime') === 'js') fields.required('entry')
  const { warm, keepMs } = warmth(fields)
  const timeoutMs = fields.durationMs('timeout') ?? 30_000
  if (timeoutMs === 0) fields.fail('timeout', 'must be longer than nothing')
  if (timeoutMs > MAX_CALL_MS) fields.fail('timeout', 'must be at most 24h; what takes longer is several tasks')
  return {
    name: fields.text('name', FUNCTION_NAME, 'lower-case letters, digits and dashes, 1 to 63')!,
    version: fields.text('version', SEMVER, 'a semantic version such as 1.0.0')!,
    runtime: runtime(fields),
    entry: entry(fields),
    timeoutMs,
    effects: fields.oneOf('effects', ['pure', 'idempotent', 'exclusive']) ?? 'idempotent',
    concurrency: fields.number('concurrency', 1, MAX_CONCURRENCY) ?? 16,
    resources: resources(fields),
    requires: labels(fields),
    warm: { minimum: warm, keepMs }
  }
}

function runtime (fields: Fields): 'js' {
  const name = fields.get('runtime')
  if (NOT_YET.includes(name as string)) fields.fail('runtime', `\`${String(name)}\` is not supported yet; \`js\` is`)
  if (fields.has('http')) fields.fail('http', 'belongs to runtime `http`, which is not supported yet')
  return fields.oneOf('runtime', ['js'])!
}

/** A path inside the function's folder, in one form: no way out of it on any system. */
function entry (fields: Fields): string {
  const path = fields.text('entry')!
  if (/^[/\\]|^[A-Za-z]:/.test(path)) {
    fields.fail('entry', `must be a path inside the function's folder, not the absolute ${show(path)}`)
  }
  if (path.includes('\\')) fields.fail('entry', 'is written with `/`, not with a backslash')
  const steps = path.split('/').filter(step => step !== '.')
  if (steps.includes('..')) fields.fail('entry', `must stay inside the function's folder; ${show(path)} has \`..\``)
  if (steps.length === 0 || steps.includes('')) fields.fail('entry', `must name a file, not ${show(path)}`)
  if (!/\.m?js$/.test(path)) fields.fail('entry', 'must be a JavaScript module: a file ending in .mjs or .js')
  return steps.join('/')
}

function resources (fields: Fields): FunctionManifest['resources'] {
  const inner = new Fields(fields.source, fields.get('resources') ?? {}, '/resources', ['cpus', 'memory', 'accelerators'])
  return {
    cpus: inner.number('cpus', 0, MAX_CPUS, false) ?? 0,
    memoryBytes: inner.has('memory') ? bytes(inner, 'memory') : 128 * MiB,
    accelerators: accelerators(inner)
  }
}

function bytes (fields: Fields, key: string): number {
  const value = fields.get(key)
  const parts = typeof value === 'string' ? SIZE.exec(value) : null
  if (parts === null) fields.fail(key, `must be a size such as 256MiB, not ${show(value)}`)
  const size = Math.round(Number(parts[1]) * UNITS[parts[2]!]!)
  if (size < MiB || size > MAX_FUNCTION_MEMORY_BYTES) {
    fields.fail(key, `must be from 1MiB to ${MAX_FUNCTION_MEMORY_BYTES / MiB}MiB`)
  }
  return size
}

function accelerators (fields: Fields): Record<string, number> {
  if (!fields.has('accelerators')) return {}
  const kinds = record(fields, 'accelerators')
  const inner = new Fields(fields.source, kinds, child(fields.pointer, 'accelerators'), Object.keys(kinds))
  return Object.fromEntries(Object.keys(kinds).map(kind => [kind, inner.number(kind, 0, 1024)!]))
}

function labels (fields: Fields): Record<string, string> {
  if (!fields.has('requires')) return {}
  const wanted = record(fields, 'requires')
  const inner = new Fields(fields.source, wanted, child(fields.pointer, 'requires'), Object.keys(wanted))
  return Object.fromEntries(Object.keys(wanted).map(label => [label, inner.text(label)!]))
}

function record (fields: Fields, key: string): Record<string, unknown> {
  const value = fields.get(key)
  if (!isPlainObject(value)) fields.fail(key, `must be an object, not ${kindOf(value)}`)
  const wrong = Object.keys(value).find(name => !/^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/.test(name))
  if (wrong !== undefined || Object.keys(value).length > MAX_REQUIREMENTS) {
    fields.fail(key, `has at most ${MAX_REQUIREMENTS} names of letters, digits and \`._/-\`${wrong === undefined ? '' : `, not ${show(wrong)}`}`)
  }
  return value
}

function warmth (fields: Fields): { warm: number, keepMs: number } {
  const inner = new Fields(fields.source, fields.get('warm') ?? {}, '/warm', ['minimum', 'keep'])
  const keepMs = inner.durationMs('keep') ?? 300_000
  if (keepMs > MAX_KEEP_WARM_MS) inner.fail('keep', 'must be at most 7d')
  return { warm: inner.number('minimum', 0, MAX_WARM) ?? 0, keepMs }
}
