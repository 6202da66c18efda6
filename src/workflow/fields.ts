/**
 * Reads an object whose every key is known: FlowMesh's own settings and function manifests. A wrong or unknown field ends
 * it with file, line, column, field and the nearest right word.
 */
import { MAX_NAME_LENGTH } from '../limits.js'
import { readShortDuration } from './duration.js'
import { hint } from './nearest.js'
import { isPlainObject, kindOf, show } from './schema/messages.js'
import { child, fail } from './source.js'
import type { Source } from './source.js'

export class Fields {
  private readonly object: Record<string, unknown>

  /** `elsewhere` says of keys that belong somewhere else, where. */
  constructor (
    readonly source: Source, value: unknown, readonly pointer: string,
    known: readonly string[], elsewhere: Record<string, string> = {}
  ) {
    if (!isPlainObject(value)) fail(source, pointer, `must be an object, not ${kindOf(value)}`)
    this.object = value
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue
      const where = Object.hasOwn(elsewhere, key) ? `\`${key}\` ${elsewhere[key]}` : `unknown key \`${key}\`${hint(key, known)}`
      fail(source, child(pointer, key), where, 'key')
    }
  }

  has (key: string): boolean {
    return Object.hasOwn(this.object, key)
  }

  get (key: string): unknown {
    return this.has(key) ? this.object[key] : undefined
  }

  /** The field is there, but not as it must be. */
  fail (key: string, message: string): never {
    return fail(this.source, child(this.pointer, key), `\`${key}\` ${message}`)
  }

  required (key: string): unknown {
    if (!this.has(key)) fail(this.source, this.pointer, `\`${key}\` is missing`)
    return this.object[key]
  }

  text (key: string, is: RegExp = /^[^\p{Cc}]+$/u, form = 'a text without line breaks'): string | undefined {
    const value = this.get(key)
    if (!this.has(key)) return undefined
    if (typeof value !== 'string') {
      this.fail(key, `must be a text, not ${kindOf(value)}${typeof value === 'number' ? '; put it in quotes' : ''}`)
    }
    if (value.length === 0 || value.length > MAX_NAME_LENGTH) this.fail(key, `must have 1 to ${MAX_NAME_LENGTH} characters`)
    if (!is.test(value)) this.fail(key, `must be ${form}, not ${show(value)}`)
    return value
  }

  texts (key: string): string[] | undefined {
    const value = this.get(key)
    if (!this.has(key)) return undefined
    if (!Array.isArray(value) || value.length === 0 || value.length > 64) this.fail(key, 'must be a list of 1 to 64 texts')
    for (const item of value) {
      if (typeof item !== 'string' || item.length === 0 || item.length > MAX_NAME_LENGTH) {
        this.fail(key, `must be a list of texts of 1 to ${MAX_NAME_LENGTH} characters`)
      }
    }
    return value as string[]
  }

  oneOf <T extends string> (key: string, values: readonly T[]): T | undefined {
    const value = this.get(key)
    if (!this.has(key)) return undefined
    if (!values.includes(value as T)) {
      this.fail(key, `must be one of ${values.map(name => `\`${name}\``).join(', ')}, not ${show(value)}`)
    }
    return value as T
  }

  number (key: string, least: number, most: number, whole = true): number | undefined {
    const value = this.get(key)
    if (!this.has(key)) return undefined
    const fits = typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value))
    if (!fits) this.fail(key, `must be a ${whole ? 'whole ' : ''}number from ${least} to ${most}, not ${show(value)}`)
    return value
  }

  flag (key: string): boolean | undefined {
    const value = this.get(key)
    if (!this.has(key)) return undefined
    if (typeof value !== 'boolean') this.fail(key, `must be true or false, not ${show(value)}`)
    return value
  }

  durationMs (key: string): number | undefined {
    if (!this.has(key)) return undefined
    const read = readShortDuration(this.get(key))
    if (!read.ok) {
      fail(
        this.source, read.key === undefined ? child(this.pointer, key) : child(child(this.pointer, key), read.key), read.message
      )
    }
    return read.ms
  }
}
