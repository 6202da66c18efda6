/** Why somebody is not let in, under the names the mesh's handshake tells the joiner. */
import { NotPermittedError } from '../../errors.js'

export type Refusal = 'spentToken' | 'expiredToken' | 'foreignToken' | 'tokenNeeded' | 'revoked'

/** The message says what to do. `revoked` also stands for a disk that is not the member's any more: join as new. */
export class AdmissionRefused extends NotPermittedError {
  constructor (readonly refusal: Refusal, message: string) { super(message) }
}
