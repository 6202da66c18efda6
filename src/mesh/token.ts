/**
 * A join token: everything a new peer needs to find a mesh and be let in, as text to paste. It carries the network key
 * and a one-time secret, so it is as secret as a password until it is spent.
 */
import { sha256 } from '@noble/hashes/sha2.js'
import { fromString } from 'uint8arrays/from-string'
import { toString } from 'uint8arrays/to-string'
import { Token as WireToken } from '../../protocols/admission.js'
import { InvalidInputError } from '../errors.js'
import { MAX_ADDRESSES, MAX_TOKEN_CHARS } from '../limits.js'
import { NO_BYTES, wire } from './bytes.js'
import { meshIdOf } from './certificate.js'
import { isAddress } from './facts.js'

export interface Token {
  /** With /p2p/. */ addresses: string[]
  meshId: string
  /** Raw ed25519 public key of the mesh. */ meshKey: Uint8Array
  /** 32 bytes; absent in an open mesh. */ networkKey?: Uint8Array
  secret: Uint8Array
  /** Milliseconds since 1970. */ expiresAt: number
}

const PREFIX = 'fm1_'
const VERSION = 1
const ASK = 'ask for a new one with "flowmesh invite"'

export function encodeToken (token: Token): string {
  const { addresses, meshId, meshKey, networkKey = NO_BYTES, secret, expiresAt } = token
  const bytes = WireToken.encode({
    version: VERSION, addresses: addresses.slice(0, MAX_ADDRESSES), meshId, expiresAt,
    meshKey: wire(meshKey), networkKey: wire(networkKey), secret: wire(secret)
  })
  return PREFIX + toString(withChecksum(bytes), 'base64url')
}

/** Throws InvalidInputError that says what is wrong with it; an expired token decodes (its issuer says so when asked). */
export function decodeToken (text: string): Token {
  const trimmed = text.trim()
  if (trimmed.length > MAX_TOKEN_CHARS) throw new InvalidInputError(`this is no join token: it is longer than ${MAX_TOKEN_CHARS}`)
  const version = /^fm(\d+)_/.exec(trimmed)?.[1]
  if (version === undefined) throw new InvalidInputError(`this is no join token: one begins with "${PREFIX}"; ${ASK}`)
  if (version !== String(VERSION)) {
    throw new InvalidInputError(`join token of version ${version}, this peer reads ${VERSION}: use the same release everywhere`)
  }
  const token = read(trimmed.slice(PREFIX.length))
  if (token === undefined) throw new InvalidInputError(`the join token is damaged or cut off: copy it whole, or ${ASK}`)
  return token
}

function read (text: string): Token | undefined {
  try {
    const bytes = withoutChecksum(fromString(text, 'base64url'))
    if (bytes === undefined) return undefined
    const { addresses, meshId, meshKey, networkKey, secret, expiresAt } = WireToken.decode(bytes,
      { limits: { addresses: MAX_ADDRESSES } })
    const sound = meshKey.byteLength === 32 && meshId === meshIdOf(meshKey) && secret.byteLength >= 16 &&
      (networkKey.byteLength === 0 || networkKey.byteLength === 32) && addresses.length > 0 && addresses.every(isAddress)
    if (!sound) return undefined
    return { addresses, meshId, meshKey, secret, expiresAt, ...(networkKey.byteLength > 0 ? { networkKey } : {}) }
  } catch {
    return undefined
  }
}

/** A cut-off or mistyped token must be told from a wrong one: protobuf alone would often decode it. */
function withChecksum (bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(bytes.byteLength + 4)
  out.set(bytes)
  out.set(checksum(bytes), bytes.byteLength)
  return out
}

function withoutChecksum (bytes: Uint8Array): Uint8Array | undefined {
  const body = bytes.subarray(0, Math.max(0, bytes.byteLength - 4))
  const sum = bytes.subarray(body.byteLength)
  return checksum(body).every((byte, i) => byte === sum[i]) ? body : undefined
}

function checksum (bytes: Uint8Array): Uint8Array { return sha256(bytes).subarray(0, 4) }
