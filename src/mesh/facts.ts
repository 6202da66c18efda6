/**
 * A peer's own word about itself, signed by its identity key, so that anyone may pass it on and nobody can change it.
 * The higher version holds: it is the time of the peer's own clock when it was made, compared only with its own words.
 */
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { Facts, SignedFacts } from '../../protocols/peers.js'
import { MAX_ADDRESSES, MAX_FACT_CHARS, MAX_LABELS } from '../limits.js'
import { signedBytes, wire } from './bytes.js'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { PeerFacts } from './port.js'

export interface KnownFacts { facts: PeerFacts, version: number, signed: Uint8Array }

const PURPOSE = 'flowmesh-facts'
const TIERS: readonly string[] = ['edge', 'gateway', 'cloud']

export async function signFacts (key: Ed25519PrivateKey, facts: PeerFacts, version: number): Promise<KnownFacts> {
  const encoded = Facts.encode({ ...facts, labels: new Map(Object.entries(facts.labels)), version })
  const signed = SignedFacts.encode({ facts: wire(encoded), signature: wire(await key.sign(signedBytes(PURPOSE, encoded))) })
  return { facts, version, signed }
}

/**
 * Undefined when it is malformed, over a bound, not signed by the peer it speaks of, or not newer than the version that
 * `knownVersion` gives for it: most of a list is known already, and a signature costs more than a look.
 */
export async function openFacts (
  signed: Uint8Array, knownVersion: (peer: string) => number = () => -1
): Promise<KnownFacts | undefined> {
  const known = readFacts(signed)
  if (known === undefined || known.version <= knownVersion(known.facts.peer)) return undefined
  try {
    const { facts, signature } = SignedFacts.decode(signed)
    const key = peerIdFromString(known.facts.peer).publicKey
    return key !== undefined && await key.verify(signedBytes(PURPOSE, facts), signature) ? known : undefined
  } catch {
    return undefined
  }
}

/** The same without looking at the signature: for what this peer has verified and stored itself. */
export function readFacts (signed: Uint8Array): KnownFacts | undefined {
  try {
    const { labels, version, ...rest } = Facts.decode(SignedFacts.decode(signed).facts,
      { limits: { addresses: MAX_ADDRESSES, labels: MAX_LABELS } })
    const facts = { ...rest, labels: Object.fromEntries(labels) } as PeerFacts
    if (factsFault(facts) !== undefined || !Number.isSafeInteger(version)) return undefined
    return { facts, version, signed: signed.slice() }
  } catch {
    return undefined
  }
}

/** What is wrong with them, in words; undefined when nothing is. */
export function factsFault (facts: PeerFacts): string | undefined {
  const texts = [facts.peer, facts.name, facts.region, facts.zone, facts.domain, ...Object.entries(facts.labels).flat(),
    ...facts.addresses]
  const tooLong = texts.find(text => text.length > MAX_FACT_CHARS)
  if (tooLong !== undefined) return `"${tooLong.slice(0, 40)}…" is longer than ${MAX_FACT_CHARS} characters`
  if (!isPeerId(facts.peer)) return `"${facts.peer}" is no peer id`
  if (!TIERS.includes(facts.tier)) return `tier "${facts.tier}" is none of ${TIERS.join(', ')}`
  if (Object.keys(facts.labels).length > MAX_LABELS) return `more than ${MAX_LABELS} labels`
  if (facts.addresses.length > MAX_ADDRESSES) return `more than ${MAX_ADDRESSES} addresses`
  const wrong = facts.addresses.find(address => !isAddress(address))
  return wrong === undefined ? undefined : `"${wrong}" is no multiaddr`
}

function isPeerId (text: string): boolean {
  try {
    peerIdFromString(text)
    return true
  } catch {
    return false
  }
}

export function isAddress (text: string): boolean {
  try {
    multiaddr(text)
    return text.length <= MAX_FACT_CHARS
  } catch {
    return false
  }
}
