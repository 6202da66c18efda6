import { decodeMessage, encodeMessage, MaxLengthError, MaxSizeError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface SignedFacts {
  facts: Uint8Array<ArrayBuffer>
  signature: Uint8Array<ArrayBuffer>
}

export namespace SignedFacts {
  let _codec: Codec<SignedFacts>

  export const codec = (): Codec<SignedFacts> => {
    if (_codec == null) {
      _codec = message<SignedFacts>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.facts != null && obj.facts.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.facts)
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
          facts: uint8ArrayAlloc(0),
          signature: uint8ArrayAlloc(0)
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
                field: `${prefix}.facts`,
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

  export interface SignedFactsFactsFieldEvent {
    field: '$.facts'
    value: Uint8Array<ArrayBuffer>
  }

  export interface SignedFactsSignatureFieldEvent {
    field: '$.signature'
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<SignedFacts>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, SignedFacts.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedFacts>): SignedFacts {
    return decodeMessage(buf, SignedFacts.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<SignedFacts>): Generator<SignedFactsFactsFieldEvent | SignedFactsSignatureFieldEvent> {
    return streamMessage(buf, SignedFacts.codec(), opts)
  }
}

export interface Facts {
  peer: string
  name: string
  region: string
  zone: string
  tier: string
  domain: string
  labels: Map<string, string>
  addresses: string[]
  version: number
}

export namespace Facts {
  export interface Facts$labelsEntry {
    key: string
    value: string
  }

  export namespace Facts$labelsEntry {
    let _codec: Codec<Facts$labelsEntry>

    export const codec = (): Codec<Facts$labelsEntry> => {
      if (_codec == null) {
        _codec = message<Facts$labelsEntry>((obj, w, opts = {}) => {
          if (opts.lengthDelimited !== false) {
            w.fork()
          }

          if ((obj.key != null && obj.key !== '')) {
            w.uint32(10)
            w.string(obj.key)
          }

          if ((obj.value != null && obj.value !== '')) {
            w.uint32(18)
            w.string(obj.value)
          }

          if (opts.lengthDelimited !== false) {
            w.ldelim()
          }
        }, (reader, length, opts = {}) => {
          const obj: any = {
            key: '',
            value: ''
          }

          const end = length == null ? reader.len : reader.pos + length

          while (reader.pos < end) {
            const tag = reader.uint32()

            switch (tag >>> 3) {
              case 1: {
                obj.key = reader.string()
                break
              }
              case 2: {
                obj.value = reader.string()
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
                  field: `${prefix}.key`,
                  value: reader.string()
                }
                break
              }
              case 2: {
                yield {
                  field: `${prefix}.value`,
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

    export interface Facts$labelsEntryKeyFieldEvent {
      field: '$.key'
      value: string
    }

    export interface Facts$labelsEntryValueFieldEvent {
      field: '$.value'
      value: string
    }

    export function encode (obj: Partial<Facts$labelsEntry>): Uint8Array<ArrayBuffer> {
      return encodeMessage(obj, Facts$labelsEntry.codec())
    }

    export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Facts$labelsEntry>): Facts$labelsEntry {
      return decodeMessage(buf, Facts$labelsEntry.codec(), opts)
    }

    export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Facts$labelsEntry>): Generator<Facts$labelsEntryKeyFieldEvent | Facts$labelsEntryValueFieldEvent> {
      return streamMessage(buf, Facts$labelsEntry.codec(), opts)
    }
  }

  let _codec: Codec<Facts>

  export const codec = (): Codec<Facts> => {
    if (_codec == null) {
      _codec = message<Facts>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(10)
          w.string(obj.peer)
        }

        if ((obj.name != null && obj.name !== '')) {
          w.uint32(18)
          w.string(obj.name)
        }

        if ((obj.region != null && obj.region !== '')) {
          w.uint32(26)
          w.string(obj.region)
        }

        if ((obj.zone != null && obj.zone !== '')) {
          w.uint32(34)
          w.string(obj.zone)
        }

        if ((obj.tier != null && obj.tier !== '')) {
          w.uint32(42)
          w.string(obj.tier)
        }

        if ((obj.domain != null && obj.domain !== '')) {
          w.uint32(50)
          w.string(obj.domain)
        }

        if (obj.labels != null && obj.labels.size > 0) {
          for (const [key, value] of obj.labels.entries()) {
            w.uint32(58)
            Facts.Facts$labelsEntry.codec().encode({ key, value }, w)
          }
        }

        if (obj.addresses != null && obj.addresses.length > 0) {
          for (const value of obj.addresses) {
            w.uint32(66)
            w.string(value)
          }
        }

        if ((obj.version != null && obj.version !== 0)) {
          w.uint32(72)
          w.uint64Number(obj.version)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: '',
          name: '',
          region: '',
          zone: '',
          tier: '',
          domain: '',
          labels: new Map<string, string>(),
          addresses: [],
          version: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.peer = reader.string()
              break
            }
            case 2: {
              obj.name = reader.string()
              break
            }
            case 3: {
              obj.region = reader.string()
              break
            }
            case 4: {
              obj.zone = reader.string()
              break
            }
            case 5: {
              obj.tier = reader.string()
              break
            }
            case 6: {
              obj.domain = reader.string()
              break
            }
            case 7: {
              if (opts.limits?.labels != null && obj.labels.size === opts.limits.labels) {
                throw new MaxSizeError('Decode error - map field "labels" had too many elements')
              }

              if (obj.labels.size === 64) {
                throw new MaxSizeError('Decode error - map field "labels" had too many elements')
              }

              const entry = Facts.Facts$labelsEntry.codec().decode(reader, reader.uint32(), {
                limits: {
                  value: opts.limits?.labels$value
                }
              })
              obj.labels.set(entry.key, entry.value)
              break
            }
            case 8: {
              if (opts.limits?.addresses != null && obj.addresses.length === opts.limits.addresses) {
                throw new MaxLengthError('Decode error - repeated field "addresses" had too many elements')
              }

              if (obj.addresses.length === 16) {
                throw new MaxLengthError('Decode error - repeated field "addresses" had too many elements')
              }

              obj.addresses.push(reader.string())
              break
            }
            case 9: {
              obj.version = reader.uint64Number()
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
          labels: 64,
          addresses: 16
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.peer`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.name`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.region`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.zone`,
                value: reader.string()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.tier`,
                value: reader.string()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.domain`,
                value: reader.string()
              }
              break
            }
            case 7: {
              if (opts.limits?.labels != null && obj.labels === opts.limits.labels) {
                throw new MaxLengthError('Decode error - map field "labels" had too many elements')
              }

              if (obj.labels === 64) {
                throw new MaxLengthError('Decode error - repeated field "labels" had too many elements')
              }

              yield * Facts.Facts$labelsEntry.codec().stream(reader, reader.uint32(), `${prefix}.labels{}`, {
                limits: {
                  value: opts.limits?.labels$value
                }
              })

              obj.labels++

              break
            }
            case 8: {
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
            case 9: {
              yield {
                field: `${prefix}.version`,
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

  export interface FactsPeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface FactsNameFieldEvent {
    field: '$.name'
    value: string
  }

  export interface FactsRegionFieldEvent {
    field: '$.region'
    value: string
  }

  export interface FactsZoneFieldEvent {
    field: '$.zone'
    value: string
  }

  export interface FactsTierFieldEvent {
    field: '$.tier'
    value: string
  }

  export interface FactsDomainFieldEvent {
    field: '$.domain'
    value: string
  }

  export interface FactsLabelsFieldEvent {
    field: '$.labels{}'
    key: string
    value: string
  }

  export interface FactsAddressesFieldEvent {
    field: '$.addresses[]'
    index: number
    value: string
  }

  export interface FactsVersionFieldEvent {
    field: '$.version'
    value: number
  }

  export function encode (obj: Partial<Facts>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Facts.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Facts>): Facts {
    return decodeMessage(buf, Facts.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Facts>): Generator<FactsPeerFieldEvent | FactsNameFieldEvent | FactsRegionFieldEvent | FactsZoneFieldEvent | FactsTierFieldEvent | FactsDomainFieldEvent | FactsLabelsFieldEvent | FactsAddressesFieldEvent | FactsVersionFieldEvent> {
    return streamMessage(buf, Facts.codec(), opts)
  }
}

export interface PeerList {
  peers: Uint8Array<ArrayBuffer>[]
}

export namespace PeerList {
  let _codec: Codec<PeerList>

  export const codec = (): Codec<PeerList> => {
    if (_codec == null) {
      _codec = message<PeerList>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.peers != null && obj.peers.length > 0) {
          for (const value of obj.peers) {
            w.uint32(10)
            w.bytes(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peers: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.peers != null && obj.peers.length === opts.limits.peers) {
                throw new MaxLengthError('Decode error - repeated field "peers" had too many elements')
              }

              if (obj.peers.length === 256) {
                throw new MaxLengthError('Decode error - repeated field "peers" had too many elements')
              }

              obj.peers.push(reader.bytes())
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
          peers: 256
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.peers != null && obj.peers === opts.limits.peers) {
                throw new MaxLengthError('Streaming decode error - repeated field "peers" had too many elements')
              }

              if (obj.peers === 256) {
                throw new MaxLengthError('Streaming decode error - repeated field "peers" had too many elements')
              }

              yield {
                field: `${prefix}.peers[]`,
                index: obj.peers,
                value: reader.bytes()
              }

              obj.peers++

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

  export interface PeerListPeersFieldEvent {
    field: '$.peers[]'
    index: number
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<PeerList>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, PeerList.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerList>): PeerList {
    return decodeMessage(buf, PeerList.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerList>): Generator<PeerListPeersFieldEvent> {
    return streamMessage(buf, PeerList.codec(), opts)
  }
}
