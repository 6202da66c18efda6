/** Noise, and right after it the admission handshake, as one connection encrypter: see admission.ts for who says what. */
import { noise } from '@chainsafe/libp2p-noise'
import { lpStream } from '@libp2p/utils'
import { setMaxListeners } from 'node:events'
import { MAX_HANDSHAKE_BYTES } from '../limits.js'
import type { ConnectionEncrypter, MessageStream, SecureConnectionOptions, SecuredConnection } from '@libp2p/interface'
import type { LengthPrefixedStream } from '@libp2p/utils'
import type { Admission } from './admission.js'
import type { NotAdmittedError } from '../errors.js'

/** Below libp2p's 10 s for a whole inbound upgrade; a join waits this long for the controllers. */
export const HANDSHAKE_TIMEOUT_MS = 8_000
/** How long a refused dialler may take to read why. */
const REFUSAL_LINGER_MS = 500

type NoiseComponents = Parameters<ReturnType<typeof noise>>[0]
/** Told of every refusal, because libp2p replaces the error by one that holds only its text. */
export type OnRefused = (err: NotAdmittedError, peer: string, direction: 'inbound' | 'outbound') => void

export type EncrypterFactory = (components: NoiseComponents) => ConnectionEncrypter

export function admittingNoise (admission: Admission, onRefused: OnRefused): EncrypterFactory {
  return components => new AdmittingNoise(noise()(components), admission, onRefused)
}

class AdmittingNoise implements ConnectionEncrypter {
  readonly protocol = '/noise'

  constructor (private readonly noise: ConnectionEncrypter, private readonly admission: Admission,
    private readonly onRefused: OnRefused) {}

  async secureOutbound (connection: MessageStream, options?: SecureConnectionOptions): Promise<SecuredConnection> {
    const limited = withDeadline(options)
    const secured = await this.noise.secureOutbound(connection, limited)
    const lp = lpStream(secured.connection, { maxDataLength: MAX_HANDSHAKE_BYTES, maxBufferSize: 4 * MAX_HANDSHAKE_BYTES })
    const peer = secured.remotePeer.toString()
    try {
      await lp.write(this.admission.hello(), limited)
      const { claim, listener, meshKey } = await this.admission.greet(peer, await read(lp, limited))
      await lp.write(claim, limited)
      await this.admission.conclude(listener, meshKey, await read(lp, limited))
    } catch (err) {
      if ((err as Error).name === 'NotAdmittedError') this.onRefused(err as NotAdmittedError, peer, 'outbound')
      secured.connection.abort(err as Error)
      throw err
    }
    lp.unwrap()
    return secured
  }

  async secureInbound (connection: MessageStream, options?: SecureConnectionOptions): Promise<SecuredConnection> {
    const limited = withDeadline(options)
    const secured = await this.noise.secureInbound(connection, limited)
    const lp = lpStream(secured.connection, { maxDataLength: MAX_HANDSHAKE_BYTES, maxBufferSize: 4 * MAX_HANDSHAKE_BYTES })
    const peer = secured.remotePeer.toString()
    try {
      await lp.write(this.admission.hello(), limited)
      const hello = await read(lp, limited)
      const { verdict, refused } = await this.admission.judge(peer, hello, await read(lp, limited))
      await lp.write(verdict, limited)
      if (refused !== undefined) {
        this.onRefused(refused, peer, 'inbound')
        await closedByOther(secured.connection)
        throw refused
      }
    } catch (err) {
      secured.connection.abort(err as Error)
      throw err
    }
    lp.unwrap()
    return secured
  }
}

function withDeadline (options: SecureConnectionOptions = {}): SecureConnectionOptions {
  const deadline = AbortSignal.timeout(HANDSHAKE_TIMEOUT_MS)
  const signal = options.signal === undefined ? deadline : AbortSignal.any([deadline, options.signal])
  setMaxListeners(0, signal)
  return { ...options, signal }
}

async function read (lp: LengthPrefixedStream, options: SecureConnectionOptions): Promise<Uint8Array> {
  return (await lp.read(options)).subarray()
}

async function closedByOther (connection: MessageStream): Promise<void> {
  await new Promise<void>(resolve => {
    const timer = setTimeout(resolve, REFUSAL_LINGER_MS)
    const done = (): void => { clearTimeout(timer); resolve() }
    connection.addEventListener('close', done, { once: true })
    connection.addEventListener('remoteCloseWrite', done, { once: true })
  })
}
