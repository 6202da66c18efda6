/** Durations that an expression gives while an execution runs; those in the source are ms in the plan already. */
const ISO = /^P(?=.)(?:(\d+(?:\.\d+)?)W)?(?:(\d+(?:\.\d+)?)D)?(?:T(?=.)(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const ISO_UNITS_MS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1000]
const FIELD_MS: Record<string, number> = { days: 86_400_000, hours: 3_600_000, minutes: 60_000, seconds: 1000, milliseconds: 1 }
/** A hundred years: beyond it dates stop making sense. */
const MAX_MS = 3_155_760_000_000

/** ISO 8601 text or the specification's `{ days, hours, minutes, seconds, milliseconds }`, in ms; undefined if neither. */
export function durationMs (value: unknown): number | undefined {
  if (typeof value === 'string') {
    const match = value.length > 64 ? null : ISO.exec(value)
    return match === null ? undefined : bounded(ISO_UNITS_MS.reduce((sum, unit, at) => sum + unit * Number(match[at + 1] ?? 0), 0))
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  let sum = 0
  for (const [field, count] of Object.entries(value)) {
    const unit = FIELD_MS[field]
    if (unit === undefined || typeof count !== 'number' || !(count >= 0)) return undefined
    sum += unit * count
  }
  return bounded(sum)
}

function bounded (ms: number): number | undefined {
  return ms <= MAX_MS ? Math.round(ms) : undefined
}
