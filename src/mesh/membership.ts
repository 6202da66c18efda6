/** How a state directory comes to belong to a mesh: it says so, or this peer founds one, or it joins one. */
import { generateKeyPair, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import { randomBytes } from 'node:crypto'
import { ConflictError, InvalidInputError } from '../errors.js'
import { CERTIFICATE_GRACE_MS, CERTIFICATE_TTL_MS, meshIdOf, openCertificate, signCertificate } from './certificate.js'
import { isAddress } from './facts.js'
import { joinMesh } from './join.js'
import { readMeshFile, writeMeshFile } from './mesh-file.js'
import { decodeToken } from './token.js'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { KnownFacts } from './facts.js'
import type { MeshFile } from './mesh-file.js'
import type { Token } from './token.js'
import type { Membership, MeshLog, PeerMeshOptions, TransportFactory } from './types.js'

export interface MembershipOptions {
  options: PeerMeshOptions
  privateKey: Ed25519PrivateKey
  facts: KnownFacts
  transport?: TransportFactory
  log: MeshLog
}

export interface Settled { file: MeshFile, introducer?: KnownFacts }

/** What the directory says, after founding or joining when it said nothing; `introducer` is who let this peer in. */
export async function settleMembership (given: MembershipOptions): Promise<Settled> {
  const { stateDir, membership } = given.options
  const file = await readMeshFile(stateDir)
  const entry = membership === undefined ? undefined : entryOf(membership)
  if (file === undefined) return await enter(given, membership, entry)
  if (entry?.token !== undefined && entry.token.meshId !== file.meshId) {
    throw new ConflictError(
      `${stateDir} belongs to mesh ${file.meshId}, the token is for mesh ${entry.token.meshId}: use another state directory`)
  }
  const merged = { ...file, bootstrap: [...new Set([...entry?.addresses ?? [], ...file.bootstrap])].slice(0, 64) }
  if (merged.meshPrivateKey !== undefined) return { file: merged }
  const certificate = await openCertificate(file.meshKey, file.certificate)
  const usable = certificate !== undefined && Date.now() < certificate.expiresAt + CERTIFICATE_GRACE_MS
  if (usable || entry?.token === undefined) return { file: merged }
  return await join(given, entry, merged)
}

interface Entry { token?: Token, addresses: string[] }

function entryOf (membership: Membership): Entry | undefined {
  if ('found' in membership) return undefined
  const token = membership.token === undefined ? undefined : decodeToken(membership.token)
  const addresses = [...membership.bootstrap ?? [], ...token?.addresses ?? []]
  const wrong = addresses.find(address => !isAddress(address))
  if (wrong !== undefined) throw new InvalidInputError(`"${wrong}" is no multiaddr such as /ip4/192.0.2.1/tcp/4001/p2p/12D3Koo…`)
  return { addresses, ...(token === undefined ? {} : { token }) }
}

async function enter (given: MembershipOptions, membership: Membership | undefined, entry: Entry | undefined): Promise<Settled> {
  if (entry !== undefined) return await join(given, entry, undefined)
  const open = membership !== undefined && 'found' in membership && membership.open === true
  const file = await found(given.facts, open)
  await writeMeshFile(given.options.stateDir, file)
  return { file }
}

async function found ({ facts }: KnownFacts, open: boolean): Promise<MeshFile> {
  const key = await generateKeyPair('Ed25519')
  const meshKey = key.publicKey.raw
  const meshPrivateKey = privateKeyToProtobuf(key)
  const issuedAt = Date.now()
  const certificate = await signCertificate(meshPrivateKey, {
    meshId: meshIdOf(meshKey), peer: facts.peer, roles: ['peer', 'deployer', 'operator', 'viewer'], tier: facts.tier, tenant: '',
    issuedAt, expiresAt: issuedAt + CERTIFICATE_TTL_MS
  })
  const networkKey = open ? {} : { networkKey: new Uint8Array(randomBytes(32)) }
  return { meshId: meshIdOf(meshKey), meshKey, meshPrivateKey, certificate, bootstrap: [], ports: {}, ...networkKey }
}

async function join (given: MembershipOptions, { token, addresses }: Entry, before: MeshFile | undefined): Promise<Settled> {
  const { options, privateKey, facts, transport, log } = given
  const { disk, incarnation, nonce, joinTimeoutMs = 30_000, signal, stateDir } = options
  const { meshKey, certificate, introducer } = await joinMesh({
    privateKey, addresses, facts, disk, incarnation, nonce, timeoutMs: joinTimeoutMs, log,
    ...(token === undefined ? {} : { token }),
    ...(signal === undefined ? {} : { signal }),
    ...(transport === undefined ? {} : { transport })
  })
  const networkKey = token?.networkKey
  const file: MeshFile = {
    meshId: meshIdOf(meshKey), meshKey, certificate, bootstrap: addresses, ports: before?.ports ?? {},
    ...(networkKey === undefined ? {} : { networkKey })
  }
  await writeMeshFile(stateDir, file)
  return { file, ...(introducer === undefined ? {} : { introducer }) }
}
