/**
 * Certificates: what the mesh key has signed about a peer. The mesh id is a hash of the mesh's public key, so whoever
 * knows the id can tell the right key from a wrong one.
 */
import { privateKeyFromProtobuf, publicKeyFromRaw } from '@libp2p/crypto/keys'
import { sha256 } from '@noble/hashes/sha2.js'
import { toString } from 'uint8arrays/to-string'
import { CertificateClaims, SignedCertificate } from '../../protocols/admission.js'
import { signedBytes, wire } from './bytes.js'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import type { Role } from '../mesh-view.js'
import type { Certificate } from './types.js'

export const CERTIFICATE_TTL_MS = 24 * 3600_000
/** How long an expired certificate is still honoured while nobody who could renew it can be reached. */
export const CERTIFICATE_GRACE_MS = 24 * 3600_000

const PURPOSE = 'flowmesh-certificate'
const ROLES: readonly string[] = ['peer', 'deployer', 'operator', 'viewer'] satisfies Role[]
const TIERS: readonly string[] = ['edge', 'gateway', 'cloud']

/** @param meshKey the raw ed25519 public key of the mesh, 32 bytes */
export function meshIdOf (meshKey: Uint8Array): string {
  return toString(sha256(meshKey).subarray(0, 15), 'base32')
}

/** Encoded and signed. `meshPrivateKey` is the protobuf form that `PeerMesh.meshPrivateKey` gives. */
export async function signCertificate (meshPrivateKey: Uint8Array, certificate: Certificate): Promise<Uint8Array> {
  const key = privateKeyFromProtobuf(meshPrivateKey) as Ed25519PrivateKey
  const claims = CertificateClaims.encode(certificate)
  return SignedCertificate.encode({ claims: wire(claims), signature: wire(await key.sign(signedBytes(PURPOSE, claims))) })
}

/** What it says, or undefined when the mesh key did not sign it. Whether it has expired is the caller's question. */
export async function openCertificate (meshKey: Uint8Array, bytes: Uint8Array): Promise<Certificate | undefined> {
  try {
    const { claims, signature } = SignedCertificate.decode(bytes)
    if (!await publicKeyFromRaw(meshKey).verify(signedBytes(PURPOSE, claims), signature)) return undefined
    const { meshId, peer, roles, tier, tenant, issuedAt, expiresAt } = CertificateClaims.decode(claims, { limits: { roles: 8 } })
    if (meshId !== meshIdOf(meshKey) || !TIERS.includes(tier) || !roles.every(role => ROLES.includes(role))) return undefined
    return { meshId, peer, roles: roles as Role[], tier: tier as Certificate['tier'], tenant, issuedAt, expiresAt }
  } catch {
    return undefined
  }
}
