/**
 * The first entry into a mesh, before there is anything to start: a dialler without services goes through the addresses
 * until a member lets this peer in. What it brings back is all that a start, and every later one, needs.
 */
import { multiaddr } from '@multiformats/multiaddr'
import { setTimeout as sleep } from 'node:timers/promises'
import { InvalidInputError, UnavailableError } from '../errors.js'
import { Admission } from './admission.js'
import { explainDial } from './dial-errors.js'
import { HANDSHAKE_TIMEOUT_MS, admittingNoise } from './encrypter.js'
import { createJoinLibp2p } from './libp2p.js'
import type { Ed25519PrivateKey, Libp2p } from '@libp2p/interface'
import type { NotAdmittedError } from '../errors.js'
import type { KnownFacts } from './facts.js'
import type { Token } from './token.js'
import type { MeshLog, TransportFactory } from './types.js'

export interface JoinOptions {
  privateKey: Ed25519PrivateKey
  token?: Token
  addresses: string[]
  facts: KnownFacts
  disk: string
  incarnation: number
  nonce: string
  timeoutMs: number
  signal?: AbortSignal
  transport?: TransportFactory
  log: MeshLog
}

export interface Joined { meshKey: Uint8Array, certificate: Uint8Array, introducer?: KnownFacts }

const RETRY_MS = 500
const ANSWER_TIMEOUT_MS = 3_000
/** Said by a member about this joiner or its token: another address would say the same. */
const FINAL: readonly string[] = ['spentToken', 'expiredToken', 'foreignToken', 'tokenNeeded', 'revoked', 'expiredCertificate',
  'version']

/** Rejects with NotAdmittedError when it is refused, UnavailableError when nobody could answer in time. */
export async function joinMesh (options: JoinOptions): Promise<Joined> {
  const { addresses, timeoutMs, signal, log } = options
  if (addresses.length === 0) throw new InvalidInputError('no address to join through: give --join TOKEN or --bootstrap ADDRESS')
  const attempt = new Attempt(options)
  const deadline = performance.now() + timeoutMs
  const libp2p = await createJoinLibp2p({ ...parts(options), encrypter: admittingNoise(attempt.admission, attempt.onRefused) },
    HANDSHAKE_TIMEOUT_MS)
  try {
    while (true) {
      const failures = await attempt.round(libp2p, signal)
      if (attempt.joined !== undefined) return attempt.joined
      signal?.throwIfAborted()
      if (performance.now() + RETRY_MS > deadline) {
        throw new UnavailableError(`could not join through any address within ${Math.round(timeoutMs / 1000)} s: ${failures.join('; ')}`)
      }
      log('info', 'could not join yet; will try again', { failures })
      await sleep(RETRY_MS * (0.5 + Math.random()), undefined, { signal })
    }
  } finally {
    await libp2p.stop()
  }
}

class Attempt {
  readonly admission: Admission
  joined: Joined | undefined
  private introducer: KnownFacts | undefined
  private refused: NotAdmittedError | undefined
  private secured = false

  constructor (private readonly options: JoinOptions) {
    const { token, facts, disk, incarnation, nonce } = options
    this.admission = new Admission({
      standing: () => {
        this.secured = true // asked for when noise is done
        return token === undefined ? {} : { meshKey: token.meshKey, secret: token.secret }
      },
      facts: () => facts,
      disk, incarnation, nonce,
      authority: () => undefined,
      now: () => Date.now(),
      certified: (certificate, meshKey) => { this.joined = { meshKey, certificate } },
      admitted: (_, introducer) => { this.introducer = introducer }
    })
  }

  readonly onRefused = (err: NotAdmittedError): void => { this.refused = err }

  /** Every address once. Throws when a member refused for good, or every address is of the wrong kind. */
  async round (libp2p: Libp2p, signal?: AbortSignal): Promise<string[]> {
    const failures: string[] = []
    let hopeless: NotAdmittedError | undefined
    let hopelessCount = 0
    for (const address of this.options.addresses) {
      this.refused = undefined
      await this.dial(libp2p, address, signal).catch((err: unknown) => { failures.push(explainDial(err, [address])) })
      if (this.joined !== undefined) {
        if (this.introducer !== undefined) this.joined.introducer = this.introducer
        return failures
      }
      const refused = this.refusal()
      if (refused === undefined || refused.reason === 'notReady') continue
      if (FINAL.includes(refused.reason)) throw refused
      hopeless = refused
      hopelessCount++
    }
    if (hopeless !== undefined && hopelessCount === this.options.addresses.length) throw hopeless
    return failures
  }

  /** Controllers may take their time to decide; whether anybody of this mesh is there at all shows sooner. */
  private async dial (libp2p: Libp2p, address: string, signal?: AbortSignal): Promise<void> {
    this.secured = false
    const silent = new AbortController()
    const timer = setTimeout(() => { if (!this.secured) silent.abort() }, ANSWER_TIMEOUT_MS)
    try {
      const connection = await libp2p.dial(multiaddr(address),
        { signal: signal === undefined ? silent.signal : AbortSignal.any([signal, silent.signal]) })
      await connection.close()
    } finally {
      clearTimeout(timer)
    }
  }

  /** A method, because the compiler does not see that the callback changes the field. */
  private refusal (): NotAdmittedError | undefined { return this.refused }
}

function parts ({ privateKey, token, transport }: JoinOptions): { privateKey: Ed25519PrivateKey, networkKey?: Uint8Array,
  transport?: TransportFactory } {
  return {
    privateKey,
    ...(token?.networkKey === undefined ? {} : { networkKey: token.networkKey }),
    ...(transport === undefined ? {} : { transport })
  }
}
