/** Simple string expansion of RFC 6570, as far as the specification has it: `{name}` is a top-level property of the input. */
import { Fault, standardError } from './fault.js'

const VARIABLE = /\{([^{}]{1,256})\}/g

/** @param at the task, for the error's `instance` */
export function expandUri (uri: string, input: unknown, at: string): string {
  return uri.replace(VARIABLE, (_, name: string) => {
    const isObject = typeof input === 'object' && input !== null && Object.hasOwn(input, name)
    const value: unknown = isObject ? Reflect.get(input, name) : undefined
    if (value === undefined || value === null) return ''
    if (typeof value === 'string') return encode(value)
    if (typeof value === 'number' || typeof value === 'boolean') return String(value)
    throw new Fault(standardError('expression', `{${name}} in the endpoint must be a text, number or boolean`, at))
  })
}

/** All but the unreserved characters; half a surrogate pair has no encoding. */
function encode (text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
    .replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
