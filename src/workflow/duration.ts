/** Durations: the specification's two forms (ISO 8601 text, object of units) and the short form of FlowMesh's own settings. */
import { MAX_DURATION_MS } from '../limits.js'
import { hint } from './nearest.js'

export type DurationRead = { ok: true, ms: number } | { ok: false, message: string, key?: string }

const SECOND = 1000
const DAY = 86_400 * SECOND
// A year and a month as ISO 8601 durations have no length of their own; 365 and 30 days, as most readers of it take them.
const part = (unit: string): string => `(?:(\\d+(?:\\.\\d+)?)${unit})?`
const ISO = new RegExp(`^P(?!$)${['Y', 'M', 'W', 'D'].map(part).join('')}(?:T(?=\\d)${['H', 'M', 'S'].map(part).join('')})?$`)
const ISO_UNITS = [365 * DAY, 30 * DAY, 7 * DAY, DAY, 3600 * SECOND, 60 * SECOND, SECOND]
const UNITS: Record<string, number> = { days: DAY, hours: 3600 * SECOND, minutes: 60 * SECOND, seconds: SECOND, milliseconds: 1 }
const SHORT = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/
const SHORT_UNITS: Record<string, number> = { ms: 1, s: SECOND, m: 60 * SECOND, h: 3600 * SECOND, d: DAY }
const WRITE = 'write ISO 8601 such as PT30S or P1DT12H, or an object such as { seconds: 30 }'

/** As the specification has it. */
export function readDuration (value: unknown): DurationRead {
  if (typeof value === 'string') {
    const parts = value.length <= 64 ? ISO.exec(value) : null
    if (parts === null) return { ok: false, message: `${JSON.stringify(value.slice(0, 64))} is not a duration; ${WRITE}` }
    return bounded(ISO_UNITS.reduce((sum, unit, at) => sum + Number(parts[at + 1] ?? 0) * unit, 0))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, message: `is not a duration; ${WRITE}` }
  }
  return readUnits(value as Record<string, unknown>)
}

/** `500ms`, `30s`, `10m`, `12h`, `7d`; the specification's forms as well. */
export function readShortDuration (value: unknown): DurationRead {
  const parts = typeof value === 'string' ? SHORT.exec(value) : null
  if (parts !== null) return bounded(Number(parts[1]) * (SHORT_UNITS[parts[2]!] ?? 0))
  const read = readDuration(value)
  if (read.ok || typeof value !== 'string') return read
  return { ok: false, message: `${JSON.stringify(value.slice(0, 64))} is not a duration; write 500ms, 30s, 10m, 12h or 7d` }
}

function readUnits (object: Record<string, unknown>): DurationRead {
  const entries = Object.entries(object)
  if (entries.length === 0) return { ok: false, message: `is not a duration; ${WRITE}` }
  let ms = 0
  for (const [key, amount] of entries) {
    if (!Object.hasOwn(UNITS, key)) return { ok: false, key, message: `unknown key \`${key}\`${hint(key, Object.keys(UNITS))}` }
    if (!Number.isSafeInteger(amount) || (amount as number) < 0) {
      return { ok: false, key, message: `\`${key}\` must be a whole number, 0 or more` }
    }
    ms += (amount as number) * UNITS[key]!
  }
  return bounded(ms)
}

function bounded (ms: number): DurationRead {
  if (ms > MAX_DURATION_MS) return { ok: false, message: `is longer than ${MAX_DURATION_MS / DAY} days` }
  return { ok: true, ms: Math.round(ms) }
}
