/** Who may be let in, as the mesh asks it on any peer: the group decides, a controller signs, the client forwards. */
import { createHash } from 'node:crypto'
import { CERTIFICATE_TTL_MS, signCertificate } from '../mesh/certificate.js'
import type { Clock } from '../clock.js'
import type { MemberView } from '../mesh-view.js'

/** Only controllers can sign: they hold the mesh's private key. */
export interface Certifier {
  /** A certificate for this member, from now. */
  sign (member: MemberView): Promise<Uint8Array>
}

/** Until tenants are more than a field, everybody is of this one. */
const TENANT = 'default'

/** @param meshPrivateKey as the founder's mesh file keeps it */
export function certifier (meshId: string, meshPrivateKey: Uint8Array, clock: Clock): Certifier {
  return {
    sign: async ({ peer, roles, tier }) => {
      const issuedAt = clock.now()
      return await signCertificate(meshPrivateKey, { meshId, peer, roles, tier, tenant: TENANT, issuedAt, expiresAt: issuedAt + CERTIFICATE_TTL_MS })
    }
  }
}

/** What the table of invites knows of a token's secret. */
export function hashSecret (secret: Uint8Array): string {
  return createHash('sha256').update('flowmesh-invite:').update(secret).digest('hex')
}
