/**
 * Who is let in: the one place where certificates, tokens' secrets and revocations are checked. It runs inside the
 * connection encrypter, on a connection that has no muxer yet, so a stranger never reaches any protocol.
 *
 * Both sides say hello (mesh, certificate). The dialler checks the listener's before it says anything of itself: a lying
 * bootstrap address must not learn a token's secret. Then the dialler claims, the listener judges.
 */
import { Claim, Hello, Verdict } from '../../protocols/admission.js'
import { NotAdmittedError } from '../errors.js'
import { NO_BYTES, wire } from './bytes.js'
import { CERTIFICATE_GRACE_MS, meshIdOf, openCertificate } from './certificate.js'
import { openFacts } from './facts.js'
import { REFUSALS } from './types.js'
import type { KnownFacts } from './facts.js'
import type { Authority, Certificate, Refusal } from './types.js'

export const ADMISSION_VERSION = 1

/** Who this peer is in the mesh now. A joiner has no certificate, and without a token not even the mesh's key. */
export interface Standing { meshKey?: Uint8Array, certificate?: Uint8Array, secret?: Uint8Array }

export interface AdmissionPorts {
  standing (): Standing
  facts (): KnownFacts
  disk: string
  incarnation: number
  nonce: string
  authority (): Authority | undefined
  now (): number
  /** A certificate issued to this peer in a handshake: keep it. */
  certified (certificate: Uint8Array, meshKey: Uint8Array): void
  /** The other side was let in. */
  admitted (certificate: Certificate, facts: KnownFacts): void
}

type Judgement = { refused: Refusal, message?: string } | { certificate: Certificate, issued?: Uint8Array }

/** What to send to the dialler, and why it must be shut out, if it must. */
export interface Judged { verdict: Uint8Array, refused?: NotAdmittedError }

export class Admission {
  constructor (private readonly ports: AdmissionPorts) {}

  hello (): Uint8Array {
    const { meshKey, certificate } = this.ports.standing()
    return Hello.encode({
      version: ADMISSION_VERSION,
      meshId: meshKey === undefined ? '' : meshIdOf(meshKey),
      meshKey: wire(meshKey ?? NO_BYTES),
      certificate: wire(certificate ?? NO_BYTES)
    })
  }

  /** The dialler, about the listener's hello; what it resolves with goes into `conclude`. Throws NotAdmittedError. */
  async greet (peer: string, bytes: Uint8Array): Promise<{ claim: Uint8Array, listener: Certificate, meshKey: Uint8Array }> {
    const hello = decodeOr(() => Hello.decode(bytes))
    if (hello === undefined) throw refusal('malformed')
    if (hello.version !== ADMISSION_VERSION) throw refusal('version')
    const { meshKey: own, secret } = this.ports.standing()
    if (own !== undefined && hello.meshId !== meshIdOf(own)) throw refusal('wrongMesh')
    const meshKey = own ?? hello.meshKey
    if (hello.certificate.byteLength === 0) throw refusal('badCertificate', 'it is no member of the mesh itself')
    const listener = await openCertificate(meshKey, hello.certificate)
    if (listener?.peer !== peer) throw refusal('badCertificate')
    if (this.ports.now() > listener.expiresAt + CERTIFICATE_GRACE_MS) throw refusal('expiredCertificate')
    if (this.ports.authority()?.isRevoked(peer) === true) throw refusal('revoked')
    const { disk, incarnation, nonce } = this.ports
    const facts = wire(this.ports.facts().signed)
    const claim = Claim.encode({ facts, secret: wire(secret ?? NO_BYTES), disk, incarnation, nonce })
    return { claim, listener, meshKey }
  }

  /** The dialler, about the verdict. Throws NotAdmittedError with the listener's reason. */
  async conclude (listener: Certificate, meshKey: Uint8Array, bytes: Uint8Array): Promise<void> {
    const verdict = decodeOr(() => Verdict.decode(bytes))
    if (verdict === undefined) throw refusal('malformed')
    if (verdict.refused !== '') throw refusal(asRefusal(verdict.refused), verdict.message.slice(0, 300))
    const facts = await openFacts(verdict.facts)
    if (facts?.facts.peer !== listener.peer) throw refusal('malformed')
    if (verdict.certificate.byteLength > 0) {
      const issued = await openCertificate(meshKey, verdict.certificate)
      if (issued?.peer !== this.ports.facts().facts.peer) throw refusal('badCertificate')
      this.ports.certified(verdict.certificate, meshKey)
    }
    this.ports.admitted(listener, facts)
  }

  /** The listener, about both messages of a dialler. Never throws; `refused` is set when it must be shut out. */
  async judge (peer: string, helloBytes: Uint8Array, claimBytes: Uint8Array): Promise<Judged> {
    const hello = decodeOr(() => Hello.decode(helloBytes))
    const claim = decodeOr(() => Claim.decode(claimBytes))
    const facts = claim === undefined ? undefined : await openFacts(claim.facts)
    const judgement: Judgement = hello === undefined || claim === undefined || facts?.facts.peer !== peer
      ? { refused: 'malformed' }
      : await this.weigh(peer, hello, claim, facts)
    if ('refused' in judgement) {
      const err = refusal(judgement.refused, judgement.message)
      const { refused, message = '' } = judgement
      return { verdict: Verdict.encode({ refused, message, certificate: NO_BYTES, facts: NO_BYTES }), refused: err }
    }
    this.ports.admitted(judgement.certificate, facts!)
    const certificate = wire(judgement.issued ?? NO_BYTES)
    return { verdict: Verdict.encode({ refused: '', message: '', certificate, facts: wire(this.ports.facts().signed) }) }
  }

  private async weigh (peer: string, hello: Hello, claim: Claim, facts: KnownFacts): Promise<Judgement> {
    const { meshKey } = this.ports.standing()
    if (hello.version !== ADMISSION_VERSION) return { refused: 'version' }
    if (meshKey === undefined) return { refused: 'notReady' }
    if (hello.meshId !== '' && hello.meshId !== meshIdOf(meshKey)) return { refused: 'wrongMesh' }
    if (this.ports.authority()?.isRevoked(peer) === true) return { refused: 'revoked' }
    if (hello.certificate.byteLength === 0) return await this.ask(peer, claim, facts, undefined)
    const certificate = await openCertificate(meshKey, hello.certificate)
    if (certificate?.peer !== peer) return { refused: 'badCertificate' }
    if (this.ports.now() <= certificate.expiresAt) return { certificate }
    return await this.ask(peer, claim, facts, certificate)
  }

  private async ask (peer: string, claim: Claim, { facts }: KnownFacts, expired: Certificate | undefined): Promise<Judgement> {
    const { disk, incarnation, nonce } = claim
    const secret = claim.secret.byteLength > 0 ? claim.secret : undefined
    const authority = this.ports.authority()
    try {
      if (authority === undefined) throw new Error('no controller is known yet')
      const answer = await authority.admit({
        peer, facts, disk, incarnation, nonce,
        ...(secret === undefined ? {} : { secret }),
        ...(expired === undefined ? {} : { expired })
      })
      if ('refused' in answer) return answer
      const certificate = await openCertificate(this.ports.standing().meshKey!, answer.certificate)
      return certificate?.peer === peer ? { certificate, issued: answer.certificate } : { refused: 'badCertificate' }
    } catch (err) {
      // Nobody can decide now. Whoever was a member until lately stays one: losing the controllers must not split the mesh.
      if (expired !== undefined && this.ports.now() <= expired.expiresAt + CERTIFICATE_GRACE_MS) return { certificate: expired }
      return { refused: 'notReady', message: (err as Error).message.slice(0, 300) }
    }
  }
}

const WORDS: Record<Refusal, string> = {
  spentToken: 'the token was used up; ask for a new one with "flowmesh invite"',
  expiredToken: 'the token has expired; ask for a new one with "flowmesh invite"',
  foreignToken: 'the token is not of this mesh; ask for one with "flowmesh invite" on a peer of the mesh you mean',
  tokenNeeded: 'this mesh needs a token; ask for one with "flowmesh invite"',
  wrongMesh: 'it belongs to another mesh',
  revoked: 'the peer was removed from the mesh; join as a new peer with an empty state directory and a new token',
  expiredCertificate: 'the certificate ran out too long ago; join again with a token',
  badCertificate: 'the certificate does not fit the peer or the mesh',
  malformed: 'the handshake was malformed',
  version: 'it speaks another version of the admission protocol; use the same release everywhere',
  notReady: 'no controller could decide just now; try again'
}

export function refusal (reason: Refusal, message?: string): NotAdmittedError {
  const saysMore = message !== undefined && message !== '' && reason !== 'spentToken' && reason !== 'expiredToken'
  const detail = saysMore ? ` (${message})` : ''
  return new NotAdmittedError(reason, `not admitted: ${WORDS[reason]}${detail}`)
}

function asRefusal (text: string): Refusal { return REFUSALS.find(known => known === text) ?? 'malformed' }

function decodeOr <T> (decode: () => T): T | undefined {
  try { return decode() } catch { return undefined }
}
