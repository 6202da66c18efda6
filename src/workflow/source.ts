/**
 * A source text after parsing: plain data, and where each part of it stands. Everything that finds a mistake later says so
 * through `fail`, so every error names file, line, column and field the same way.
 */
import { InvalidInputError } from '../errors.js'
import type { Place } from '../errors.js'

/** Lines and columns count from 1. `key` is where the name of a field stands, `value` where its value begins. */
export interface Positions {
  at (pointer: string, what?: 'key' | 'value'): { line: number, column: number } | undefined
}

export interface Source { file?: string, positions: Positions }

export interface Parsed extends Source { document: unknown }

export interface Warning { message: string, place: Place }

/** RFC 6901: one step further down. */
export function child (pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

export function placeOf (source: Source, pointer: string, what: 'key' | 'value' = 'value'): Place {
  return { file: source.file, ...source.positions.at(pointer, what), field: pointer === '' ? '/' : pointer }
}

/** `checkout.yaml:12:7: /do/0/pay: ` as far as it is known. */
export function describe (place: Place): string {
  const at = [place.file, place.line, place.column].filter(part => part !== undefined).join(':')
  return [at, place.field].filter(part => part !== undefined && part !== '').map(part => `${part}: `).join('')
}

/** Throws InvalidInputError; the message begins with the place. */
export function fail (source: Source, pointer: string, message: string, what: 'key' | 'value' = 'value'): never {
  const place = placeOf(source, pointer, what)
  throw new InvalidInputError(describe(place) + message, place)
}
