/**
 * What the group decides: commands, one kind per change of a table, and the entry of the log that carries one. Entries are
 * encoded with DAG-CBOR, whose maps are sorted, so that equal commands are equal bytes.
 */
import { decode, encode } from '@ipld/dag-cbor'
import { z } from 'zod'
import { InvalidInputError, TooLargeError } from '../errors.js'
import { MAX_COMMAND_BYTES } from '../limits.js'
import { deployFunction } from './tables/functions.js'
import { intend, retire } from './tables/intents.js'
import { invite } from './tables/invites.js'
import { bindKey, confirmKey, rebindKey } from './tables/keys.js'
import { admit, hello, leave, remove } from './tables/members.js'
import { setPolicy } from './tables/policies.js'
import { setGrow, setMake, setReplace, setWhole } from './tables/sets.js'
import { configure } from './tables/settings.js'
import { count, peerId, text } from './tables/shapes.js'
import { deployWorkflow } from './tables/workflows.js'
import type { ErrorKind } from '../errors.js'
import type { Refusal } from './tables/refused.js'

/** The first entry of a mesh's first log. The founder is admitted by the entry after it. */
export const found = z.strictObject({
  type: z.literal('found'), meshId: text(128).min(1), generation: z.number().int().min(1), controllers: z.array(peerId).min(1).max(9), open: z.boolean()
})
/** The founder lets itself in, with every role; only a controller can say this. */
export const admitFounder = z.strictObject({ ...admit.shape, type: z.literal('admitFounder') })
export const openSession = z.strictObject({ type: z.literal('openSession') })

const command = z.discriminatedUnion('type', [
  found, admitFounder, openSession, configure, invite, admit, hello, leave, remove, deployFunction, deployWorkflow, setPolicy,
  setMake, setGrow, setReplace, setWhole, intend, retire, bindKey, confirmKey, rebindKey
])
export type Command = z.infer<typeof command>
export type CommandType = Command['type']

const entry = z.strictObject({
  /** Who asks for it, as its connection proved. */ by: peerId,
  /** Clock of the controller that took it, ms since 1970: only for expiry, never for safety. */ now: count,
  /** 0: no session; the command itself says what it was planned against. */ session: count,
  sequence: count,
  floor: count,
  command
})
export type Entry = z.infer<typeof entry>

/** What applying it gave: the same on every controller, and kept for a client that asks again. */
export type Outcome =
  | { ok: true, value: unknown }
  | { ok: false, kind: ErrorKind | 'sessionExpired', message: string, /** Of admission: why. */ refusal?: Refusal }

export function encodeEntry (value: Entry): Uint8Array {
  const bytes = encode(value)
  if (bytes.length > MAX_COMMAND_BYTES) throw new TooLargeError(`command "${value.command.type}"`, bytes.length, MAX_COMMAND_BYTES)
  return bytes
}

export function decodeEntry (bytes: Uint8Array): Entry {
  return checked(entry, bytes, 'entry')
}

export function encodeCommand (value: Command): Uint8Array {
  return encode(value)
}

/** A command from outside, its fields bounded; unknown kinds and fields are refused. */
export function decodeCommand (bytes: Uint8Array): Command {
  return checked(command, bytes, 'command')
}

function checked<T> (shape: z.ZodType<T>, bytes: Uint8Array, what: string): T {
  if (bytes.length > MAX_COMMAND_BYTES) throw new TooLargeError(what, bytes.length, MAX_COMMAND_BYTES)
  return parseShape(shape, decodeCbor(bytes, what), what)
}

export function decodeCbor (bytes: Uint8Array, what: string): unknown {
  try {
    return decode(bytes)
  } catch (err) {
    throw new InvalidInputError(`${what} is not valid DAG-CBOR`, {}, { cause: err })
  }
}

/** The first thing that is wrong, with the field's path. */
export function parseShape<T> (shape: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = shape.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const field = issue?.path.join('.') ?? ''
  throw new InvalidInputError(`${what}${field === '' ? '' : `: ${field}`}: ${issue?.message ?? 'is wrong'}`, field === '' ? {} : { field })
}
