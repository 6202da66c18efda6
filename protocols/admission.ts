import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface SignedCertificate {
  claims: Uint8Array<ArrayBuffer>
  signature: Uint8Array<ArrayBuffer>
}

export namespace SignedCertificate {
  let _codec: Codec<SignedCertificate>

  export const codec = (): Codec<SignedCertificate> => {
    if (_codec == null) {
      _codec = message<SignedCertificate>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.claims != null && obj.claims.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.claims)
        }

        if ((obj.signature != null && obj.signature.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.signature)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          claims: uint8ArrayAlloc(0),
          signature: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.claims = reader.bytes()
              break
            }
            case 2: {
              obj.signature = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.claims`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.signature`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface SignedCertificateClaimsFieldEvent {
    field: '$.claims'
    value: Uint8Array<ArrayBuffer>
  }

  export interface SignedCertificateSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<SignedCertificate>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, SignedCertificate.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedCertificate>): SignedCertificate {
    return decodeMessage(buf, SignedCertificate.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedCertificate>): Generator<SignedCertificateClaimsFieldEvent | SignedCertificateSignatureFieldEvent> {
    return streamMessage(buf, SignedCertificate.codec(), opts)
  }
}

export interface CertificateClaims {
  meshId: string
  peer: string
  roles: string[]
  tier: string
  tenant: string
  issuedAt: number
  expiresAt: number
}

export namespace CertificateClaims {
  let _codec: Codec<CertificateClaims>

  export const codec = (): Codec<CertificateClaims> => {
    if (_codec == null) {
      _codec = message<CertificateClaims>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.meshId != null && obj.meshId !== '')) {
          w.uint32(10)
          w.string(obj.meshId)
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(18)
          w.string(obj.peer)
        }

        if (obj.roles != null && obj.roles.length > 0) {
          for (const value of obj.roles) {
            w.uint32(26)
            w.string(value)
          }
        }

        if ((obj.tier != null && obj.tier !== '')) {
          w.uint32(34)
          w.string(obj.tier)
        }

        if ((obj.tenant != null && obj.tenant !== '')) {
          w.uint32(42)
          w.string(obj.tenant)
        }

        if ((obj.issuedAt != null && obj.issuedAt !== 0)) {
          w.uint32(48)
          w.uint64Number(obj.issuedAt)
        }

        if ((obj.expiresAt != null && obj.expiresAt !== 0)) {
          w.uint32(56)
          w.uint64Number(obj.expiresAt)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          meshId: '',
          peer: '',
          roles: [],
          tier: '',
          tenant: '',
          issuedAt: 0,
          expiresAt: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.meshId = reader.string()
              break
            }
            case 2: {
              obj.peer = reader.string()
              break
            }
            case 3: {
              if (opts.limits?.roles != null && obj.roles.length === opts.limits.roles) {
                throw new MaxLengthError('Decode error - repeated field "roles" had too many elements')
              }

              if (obj.roles.length === 8) {
                throw new MaxLengthError('Decode error - repeated field "roles" had too many elements')
              }

              obj.roles.push(reader.string())
              break
            }
            case 4: {
              obj.tier = reader.string()
              break
            }
            case 5: {
              obj.tenant = reader.string()
              break
            }
            case 6: {
              obj.issuedAt = reader.uint64Number()
              break
            }
            case 7: {
              obj.expiresAt = reader.uint64Number()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          roles: 8
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.meshId`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.peer`,
                value: reader.string()
              }
              break
            }
            case 3: {
              if (opts.limits?.roles != null && obj.roles === opts.limits.roles) {
                throw new MaxLengthError('Streaming decode error - repeated field "roles" had too many elements')
              }

              if (obj.roles === 8) {
                throw new MaxLengthError('Streaming decode error - repeated field "roles" had too many elements')
              }

              yield {
                field: `${prefix}.roles[]`,
                index: obj.roles,
                value: reader.string()
              }

              obj.roles++

              break
            }
            case 4: {
              yield {
                field: `${prefix}.tier`,
                value: reader.string()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.tenant`,
                value: reader.string()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.issuedAt`,
                value: reader.uint64Number()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.expiresAt`,
                value: reader.uint64Number()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface CertificateClaimsMeshIdFieldEvent {
    field: '$.meshId'
    value: string
  }

  export interface CertificateClaimsPeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface CertificateClaimsRolesFieldEvent {
    field: '$.roles[]'
    index: number
    value: string
  }

  export interface CertificateClaimsTierFieldEvent {
    field: '$.tier'
    value: string
  }

  export interface CertificateClaimsTenantFieldEvent {
    field: '$.tenant'
    value: string
  }

  export interface CertificateClaimsIssuedAtFieldEvent {
    field: '$.issuedAt'
    value: number
  }

  export interface CertificateClaimsExpiresAtFieldEvent {
    field: '$.expiresAt'
    value: number
  }

  export function encode (obj: Partial<CertificateClaims>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, CertificateClaims.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CertificateClaims>): CertificateClaims {
    return decodeMessage(buf, CertificateClaims.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CertificateClaims>): Generator<CertificateClaimsMeshIdFieldEvent | CertificateClaimsPeerFieldEvent | CertificateClaimsRolesFieldEvent | CertificateClaimsTierFieldEvent | CertificateClaimsTenantFieldEvent | CertificateClaimsIssuedAtFieldEvent | CertificateClaimsExpiresAtFieldEvent> {
    return streamMessage(buf, CertificateClaims.codec(), opts)
  }
}

export interface Hello {
  version: number
  meshId: string
  meshKey: Uint8Array<ArrayBuffer>
  certificate: Uint8Array<ArrayBuffer>
}

export namespace Hello {
  let _codec: Codec<Hello>

  export const codec = (): Codec<Hello> => {
    if (_codec == null) {
      _codec = message<Hello>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.version != null && obj.version !== 0)) {
          w.uint32(8)
          w.uint32(obj.version)
        }

        if ((obj.meshId != null && obj.meshId !== '')) {
          w.uint32(18)
          w.string(obj.meshId)
        }

        if ((obj.meshKey != null && obj.meshKey.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.meshKey)
        }

        if ((obj.certificate != null && obj.certificate.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.certificate)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          version: 0,
          meshId: '',
          meshKey: uint8ArrayAlloc(0),
          certificate: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.version = reader.uint32()
              break
            }
            case 2: {
              obj.meshId = reader.string()
              break
            }
            case 3: {
              obj.meshKey = reader.bytes()
              break
            }
            case 4: {
              obj.certificate = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.version`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.meshId`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.meshKey`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.certificate`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface HelloVersionFieldEvent {
    field: '$.version'
    value: number
  }

  export interface HelloMeshIdFieldEvent {
    field: '$.meshId'
    value: string
  }

  export interface HelloMeshKeyFieldEvent {
    field: '$.meshKey'
    value: Uint8Array<ArrayBuffer>
  }

  export interface HelloCertificateFieldEvent {
    field: '$.certificate'
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<Hello>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Hello.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Hello>): Hello {
    return decodeMessage(buf, Hello.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Hello>): Generator<HelloVersionFieldEvent | HelloMeshIdFieldEvent | HelloMeshKeyFieldEvent | HelloCertificateFieldEvent> {
    return streamMessage(buf, Hello.codec(), opts)
  }
}

export interface Claim {
  facts: Uint8Array<ArrayBuffer>
  secret: Uint8Array<ArrayBuffer>
  disk: string
  incarnation: number
  nonce: string
}

export namespace Claim {
  let _codec: Codec<Claim>

  export const codec = (): Codec<Claim> => {
    if (_codec == null) {
      _codec = message<Claim>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.facts != null && obj.facts.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.facts)
        }

        if ((obj.secret != null && obj.secret.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.secret)
        }

        if ((obj.disk != null && obj.disk !== '')) {
          w.uint32(26)
          w.string(obj.disk)
        }

        if ((obj.incarnation != null && obj.incarnation !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.incarnation)
        }

        if ((obj.nonce != null && obj.nonce !== '')) {
          w.uint32(42)
          w.string(obj.nonce)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          facts: uint8ArrayAlloc(0),
          secret: uint8ArrayAlloc(0),
          disk: '',
          incarnation: 0,
          nonce: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.facts = reader.bytes()
              break
            }
            case 2: {
              obj.secret = reader.bytes()
              break
            }
            case 3: {
              obj.disk = reader.string()
              break
            }
            case 4: {
              obj.incarnation = reader.uint64Number()
              break
            }
            case 5: {
              obj.nonce = reader.string()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.facts`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.secret`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.disk`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.incarnation`,
                value: reader.uint64Number()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.nonce`,
                value: reader.string()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface ClaimFactsFieldEvent {
    field: '$.facts'
    value: Uint8Array<ArrayBuffer>
  }

  export interface ClaimSecretFieldEvent {
    field: '$.secret'
    value: Uint8Array<ArrayBuffer>
  }

  export interface ClaimDiskFieldEvent {
    field: '$.disk'
    value: string
  }

  export interface ClaimIncarnationFieldEvent {
    field: '$.incarnation'
    value: number
  }

  export interface ClaimNonceFieldEvent {
    field: '$.nonce'
    value: string
  }

  export function encode (obj: Partial<Claim>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Claim.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Claim>): Claim {
    return decodeMessage(buf, Claim.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Claim>): Generator<ClaimFactsFieldEvent | ClaimSecretFieldEvent | ClaimDiskFieldEvent | ClaimIncarnationFieldEvent | ClaimNonceFieldEvent> {
    return streamMessage(buf, Claim.codec(), opts)
  }
}

export interface Verdict {
  refused: string
  message: string
  certificate: Uint8Array<ArrayBuffer>
  facts: Uint8Array<ArrayBuffer>
}

export namespace Verdict {
  let _codec: Codec<Verdict>

  export const codec = (): Codec<Verdict> => {
    if (_codec == null) {
      _codec = message<Verdict>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.refused != null && obj.refused !== '')) {
          w.uint32(10)
          w.string(obj.refused)
        }

        if ((obj.message != null && obj.message !== '')) {
          w.uint32(18)
          w.string(obj.message)
        }

        if ((obj.certificate != null && obj.certificate.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.certificate)
        }

        if ((obj.facts != null && obj.facts.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.facts)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          refused: '',
          message: '',
          certificate: uint8ArrayAlloc(0),
          facts: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.refused = reader.string()
              break
            }
            case 2: {
              obj.message = reader.string()
              break
            }
            case 3: {
              obj.certificate = reader.bytes()
              break
            }
            case 4: {
              obj.facts = reader.bytes()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.refused`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.message`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.certificate`,
                value: reader.bytes()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.facts`,
                value: reader.bytes()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface VerdictRefusedFieldEvent {
    field: '$.refused'
    value: string
  }

  export interface VerdictMessageFieldEvent {
    field: '$.message'
    value: string
  }

  export interface VerdictCertificateFieldEvent {
    field: '$.certificate'
    value: Uint8Array<ArrayBuffer>
  }

  export interface VerdictFactsFieldEvent {
    field: '$.facts'
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<Verdict>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Verdict.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Verdict>): Verdict {
    return decodeMessage(buf, Verdict.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Verdict>): Generator<VerdictRefusedFieldEvent | VerdictMessageFieldEvent | VerdictCertificateFieldEvent | VerdictFactsFieldEvent> {
    return streamMessage(buf, Verdict.codec(), opts)
  }
}

export interface Token {
  version: number
  addresses: string[]
  meshId: string
  meshKey: Uint8Array<ArrayBuffer>
  networkKey: Uint8Array<ArrayBuffer>
  secret: Uint8Array<ArrayBuffer>
  expiresAt: number
}

export namespace Token {
  let _codec: Codec<Token>

  export const codec = (): Codec<Token> => {
    if (_codec == null) {
      _codec = message<Token>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.version != null && obj.version !== 0)) {
          w.uint32(8)
          w.uint32(obj.version)
        }

        if (obj.addresses != null && obj.addresses.length > 0) {
          for (const value of obj.addresses) {
            w.uint32(18)
            w.string(value)
          }
        }

        if ((obj.meshId != null && obj.meshId !== '')) {
          w.uint32(26)
          w.string(obj.meshId)
        }

        if ((obj.meshKey != null && obj.meshKey.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.meshKey)
        }

        if ((obj.networkKey != null && obj.networkKey.byteLength > 0)) {
          w.uint32(42)
          w.bytes(obj.networkKey)
        }

        if ((obj.secret != null && obj.secret.byteLength > 0)) {
          w.uint32(50)
          w.bytes(obj.secret)
        }

        if ((obj.expiresAt != null && obj.expiresAt !== 0)) {
          w.uint32(56)
          w.uint64Number(obj.expiresAt)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          version: 0,
          addresses: [],
          meshId: '',
          meshKey: uint8ArrayAlloc(0),
          networkKey: uint8ArrayAlloc(0),
          secret: uint8ArrayAlloc(0),
          expiresAt: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.version = reader.uint32()
              break
            }
            case 2: {
              if (opts.limits?.addresses != null && obj.addresses.length === opts.limits.addresses) {
                throw new MaxLengthError('Decode error - repeated field "addresses" had too many elements')
              }

              if (obj.addresses.length === 16) {
                throw new MaxLengthError('Decode error - repeated field "addresses" had too many elements')
              }

              obj.addresses.push(reader.string())
              break
            }
            case 3: {
              obj.meshId = reader.string()
              break
            }
            case 4: {
              obj.meshKey = reader.bytes()
              break
            }
            case 5: {
              obj.networkKey = reader.bytes()
              break
            }
            case 6: {
              obj.secret = reader.bytes()
              break
            }
            case 7: {
              obj.expiresAt = reader.uint64Number()
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }

        return obj
      }, function * (reader, length, prefix, opts = {}) {
        const obj = {
          addresses: 16
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.version`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              if (opts.limits?.addresses != null && obj.addresses === opts.limits.addresses) {
                throw new MaxLengthError('Streaming decode error - repeated field "addresses" had too many elements')
              }

              if (obj.addresses === 16) {
                throw new MaxLengthError('Streaming decode error - repeated field "addresses" had too many elements')
              }

              yield {
                field: `${prefix}.addresses[]`,
                index: obj.addresses,
                value: reader.string()
              }

              obj.addresses++

              break
            }
            case 3: {
              yield {
                field: `${prefix}.meshId`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.meshKey`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.networkKey`,
                value: reader.bytes()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.secret`,
                value: reader.bytes()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.expiresAt`,
                value: reader.uint64Number()
              }
              break
            }
            default: {
              reader.skipType(tag & 7)
              break
            }
          }
        }
      })
    }

    return _codec
  }

  export interface TokenVersionFieldEvent {
    field: '$.version'
    value: number
  }

  export interface TokenAddressesFieldEvent {
    field: '$.addresses[]'
    index: number
    value: string
  }

  export interface TokenMeshIdFieldEvent {
    field: '$.meshId'
    value: string
  }

  export interface TokenMeshKeyFieldEvent {
    field: '$.meshKey'
    value: Uint8Array<ArrayBuffer>
  }

  export interface TokenNetworkKeyFieldEvent {
    field: '$.networkKey'
    value: Uint8Array<ArrayBuffer>
  }

  export interface TokenSecretFieldEvent {
    field: '$.secret'
    value: Uint8Array<ArrayBuffer>
  }

  export interface TokenExpiresAtFieldEvent {
    field: '$.expiresAt'
    value: number
  }

  export function encode (obj: Partial<Token>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Token.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Token>): Token {
    return decodeMessage(buf, Token.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Token>): Generator<TokenVersionFieldEvent | TokenAddressesFieldEvent | TokenMeshIdFieldEvent | TokenMeshKeyFieldEvent | TokenNetworkKeyFieldEvent | TokenSecretFieldEvent | TokenExpiresAtFieldEvent> {
    return streamMessage(buf, Token.codec(), opts)
  }
}
