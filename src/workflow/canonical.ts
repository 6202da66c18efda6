/** One text for all documents that mean the same: keys in order. Content ids of plans are taken of it. */

/** A copy with the keys of every object sorted; what is compiled from it does not depend on the author's order. */
export function canonical (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const object = value as Record<string, unknown>
  return Object.fromEntries(Object.keys(object).sort().map(key => [key, canonical(object[key])]))
}

export function canonicalText (value: unknown): string {
  return JSON.stringify(canonical(value))
}
