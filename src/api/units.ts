/** Durations and sizes as people write them: `30s`, `1m30s`, `500ms`, `256MiB`. Browser-safe. */
import { InvalidInputError } from '../errors.js'

const MS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
const BYTES: Record<string, number> = {
  '': 1, B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3, K: 1024, M: 1024 ** 2, G: 1024 ** 3
}

/** Milliseconds. `field` names what was wrong in the error. */
export function parseDuration (text: string, field: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)]
  if (parts.length === 0 || parts.map(part => part[0]).join('') !== text) {
    throw new InvalidInputError(`${field}: "${text}" is not a duration; write it like 500ms, 30s, 5m or 1h30m`, { field })
  }
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * (MS[unit ?? ''] ?? NaN), 0)
}

/** Bytes. */
export function parseSize (text: string, field: string): number {
  const [, count, unit = ''] = /^(\d+(?:\.\d+)?) ?([A-Za-z]*)$/.exec(text) ?? []
  if (count === undefined || !Object.hasOwn(BYTES, unit)) {
    throw new InvalidInputError(`${field}: "${text}" is not a size; write it like 256MiB or 1GB`, { field })
  }
  return Math.round(Number(count) * (BYTES[unit] ?? NaN))
}
