/**
 * Execution ids: `<set>.<time><chance>`. The set's name is in the id, so any peer knows whom to ask; the rest sorts by
 * time, so that the newest executions of a set are the end of a range.
 */
import type { Clock } from '../clock.js'
import { MAX_OPEN_CHILDREN } from '../limits.js'

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz' // Crockford's base32, lower case: sorts like the number
const TIME_CHARS = 10
const CHANCE_CHARS = 16
const SHAPE = /^([a-z0-9-]{1,80})\.([0-9a-hjkmnp-tv-z]{26})$/

export function newExecutionId (set: string, clock: Clock): string {
  let text = ''
  let time = clock.now()
  for (let i = 0; i < TIME_CHARS; i++) {
    text = ALPHABET[time % 32]! + text
    time = Math.floor(time / 32)
  }
  for (let i = 0; i < CHANCE_CHARS; i++) text += ALPHABET[Math.floor(clock.random() * 32)]!
  return `${set}.${text}`
}

/** The name of the set that keeps this execution; undefined when the text is no execution id. */
export function setOfExecution (id: string): string | undefined {
  return SHAPE.exec(id)?.[1]
}

/** Milliseconds since the epoch at which the id was made. */
export function timeOfExecution (id: string): number {
  let time = 0
  for (const char of id.slice(id.indexOf('.') + 1).slice(0, TIME_CHARS)) time = time * 32 + ALPHABET.indexOf(char)
  return time
}

/** Names of branches as a message has them, one a line. @throws TypeError on what is no text */
export function readBranches (body: Uint8Array): Set<string> {
  return new Set(new TextDecoder('utf-8', { fatal: true }).decode(body).split('\n', MAX_OPEN_CHILDREN))
}
