/**
 * Who may ask: on loopback whoever is on this machine, but no web page of elsewhere (DNS rebinding, cross-site posts);
 * bound to more than loopback, whoever has the token.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { NotPermittedError } from '../errors.js'
import type { ApiOptions } from './ports.js'

export function isLoopback (host: string): boolean {
  const name = host.replace(/^\[|\]$/g, '').toLowerCase()
  return name === 'localhost' || name === '::1' || name.endsWith('.localhost') || /^127(?:\.\d{1,3}){3}$/.test(name)
}

/** Paths anyone may ask for, token or not: probes, and the page that asks people for the token. */
const OPEN_PATHS = new Set(['/', '/healthz', '/readyz'])

/** 401: no token or a wrong one, to be told from 403, which no token would mend. */
export class TokenNeededError extends NotPermittedError {}

/** Returns a check that throws NotPermittedError. */
export function guard ({ host, token }: Pick<ApiOptions, 'host' | 'token'>): (headers: Headers, path: string) => void {
  const loopback = isLoopback(host)
  const expected = token === undefined ? undefined : digest(`Bearer ${token}`)
  return (headers, path) => {
    const asked = headers.get('host') ?? ''
    if (loopback && !isLoopback(hostName(asked))) {
      throw new NotPermittedError(`this API is for this machine only, and "${asked.slice(0, 100)}" is not a name of it; use localhost`)
    }
    const origin = headers.get('origin')
    if (origin !== null && origin !== `http://${asked}` && origin !== `https://${asked}`) {
      throw new NotPermittedError('pages of other origins may not use this API')
    }
    if (expected === undefined || OPEN_PATHS.has(path)) return
    const given = headers.get('authorization')
    if (given === null || !timingSafeEqual(digest(given), expected)) {
      throw new TokenNeededError('send the API\'s token as "Authorization: Bearer TOKEN"; it is in the peer\'s state directory, in api.json')
    }
  }
}

/** Equal length for the comparison, whatever was sent. */
function digest (text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

function hostName (host: string): string {
  return host.startsWith('[') ? host.slice(0, host.indexOf(']') + 1) : host.replace(/:\d+$/, '')
}
