/** `call`: a function of the mesh's catalog, or HTTP. */
import { FUNCTION_NAME, SEMVER } from '../names.js'
import { hint } from '../nearest.js'
import type { FunctionCall, HttpCall, TaskBase, TaskSettings, Template } from '../plan.js'
import { isPlainObject } from '../schema/messages.js'
import { child, fail } from '../source.js'
import type { Context, Fields } from './context.js'
import { template } from './template.js'
import { withUriVariables } from './uri-template.js'

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,256}$/
// A line break would end the header and begin another.
const HEADER_VALUE = /^[^\r\n\0]*$/

/** What a call has of its own, beside what every task has. */
type Own<T extends TaskBase> = Omit<T, keyof TaskBase>

export function functionCall (context: Context, task: Fields, pointer: string): Own<FunctionCall> {
  const given = task['with']
  const { name, version } = functionName(context, task['call'] as string, child(pointer, 'call'))
  return {
    kind: 'function',
    fn: name,
    ...(version !== undefined && { version }),
    ...(given !== undefined && { with: template(context, given, child(pointer, 'with')) })
  }
}

/** `name`, `name:version`, `name:version@default`. */
function functionName (context: Context, text: string, pointer: string): { name: string, version?: string } {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    fail(context.source, pointer, 'calling a function by address is not supported yet; deploy it and call it by name')
  }
  const [reference = '', catalog, more] = text.split('@')
  if (more !== undefined || catalog === '') {
    fail(
      context.source,
      pointer,
      `${JSON.stringify(text)} is not a function; write \`name\`, \`name:version\` or \`name:version@default\``
    )
  }
  if (catalog !== undefined && catalog !== 'default') {
    fail(context.source, pointer, `catalog \`${catalog}\` is not supported yet; the mesh's own is \`default\``)
  }

  const colon = reference.indexOf(':')
  const name = colon < 0 ? reference : reference.slice(0, colon)
  const version = colon < 0 ? undefined : reference.slice(colon + 1)
  if (!FUNCTION_NAME.test(name)) {
    fail(
      context.source,
      pointer,
      `${JSON.stringify(name.slice(0, 64))} is not a function's name: lower-case letters, digits and dashes, 1 to 63`
    )
  }
  if (version !== undefined && !SEMVER.test(version)) {
    fail(context.source, pointer, `${JSON.stringify(version.slice(0, 64))} is not a semantic version such as 1.0.0`)
  }
  return { name, version }
}

export function httpCall (context: Context, task: Fields, pointer: string): Own<HttpCall> {
  const given = task['with'] as Fields
  const place = child(pointer, 'with')
  const method = (given['method'] as string).toUpperCase()
  if (!METHODS.includes(method)) {
    fail(context.source, child(place, 'method'), `\`${String(given['method'])}\` is not an HTTP method${hint(method, METHODS)}`)
  }
  if (isPlainObject(given['headers'])) checkHeaders(context, given['headers'], child(place, 'headers'))
  const optional = (key: string): Template | undefined =>
    given[key] === undefined ? undefined : template(context, given[key], child(place, key))
  const [headers, query, body] = [optional('headers'), optional('query'), optional('body')]
  if (body !== undefined && (method === 'GET' || method === 'HEAD')) {
    fail(context.source, child(place, 'body'), `a ${method} request has no body`, 'key')
  }
  return {
    kind: 'http',
    method,
    endpoint: endpoint(context, given['endpoint'], child(place, 'endpoint')),
    ...(headers !== undefined && { headers }),
    ...(query !== undefined && { query }),
    ...(body !== undefined && { body }),
    output: (given['output'] ?? 'content') as HttpCall['output'],
    redirect: given['redirect'] === true
  }
}

/** Reading changes nothing; everything else carries an idempotency key. */
export function httpSettings (method: string, settings: TaskSettings): TaskSettings {
  return { ...settings, effects: settings.effects ?? (method === 'GET' || method === 'HEAD' ? 'pure' : 'idempotent') }
}

function endpoint (context: Context, value: unknown, pointer: string): Template {
  if (isPlainObject(value)) return endpoint(context, value['uri'], child(pointer, 'uri'))
  const text = value as string
  if (!/^\s*\$\{|^\{|^https?:\/\/./i.test(text)) {
    fail(context.source, pointer, `${JSON.stringify(text.slice(0, 80))} is not an absolute http or https address`)
  }
  return withUriVariables(context, template(context, text, pointer), pointer)
}

function checkHeaders (context: Context, headers: Fields, pointer: string): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name)) {
      fail(context.source, child(pointer, name), `${JSON.stringify(name.slice(0, 64))} cannot be the name of a header`, 'key')
    }
    if (!HEADER_VALUE.test(value as string) && !(value as string).includes('${')) {
      fail(context.source, child(pointer, name), 'a header\'s value has no line breaks')
    }
  }
}
