/** `@text`, `@json`, `@uri` and the base64 formats; the others go to real jq. */
import { notNative } from './code.js'
import type { Environment } from './environment.js'
import { checkLength, fallBack } from './environment.js'
import { jsonText, textOf } from './values.js'

type Formatter = (env: Environment, value: unknown) => string

const FORMATS: Record<string, Formatter> = {
  text: textOf,
  json: jsonText,
  uri: (env, value) => encodeUri(textOf(env, value)),
  base64: (env, value) => toBase64(textOf(env, value)),
  base64d: (env, value) => fromBase64(textOf(env, value))
}

export function formatter (name: string): Formatter {
  return Object.hasOwn(FORMATS, name) ? FORMATS[name]! : notNative(`@${name}`)
}

function encodeUri (text: string): string {
  checkLength(text.length * 3)
  return percentEncode(text).replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

function toBase64 (text: string): string {
  checkLength(text.length * 4)
  return btoa(percentEncode(text).replace(/%([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))))
}

/** jq also takes damaged base64 and bytes that are no text; what it makes of them is for jq to say. */
function fromBase64 (text: string): string {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return fallBack()
  const bytes = Array.from(atob(text), char => `%${char.charCodeAt(0).toString(16).padStart(2, '0')}`)
  try {
    return decodeURIComponent(bytes.join(''))
  } catch {
    return fallBack()
  }
}

function percentEncode (text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    return fallBack() // a lone surrogate
  }
}

/** `utf8bytelength`. */
export function utf8Length (text: string): number {
  return percentEncode(text).replace(/%[0-9A-F]{2}/g, '.').length
}
