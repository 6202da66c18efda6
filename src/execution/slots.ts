/**
 * The slots of a state where users' values sit: the only places where it can grow large. Which slots there are depends on
 * the shape of the state, not on what is in them, so a driver may put something small in place of a value and find the
 * slot again by its number.
 */
import type { BranchState, Frame, Inside, TraceEntry } from './types.js'

type Visit = (value: unknown) => unknown

/** Visits or replaces every user value of a state, in a fixed order. The same object when nothing changed. */
export function mapValues (state: BranchState, fn: Visit): BranchState {
  let mapped = mapFields(state, ['data', 'context', 'input', 'output'], fn)
  if (state.vars !== undefined) mapped = change(mapped, 'vars', mapFields(state.vars, Object.keys(state.vars), fn))
  if (state.question !== undefined) mapped = change(mapped, 'question', mapFields(state.question, ['answers'], fn))
  const frames = mapItems(state.frames, frame => mapFrame(frame, fn))
  return change(mapped, 'frames', frames)
}

/** The same for a trace. */
export function mapTraceValues (trace: TraceEntry[], fn: Visit): TraceEntry[] {
  return mapItems(trace, entry => mapFields(entry, ['input', 'output'], fn))
}

/** And for the errors in it: each text of one is bounded, a long stretch of them is not. */
export function mapTraceErrors (trace: TraceEntry[], fn: Visit): TraceEntry[] {
  return mapItems(trace, entry => mapFields(entry, ['error'], fn))
}

function mapFrame (frame: Frame, fn: Visit): Frame {
  const mapped = mapFields(frame, ['raw', 'input'], fn)
  return frame.inside === undefined ? mapped : change(mapped, 'inside', mapInside(frame.inside, fn))
}

function mapInside (inside: Inside, fn: Visit): Inside {
  switch (inside.kind) {
    case 'call': return mapFields(inside, ['request'], fn)
    case 'loop': return mapFields(inside, ['items'], fn)
    case 'children': {
      // Chunk by chunk: a full chunk never changes again, so its blob is written once.
      const results = mapItems(inside.results, chunk => fn(chunk) as typeof chunk)
      return change(mapFields(inside, ['items'], fn), 'results', results)
    }
    case 'wait': case 'try': return inside
  }
}

function mapFields<T extends object> (object: T, fields: readonly (keyof T)[], fn: Visit): T {
  let mapped = object
  for (const field of fields) {
    if (object[field] !== undefined) mapped = change(mapped, field, fn(object[field]) as T[keyof T])
  }
  return mapped
}

function mapItems<T> (items: T[], fn: (item: T) => T): T[] {
  const mapped = items.map(fn)
  return mapped.every((item, at) => item === items[at]) ? items : mapped
}

function change<T extends object, K extends keyof T> (object: T, field: K, value: T[K]): T {
  return object[field] === value ? object : { ...object, [field]: value }
}
