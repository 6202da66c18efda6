import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface EpochMessage {
  generation: number
  set: number
  count: number
  peer: string
}

export namespace EpochMessage {
  let _codec: Codec<EpochMessage>

  export const codec = (): Codec<EpochMessage> => {
    if (_codec == null) {
      _codec = message<EpochMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.generation != null && obj.generation !== 0)) {
          w.uint32(8)
          w.uint32(obj.generation)
        }

        if ((obj.set != null && obj.set !== 0)) {
          w.uint32(16)
          w.uint32(obj.set)
        }

        if ((obj.count != null && obj.count !== 0)) {
          w.uint32(24)
          w.uint32(obj.count)
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(34)
          w.string(obj.peer)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          generation: 0,
          set: 0,
          count: 0,
          peer: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.generation = reader.uint32()
              break
            }
            case 2: {
              obj.set = reader.uint32()
              break
            }
            case 3: {
              obj.count = reader.uint32()
              break
            }
            case 4: {
              obj.peer = reader.string()
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
                field: `${prefix}.generation`,
                value: reader.uint32()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.set`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.count`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.peer`,
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

  export interface EpochMessageGenerationFieldEvent {
    field: '$.generation'
    value: number
  }

  export interface EpochMessageSetFieldEvent {
    field: '$.set'
    value: number
  }

  export interface EpochMessageCountFieldEvent {
    field: '$.count'
    value: number
  }

  export interface EpochMessagePeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export function encode (obj: Partial<EpochMessage>): Uint8Array {
    return encodeMessage(obj, EpochMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EpochMessage>): EpochMessage {
    return decodeMessage(buf, EpochMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EpochMessage>): Generator<EpochMessageGenerationFieldEvent | EpochMessageSetFieldEvent | EpochMessageCountFieldEvent | EpochMessagePeerFieldEvent> {
    return streamMessage(buf, EpochMessage.codec(), opts)
  }
}

export interface PeerRefMessage {
  peer: string
  incarnation: string
}

export namespace PeerRefMessage {
  let _codec: Codec<PeerRefMessage>

  export const codec = (): Codec<PeerRefMessage> => {
    if (_codec == null) {
      _codec = message<PeerRefMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(10)
          w.string(obj.peer)
        }

        if ((obj.incarnation != null && obj.incarnation !== '')) {
          w.uint32(18)
          w.string(obj.incarnation)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: '',
          incarnation: ''
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
              obj.incarnation = reader.string()
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
                field: `${prefix}.peer`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.incarnation`,
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

  export interface PeerRefMessagePeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface PeerRefMessageIncarnationFieldEvent {
    field: '$.incarnation'
    value: string
  }

  export function encode (obj: Partial<PeerRefMessage>): Uint8Array {
    return encodeMessage(obj, PeerRefMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerRefMessage>): PeerRefMessage {
    return decodeMessage(buf, PeerRefMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerRefMessage>): Generator<PeerRefMessagePeerFieldEvent | PeerRefMessageIncarnationFieldEvent> {
    return streamMessage(buf, PeerRefMessage.codec(), opts)
  }
}

export interface RecordRefMessage {
  branch: string
  hash: string
}

export namespace RecordRefMessage {
  let _codec: Codec<RecordRefMessage>

  export const codec = (): Codec<RecordRefMessage> => {
    if (_codec == null) {
      _codec = message<RecordRefMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(10)
          w.string(obj.branch)
        }

        if ((obj.hash != null && obj.hash !== '')) {
          w.uint32(18)
          w.string(obj.hash)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          branch: '',
          hash: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.branch = reader.string()
              break
            }
            case 2: {
              obj.hash = reader.string()
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
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.hash`,
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

  export interface RecordRefMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface RecordRefMessageHashFieldEvent {
    field: '$.hash'
    value: string
  }

  export function encode (obj: Partial<RecordRefMessage>): Uint8Array {
    return encodeMessage(obj, RecordRefMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecordRefMessage>): RecordRefMessage {
    return decodeMessage(buf, RecordRefMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecordRefMessage>): Generator<RecordRefMessageBranchFieldEvent | RecordRefMessageHashFieldEvent> {
    return streamMessage(buf, RecordRefMessage.codec(), opts)
  }
}

export interface TakeMessage {
  branch: string
  hash: string
  at: number
}

export namespace TakeMessage {
  let _codec: Codec<TakeMessage>

  export const codec = (): Codec<TakeMessage> => {
    if (_codec == null) {
      _codec = message<TakeMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(10)
          w.string(obj.branch)
        }

        if ((obj.hash != null && obj.hash !== '')) {
          w.uint32(18)
          w.string(obj.hash)
        }

        if ((obj.at != null && obj.at !== 0)) {
          w.uint32(24)
          w.uint32(obj.at)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          branch: '',
          hash: '',
          at: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.branch = reader.string()
              break
            }
            case 2: {
              obj.hash = reader.string()
              break
            }
            case 3: {
              obj.at = reader.uint32()
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
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.hash`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.at`,
                value: reader.uint32()
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

  export interface TakeMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface TakeMessageHashFieldEvent {
    field: '$.hash'
    value: string
  }

  export interface TakeMessageAtFieldEvent {
    field: '$.at'
    value: number
  }

  export function encode (obj: Partial<TakeMessage>): Uint8Array {
    return encodeMessage(obj, TakeMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TakeMessage>): TakeMessage {
    return decodeMessage(buf, TakeMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<TakeMessage>): Generator<TakeMessageBranchFieldEvent | TakeMessageHashFieldEvent | TakeMessageAtFieldEvent> {
    return streamMessage(buf, TakeMessage.codec(), opts)
  }
}

export interface OpeningMessage {
  branch: string
  hash: string
  index: number
  epoch?: EpochMessage
}

export namespace OpeningMessage {
  let _codec: Codec<OpeningMessage>

  export const codec = (): Codec<OpeningMessage> => {
    if (_codec == null) {
      _codec = message<OpeningMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(10)
          w.string(obj.branch)
        }

        if ((obj.hash != null && obj.hash !== '')) {
          w.uint32(18)
          w.string(obj.hash)
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(24)
          w.uint32(obj.index)
        }

        if (obj.epoch != null) {
          w.uint32(34)
          EpochMessage.codec().encode(obj.epoch, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          branch: '',
          hash: '',
          index: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.branch = reader.string()
              break
            }
            case 2: {
              obj.hash = reader.string()
              break
            }
            case 3: {
              obj.index = reader.uint32()
              break
            }
            case 4: {
              obj.epoch = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.epoch
              })
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
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.hash`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.index`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.epoch`, {
                limits: opts.limits?.epoch
              })

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

  export interface OpeningMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface OpeningMessageHashFieldEvent {
    field: '$.hash'
    value: string
  }

  export interface OpeningMessageIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export interface OpeningMessageEpochGenerationFieldEvent {
    field: '$.epoch.generation'
    value: number
  }

  export interface OpeningMessageEpochSetFieldEvent {
    field: '$.epoch.set'
    value: number
  }

  export interface OpeningMessageEpochCountFieldEvent {
    field: '$.epoch.count'
    value: number
  }

  export interface OpeningMessageEpochPeerFieldEvent {
    field: '$.epoch.peer'
    value: string
  }

  export function encode (obj: Partial<OpeningMessage>): Uint8Array {
    return encodeMessage(obj, OpeningMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OpeningMessage>): OpeningMessage {
    return decodeMessage(buf, OpeningMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OpeningMessage>): Generator<OpeningMessageBranchFieldEvent | OpeningMessageHashFieldEvent | OpeningMessageIndexFieldEvent | OpeningMessageEpochGenerationFieldEvent | OpeningMessageEpochSetFieldEvent | OpeningMessageEpochCountFieldEvent | OpeningMessageEpochPeerFieldEvent> {
    return streamMessage(buf, OpeningMessage.codec(), opts)
  }
}

export interface OpenChildrenMessage {
  opening?: OpeningMessage
  places: number[]
}

export namespace OpenChildrenMessage {
  let _codec: Codec<OpenChildrenMessage>

  export const codec = (): Codec<OpenChildrenMessage> => {
    if (_codec == null) {
      _codec = message<OpenChildrenMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.opening != null) {
          w.uint32(10)
          OpeningMessage.codec().encode(obj.opening, w)
        }

        if (obj.places != null && obj.places.length > 0) {
          for (const value of obj.places) {
            w.uint32(16)
            w.uint32(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          places: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.opening = OpeningMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.opening
              })
              break
            }
            case 2: {
              if (opts.limits?.places != null && obj.places.length === opts.limits.places) {
                throw new MaxLengthError('Decode error - repeated field "places" had too many elements')
              }

              if (obj.places.length === 16384) {
                throw new MaxLengthError('Decode error - repeated field "places" had too many elements')
              }

              obj.places.push(reader.uint32())
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
          places: 16384
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield * OpeningMessage.codec().stream(reader, reader.uint32(), `${prefix}.opening`, {
                limits: opts.limits?.opening
              })

              break
            }
            case 2: {
              if (opts.limits?.places != null && obj.places === opts.limits.places) {
                throw new MaxLengthError('Streaming decode error - repeated field "places" had too many elements')
              }

              if (obj.places === 16384) {
                throw new MaxLengthError('Streaming decode error - repeated field "places" had too many elements')
              }

              yield {
                field: `${prefix}.places[]`,
                index: obj.places,
                value: reader.uint32()
              }

              obj.places++

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

  export interface OpenChildrenMessageOpeningBranchFieldEvent {
    field: '$.opening.branch'
    value: string
  }

  export interface OpenChildrenMessageOpeningHashFieldEvent {
    field: '$.opening.hash'
    value: string
  }

  export interface OpenChildrenMessageOpeningIndexFieldEvent {
    field: '$.opening.index'
    value: number
  }

  export interface OpenChildrenMessageOpeningEpochGenerationFieldEvent {
    field: '$.opening.epoch.generation'
    value: number
  }

  export interface OpenChildrenMessageOpeningEpochSetFieldEvent {
    field: '$.opening.epoch.set'
    value: number
  }

  export interface OpenChildrenMessageOpeningEpochCountFieldEvent {
    field: '$.opening.epoch.count'
    value: number
  }

  export interface OpenChildrenMessageOpeningEpochPeerFieldEvent {
    field: '$.opening.epoch.peer'
    value: string
  }

  export interface OpenChildrenMessagePlacesFieldEvent {
    field: '$.places[]'
    index: number
    value: number
  }

  export function encode (obj: Partial<OpenChildrenMessage>): Uint8Array {
    return encodeMessage(obj, OpenChildrenMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OpenChildrenMessage>): OpenChildrenMessage {
    return decodeMessage(buf, OpenChildrenMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OpenChildrenMessage>): Generator<OpenChildrenMessageOpeningBranchFieldEvent | OpenChildrenMessageOpeningHashFieldEvent | OpenChildrenMessageOpeningIndexFieldEvent | OpenChildrenMessageOpeningEpochGenerationFieldEvent | OpenChildrenMessageOpeningEpochSetFieldEvent | OpenChildrenMessageOpeningEpochCountFieldEvent | OpenChildrenMessageOpeningEpochPeerFieldEvent | OpenChildrenMessagePlacesFieldEvent> {
    return streamMessage(buf, OpenChildrenMessage.codec(), opts)
  }
}

export interface RecordMessage {
  execution: string
  branch: string
  index: number
  prev?: string
  epoch?: EpochMessage
  writer?: PeerRefMessage
  next?: PeerRefMessage
  lineage: OpeningMessage[]
  opens: PeerRefMessage[]
  open: OpenChildrenMessage[]
  takes: TakeMessage[]
  closes: string[]
  needs: string[]
  degraded: boolean
  body: Uint8Array
}

export namespace RecordMessage {
  let _codec: Codec<RecordMessage>

  export const codec = (): Codec<RecordMessage> => {
    if (_codec == null) {
      _codec = message<RecordMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(10)
          w.string(obj.execution)
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(18)
          w.string(obj.branch)
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(24)
          w.uint32(obj.index)
        }

        if (obj.prev != null) {
          w.uint32(34)
          w.string(obj.prev)
        }

        if (obj.epoch != null) {
          w.uint32(42)
          EpochMessage.codec().encode(obj.epoch, w)
        }

        if (obj.writer != null) {
          w.uint32(50)
          PeerRefMessage.codec().encode(obj.writer, w)
        }

        if (obj.next != null) {
          w.uint32(58)
          PeerRefMessage.codec().encode(obj.next, w)
        }

        if (obj.lineage != null && obj.lineage.length > 0) {
          for (const value of obj.lineage) {
            w.uint32(66)
            OpeningMessage.codec().encode(value, w)
          }
        }

        if (obj.opens != null && obj.opens.length > 0) {
          for (const value of obj.opens) {
            w.uint32(74)
            PeerRefMessage.codec().encode(value, w)
          }
        }

        if (obj.open != null && obj.open.length > 0) {
          for (const value of obj.open) {
            w.uint32(82)
            OpenChildrenMessage.codec().encode(value, w)
          }
        }

        if (obj.takes != null && obj.takes.length > 0) {
          for (const value of obj.takes) {
            w.uint32(90)
            TakeMessage.codec().encode(value, w)
          }
        }

        if (obj.closes != null && obj.closes.length > 0) {
          for (const value of obj.closes) {
            w.uint32(98)
            w.string(value)
          }
        }

        if (obj.needs != null && obj.needs.length > 0) {
          for (const value of obj.needs) {
            w.uint32(106)
            w.string(value)
          }
        }

        if ((obj.degraded != null && obj.degraded !== false)) {
          w.uint32(112)
          w.bool(obj.degraded)
        }

        if ((obj.body != null && obj.body.byteLength > 0)) {
          w.uint32(122)
          w.bytes(obj.body)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: '',
          branch: '',
          index: 0,
          lineage: [],
          opens: [],
          open: [],
          takes: [],
          closes: [],
          needs: [],
          degraded: false,
          body: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.execution = reader.string()
              break
            }
            case 2: {
              obj.branch = reader.string()
              break
            }
            case 3: {
              obj.index = reader.uint32()
              break
            }
            case 4: {
              obj.prev = reader.string()
              break
            }
            case 5: {
              obj.epoch = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.epoch
              })
              break
            }
            case 6: {
              obj.writer = PeerRefMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.writer
              })
              break
            }
            case 7: {
              obj.next = PeerRefMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.next
              })
              break
            }
            case 8: {
              if (opts.limits?.lineage != null && obj.lineage.length === opts.limits.lineage) {
                throw new MaxLengthError('Decode error - repeated field "lineage" had too many elements')
              }

              if (obj.lineage.length === 256) {
                throw new MaxLengthError('Decode error - repeated field "lineage" had too many elements')
              }

              obj.lineage.push(OpeningMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.lineage$
              }))
              break
            }
            case 9: {
              if (opts.limits?.opens != null && obj.opens.length === opts.limits.opens) {
                throw new MaxLengthError('Decode error - repeated field "opens" had too many elements')
              }

              if (obj.opens.length === 16384) {
                throw new MaxLengthError('Decode error - repeated field "opens" had too many elements')
              }

              obj.opens.push(PeerRefMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.opens$
              }))
              break
            }
            case 10: {
              if (opts.limits?.open != null && obj.open.length === opts.limits.open) {
                throw new MaxLengthError('Decode error - repeated field "open" had too many elements')
              }

              if (obj.open.length === 16384) {
                throw new MaxLengthError('Decode error - repeated field "open" had too many elements')
              }

              obj.open.push(OpenChildrenMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.open$
              }))
              break
            }
            case 11: {
              if (opts.limits?.takes != null && obj.takes.length === opts.limits.takes) {
                throw new MaxLengthError('Decode error - repeated field "takes" had too many elements')
              }

              if (obj.takes.length === 16384) {
                throw new MaxLengthError('Decode error - repeated field "takes" had too many elements')
              }

              obj.takes.push(TakeMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.takes$
              }))
              break
            }
            case 12: {
              if (opts.limits?.closes != null && obj.closes.length === opts.limits.closes) {
                throw new MaxLengthError('Decode error - repeated field "closes" had too many elements')
              }

              if (obj.closes.length === 16384) {
                throw new MaxLengthError('Decode error - repeated field "closes" had too many elements')
              }

              obj.closes.push(reader.string())
              break
            }
            case 13: {
              if (opts.limits?.needs != null && obj.needs.length === opts.limits.needs) {
                throw new MaxLengthError('Decode error - repeated field "needs" had too many elements')
              }

              if (obj.needs.length === 16384) {
                throw new MaxLengthError('Decode error - repeated field "needs" had too many elements')
              }

              obj.needs.push(reader.string())
              break
            }
            case 14: {
              obj.degraded = reader.bool()
              break
            }
            case 15: {
              obj.body = reader.bytes()
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
          lineage: 256,
          opens: 16384,
          open: 16384,
          takes: 16384,
          closes: 16384,
          needs: 16384
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.execution`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.index`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.prev`,
                value: reader.string()
              }
              break
            }
            case 5: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.epoch`, {
                limits: opts.limits?.epoch
              })

              break
            }
            case 6: {
              yield * PeerRefMessage.codec().stream(reader, reader.uint32(), `${prefix}.writer`, {
                limits: opts.limits?.writer
              })

              break
            }
            case 7: {
              yield * PeerRefMessage.codec().stream(reader, reader.uint32(), `${prefix}.next`, {
                limits: opts.limits?.next
              })

              break
            }
            case 8: {
              if (opts.limits?.lineage != null && obj.lineage === opts.limits.lineage) {
                throw new MaxLengthError('Streaming decode error - repeated field "lineage" had too many elements')
              }

              if (obj.lineage === 256) {
                throw new MaxLengthError('Streaming decode error - repeated field "lineage" had too many elements')
              }

              for (const evt of OpeningMessage.codec().stream(reader, reader.uint32(), `${prefix}.lineage[]`, {
                limits: opts.limits?.lineage$
              })) {
                yield {
                  ...evt,
                  index: obj.lineage
                }
              }

              obj.lineage++

              break
            }
            case 9: {
              if (opts.limits?.opens != null && obj.opens === opts.limits.opens) {
                throw new MaxLengthError('Streaming decode error - repeated field "opens" had too many elements')
              }

              if (obj.opens === 16384) {
                throw new MaxLengthError('Streaming decode error - repeated field "opens" had too many elements')
              }

              for (const evt of PeerRefMessage.codec().stream(reader, reader.uint32(), `${prefix}.opens[]`, {
                limits: opts.limits?.opens$
              })) {
                yield {
                  ...evt,
                  index: obj.opens
                }
              }

              obj.opens++

              break
            }
            case 10: {
              if (opts.limits?.open != null && obj.open === opts.limits.open) {
                throw new MaxLengthError('Streaming decode error - repeated field "open" had too many elements')
              }

              if (obj.open === 16384) {
                throw new MaxLengthError('Streaming decode error - repeated field "open" had too many elements')
              }

              for (const evt of OpenChildrenMessage.codec().stream(reader, reader.uint32(), `${prefix}.open[]`, {
                limits: opts.limits?.open$
              })) {
                yield {
                  ...evt,
                  index: obj.open
                }
              }

              obj.open++

              break
            }
            case 11: {
              if (opts.limits?.takes != null && obj.takes === opts.limits.takes) {
                throw new MaxLengthError('Streaming decode error - repeated field "takes" had too many elements')
              }

              if (obj.takes === 16384) {
                throw new MaxLengthError('Streaming decode error - repeated field "takes" had too many elements')
              }

              for (const evt of TakeMessage.codec().stream(reader, reader.uint32(), `${prefix}.takes[]`, {
                limits: opts.limits?.takes$
              })) {
                yield {
                  ...evt,
                  index: obj.takes
                }
              }

              obj.takes++

              break
            }
            case 12: {
              if (opts.limits?.closes != null && obj.closes === opts.limits.closes) {
                throw new MaxLengthError('Streaming decode error - repeated field "closes" had too many elements')
              }

              if (obj.closes === 16384) {
                throw new MaxLengthError('Streaming decode error - repeated field "closes" had too many elements')
              }

              yield {
                field: `${prefix}.closes[]`,
                index: obj.closes,
                value: reader.string()
              }

              obj.closes++

              break
            }
            case 13: {
              if (opts.limits?.needs != null && obj.needs === opts.limits.needs) {
                throw new MaxLengthError('Streaming decode error - repeated field "needs" had too many elements')
              }

              if (obj.needs === 16384) {
                throw new MaxLengthError('Streaming decode error - repeated field "needs" had too many elements')
              }

              yield {
                field: `${prefix}.needs[]`,
                index: obj.needs,
                value: reader.string()
              }

              obj.needs++

              break
            }
            case 14: {
              yield {
                field: `${prefix}.degraded`,
                value: reader.bool()
              }
              break
            }
            case 15: {
              yield {
                field: `${prefix}.body`,
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

  export interface RecordMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export interface RecordMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface RecordMessageIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export interface RecordMessagePrevFieldEvent {
    field: '$.prev'
    value: string
  }

  export interface RecordMessageEpochGenerationFieldEvent {
    field: '$.epoch.generation'
    value: number
  }

  export interface RecordMessageEpochSetFieldEvent {
    field: '$.epoch.set'
    value: number
  }

  export interface RecordMessageEpochCountFieldEvent {
    field: '$.epoch.count'
    value: number
  }

  export interface RecordMessageEpochPeerFieldEvent {
    field: '$.epoch.peer'
    value: string
  }

  export interface RecordMessageWriterPeerFieldEvent {
    field: '$.writer.peer'
    value: string
  }

  export interface RecordMessageWriterIncarnationFieldEvent {
    field: '$.writer.incarnation'
    value: string
  }

  export interface RecordMessageNextPeerFieldEvent {
    field: '$.next.peer'
    value: string
  }

  export interface RecordMessageNextIncarnationFieldEvent {
    field: '$.next.incarnation'
    value: string
  }

  export interface RecordMessageLineageBranchFieldEvent {
    field: '$.lineage[].branch'
    value: string
    index: number
  }

  export interface RecordMessageLineageHashFieldEvent {
    field: '$.lineage[].hash'
    value: string
    index: number
  }

  export interface RecordMessageLineageIndexFieldEvent {
    field: '$.lineage[].index'
    value: number
    index: number
  }

  export interface RecordMessageLineageEpochGenerationFieldEvent {
    field: '$.lineage[].epoch.generation'
    value: number
    index: number
  }

  export interface RecordMessageLineageEpochSetFieldEvent {
    field: '$.lineage[].epoch.set'
    value: number
    index: number
  }

  export interface RecordMessageLineageEpochCountFieldEvent {
    field: '$.lineage[].epoch.count'
    value: number
    index: number
  }

  export interface RecordMessageLineageEpochPeerFieldEvent {
    field: '$.lineage[].epoch.peer'
    value: string
    index: number
  }

  export interface RecordMessageOpensPeerFieldEvent {
    field: '$.opens[].peer'
    value: string
    index: number
  }

  export interface RecordMessageOpensIncarnationFieldEvent {
    field: '$.opens[].incarnation'
    value: string
    index: number
  }

  export interface RecordMessageOpenOpeningBranchFieldEvent {
    field: '$.open[].opening.branch'
    value: string
    index: number
  }

  export interface RecordMessageOpenOpeningHashFieldEvent {
    field: '$.open[].opening.hash'
    value: string
    index: number
  }

  export interface RecordMessageOpenOpeningIndexFieldEvent {
    field: '$.open[].opening.index'
    value: number
    index: number
  }

  export interface RecordMessageOpenOpeningEpochGenerationFieldEvent {
    field: '$.open[].opening.epoch.generation'
    value: number
    index: number
  }

  export interface RecordMessageOpenOpeningEpochSetFieldEvent {
    field: '$.open[].opening.epoch.set'
    value: number
    index: number
  }

  export interface RecordMessageOpenOpeningEpochCountFieldEvent {
    field: '$.open[].opening.epoch.count'
    value: number
    index: number
  }

  export interface RecordMessageOpenOpeningEpochPeerFieldEvent {
    field: '$.open[].opening.epoch.peer'
    value: string
    index: number
  }

  export interface RecordMessageOpenPlacesFieldEvent {
    field: '$.open[].places[]'
    index: number
    value: number
  }

  export interface RecordMessageTakesBranchFieldEvent {
    field: '$.takes[].branch'
    value: string
    index: number
  }

  export interface RecordMessageTakesHashFieldEvent {
    field: '$.takes[].hash'
    value: string
    index: number
  }

  export interface RecordMessageTakesAtFieldEvent {
    field: '$.takes[].at'
    value: number
    index: number
  }

  export interface RecordMessageClosesFieldEvent {
    field: '$.closes[]'
    index: number
    value: string
  }

  export interface RecordMessageNeedsFieldEvent {
    field: '$.needs[]'
    index: number
    value: string
  }

  export interface RecordMessageDegradedFieldEvent {
    field: '$.degraded'
    value: boolean
  }

  export interface RecordMessageBodyFieldEvent {
    field: '$.body'
    value: Uint8Array
  }

  export function encode (obj: Partial<RecordMessage>): Uint8Array {
    return encodeMessage(obj, RecordMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecordMessage>): RecordMessage {
    return decodeMessage(buf, RecordMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RecordMessage>): Generator<RecordMessageExecutionFieldEvent | RecordMessageBranchFieldEvent | RecordMessageIndexFieldEvent | RecordMessagePrevFieldEvent | RecordMessageEpochGenerationFieldEvent | RecordMessageEpochSetFieldEvent | RecordMessageEpochCountFieldEvent | RecordMessageEpochPeerFieldEvent | RecordMessageWriterPeerFieldEvent | RecordMessageWriterIncarnationFieldEvent | RecordMessageNextPeerFieldEvent | RecordMessageNextIncarnationFieldEvent | RecordMessageLineageBranchFieldEvent | RecordMessageLineageHashFieldEvent | RecordMessageLineageIndexFieldEvent | RecordMessageLineageEpochGenerationFieldEvent | RecordMessageLineageEpochSetFieldEvent | RecordMessageLineageEpochCountFieldEvent | RecordMessageLineageEpochPeerFieldEvent | RecordMessageOpensPeerFieldEvent | RecordMessageOpensIncarnationFieldEvent | RecordMessageOpenOpeningBranchFieldEvent | RecordMessageOpenOpeningHashFieldEvent | RecordMessageOpenOpeningIndexFieldEvent | RecordMessageOpenOpeningEpochGenerationFieldEvent | RecordMessageOpenOpeningEpochSetFieldEvent | RecordMessageOpenOpeningEpochCountFieldEvent | RecordMessageOpenOpeningEpochPeerFieldEvent | RecordMessageOpenPlacesFieldEvent | RecordMessageTakesBranchFieldEvent | RecordMessageTakesHashFieldEvent | RecordMessageTakesAtFieldEvent | RecordMessageClosesFieldEvent | RecordMessageNeedsFieldEvent | RecordMessageDegradedFieldEvent | RecordMessageBodyFieldEvent> {
    return streamMessage(buf, RecordMessage.codec(), opts)
  }
}

export interface AttachmentMessage {
  branch: string
  record: Uint8Array
  epoch?: EpochMessage
}

export namespace AttachmentMessage {
  let _codec: Codec<AttachmentMessage>

  export const codec = (): Codec<AttachmentMessage> => {
    if (_codec == null) {
      _codec = message<AttachmentMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(10)
          w.string(obj.branch)
        }

        if ((obj.record != null && obj.record.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.record)
        }

        if (obj.epoch != null) {
          w.uint32(26)
          EpochMessage.codec().encode(obj.epoch, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          branch: '',
          record: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.branch = reader.string()
              break
            }
            case 2: {
              obj.record = reader.bytes()
              break
            }
            case 3: {
              obj.epoch = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.epoch
              })
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
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.record`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.epoch`, {
                limits: opts.limits?.epoch
              })

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

  export interface AttachmentMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface AttachmentMessageRecordFieldEvent {
    field: '$.record'
    value: Uint8Array
  }

  export interface AttachmentMessageEpochGenerationFieldEvent {
    field: '$.epoch.generation'
    value: number
  }

  export interface AttachmentMessageEpochSetFieldEvent {
    field: '$.epoch.set'
    value: number
  }

  export interface AttachmentMessageEpochCountFieldEvent {
    field: '$.epoch.count'
    value: number
  }

  export interface AttachmentMessageEpochPeerFieldEvent {
    field: '$.epoch.peer'
    value: string
  }

  export function encode (obj: Partial<AttachmentMessage>): Uint8Array {
    return encodeMessage(obj, AttachmentMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttachmentMessage>): AttachmentMessage {
    return decodeMessage(buf, AttachmentMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AttachmentMessage>): Generator<AttachmentMessageBranchFieldEvent | AttachmentMessageRecordFieldEvent | AttachmentMessageEpochGenerationFieldEvent | AttachmentMessageEpochSetFieldEvent | AttachmentMessageEpochCountFieldEvent | AttachmentMessageEpochPeerFieldEvent> {
    return streamMessage(buf, AttachmentMessage.codec(), opts)
  }
}

export interface MemberMessage {
  peer: string
  disk: string
  joined: number
}

export namespace MemberMessage {
  let _codec: Codec<MemberMessage>

  export const codec = (): Codec<MemberMessage> => {
    if (_codec == null) {
      _codec = message<MemberMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(10)
          w.string(obj.peer)
        }

        if ((obj.disk != null && obj.disk !== '')) {
          w.uint32(18)
          w.string(obj.disk)
        }

        if ((obj.joined != null && obj.joined !== 0)) {
          w.uint32(24)
          w.uint32(obj.joined)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: '',
          disk: '',
          joined: 0
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
              obj.disk = reader.string()
              break
            }
            case 3: {
              obj.joined = reader.uint32()
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
                field: `${prefix}.peer`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.disk`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.joined`,
                value: reader.uint32()
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

  export interface MemberMessagePeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface MemberMessageDiskFieldEvent {
    field: '$.disk'
    value: string
  }

  export interface MemberMessageJoinedFieldEvent {
    field: '$.joined'
    value: number
  }

  export function encode (obj: Partial<MemberMessage>): Uint8Array {
    return encodeMessage(obj, MemberMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MemberMessage>): MemberMessage {
    return decodeMessage(buf, MemberMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MemberMessage>): Generator<MemberMessagePeerFieldEvent | MemberMessageDiskFieldEvent | MemberMessageJoinedFieldEvent> {
    return streamMessage(buf, MemberMessage.codec(), opts)
  }
}

export interface OfferMessage {
  set: string
  number: number
  branch: string
  record: Uint8Array
  epoch?: EpochMessage
  done: number
  with: AttachmentMessage[]
}

export namespace OfferMessage {
  let _codec: Codec<OfferMessage>

  export const codec = (): Codec<OfferMessage> => {
    if (_codec == null) {
      _codec = message<OfferMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.set != null && obj.set !== '')) {
          w.uint32(10)
          w.string(obj.set)
        }

        if ((obj.number != null && obj.number !== 0)) {
          w.uint32(16)
          w.uint32(obj.number)
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(26)
          w.string(obj.branch)
        }

        if ((obj.record != null && obj.record.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.record)
        }

        if (obj.epoch != null) {
          w.uint32(42)
          EpochMessage.codec().encode(obj.epoch, w)
        }

        if ((obj.done != null && obj.done !== 0)) {
          w.uint32(48)
          w.uint32(obj.done)
        }

        if (obj.with != null && obj.with.length > 0) {
          for (const value of obj.with) {
            w.uint32(58)
            AttachmentMessage.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          set: '',
          number: 0,
          branch: '',
          record: uint8ArrayAlloc(0),
          done: 0,
          with: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.set = reader.string()
              break
            }
            case 2: {
              obj.number = reader.uint32()
              break
            }
            case 3: {
              obj.branch = reader.string()
              break
            }
            case 4: {
              obj.record = reader.bytes()
              break
            }
            case 5: {
              obj.epoch = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.epoch
              })
              break
            }
            case 6: {
              obj.done = reader.uint32()
              break
            }
            case 7: {
              if (opts.limits?.with != null && obj.with.length === opts.limits.with) {
                throw new MaxLengthError('Decode error - repeated field "with" had too many elements')
              }

              if (obj.with.length === 1024) {
                throw new MaxLengthError('Decode error - repeated field "with" had too many elements')
              }

              obj.with.push(AttachmentMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.with$
              }))
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
          with: 1024
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.set`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.number`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.record`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.epoch`, {
                limits: opts.limits?.epoch
              })

              break
            }
            case 6: {
              yield {
                field: `${prefix}.done`,
                value: reader.uint32()
              }
              break
            }
            case 7: {
              if (opts.limits?.with != null && obj.with === opts.limits.with) {
                throw new MaxLengthError('Streaming decode error - repeated field "with" had too many elements')
              }

              if (obj.with === 1024) {
                throw new MaxLengthError('Streaming decode error - repeated field "with" had too many elements')
              }

              for (const evt of AttachmentMessage.codec().stream(reader, reader.uint32(), `${prefix}.with[]`, {
                limits: opts.limits?.with$
              })) {
                yield {
                  ...evt,
                  index: obj.with
                }
              }

              obj.with++

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

  export interface OfferMessageSetFieldEvent {
    field: '$.set'
    value: string
  }

  export interface OfferMessageNumberFieldEvent {
    field: '$.number'
    value: number
  }

  export interface OfferMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface OfferMessageRecordFieldEvent {
    field: '$.record'
    value: Uint8Array
  }

  export interface OfferMessageEpochGenerationFieldEvent {
    field: '$.epoch.generation'
    value: number
  }

  export interface OfferMessageEpochSetFieldEvent {
    field: '$.epoch.set'
    value: number
  }

  export interface OfferMessageEpochCountFieldEvent {
    field: '$.epoch.count'
    value: number
  }

  export interface OfferMessageEpochPeerFieldEvent {
    field: '$.epoch.peer'
    value: string
  }

  export interface OfferMessageDoneFieldEvent {
    field: '$.done'
    value: number
  }

  export interface OfferMessageWithBranchFieldEvent {
    field: '$.with[].branch'
    value: string
    index: number
  }

  export interface OfferMessageWithRecordFieldEvent {
    field: '$.with[].record'
    value: Uint8Array
    index: number
  }

  export interface OfferMessageWithEpochGenerationFieldEvent {
    field: '$.with[].epoch.generation'
    value: number
    index: number
  }

  export interface OfferMessageWithEpochSetFieldEvent {
    field: '$.with[].epoch.set'
    value: number
    index: number
  }

  export interface OfferMessageWithEpochCountFieldEvent {
    field: '$.with[].epoch.count'
    value: number
    index: number
  }

  export interface OfferMessageWithEpochPeerFieldEvent {
    field: '$.with[].epoch.peer'
    value: string
    index: number
  }

  export function encode (obj: Partial<OfferMessage>): Uint8Array {
    return encodeMessage(obj, OfferMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OfferMessage>): OfferMessage {
    return decodeMessage(buf, OfferMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<OfferMessage>): Generator<OfferMessageSetFieldEvent | OfferMessageNumberFieldEvent | OfferMessageBranchFieldEvent | OfferMessageRecordFieldEvent | OfferMessageEpochGenerationFieldEvent | OfferMessageEpochSetFieldEvent | OfferMessageEpochCountFieldEvent | OfferMessageEpochPeerFieldEvent | OfferMessageDoneFieldEvent | OfferMessageWithBranchFieldEvent | OfferMessageWithRecordFieldEvent | OfferMessageWithEpochGenerationFieldEvent | OfferMessageWithEpochSetFieldEvent | OfferMessageWithEpochCountFieldEvent | OfferMessageWithEpochPeerFieldEvent> {
    return streamMessage(buf, OfferMessage.codec(), opts)
  }
}

export interface BlobMessage {
  execution: string
  bytes: Uint8Array
}

export namespace BlobMessage {
  let _codec: Codec<BlobMessage>

  export const codec = (): Codec<BlobMessage> => {
    if (_codec == null) {
      _codec = message<BlobMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(10)
          w.string(obj.execution)
        }

        if ((obj.bytes != null && obj.bytes.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.bytes)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: '',
          bytes: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.execution = reader.string()
              break
            }
            case 2: {
              obj.bytes = reader.bytes()
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
                field: `${prefix}.execution`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.bytes`,
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

  export interface BlobMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export interface BlobMessageBytesFieldEvent {
    field: '$.bytes'
    value: Uint8Array
  }

  export function encode (obj: Partial<BlobMessage>): Uint8Array {
    return encodeMessage(obj, BlobMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlobMessage>): BlobMessage {
    return decodeMessage(buf, BlobMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlobMessage>): Generator<BlobMessageExecutionFieldEvent | BlobMessageBytesFieldEvent> {
    return streamMessage(buf, BlobMessage.codec(), opts)
  }
}

export interface AppendMessage {
  blobs: BlobMessage[]
  offers: OfferMessage[]
  handed: HandedMessage[]
}

export namespace AppendMessage {
  let _codec: Codec<AppendMessage>

  export const codec = (): Codec<AppendMessage> => {
    if (_codec == null) {
      _codec = message<AppendMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.blobs != null && obj.blobs.length > 0) {
          for (const value of obj.blobs) {
            w.uint32(10)
            BlobMessage.codec().encode(value, w)
          }
        }

        if (obj.offers != null && obj.offers.length > 0) {
          for (const value of obj.offers) {
            w.uint32(18)
            OfferMessage.codec().encode(value, w)
          }
        }

        if (obj.handed != null && obj.handed.length > 0) {
          for (const value of obj.handed) {
            w.uint32(26)
            HandedMessage.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          blobs: [],
          offers: [],
          handed: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.blobs != null && obj.blobs.length === opts.limits.blobs) {
                throw new MaxLengthError('Decode error - repeated field "blobs" had too many elements')
              }

              if (obj.blobs.length === 4096) {
                throw new MaxLengthError('Decode error - repeated field "blobs" had too many elements')
              }

              obj.blobs.push(BlobMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.blobs$
              }))
              break
            }
            case 2: {
              if (opts.limits?.offers != null && obj.offers.length === opts.limits.offers) {
                throw new MaxLengthError('Decode error - repeated field "offers" had too many elements')
              }

              if (obj.offers.length === 4096) {
                throw new MaxLengthError('Decode error - repeated field "offers" had too many elements')
              }

              obj.offers.push(OfferMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.offers$
              }))
              break
            }
            case 3: {
              if (opts.limits?.handed != null && obj.handed.length === opts.limits.handed) {
                throw new MaxLengthError('Decode error - repeated field "handed" had too many elements')
              }

              if (obj.handed.length === 4096) {
                throw new MaxLengthError('Decode error - repeated field "handed" had too many elements')
              }

              obj.handed.push(HandedMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.handed$
              }))
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
          blobs: 4096,
          offers: 4096,
          handed: 4096
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.blobs != null && obj.blobs === opts.limits.blobs) {
                throw new MaxLengthError('Streaming decode error - repeated field "blobs" had too many elements')
              }

              if (obj.blobs === 4096) {
                throw new MaxLengthError('Streaming decode error - repeated field "blobs" had too many elements')
              }

              for (const evt of BlobMessage.codec().stream(reader, reader.uint32(), `${prefix}.blobs[]`, {
                limits: opts.limits?.blobs$
              })) {
                yield {
                  ...evt,
                  index: obj.blobs
                }
              }

              obj.blobs++

              break
            }
            case 2: {
              if (opts.limits?.offers != null && obj.offers === opts.limits.offers) {
                throw new MaxLengthError('Streaming decode error - repeated field "offers" had too many elements')
              }

              if (obj.offers === 4096) {
                throw new MaxLengthError('Streaming decode error - repeated field "offers" had too many elements')
              }

              for (const evt of OfferMessage.codec().stream(reader, reader.uint32(), `${prefix}.offers[]`, {
                limits: opts.limits?.offers$
              })) {
                yield {
                  ...evt,
                  index: obj.offers
                }
              }

              obj.offers++

              break
            }
            case 3: {
              if (opts.limits?.handed != null && obj.handed === opts.limits.handed) {
                throw new MaxLengthError('Streaming decode error - repeated field "handed" had too many elements')
              }

              if (obj.handed === 4096) {
                throw new MaxLengthError('Streaming decode error - repeated field "handed" had too many elements')
              }

              for (const evt of HandedMessage.codec().stream(reader, reader.uint32(), `${prefix}.handed[]`, {
                limits: opts.limits?.handed$
              })) {
                yield {
                  ...evt,
                  index: obj.handed
                }
              }

              obj.handed++

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

  export interface AppendMessageBlobsExecutionFieldEvent {
    field: '$.blobs[].execution'
    value: string
    index: number
  }

  export interface AppendMessageBlobsBytesFieldEvent {
    field: '$.blobs[].bytes'
    value: Uint8Array
    index: number
  }

  export interface AppendMessageOffersSetFieldEvent {
    field: '$.offers[].set'
    value: string
    index: number
  }

  export interface AppendMessageOffersNumberFieldEvent {
    field: '$.offers[].number'
    value: number
    index: number
  }

  export interface AppendMessageOffersBranchFieldEvent {
    field: '$.offers[].branch'
    value: string
    index: number
  }

  export interface AppendMessageOffersRecordFieldEvent {
    field: '$.offers[].record'
    value: Uint8Array
    index: number
  }

  export interface AppendMessageOffersEpochGenerationFieldEvent {
    field: '$.offers[].epoch.generation'
    value: number
    index: number
  }

  export interface AppendMessageOffersEpochSetFieldEvent {
    field: '$.offers[].epoch.set'
    value: number
    index: number
  }

  export interface AppendMessageOffersEpochCountFieldEvent {
    field: '$.offers[].epoch.count'
    value: number
    index: number
  }

  export interface AppendMessageOffersEpochPeerFieldEvent {
    field: '$.offers[].epoch.peer'
    value: string
    index: number
  }

  export interface AppendMessageOffersDoneFieldEvent {
    field: '$.offers[].done'
    value: number
    index: number
  }

  export interface AppendMessageOffersWithBranchFieldEvent {
    field: '$.offers[].with[].branch'
    value: string
    index: number
  }

  export interface AppendMessageOffersWithRecordFieldEvent {
    field: '$.offers[].with[].record'
    value: Uint8Array
    index: number
  }

  export interface AppendMessageOffersWithEpochGenerationFieldEvent {
    field: '$.offers[].with[].epoch.generation'
    value: number
    index: number
  }

  export interface AppendMessageOffersWithEpochSetFieldEvent {
    field: '$.offers[].with[].epoch.set'
    value: number
    index: number
  }

  export interface AppendMessageOffersWithEpochCountFieldEvent {
    field: '$.offers[].with[].epoch.count'
    value: number
    index: number
  }

  export interface AppendMessageOffersWithEpochPeerFieldEvent {
    field: '$.offers[].with[].epoch.peer'
    value: string
    index: number
  }

  export interface AppendMessageHandedBranchFieldEvent {
    field: '$.handed[].branch'
    value: string
    index: number
  }

  export interface AppendMessageHandedRecordFieldEvent {
    field: '$.handed[].record'
    value: Uint8Array
    index: number
  }

  export function encode (obj: Partial<AppendMessage>): Uint8Array {
    return encodeMessage(obj, AppendMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AppendMessage>): AppendMessage {
    return decodeMessage(buf, AppendMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AppendMessage>): Generator<AppendMessageBlobsExecutionFieldEvent | AppendMessageBlobsBytesFieldEvent | AppendMessageOffersSetFieldEvent | AppendMessageOffersNumberFieldEvent | AppendMessageOffersBranchFieldEvent | AppendMessageOffersRecordFieldEvent | AppendMessageOffersEpochGenerationFieldEvent | AppendMessageOffersEpochSetFieldEvent | AppendMessageOffersEpochCountFieldEvent | AppendMessageOffersEpochPeerFieldEvent | AppendMessageOffersDoneFieldEvent | AppendMessageOffersWithBranchFieldEvent | AppendMessageOffersWithRecordFieldEvent | AppendMessageOffersWithEpochGenerationFieldEvent | AppendMessageOffersWithEpochSetFieldEvent | AppendMessageOffersWithEpochCountFieldEvent | AppendMessageOffersWithEpochPeerFieldEvent | AppendMessageHandedBranchFieldEvent | AppendMessageHandedRecordFieldEvent> {
    return streamMessage(buf, AppendMessage.codec(), opts)
  }
}

export interface HandedMessage {
  branch: string
  record: Uint8Array
}

export namespace HandedMessage {
  let _codec: Codec<HandedMessage>

  export const codec = (): Codec<HandedMessage> => {
    if (_codec == null) {
      _codec = message<HandedMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(10)
          w.string(obj.branch)
        }

        if ((obj.record != null && obj.record.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.record)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          branch: '',
          record: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.branch = reader.string()
              break
            }
            case 2: {
              obj.record = reader.bytes()
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
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.record`,
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

  export interface HandedMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface HandedMessageRecordFieldEvent {
    field: '$.record'
    value: Uint8Array
  }

  export function encode (obj: Partial<HandedMessage>): Uint8Array {
    return encodeMessage(obj, HandedMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HandedMessage>): HandedMessage {
    return decodeMessage(buf, HandedMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HandedMessage>): Generator<HandedMessageBranchFieldEvent | HandedMessageRecordFieldEvent> {
    return streamMessage(buf, HandedMessage.codec(), opts)
  }
}

export interface AckMessage {
  set: string
  branch: string
  hash: string
  index: number
  epoch?: EpochMessage
  number: number
  member?: MemberMessage
  parents: string
}

export namespace AckMessage {
  let _codec: Codec<AckMessage>

  export const codec = (): Codec<AckMessage> => {
    if (_codec == null) {
      _codec = message<AckMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.set != null && obj.set !== '')) {
          w.uint32(10)
          w.string(obj.set)
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(18)
          w.string(obj.branch)
        }

        if ((obj.hash != null && obj.hash !== '')) {
          w.uint32(26)
          w.string(obj.hash)
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(32)
          w.uint32(obj.index)
        }

        if (obj.epoch != null) {
          w.uint32(42)
          EpochMessage.codec().encode(obj.epoch, w)
        }

        if ((obj.number != null && obj.number !== 0)) {
          w.uint32(48)
          w.uint32(obj.number)
        }

        if (obj.member != null) {
          w.uint32(58)
          MemberMessage.codec().encode(obj.member, w)
        }

        if ((obj.parents != null && obj.parents !== '')) {
          w.uint32(66)
          w.string(obj.parents)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          set: '',
          branch: '',
          hash: '',
          index: 0,
          number: 0,
          parents: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.set = reader.string()
              break
            }
            case 2: {
              obj.branch = reader.string()
              break
            }
            case 3: {
              obj.hash = reader.string()
              break
            }
            case 4: {
              obj.index = reader.uint32()
              break
            }
            case 5: {
              obj.epoch = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.epoch
              })
              break
            }
            case 6: {
              obj.number = reader.uint32()
              break
            }
            case 7: {
              obj.member = MemberMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.member
              })
              break
            }
            case 8: {
              obj.parents = reader.string()
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
                field: `${prefix}.set`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.hash`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.index`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.epoch`, {
                limits: opts.limits?.epoch
              })

              break
            }
            case 6: {
              yield {
                field: `${prefix}.number`,
                value: reader.uint32()
              }
              break
            }
            case 7: {
              yield * MemberMessage.codec().stream(reader, reader.uint32(), `${prefix}.member`, {
                limits: opts.limits?.member
              })

              break
            }
            case 8: {
              yield {
                field: `${prefix}.parents`,
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

  export interface AckMessageSetFieldEvent {
    field: '$.set'
    value: string
  }

  export interface AckMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface AckMessageHashFieldEvent {
    field: '$.hash'
    value: string
  }

  export interface AckMessageIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export interface AckMessageEpochGenerationFieldEvent {
    field: '$.epoch.generation'
    value: number
  }

  export interface AckMessageEpochSetFieldEvent {
    field: '$.epoch.set'
    value: number
  }

  export interface AckMessageEpochCountFieldEvent {
    field: '$.epoch.count'
    value: number
  }

  export interface AckMessageEpochPeerFieldEvent {
    field: '$.epoch.peer'
    value: string
  }

  export interface AckMessageNumberFieldEvent {
    field: '$.number'
    value: number
  }

  export interface AckMessageMemberPeerFieldEvent {
    field: '$.member.peer'
    value: string
  }

  export interface AckMessageMemberDiskFieldEvent {
    field: '$.member.disk'
    value: string
  }

  export interface AckMessageMemberJoinedFieldEvent {
    field: '$.member.joined'
    value: number
  }

  export interface AckMessageParentsFieldEvent {
    field: '$.parents'
    value: string
  }

  export function encode (obj: Partial<AckMessage>): Uint8Array {
    return encodeMessage(obj, AckMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AckMessage>): AckMessage {
    return decodeMessage(buf, AckMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AckMessage>): Generator<AckMessageSetFieldEvent | AckMessageBranchFieldEvent | AckMessageHashFieldEvent | AckMessageIndexFieldEvent | AckMessageEpochGenerationFieldEvent | AckMessageEpochSetFieldEvent | AckMessageEpochCountFieldEvent | AckMessageEpochPeerFieldEvent | AckMessageNumberFieldEvent | AckMessageMemberPeerFieldEvent | AckMessageMemberDiskFieldEvent | AckMessageMemberJoinedFieldEvent | AckMessageParentsFieldEvent> {
    return streamMessage(buf, AckMessage.codec(), opts)
  }
}

export interface RefusalMessage {
  set: string
  branch: string
  hash: string
  epoch?: EpochMessage
  number: number
  from: string
  reason: string
  noted?: EpochMessage
  missing: RecordRefMessage[]
  blobs: string[]
}

export namespace RefusalMessage {
  let _codec: Codec<RefusalMessage>

  export const codec = (): Codec<RefusalMessage> => {
    if (_codec == null) {
      _codec = message<RefusalMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.set != null && obj.set !== '')) {
          w.uint32(10)
          w.string(obj.set)
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(18)
          w.string(obj.branch)
        }

        if ((obj.hash != null && obj.hash !== '')) {
          w.uint32(26)
          w.string(obj.hash)
        }

        if (obj.epoch != null) {
          w.uint32(34)
          EpochMessage.codec().encode(obj.epoch, w)
        }

        if ((obj.number != null && obj.number !== 0)) {
          w.uint32(40)
          w.uint32(obj.number)
        }

        if ((obj.from != null && obj.from !== '')) {
          w.uint32(50)
          w.string(obj.from)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(58)
          w.string(obj.reason)
        }

        if (obj.noted != null) {
          w.uint32(66)
          EpochMessage.codec().encode(obj.noted, w)
        }

        if (obj.missing != null && obj.missing.length > 0) {
          for (const value of obj.missing) {
            w.uint32(74)
            RecordRefMessage.codec().encode(value, w)
          }
        }

        if (obj.blobs != null && obj.blobs.length > 0) {
          for (const value of obj.blobs) {
            w.uint32(82)
            w.string(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          set: '',
          branch: '',
          hash: '',
          number: 0,
          from: '',
          reason: '',
          missing: [],
          blobs: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.set = reader.string()
              break
            }
            case 2: {
              obj.branch = reader.string()
              break
            }
            case 3: {
              obj.hash = reader.string()
              break
            }
            case 4: {
              obj.epoch = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.epoch
              })
              break
            }
            case 5: {
              obj.number = reader.uint32()
              break
            }
            case 6: {
              obj.from = reader.string()
              break
            }
            case 7: {
              obj.reason = reader.string()
              break
            }
            case 8: {
              obj.noted = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.noted
              })
              break
            }
            case 9: {
              if (opts.limits?.missing != null && obj.missing.length === opts.limits.missing) {
                throw new MaxLengthError('Decode error - repeated field "missing" had too many elements')
              }

              if (obj.missing.length === 16384) {
                throw new MaxLengthError('Decode error - repeated field "missing" had too many elements')
              }

              obj.missing.push(RecordRefMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.missing$
              }))
              break
            }
            case 10: {
              if (opts.limits?.blobs != null && obj.blobs.length === opts.limits.blobs) {
                throw new MaxLengthError('Decode error - repeated field "blobs" had too many elements')
              }

              if (obj.blobs.length === 16384) {
                throw new MaxLengthError('Decode error - repeated field "blobs" had too many elements')
              }

              obj.blobs.push(reader.string())
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
          missing: 16384,
          blobs: 16384
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.set`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.hash`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.epoch`, {
                limits: opts.limits?.epoch
              })

              break
            }
            case 5: {
              yield {
                field: `${prefix}.number`,
                value: reader.uint32()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.from`,
                value: reader.string()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.reason`,
                value: reader.string()
              }
              break
            }
            case 8: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.noted`, {
                limits: opts.limits?.noted
              })

              break
            }
            case 9: {
              if (opts.limits?.missing != null && obj.missing === opts.limits.missing) {
                throw new MaxLengthError('Streaming decode error - repeated field "missing" had too many elements')
              }

              if (obj.missing === 16384) {
                throw new MaxLengthError('Streaming decode error - repeated field "missing" had too many elements')
              }

              for (const evt of RecordRefMessage.codec().stream(reader, reader.uint32(), `${prefix}.missing[]`, {
                limits: opts.limits?.missing$
              })) {
                yield {
                  ...evt,
                  index: obj.missing
                }
              }

              obj.missing++

              break
            }
            case 10: {
              if (opts.limits?.blobs != null && obj.blobs === opts.limits.blobs) {
                throw new MaxLengthError('Streaming decode error - repeated field "blobs" had too many elements')
              }

              if (obj.blobs === 16384) {
                throw new MaxLengthError('Streaming decode error - repeated field "blobs" had too many elements')
              }

              yield {
                field: `${prefix}.blobs[]`,
                index: obj.blobs,
                value: reader.string()
              }

              obj.blobs++

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

  export interface RefusalMessageSetFieldEvent {
    field: '$.set'
    value: string
  }

  export interface RefusalMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface RefusalMessageHashFieldEvent {
    field: '$.hash'
    value: string
  }

  export interface RefusalMessageEpochGenerationFieldEvent {
    field: '$.epoch.generation'
    value: number
  }

  export interface RefusalMessageEpochSetFieldEvent {
    field: '$.epoch.set'
    value: number
  }

  export interface RefusalMessageEpochCountFieldEvent {
    field: '$.epoch.count'
    value: number
  }

  export interface RefusalMessageEpochPeerFieldEvent {
    field: '$.epoch.peer'
    value: string
  }

  export interface RefusalMessageNumberFieldEvent {
    field: '$.number'
    value: number
  }

  export interface RefusalMessageFromFieldEvent {
    field: '$.from'
    value: string
  }

  export interface RefusalMessageReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export interface RefusalMessageNotedGenerationFieldEvent {
    field: '$.noted.generation'
    value: number
  }

  export interface RefusalMessageNotedSetFieldEvent {
    field: '$.noted.set'
    value: number
  }

  export interface RefusalMessageNotedCountFieldEvent {
    field: '$.noted.count'
    value: number
  }

  export interface RefusalMessageNotedPeerFieldEvent {
    field: '$.noted.peer'
    value: string
  }

  export interface RefusalMessageMissingBranchFieldEvent {
    field: '$.missing[].branch'
    value: string
    index: number
  }

  export interface RefusalMessageMissingHashFieldEvent {
    field: '$.missing[].hash'
    value: string
    index: number
  }

  export interface RefusalMessageBlobsFieldEvent {
    field: '$.blobs[]'
    index: number
    value: string
  }

  export function encode (obj: Partial<RefusalMessage>): Uint8Array {
    return encodeMessage(obj, RefusalMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RefusalMessage>): RefusalMessage {
    return decodeMessage(buf, RefusalMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RefusalMessage>): Generator<RefusalMessageSetFieldEvent | RefusalMessageBranchFieldEvent | RefusalMessageHashFieldEvent | RefusalMessageEpochGenerationFieldEvent | RefusalMessageEpochSetFieldEvent | RefusalMessageEpochCountFieldEvent | RefusalMessageEpochPeerFieldEvent | RefusalMessageNumberFieldEvent | RefusalMessageFromFieldEvent | RefusalMessageReasonFieldEvent | RefusalMessageNotedGenerationFieldEvent | RefusalMessageNotedSetFieldEvent | RefusalMessageNotedCountFieldEvent | RefusalMessageNotedPeerFieldEvent | RefusalMessageMissingBranchFieldEvent | RefusalMessageMissingHashFieldEvent | RefusalMessageBlobsFieldEvent> {
    return streamMessage(buf, RefusalMessage.codec(), opts)
  }
}

export interface RepliesMessage {
  acks: AckMessage[]
  refusals: RefusalMessage[]
}

export namespace RepliesMessage {
  let _codec: Codec<RepliesMessage>

  export const codec = (): Codec<RepliesMessage> => {
    if (_codec == null) {
      _codec = message<RepliesMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.acks != null && obj.acks.length > 0) {
          for (const value of obj.acks) {
            w.uint32(10)
            AckMessage.codec().encode(value, w)
          }
        }

        if (obj.refusals != null && obj.refusals.length > 0) {
          for (const value of obj.refusals) {
            w.uint32(18)
            RefusalMessage.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          acks: [],
          refusals: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.acks != null && obj.acks.length === opts.limits.acks) {
                throw new MaxLengthError('Decode error - repeated field "acks" had too many elements')
              }

              if (obj.acks.length === 4096) {
                throw new MaxLengthError('Decode error - repeated field "acks" had too many elements')
              }

              obj.acks.push(AckMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.acks$
              }))
              break
            }
            case 2: {
              if (opts.limits?.refusals != null && obj.refusals.length === opts.limits.refusals) {
                throw new MaxLengthError('Decode error - repeated field "refusals" had too many elements')
              }

              if (obj.refusals.length === 4096) {
                throw new MaxLengthError('Decode error - repeated field "refusals" had too many elements')
              }

              obj.refusals.push(RefusalMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.refusals$
              }))
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
          acks: 4096,
          refusals: 4096
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.acks != null && obj.acks === opts.limits.acks) {
                throw new MaxLengthError('Streaming decode error - repeated field "acks" had too many elements')
              }

              if (obj.acks === 4096) {
                throw new MaxLengthError('Streaming decode error - repeated field "acks" had too many elements')
              }

              for (const evt of AckMessage.codec().stream(reader, reader.uint32(), `${prefix}.acks[]`, {
                limits: opts.limits?.acks$
              })) {
                yield {
                  ...evt,
                  index: obj.acks
                }
              }

              obj.acks++

              break
            }
            case 2: {
              if (opts.limits?.refusals != null && obj.refusals === opts.limits.refusals) {
                throw new MaxLengthError('Streaming decode error - repeated field "refusals" had too many elements')
              }

              if (obj.refusals === 4096) {
                throw new MaxLengthError('Streaming decode error - repeated field "refusals" had too many elements')
              }

              for (const evt of RefusalMessage.codec().stream(reader, reader.uint32(), `${prefix}.refusals[]`, {
                limits: opts.limits?.refusals$
              })) {
                yield {
                  ...evt,
                  index: obj.refusals
                }
              }

              obj.refusals++

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

  export interface RepliesMessageAcksSetFieldEvent {
    field: '$.acks[].set'
    value: string
    index: number
  }

  export interface RepliesMessageAcksBranchFieldEvent {
    field: '$.acks[].branch'
    value: string
    index: number
  }

  export interface RepliesMessageAcksHashFieldEvent {
    field: '$.acks[].hash'
    value: string
    index: number
  }

  export interface RepliesMessageAcksIndexFieldEvent {
    field: '$.acks[].index'
    value: number
    index: number
  }

  export interface RepliesMessageAcksEpochGenerationFieldEvent {
    field: '$.acks[].epoch.generation'
    value: number
    index: number
  }

  export interface RepliesMessageAcksEpochSetFieldEvent {
    field: '$.acks[].epoch.set'
    value: number
    index: number
  }

  export interface RepliesMessageAcksEpochCountFieldEvent {
    field: '$.acks[].epoch.count'
    value: number
    index: number
  }

  export interface RepliesMessageAcksEpochPeerFieldEvent {
    field: '$.acks[].epoch.peer'
    value: string
    index: number
  }

  export interface RepliesMessageAcksNumberFieldEvent {
    field: '$.acks[].number'
    value: number
    index: number
  }

  export interface RepliesMessageAcksMemberPeerFieldEvent {
    field: '$.acks[].member.peer'
    value: string
    index: number
  }

  export interface RepliesMessageAcksMemberDiskFieldEvent {
    field: '$.acks[].member.disk'
    value: string
    index: number
  }

  export interface RepliesMessageAcksMemberJoinedFieldEvent {
    field: '$.acks[].member.joined'
    value: number
    index: number
  }

  export interface RepliesMessageAcksParentsFieldEvent {
    field: '$.acks[].parents'
    value: string
    index: number
  }

  export interface RepliesMessageRefusalsSetFieldEvent {
    field: '$.refusals[].set'
    value: string
    index: number
  }

  export interface RepliesMessageRefusalsBranchFieldEvent {
    field: '$.refusals[].branch'
    value: string
    index: number
  }

  export interface RepliesMessageRefusalsHashFieldEvent {
    field: '$.refusals[].hash'
    value: string
    index: number
  }

  export interface RepliesMessageRefusalsEpochGenerationFieldEvent {
    field: '$.refusals[].epoch.generation'
    value: number
    index: number
  }

  export interface RepliesMessageRefusalsEpochSetFieldEvent {
    field: '$.refusals[].epoch.set'
    value: number
    index: number
  }

  export interface RepliesMessageRefusalsEpochCountFieldEvent {
    field: '$.refusals[].epoch.count'
    value: number
    index: number
  }

  export interface RepliesMessageRefusalsEpochPeerFieldEvent {
    field: '$.refusals[].epoch.peer'
    value: string
    index: number
  }

  export interface RepliesMessageRefusalsNumberFieldEvent {
    field: '$.refusals[].number'
    value: number
    index: number
  }

  export interface RepliesMessageRefusalsFromFieldEvent {
    field: '$.refusals[].from'
    value: string
    index: number
  }

  export interface RepliesMessageRefusalsReasonFieldEvent {
    field: '$.refusals[].reason'
    value: string
    index: number
  }

  export interface RepliesMessageRefusalsNotedGenerationFieldEvent {
    field: '$.refusals[].noted.generation'
    value: number
    index: number
  }

  export interface RepliesMessageRefusalsNotedSetFieldEvent {
    field: '$.refusals[].noted.set'
    value: number
    index: number
  }

  export interface RepliesMessageRefusalsNotedCountFieldEvent {
    field: '$.refusals[].noted.count'
    value: number
    index: number
  }

  export interface RepliesMessageRefusalsNotedPeerFieldEvent {
    field: '$.refusals[].noted.peer'
    value: string
    index: number
  }

  export interface RepliesMessageRefusalsMissingBranchFieldEvent {
    field: '$.refusals[].missing[].branch'
    value: string
    index: number
  }

  export interface RepliesMessageRefusalsMissingHashFieldEvent {
    field: '$.refusals[].missing[].hash'
    value: string
    index: number
  }

  export interface RepliesMessageRefusalsBlobsFieldEvent {
    field: '$.refusals[].blobs[]'
    index: number
    value: string
  }

  export function encode (obj: Partial<RepliesMessage>): Uint8Array {
    return encodeMessage(obj, RepliesMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RepliesMessage>): RepliesMessage {
    return decodeMessage(buf, RepliesMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RepliesMessage>): Generator<RepliesMessageAcksSetFieldEvent | RepliesMessageAcksBranchFieldEvent | RepliesMessageAcksHashFieldEvent | RepliesMessageAcksIndexFieldEvent | RepliesMessageAcksEpochGenerationFieldEvent | RepliesMessageAcksEpochSetFieldEvent | RepliesMessageAcksEpochCountFieldEvent | RepliesMessageAcksEpochPeerFieldEvent | RepliesMessageAcksNumberFieldEvent | RepliesMessageAcksMemberPeerFieldEvent | RepliesMessageAcksMemberDiskFieldEvent | RepliesMessageAcksMemberJoinedFieldEvent | RepliesMessageAcksParentsFieldEvent | RepliesMessageRefusalsSetFieldEvent | RepliesMessageRefusalsBranchFieldEvent | RepliesMessageRefusalsHashFieldEvent | RepliesMessageRefusalsEpochGenerationFieldEvent | RepliesMessageRefusalsEpochSetFieldEvent | RepliesMessageRefusalsEpochCountFieldEvent | RepliesMessageRefusalsEpochPeerFieldEvent | RepliesMessageRefusalsNumberFieldEvent | RepliesMessageRefusalsFromFieldEvent | RepliesMessageRefusalsReasonFieldEvent | RepliesMessageRefusalsNotedGenerationFieldEvent | RepliesMessageRefusalsNotedSetFieldEvent | RepliesMessageRefusalsNotedCountFieldEvent | RepliesMessageRefusalsNotedPeerFieldEvent | RepliesMessageRefusalsMissingBranchFieldEvent | RepliesMessageRefusalsMissingHashFieldEvent | RepliesMessageRefusalsBlobsFieldEvent> {
    return streamMessage(buf, RepliesMessage.codec(), opts)
  }
}

export interface NoteRequestMessage {
  set: string
  number: number
  execution: string
  branch: string
  epoch?: EpochMessage
  lineage: OpeningMessage[]
}

export namespace NoteRequestMessage {
  let _codec: Codec<NoteRequestMessage>

  export const codec = (): Codec<NoteRequestMessage> => {
    if (_codec == null) {
      _codec = message<NoteRequestMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.set != null && obj.set !== '')) {
          w.uint32(10)
          w.string(obj.set)
        }

        if ((obj.number != null && obj.number !== 0)) {
          w.uint32(16)
          w.uint32(obj.number)
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(26)
          w.string(obj.execution)
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(34)
          w.string(obj.branch)
        }

        if (obj.epoch != null) {
          w.uint32(42)
          EpochMessage.codec().encode(obj.epoch, w)
        }

        if (obj.lineage != null && obj.lineage.length > 0) {
          for (const value of obj.lineage) {
            w.uint32(50)
            OpeningMessage.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          set: '',
          number: 0,
          execution: '',
          branch: '',
          lineage: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.set = reader.string()
              break
            }
            case 2: {
              obj.number = reader.uint32()
              break
            }
            case 3: {
              obj.execution = reader.string()
              break
            }
            case 4: {
              obj.branch = reader.string()
              break
            }
            case 5: {
              obj.epoch = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.epoch
              })
              break
            }
            case 6: {
              if (opts.limits?.lineage != null && obj.lineage.length === opts.limits.lineage) {
                throw new MaxLengthError('Decode error - repeated field "lineage" had too many elements')
              }

              if (obj.lineage.length === 256) {
                throw new MaxLengthError('Decode error - repeated field "lineage" had too many elements')
              }

              obj.lineage.push(OpeningMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.lineage$
              }))
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
          lineage: 256
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.set`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.number`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.execution`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 5: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.epoch`, {
                limits: opts.limits?.epoch
              })

              break
            }
            case 6: {
              if (opts.limits?.lineage != null && obj.lineage === opts.limits.lineage) {
                throw new MaxLengthError('Streaming decode error - repeated field "lineage" had too many elements')
              }

              if (obj.lineage === 256) {
                throw new MaxLengthError('Streaming decode error - repeated field "lineage" had too many elements')
              }

              for (const evt of OpeningMessage.codec().stream(reader, reader.uint32(), `${prefix}.lineage[]`, {
                limits: opts.limits?.lineage$
              })) {
                yield {
                  ...evt,
                  index: obj.lineage
                }
              }

              obj.lineage++

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

  export interface NoteRequestMessageSetFieldEvent {
    field: '$.set'
    value: string
  }

  export interface NoteRequestMessageNumberFieldEvent {
    field: '$.number'
    value: number
  }

  export interface NoteRequestMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export interface NoteRequestMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface NoteRequestMessageEpochGenerationFieldEvent {
    field: '$.epoch.generation'
    value: number
  }

  export interface NoteRequestMessageEpochSetFieldEvent {
    field: '$.epoch.set'
    value: number
  }

  export interface NoteRequestMessageEpochCountFieldEvent {
    field: '$.epoch.count'
    value: number
  }

  export interface NoteRequestMessageEpochPeerFieldEvent {
    field: '$.epoch.peer'
    value: string
  }

  export interface NoteRequestMessageLineageBranchFieldEvent {
    field: '$.lineage[].branch'
    value: string
    index: number
  }

  export interface NoteRequestMessageLineageHashFieldEvent {
    field: '$.lineage[].hash'
    value: string
    index: number
  }

  export interface NoteRequestMessageLineageIndexFieldEvent {
    field: '$.lineage[].index'
    value: number
    index: number
  }

  export interface NoteRequestMessageLineageEpochGenerationFieldEvent {
    field: '$.lineage[].epoch.generation'
    value: number
    index: number
  }

  export interface NoteRequestMessageLineageEpochSetFieldEvent {
    field: '$.lineage[].epoch.set'
    value: number
    index: number
  }

  export interface NoteRequestMessageLineageEpochCountFieldEvent {
    field: '$.lineage[].epoch.count'
    value: number
    index: number
  }

  export interface NoteRequestMessageLineageEpochPeerFieldEvent {
    field: '$.lineage[].epoch.peer'
    value: string
    index: number
  }

  export function encode (obj: Partial<NoteRequestMessage>): Uint8Array {
    return encodeMessage(obj, NoteRequestMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NoteRequestMessage>): NoteRequestMessage {
    return decodeMessage(buf, NoteRequestMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NoteRequestMessage>): Generator<NoteRequestMessageSetFieldEvent | NoteRequestMessageNumberFieldEvent | NoteRequestMessageExecutionFieldEvent | NoteRequestMessageBranchFieldEvent | NoteRequestMessageEpochGenerationFieldEvent | NoteRequestMessageEpochSetFieldEvent | NoteRequestMessageEpochCountFieldEvent | NoteRequestMessageEpochPeerFieldEvent | NoteRequestMessageLineageBranchFieldEvent | NoteRequestMessageLineageHashFieldEvent | NoteRequestMessageLineageIndexFieldEvent | NoteRequestMessageLineageEpochGenerationFieldEvent | NoteRequestMessageLineageEpochSetFieldEvent | NoteRequestMessageLineageEpochCountFieldEvent | NoteRequestMessageLineageEpochPeerFieldEvent> {
    return streamMessage(buf, NoteRequestMessage.codec(), opts)
  }
}

export interface NoteReplyMessage {
  set: string
  number: number
  branch: string
  epoch?: EpochMessage
  member?: MemberMessage
  head?: Uint8Array
  synced?: EpochMessage
  refused?: string
  noted?: EpochMessage
  with: AttachmentMessage[]
}

export namespace NoteReplyMessage {
  let _codec: Codec<NoteReplyMessage>

  export const codec = (): Codec<NoteReplyMessage> => {
    if (_codec == null) {
      _codec = message<NoteReplyMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.set != null && obj.set !== '')) {
          w.uint32(10)
          w.string(obj.set)
        }

        if ((obj.number != null && obj.number !== 0)) {
          w.uint32(16)
          w.uint32(obj.number)
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(26)
          w.string(obj.branch)
        }

        if (obj.epoch != null) {
          w.uint32(34)
          EpochMessage.codec().encode(obj.epoch, w)
        }

        if (obj.member != null) {
          w.uint32(42)
          MemberMessage.codec().encode(obj.member, w)
        }

        if (obj.head != null) {
          w.uint32(50)
          w.bytes(obj.head)
        }

        if (obj.synced != null) {
          w.uint32(58)
          EpochMessage.codec().encode(obj.synced, w)
        }

        if (obj.refused != null) {
          w.uint32(66)
          w.string(obj.refused)
        }

        if (obj.noted != null) {
          w.uint32(74)
          EpochMessage.codec().encode(obj.noted, w)
        }

        if (obj.with != null && obj.with.length > 0) {
          for (const value of obj.with) {
            w.uint32(82)
            AttachmentMessage.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          set: '',
          number: 0,
          branch: '',
          with: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.set = reader.string()
              break
            }
            case 2: {
              obj.number = reader.uint32()
              break
            }
            case 3: {
              obj.branch = reader.string()
              break
            }
            case 4: {
              obj.epoch = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.epoch
              })
              break
            }
            case 5: {
              obj.member = MemberMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.member
              })
              break
            }
            case 6: {
              obj.head = reader.bytes()
              break
            }
            case 7: {
              obj.synced = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.synced
              })
              break
            }
            case 8: {
              obj.refused = reader.string()
              break
            }
            case 9: {
              obj.noted = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.noted
              })
              break
            }
            case 10: {
              if (opts.limits?.with != null && obj.with.length === opts.limits.with) {
                throw new MaxLengthError('Decode error - repeated field "with" had too many elements')
              }

              if (obj.with.length === 16384) {
                throw new MaxLengthError('Decode error - repeated field "with" had too many elements')
              }

              obj.with.push(AttachmentMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.with$
              }))
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
          with: 16384
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.set`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.number`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.epoch`, {
                limits: opts.limits?.epoch
              })

              break
            }
            case 5: {
              yield * MemberMessage.codec().stream(reader, reader.uint32(), `${prefix}.member`, {
                limits: opts.limits?.member
              })

              break
            }
            case 6: {
              yield {
                field: `${prefix}.head`,
                value: reader.bytes()
              }
              break
            }
            case 7: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.synced`, {
                limits: opts.limits?.synced
              })

              break
            }
            case 8: {
              yield {
                field: `${prefix}.refused`,
                value: reader.string()
              }
              break
            }
            case 9: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.noted`, {
                limits: opts.limits?.noted
              })

              break
            }
            case 10: {
              if (opts.limits?.with != null && obj.with === opts.limits.with) {
                throw new MaxLengthError('Streaming decode error - repeated field "with" had too many elements')
              }

              if (obj.with === 16384) {
                throw new MaxLengthError('Streaming decode error - repeated field "with" had too many elements')
              }

              for (const evt of AttachmentMessage.codec().stream(reader, reader.uint32(), `${prefix}.with[]`, {
                limits: opts.limits?.with$
              })) {
                yield {
                  ...evt,
                  index: obj.with
                }
              }

              obj.with++

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

  export interface NoteReplyMessageSetFieldEvent {
    field: '$.set'
    value: string
  }

  export interface NoteReplyMessageNumberFieldEvent {
    field: '$.number'
    value: number
  }

  export interface NoteReplyMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface NoteReplyMessageEpochGenerationFieldEvent {
    field: '$.epoch.generation'
    value: number
  }

  export interface NoteReplyMessageEpochSetFieldEvent {
    field: '$.epoch.set'
    value: number
  }

  export interface NoteReplyMessageEpochCountFieldEvent {
    field: '$.epoch.count'
    value: number
  }

  export interface NoteReplyMessageEpochPeerFieldEvent {
    field: '$.epoch.peer'
    value: string
  }

  export interface NoteReplyMessageMemberPeerFieldEvent {
    field: '$.member.peer'
    value: string
  }

  export interface NoteReplyMessageMemberDiskFieldEvent {
    field: '$.member.disk'
    value: string
  }

  export interface NoteReplyMessageMemberJoinedFieldEvent {
    field: '$.member.joined'
    value: number
  }

  export interface NoteReplyMessageHeadFieldEvent {
    field: '$.head'
    value: Uint8Array
  }

  export interface NoteReplyMessageSyncedGenerationFieldEvent {
    field: '$.synced.generation'
    value: number
  }

  export interface NoteReplyMessageSyncedSetFieldEvent {
    field: '$.synced.set'
    value: number
  }

  export interface NoteReplyMessageSyncedCountFieldEvent {
    field: '$.synced.count'
    value: number
  }

  export interface NoteReplyMessageSyncedPeerFieldEvent {
    field: '$.synced.peer'
    value: string
  }

  export interface NoteReplyMessageRefusedFieldEvent {
    field: '$.refused'
    value: string
  }

  export interface NoteReplyMessageNotedGenerationFieldEvent {
    field: '$.noted.generation'
    value: number
  }

  export interface NoteReplyMessageNotedSetFieldEvent {
    field: '$.noted.set'
    value: number
  }

  export interface NoteReplyMessageNotedCountFieldEvent {
    field: '$.noted.count'
    value: number
  }

  export interface NoteReplyMessageNotedPeerFieldEvent {
    field: '$.noted.peer'
    value: string
  }

  export interface NoteReplyMessageWithBranchFieldEvent {
    field: '$.with[].branch'
    value: string
    index: number
  }

  export interface NoteReplyMessageWithRecordFieldEvent {
    field: '$.with[].record'
    value: Uint8Array
    index: number
  }

  export interface NoteReplyMessageWithEpochGenerationFieldEvent {
    field: '$.with[].epoch.generation'
    value: number
    index: number
  }

  export interface NoteReplyMessageWithEpochSetFieldEvent {
    field: '$.with[].epoch.set'
    value: number
    index: number
  }

  export interface NoteReplyMessageWithEpochCountFieldEvent {
    field: '$.with[].epoch.count'
    value: number
    index: number
  }

  export interface NoteReplyMessageWithEpochPeerFieldEvent {
    field: '$.with[].epoch.peer'
    value: string
    index: number
  }

  export function encode (obj: Partial<NoteReplyMessage>): Uint8Array {
    return encodeMessage(obj, NoteReplyMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NoteReplyMessage>): NoteReplyMessage {
    return decodeMessage(buf, NoteReplyMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<NoteReplyMessage>): Generator<NoteReplyMessageSetFieldEvent | NoteReplyMessageNumberFieldEvent | NoteReplyMessageBranchFieldEvent | NoteReplyMessageEpochGenerationFieldEvent | NoteReplyMessageEpochSetFieldEvent | NoteReplyMessageEpochCountFieldEvent | NoteReplyMessageEpochPeerFieldEvent | NoteReplyMessageMemberPeerFieldEvent | NoteReplyMessageMemberDiskFieldEvent | NoteReplyMessageMemberJoinedFieldEvent | NoteReplyMessageHeadFieldEvent | NoteReplyMessageSyncedGenerationFieldEvent | NoteReplyMessageSyncedSetFieldEvent | NoteReplyMessageSyncedCountFieldEvent | NoteReplyMessageSyncedPeerFieldEvent | NoteReplyMessageRefusedFieldEvent | NoteReplyMessageNotedGenerationFieldEvent | NoteReplyMessageNotedSetFieldEvent | NoteReplyMessageNotedCountFieldEvent | NoteReplyMessageNotedPeerFieldEvent | NoteReplyMessageWithBranchFieldEvent | NoteReplyMessageWithRecordFieldEvent | NoteReplyMessageWithEpochGenerationFieldEvent | NoteReplyMessageWithEpochSetFieldEvent | NoteReplyMessageWithEpochCountFieldEvent | NoteReplyMessageWithEpochPeerFieldEvent> {
    return streamMessage(buf, NoteReplyMessage.codec(), opts)
  }
}

export interface BranchMessage {
  execution: string
  branch: string
  noted?: EpochMessage
  head?: Uint8Array
  synced?: EpochMessage
  done: number
  dropped: DroppedMessage[]
}

export namespace BranchMessage {
  let _codec: Codec<BranchMessage>

  export const codec = (): Codec<BranchMessage> => {
    if (_codec == null) {
      _codec = message<BranchMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(10)
          w.string(obj.execution)
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(18)
          w.string(obj.branch)
        }

        if (obj.noted != null) {
          w.uint32(26)
          EpochMessage.codec().encode(obj.noted, w)
        }

        if (obj.head != null) {
          w.uint32(34)
          w.bytes(obj.head)
        }

        if (obj.synced != null) {
          w.uint32(42)
          EpochMessage.codec().encode(obj.synced, w)
        }

        if ((obj.done != null && obj.done !== 0)) {
          w.uint32(48)
          w.uint32(obj.done)
        }

        if (obj.dropped != null && obj.dropped.length > 0) {
          for (const value of obj.dropped) {
            w.uint32(58)
            DroppedMessage.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: '',
          branch: '',
          done: 0,
          dropped: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.execution = reader.string()
              break
            }
            case 2: {
              obj.branch = reader.string()
              break
            }
            case 3: {
              obj.noted = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.noted
              })
              break
            }
            case 4: {
              obj.head = reader.bytes()
              break
            }
            case 5: {
              obj.synced = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.synced
              })
              break
            }
            case 6: {
              obj.done = reader.uint32()
              break
            }
            case 7: {
              if (opts.limits?.dropped != null && obj.dropped.length === opts.limits.dropped) {
                throw new MaxLengthError('Decode error - repeated field "dropped" had too many elements')
              }

              if (obj.dropped.length === 16384) {
                throw new MaxLengthError('Decode error - repeated field "dropped" had too many elements')
              }

              obj.dropped.push(DroppedMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.dropped$
              }))
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
          dropped: 16384
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.execution`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.noted`, {
                limits: opts.limits?.noted
              })

              break
            }
            case 4: {
              yield {
                field: `${prefix}.head`,
                value: reader.bytes()
              }
              break
            }
            case 5: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.synced`, {
                limits: opts.limits?.synced
              })

              break
            }
            case 6: {
              yield {
                field: `${prefix}.done`,
                value: reader.uint32()
              }
              break
            }
            case 7: {
              if (opts.limits?.dropped != null && obj.dropped === opts.limits.dropped) {
                throw new MaxLengthError('Streaming decode error - repeated field "dropped" had too many elements')
              }

              if (obj.dropped === 16384) {
                throw new MaxLengthError('Streaming decode error - repeated field "dropped" had too many elements')
              }

              for (const evt of DroppedMessage.codec().stream(reader, reader.uint32(), `${prefix}.dropped[]`, {
                limits: opts.limits?.dropped$
              })) {
                yield {
                  ...evt,
                  index: obj.dropped
                }
              }

              obj.dropped++

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

  export interface BranchMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export interface BranchMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface BranchMessageNotedGenerationFieldEvent {
    field: '$.noted.generation'
    value: number
  }

  export interface BranchMessageNotedSetFieldEvent {
    field: '$.noted.set'
    value: number
  }

  export interface BranchMessageNotedCountFieldEvent {
    field: '$.noted.count'
    value: number
  }

  export interface BranchMessageNotedPeerFieldEvent {
    field: '$.noted.peer'
    value: string
  }

  export interface BranchMessageHeadFieldEvent {
    field: '$.head'
    value: Uint8Array
  }

  export interface BranchMessageSyncedGenerationFieldEvent {
    field: '$.synced.generation'
    value: number
  }

  export interface BranchMessageSyncedSetFieldEvent {
    field: '$.synced.set'
    value: number
  }

  export interface BranchMessageSyncedCountFieldEvent {
    field: '$.synced.count'
    value: number
  }

  export interface BranchMessageSyncedPeerFieldEvent {
    field: '$.synced.peer'
    value: string
  }

  export interface BranchMessageDoneFieldEvent {
    field: '$.done'
    value: number
  }

  export interface BranchMessageDroppedBranchFieldEvent {
    field: '$.dropped[].branch'
    value: string
    index: number
  }

  export interface BranchMessageDroppedIndexFieldEvent {
    field: '$.dropped[].index'
    value: number
    index: number
  }

  export function encode (obj: Partial<BranchMessage>): Uint8Array {
    return encodeMessage(obj, BranchMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BranchMessage>): BranchMessage {
    return decodeMessage(buf, BranchMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BranchMessage>): Generator<BranchMessageExecutionFieldEvent | BranchMessageBranchFieldEvent | BranchMessageNotedGenerationFieldEvent | BranchMessageNotedSetFieldEvent | BranchMessageNotedCountFieldEvent | BranchMessageNotedPeerFieldEvent | BranchMessageHeadFieldEvent | BranchMessageSyncedGenerationFieldEvent | BranchMessageSyncedSetFieldEvent | BranchMessageSyncedCountFieldEvent | BranchMessageSyncedPeerFieldEvent | BranchMessageDoneFieldEvent | BranchMessageDroppedBranchFieldEvent | BranchMessageDroppedIndexFieldEvent> {
    return streamMessage(buf, BranchMessage.codec(), opts)
  }
}

export interface DroppedMessage {
  branch: string
  index: number
}

export namespace DroppedMessage {
  let _codec: Codec<DroppedMessage>

  export const codec = (): Codec<DroppedMessage> => {
    if (_codec == null) {
      _codec = message<DroppedMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(10)
          w.string(obj.branch)
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(16)
          w.uint32(obj.index)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          branch: '',
          index: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.branch = reader.string()
              break
            }
            case 2: {
              obj.index = reader.uint32()
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
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.index`,
                value: reader.uint32()
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

  export interface DroppedMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface DroppedMessageIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export function encode (obj: Partial<DroppedMessage>): Uint8Array {
    return encodeMessage(obj, DroppedMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DroppedMessage>): DroppedMessage {
    return decodeMessage(buf, DroppedMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DroppedMessage>): Generator<DroppedMessageBranchFieldEvent | DroppedMessageIndexFieldEvent> {
    return streamMessage(buf, DroppedMessage.codec(), opts)
  }
}

export interface CopyRequestMessage {
  set: string
  number: number
  after: string
  history: boolean
}

export namespace CopyRequestMessage {
  let _codec: Codec<CopyRequestMessage>

  export const codec = (): Codec<CopyRequestMessage> => {
    if (_codec == null) {
      _codec = message<CopyRequestMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.set != null && obj.set !== '')) {
          w.uint32(10)
          w.string(obj.set)
        }

        if ((obj.number != null && obj.number !== 0)) {
          w.uint32(16)
          w.uint32(obj.number)
        }

        if ((obj.after != null && obj.after !== '')) {
          w.uint32(26)
          w.string(obj.after)
        }

        if ((obj.history != null && obj.history !== false)) {
          w.uint32(32)
          w.bool(obj.history)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          set: '',
          number: 0,
          after: '',
          history: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.set = reader.string()
              break
            }
            case 2: {
              obj.number = reader.uint32()
              break
            }
            case 3: {
              obj.after = reader.string()
              break
            }
            case 4: {
              obj.history = reader.bool()
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
                field: `${prefix}.set`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.number`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.after`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.history`,
                value: reader.bool()
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

  export interface CopyRequestMessageSetFieldEvent {
    field: '$.set'
    value: string
  }

  export interface CopyRequestMessageNumberFieldEvent {
    field: '$.number'
    value: number
  }

  export interface CopyRequestMessageAfterFieldEvent {
    field: '$.after'
    value: string
  }

  export interface CopyRequestMessageHistoryFieldEvent {
    field: '$.history'
    value: boolean
  }

  export function encode (obj: Partial<CopyRequestMessage>): Uint8Array {
    return encodeMessage(obj, CopyRequestMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CopyRequestMessage>): CopyRequestMessage {
    return decodeMessage(buf, CopyRequestMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CopyRequestMessage>): Generator<CopyRequestMessageSetFieldEvent | CopyRequestMessageNumberFieldEvent | CopyRequestMessageAfterFieldEvent | CopyRequestMessageHistoryFieldEvent> {
    return streamMessage(buf, CopyRequestMessage.codec(), opts)
  }
}

export interface CopyReplyMessage {
  set: string
  number: number
  from?: MemberMessage
  branches: BranchMessage[]
  blobs: BlobMessage[]
  next: string
  refused: string
  records: Uint8Array[]
  finals: ListedMessage[]
}

export namespace CopyReplyMessage {
  let _codec: Codec<CopyReplyMessage>

  export const codec = (): Codec<CopyReplyMessage> => {
    if (_codec == null) {
      _codec = message<CopyReplyMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.set != null && obj.set !== '')) {
          w.uint32(10)
          w.string(obj.set)
        }

        if ((obj.number != null && obj.number !== 0)) {
          w.uint32(16)
          w.uint32(obj.number)
        }

        if (obj.from != null) {
          w.uint32(26)
          MemberMessage.codec().encode(obj.from, w)
        }

        if (obj.branches != null && obj.branches.length > 0) {
          for (const value of obj.branches) {
            w.uint32(34)
            BranchMessage.codec().encode(value, w)
          }
        }

        if (obj.blobs != null && obj.blobs.length > 0) {
          for (const value of obj.blobs) {
            w.uint32(42)
            BlobMessage.codec().encode(value, w)
          }
        }

        if ((obj.next != null && obj.next !== '')) {
          w.uint32(50)
          w.string(obj.next)
        }

        if ((obj.refused != null && obj.refused !== '')) {
          w.uint32(58)
          w.string(obj.refused)
        }

        if (obj.records != null && obj.records.length > 0) {
          for (const value of obj.records) {
            w.uint32(66)
            w.bytes(value)
          }
        }

        if (obj.finals != null && obj.finals.length > 0) {
          for (const value of obj.finals) {
            w.uint32(74)
            ListedMessage.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          set: '',
          number: 0,
          branches: [],
          blobs: [],
          next: '',
          refused: '',
          records: [],
          finals: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.set = reader.string()
              break
            }
            case 2: {
              obj.number = reader.uint32()
              break
            }
            case 3: {
              obj.from = MemberMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.from
              })
              break
            }
            case 4: {
              if (opts.limits?.branches != null && obj.branches.length === opts.limits.branches) {
                throw new MaxLengthError('Decode error - repeated field "branches" had too many elements')
              }

              if (obj.branches.length === 65536) {
                throw new MaxLengthError('Decode error - repeated field "branches" had too many elements')
              }

              obj.branches.push(BranchMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.branches$
              }))
              break
            }
            case 5: {
              if (opts.limits?.blobs != null && obj.blobs.length === opts.limits.blobs) {
                throw new MaxLengthError('Decode error - repeated field "blobs" had too many elements')
              }

              if (obj.blobs.length === 65536) {
                throw new MaxLengthError('Decode error - repeated field "blobs" had too many elements')
              }

              obj.blobs.push(BlobMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.blobs$
              }))
              break
            }
            case 6: {
              obj.next = reader.string()
              break
            }
            case 7: {
              obj.refused = reader.string()
              break
            }
            case 8: {
              if (opts.limits?.records != null && obj.records.length === opts.limits.records) {
                throw new MaxLengthError('Decode error - repeated field "records" had too many elements')
              }

              if (obj.records.length === 65536) {
                throw new MaxLengthError('Decode error - repeated field "records" had too many elements')
              }

              obj.records.push(reader.bytes())
              break
            }
            case 9: {
              if (opts.limits?.finals != null && obj.finals.length === opts.limits.finals) {
                throw new MaxLengthError('Decode error - repeated field "finals" had too many elements')
              }

              if (obj.finals.length === 65536) {
                throw new MaxLengthError('Decode error - repeated field "finals" had too many elements')
              }

              obj.finals.push(ListedMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.finals$
              }))
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
          branches: 65536,
          blobs: 65536,
          records: 65536,
          finals: 65536
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.set`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.number`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield * MemberMessage.codec().stream(reader, reader.uint32(), `${prefix}.from`, {
                limits: opts.limits?.from
              })

              break
            }
            case 4: {
              if (opts.limits?.branches != null && obj.branches === opts.limits.branches) {
                throw new MaxLengthError('Streaming decode error - repeated field "branches" had too many elements')
              }

              if (obj.branches === 65536) {
                throw new MaxLengthError('Streaming decode error - repeated field "branches" had too many elements')
              }

              for (const evt of BranchMessage.codec().stream(reader, reader.uint32(), `${prefix}.branches[]`, {
                limits: opts.limits?.branches$
              })) {
                yield {
                  ...evt,
                  index: obj.branches
                }
              }

              obj.branches++

              break
            }
            case 5: {
              if (opts.limits?.blobs != null && obj.blobs === opts.limits.blobs) {
                throw new MaxLengthError('Streaming decode error - repeated field "blobs" had too many elements')
              }

              if (obj.blobs === 65536) {
                throw new MaxLengthError('Streaming decode error - repeated field "blobs" had too many elements')
              }

              for (const evt of BlobMessage.codec().stream(reader, reader.uint32(), `${prefix}.blobs[]`, {
                limits: opts.limits?.blobs$
              })) {
                yield {
                  ...evt,
                  index: obj.blobs
                }
              }

              obj.blobs++

              break
            }
            case 6: {
              yield {
                field: `${prefix}.next`,
                value: reader.string()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.refused`,
                value: reader.string()
              }
              break
            }
            case 8: {
              if (opts.limits?.records != null && obj.records === opts.limits.records) {
                throw new MaxLengthError('Streaming decode error - repeated field "records" had too many elements')
              }

              if (obj.records === 65536) {
                throw new MaxLengthError('Streaming decode error - repeated field "records" had too many elements')
              }

              yield {
                field: `${prefix}.records[]`,
                index: obj.records,
                value: reader.bytes()
              }

              obj.records++

              break
            }
            case 9: {
              if (opts.limits?.finals != null && obj.finals === opts.limits.finals) {
                throw new MaxLengthError('Streaming decode error - repeated field "finals" had too many elements')
              }

              if (obj.finals === 65536) {
                throw new MaxLengthError('Streaming decode error - repeated field "finals" had too many elements')
              }

              for (const evt of ListedMessage.codec().stream(reader, reader.uint32(), `${prefix}.finals[]`, {
                limits: opts.limits?.finals$
              })) {
                yield {
                  ...evt,
                  index: obj.finals
                }
              }

              obj.finals++

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

  export interface CopyReplyMessageSetFieldEvent {
    field: '$.set'
    value: string
  }

  export interface CopyReplyMessageNumberFieldEvent {
    field: '$.number'
    value: number
  }

  export interface CopyReplyMessageFromPeerFieldEvent {
    field: '$.from.peer'
    value: string
  }

  export interface CopyReplyMessageFromDiskFieldEvent {
    field: '$.from.disk'
    value: string
  }

  export interface CopyReplyMessageFromJoinedFieldEvent {
    field: '$.from.joined'
    value: number
  }

  export interface CopyReplyMessageBranchesExecutionFieldEvent {
    field: '$.branches[].execution'
    value: string
    index: number
  }

  export interface CopyReplyMessageBranchesBranchFieldEvent {
    field: '$.branches[].branch'
    value: string
    index: number
  }

  export interface CopyReplyMessageBranchesNotedGenerationFieldEvent {
    field: '$.branches[].noted.generation'
    value: number
    index: number
  }

  export interface CopyReplyMessageBranchesNotedSetFieldEvent {
    field: '$.branches[].noted.set'
    value: number
    index: number
  }

  export interface CopyReplyMessageBranchesNotedCountFieldEvent {
    field: '$.branches[].noted.count'
    value: number
    index: number
  }

  export interface CopyReplyMessageBranchesNotedPeerFieldEvent {
    field: '$.branches[].noted.peer'
    value: string
    index: number
  }

  export interface CopyReplyMessageBranchesHeadFieldEvent {
    field: '$.branches[].head'
    value: Uint8Array
    index: number
  }

  export interface CopyReplyMessageBranchesSyncedGenerationFieldEvent {
    field: '$.branches[].synced.generation'
    value: number
    index: number
  }

  export interface CopyReplyMessageBranchesSyncedSetFieldEvent {
    field: '$.branches[].synced.set'
    value: number
    index: number
  }

  export interface CopyReplyMessageBranchesSyncedCountFieldEvent {
    field: '$.branches[].synced.count'
    value: number
    index: number
  }

  export interface CopyReplyMessageBranchesSyncedPeerFieldEvent {
    field: '$.branches[].synced.peer'
    value: string
    index: number
  }

  export interface CopyReplyMessageBranchesDoneFieldEvent {
    field: '$.branches[].done'
    value: number
    index: number
  }

  export interface CopyReplyMessageBranchesDroppedBranchFieldEvent {
    field: '$.branches[].dropped[].branch'
    value: string
    index: number
  }

  export interface CopyReplyMessageBranchesDroppedIndexFieldEvent {
    field: '$.branches[].dropped[].index'
    value: number
    index: number
  }

  export interface CopyReplyMessageBlobsExecutionFieldEvent {
    field: '$.blobs[].execution'
    value: string
    index: number
  }

  export interface CopyReplyMessageBlobsBytesFieldEvent {
    field: '$.blobs[].bytes'
    value: Uint8Array
    index: number
  }

  export interface CopyReplyMessageNextFieldEvent {
    field: '$.next'
    value: string
  }

  export interface CopyReplyMessageRefusedFieldEvent {
    field: '$.refused'
    value: string
  }

  export interface CopyReplyMessageRecordsFieldEvent {
    field: '$.records[]'
    index: number
    value: Uint8Array
  }

  export interface CopyReplyMessageFinalsExecutionFieldEvent {
    field: '$.finals[].execution'
    value: string
    index: number
  }

  export interface CopyReplyMessageFinalsWorkflowFieldEvent {
    field: '$.finals[].workflow'
    value: string
    index: number
  }

  export interface CopyReplyMessageFinalsVersionFieldEvent {
    field: '$.finals[].version'
    value: string
    index: number
  }

  export interface CopyReplyMessageFinalsStatusFieldEvent {
    field: '$.finals[].status'
    value: string
    index: number
  }

  export interface CopyReplyMessageFinalsStartedAtFieldEvent {
    field: '$.finals[].startedAt'
    value: number
    index: number
  }

  export interface CopyReplyMessageFinalsEndedAtFieldEvent {
    field: '$.finals[].endedAt'
    value: number
    index: number
  }

  export interface CopyReplyMessageFinalsFinalFieldEvent {
    field: '$.finals[].final'
    value: boolean
    index: number
  }

  export function encode (obj: Partial<CopyReplyMessage>): Uint8Array {
    return encodeMessage(obj, CopyReplyMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CopyReplyMessage>): CopyReplyMessage {
    return decodeMessage(buf, CopyReplyMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CopyReplyMessage>): Generator<CopyReplyMessageSetFieldEvent | CopyReplyMessageNumberFieldEvent | CopyReplyMessageFromPeerFieldEvent | CopyReplyMessageFromDiskFieldEvent | CopyReplyMessageFromJoinedFieldEvent | CopyReplyMessageBranchesExecutionFieldEvent | CopyReplyMessageBranchesBranchFieldEvent | CopyReplyMessageBranchesNotedGenerationFieldEvent | CopyReplyMessageBranchesNotedSetFieldEvent | CopyReplyMessageBranchesNotedCountFieldEvent | CopyReplyMessageBranchesNotedPeerFieldEvent | CopyReplyMessageBranchesHeadFieldEvent | CopyReplyMessageBranchesSyncedGenerationFieldEvent | CopyReplyMessageBranchesSyncedSetFieldEvent | CopyReplyMessageBranchesSyncedCountFieldEvent | CopyReplyMessageBranchesSyncedPeerFieldEvent | CopyReplyMessageBranchesDoneFieldEvent | CopyReplyMessageBranchesDroppedBranchFieldEvent | CopyReplyMessageBranchesDroppedIndexFieldEvent | CopyReplyMessageBlobsExecutionFieldEvent | CopyReplyMessageBlobsBytesFieldEvent | CopyReplyMessageNextFieldEvent | CopyReplyMessageRefusedFieldEvent | CopyReplyMessageRecordsFieldEvent | CopyReplyMessageFinalsExecutionFieldEvent | CopyReplyMessageFinalsWorkflowFieldEvent | CopyReplyMessageFinalsVersionFieldEvent | CopyReplyMessageFinalsStatusFieldEvent | CopyReplyMessageFinalsStartedAtFieldEvent | CopyReplyMessageFinalsEndedAtFieldEvent | CopyReplyMessageFinalsFinalFieldEvent> {
    return streamMessage(buf, CopyReplyMessage.codec(), opts)
  }
}

export interface ReadRequestMessage {
  execution: string
  history: boolean
}

export namespace ReadRequestMessage {
  let _codec: Codec<ReadRequestMessage>

  export const codec = (): Codec<ReadRequestMessage> => {
    if (_codec == null) {
      _codec = message<ReadRequestMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(10)
          w.string(obj.execution)
        }

        if ((obj.history != null && obj.history !== false)) {
          w.uint32(16)
          w.bool(obj.history)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: '',
          history: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.execution = reader.string()
              break
            }
            case 2: {
              obj.history = reader.bool()
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
                field: `${prefix}.execution`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.history`,
                value: reader.bool()
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

  export interface ReadRequestMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export interface ReadRequestMessageHistoryFieldEvent {
    field: '$.history'
    value: boolean
  }

  export function encode (obj: Partial<ReadRequestMessage>): Uint8Array {
    return encodeMessage(obj, ReadRequestMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReadRequestMessage>): ReadRequestMessage {
    return decodeMessage(buf, ReadRequestMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReadRequestMessage>): Generator<ReadRequestMessageExecutionFieldEvent | ReadRequestMessageHistoryFieldEvent> {
    return streamMessage(buf, ReadRequestMessage.codec(), opts)
  }
}

export interface HeadMessage {
  branch: string
  hash: string
  synced?: EpochMessage
}

export namespace HeadMessage {
  let _codec: Codec<HeadMessage>

  export const codec = (): Codec<HeadMessage> => {
    if (_codec == null) {
      _codec = message<HeadMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(10)
          w.string(obj.branch)
        }

        if ((obj.hash != null && obj.hash !== '')) {
          w.uint32(18)
          w.string(obj.hash)
        }

        if (obj.synced != null) {
          w.uint32(26)
          EpochMessage.codec().encode(obj.synced, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          branch: '',
          hash: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.branch = reader.string()
              break
            }
            case 2: {
              obj.hash = reader.string()
              break
            }
            case 3: {
              obj.synced = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.synced
              })
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
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.hash`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.synced`, {
                limits: opts.limits?.synced
              })

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

  export interface HeadMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface HeadMessageHashFieldEvent {
    field: '$.hash'
    value: string
  }

  export interface HeadMessageSyncedGenerationFieldEvent {
    field: '$.synced.generation'
    value: number
  }

  export interface HeadMessageSyncedSetFieldEvent {
    field: '$.synced.set'
    value: number
  }

  export interface HeadMessageSyncedCountFieldEvent {
    field: '$.synced.count'
    value: number
  }

  export interface HeadMessageSyncedPeerFieldEvent {
    field: '$.synced.peer'
    value: string
  }

  export function encode (obj: Partial<HeadMessage>): Uint8Array {
    return encodeMessage(obj, HeadMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HeadMessage>): HeadMessage {
    return decodeMessage(buf, HeadMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HeadMessage>): Generator<HeadMessageBranchFieldEvent | HeadMessageHashFieldEvent | HeadMessageSyncedGenerationFieldEvent | HeadMessageSyncedSetFieldEvent | HeadMessageSyncedCountFieldEvent | HeadMessageSyncedPeerFieldEvent> {
    return streamMessage(buf, HeadMessage.codec(), opts)
  }
}

export interface ReadReplyMessage {
  known: boolean
  whole: boolean
  number: number
  records: Uint8Array[]
  heads: HeadMessage[]
  blobs: BlobMessage[]
  final: boolean
}

export namespace ReadReplyMessage {
  let _codec: Codec<ReadReplyMessage>

  export const codec = (): Codec<ReadReplyMessage> => {
    if (_codec == null) {
      _codec = message<ReadReplyMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.known != null && obj.known !== false)) {
          w.uint32(8)
          w.bool(obj.known)
        }

        if ((obj.whole != null && obj.whole !== false)) {
          w.uint32(16)
          w.bool(obj.whole)
        }

        if ((obj.number != null && obj.number !== 0)) {
          w.uint32(24)
          w.uint32(obj.number)
        }

        if (obj.records != null && obj.records.length > 0) {
          for (const value of obj.records) {
            w.uint32(34)
            w.bytes(value)
          }
        }

        if (obj.heads != null && obj.heads.length > 0) {
          for (const value of obj.heads) {
            w.uint32(42)
            HeadMessage.codec().encode(value, w)
          }
        }

        if (obj.blobs != null && obj.blobs.length > 0) {
          for (const value of obj.blobs) {
            w.uint32(50)
            BlobMessage.codec().encode(value, w)
          }
        }

        if ((obj.final != null && obj.final !== false)) {
          w.uint32(56)
          w.bool(obj.final)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          known: false,
          whole: false,
          number: 0,
          records: [],
          heads: [],
          blobs: [],
          final: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.known = reader.bool()
              break
            }
            case 2: {
              obj.whole = reader.bool()
              break
            }
            case 3: {
              obj.number = reader.uint32()
              break
            }
            case 4: {
              if (opts.limits?.records != null && obj.records.length === opts.limits.records) {
                throw new MaxLengthError('Decode error - repeated field "records" had too many elements')
              }

              if (obj.records.length === 65536) {
                throw new MaxLengthError('Decode error - repeated field "records" had too many elements')
              }

              obj.records.push(reader.bytes())
              break
            }
            case 5: {
              if (opts.limits?.heads != null && obj.heads.length === opts.limits.heads) {
                throw new MaxLengthError('Decode error - repeated field "heads" had too many elements')
              }

              if (obj.heads.length === 65536) {
                throw new MaxLengthError('Decode error - repeated field "heads" had too many elements')
              }

              obj.heads.push(HeadMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.heads$
              }))
              break
            }
            case 6: {
              if (opts.limits?.blobs != null && obj.blobs.length === opts.limits.blobs) {
                throw new MaxLengthError('Decode error - repeated field "blobs" had too many elements')
              }

              if (obj.blobs.length === 65536) {
                throw new MaxLengthError('Decode error - repeated field "blobs" had too many elements')
              }

              obj.blobs.push(BlobMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.blobs$
              }))
              break
            }
            case 7: {
              obj.final = reader.bool()
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
          records: 65536,
          heads: 65536,
          blobs: 65536
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.known`,
                value: reader.bool()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.whole`,
                value: reader.bool()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.number`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              if (opts.limits?.records != null && obj.records === opts.limits.records) {
                throw new MaxLengthError('Streaming decode error - repeated field "records" had too many elements')
              }

              if (obj.records === 65536) {
                throw new MaxLengthError('Streaming decode error - repeated field "records" had too many elements')
              }

              yield {
                field: `${prefix}.records[]`,
                index: obj.records,
                value: reader.bytes()
              }

              obj.records++

              break
            }
            case 5: {
              if (opts.limits?.heads != null && obj.heads === opts.limits.heads) {
                throw new MaxLengthError('Streaming decode error - repeated field "heads" had too many elements')
              }

              if (obj.heads === 65536) {
                throw new MaxLengthError('Streaming decode error - repeated field "heads" had too many elements')
              }

              for (const evt of HeadMessage.codec().stream(reader, reader.uint32(), `${prefix}.heads[]`, {
                limits: opts.limits?.heads$
              })) {
                yield {
                  ...evt,
                  index: obj.heads
                }
              }

              obj.heads++

              break
            }
            case 6: {
              if (opts.limits?.blobs != null && obj.blobs === opts.limits.blobs) {
                throw new MaxLengthError('Streaming decode error - repeated field "blobs" had too many elements')
              }

              if (obj.blobs === 65536) {
                throw new MaxLengthError('Streaming decode error - repeated field "blobs" had too many elements')
              }

              for (const evt of BlobMessage.codec().stream(reader, reader.uint32(), `${prefix}.blobs[]`, {
                limits: opts.limits?.blobs$
              })) {
                yield {
                  ...evt,
                  index: obj.blobs
                }
              }

              obj.blobs++

              break
            }
            case 7: {
              yield {
                field: `${prefix}.final`,
                value: reader.bool()
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

  export interface ReadReplyMessageKnownFieldEvent {
    field: '$.known'
    value: boolean
  }

  export interface ReadReplyMessageWholeFieldEvent {
    field: '$.whole'
    value: boolean
  }

  export interface ReadReplyMessageNumberFieldEvent {
    field: '$.number'
    value: number
  }

  export interface ReadReplyMessageRecordsFieldEvent {
    field: '$.records[]'
    index: number
    value: Uint8Array
  }

  export interface ReadReplyMessageHeadsBranchFieldEvent {
    field: '$.heads[].branch'
    value: string
    index: number
  }

  export interface ReadReplyMessageHeadsHashFieldEvent {
    field: '$.heads[].hash'
    value: string
    index: number
  }

  export interface ReadReplyMessageHeadsSyncedGenerationFieldEvent {
    field: '$.heads[].synced.generation'
    value: number
    index: number
  }

  export interface ReadReplyMessageHeadsSyncedSetFieldEvent {
    field: '$.heads[].synced.set'
    value: number
    index: number
  }

  export interface ReadReplyMessageHeadsSyncedCountFieldEvent {
    field: '$.heads[].synced.count'
    value: number
    index: number
  }

  export interface ReadReplyMessageHeadsSyncedPeerFieldEvent {
    field: '$.heads[].synced.peer'
    value: string
    index: number
  }

  export interface ReadReplyMessageBlobsExecutionFieldEvent {
    field: '$.blobs[].execution'
    value: string
    index: number
  }

  export interface ReadReplyMessageBlobsBytesFieldEvent {
    field: '$.blobs[].bytes'
    value: Uint8Array
    index: number
  }

  export interface ReadReplyMessageFinalFieldEvent {
    field: '$.final'
    value: boolean
  }

  export function encode (obj: Partial<ReadReplyMessage>): Uint8Array {
    return encodeMessage(obj, ReadReplyMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReadReplyMessage>): ReadReplyMessage {
    return decodeMessage(buf, ReadReplyMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReadReplyMessage>): Generator<ReadReplyMessageKnownFieldEvent | ReadReplyMessageWholeFieldEvent | ReadReplyMessageNumberFieldEvent | ReadReplyMessageRecordsFieldEvent | ReadReplyMessageHeadsBranchFieldEvent | ReadReplyMessageHeadsHashFieldEvent | ReadReplyMessageHeadsSyncedGenerationFieldEvent | ReadReplyMessageHeadsSyncedSetFieldEvent | ReadReplyMessageHeadsSyncedCountFieldEvent | ReadReplyMessageHeadsSyncedPeerFieldEvent | ReadReplyMessageBlobsExecutionFieldEvent | ReadReplyMessageBlobsBytesFieldEvent | ReadReplyMessageFinalFieldEvent> {
    return streamMessage(buf, ReadReplyMessage.codec(), opts)
  }
}

export interface ListRequestMessage {
  set: string
  before: string
  limit: number
}

export namespace ListRequestMessage {
  let _codec: Codec<ListRequestMessage>

  export const codec = (): Codec<ListRequestMessage> => {
    if (_codec == null) {
      _codec = message<ListRequestMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.set != null && obj.set !== '')) {
          w.uint32(10)
          w.string(obj.set)
        }

        if ((obj.before != null && obj.before !== '')) {
          w.uint32(18)
          w.string(obj.before)
        }

        if ((obj.limit != null && obj.limit !== 0)) {
          w.uint32(24)
          w.uint32(obj.limit)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          set: '',
          before: '',
          limit: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.set = reader.string()
              break
            }
            case 2: {
              obj.before = reader.string()
              break
            }
            case 3: {
              obj.limit = reader.uint32()
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
                field: `${prefix}.set`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.before`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.limit`,
                value: reader.uint32()
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

  export interface ListRequestMessageSetFieldEvent {
    field: '$.set'
    value: string
  }

  export interface ListRequestMessageBeforeFieldEvent {
    field: '$.before'
    value: string
  }

  export interface ListRequestMessageLimitFieldEvent {
    field: '$.limit'
    value: number
  }

  export function encode (obj: Partial<ListRequestMessage>): Uint8Array {
    return encodeMessage(obj, ListRequestMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ListRequestMessage>): ListRequestMessage {
    return decodeMessage(buf, ListRequestMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ListRequestMessage>): Generator<ListRequestMessageSetFieldEvent | ListRequestMessageBeforeFieldEvent | ListRequestMessageLimitFieldEvent> {
    return streamMessage(buf, ListRequestMessage.codec(), opts)
  }
}

export interface ListedMessage {
  execution: string
  workflow: string
  version: string
  status: string
  startedAt: number
  endedAt?: number
  final: boolean
}

export namespace ListedMessage {
  let _codec: Codec<ListedMessage>

  export const codec = (): Codec<ListedMessage> => {
    if (_codec == null) {
      _codec = message<ListedMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(10)
          w.string(obj.execution)
        }

        if ((obj.workflow != null && obj.workflow !== '')) {
          w.uint32(18)
          w.string(obj.workflow)
        }

        if ((obj.version != null && obj.version !== '')) {
          w.uint32(26)
          w.string(obj.version)
        }

        if ((obj.status != null && obj.status !== '')) {
          w.uint32(34)
          w.string(obj.status)
        }

        if ((obj.startedAt != null && obj.startedAt !== 0)) {
          w.uint32(40)
          w.uint64Number(obj.startedAt)
        }

        if (obj.endedAt != null) {
          w.uint32(48)
          w.uint64Number(obj.endedAt)
        }

        if ((obj.final != null && obj.final !== false)) {
          w.uint32(56)
          w.bool(obj.final)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: '',
          workflow: '',
          version: '',
          status: '',
          startedAt: 0,
          final: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.execution = reader.string()
              break
            }
            case 2: {
              obj.workflow = reader.string()
              break
            }
            case 3: {
              obj.version = reader.string()
              break
            }
            case 4: {
              obj.status = reader.string()
              break
            }
            case 5: {
              obj.startedAt = reader.uint64Number()
              break
            }
            case 6: {
              obj.endedAt = reader.uint64Number()
              break
            }
            case 7: {
              obj.final = reader.bool()
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
                field: `${prefix}.execution`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.workflow`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.version`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.status`,
                value: reader.string()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.startedAt`,
                value: reader.uint64Number()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.endedAt`,
                value: reader.uint64Number()
              }
              break
            }
            case 7: {
              yield {
                field: `${prefix}.final`,
                value: reader.bool()
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

  export interface ListedMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export interface ListedMessageWorkflowFieldEvent {
    field: '$.workflow'
    value: string
  }

  export interface ListedMessageVersionFieldEvent {
    field: '$.version'
    value: string
  }

  export interface ListedMessageStatusFieldEvent {
    field: '$.status'
    value: string
  }

  export interface ListedMessageStartedAtFieldEvent {
    field: '$.startedAt'
    value: number
  }

  export interface ListedMessageEndedAtFieldEvent {
    field: '$.endedAt'
    value: number
  }

  export interface ListedMessageFinalFieldEvent {
    field: '$.final'
    value: boolean
  }

  export function encode (obj: Partial<ListedMessage>): Uint8Array {
    return encodeMessage(obj, ListedMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ListedMessage>): ListedMessage {
    return decodeMessage(buf, ListedMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ListedMessage>): Generator<ListedMessageExecutionFieldEvent | ListedMessageWorkflowFieldEvent | ListedMessageVersionFieldEvent | ListedMessageStatusFieldEvent | ListedMessageStartedAtFieldEvent | ListedMessageEndedAtFieldEvent | ListedMessageFinalFieldEvent> {
    return streamMessage(buf, ListedMessage.codec(), opts)
  }
}

export interface ListReplyMessage {
  whole: boolean
  executions: ListedMessage[]
}

export namespace ListReplyMessage {
  let _codec: Codec<ListReplyMessage>

  export const codec = (): Codec<ListReplyMessage> => {
    if (_codec == null) {
      _codec = message<ListReplyMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.whole != null && obj.whole !== false)) {
          w.uint32(8)
          w.bool(obj.whole)
        }

        if (obj.executions != null && obj.executions.length > 0) {
          for (const value of obj.executions) {
            w.uint32(18)
            ListedMessage.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          whole: false,
          executions: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.whole = reader.bool()
              break
            }
            case 2: {
              if (opts.limits?.executions != null && obj.executions.length === opts.limits.executions) {
                throw new MaxLengthError('Decode error - repeated field "executions" had too many elements')
              }

              if (obj.executions.length === 4096) {
                throw new MaxLengthError('Decode error - repeated field "executions" had too many elements')
              }

              obj.executions.push(ListedMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.executions$
              }))
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
          executions: 4096
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.whole`,
                value: reader.bool()
              }
              break
            }
            case 2: {
              if (opts.limits?.executions != null && obj.executions === opts.limits.executions) {
                throw new MaxLengthError('Streaming decode error - repeated field "executions" had too many elements')
              }

              if (obj.executions === 4096) {
                throw new MaxLengthError('Streaming decode error - repeated field "executions" had too many elements')
              }

              for (const evt of ListedMessage.codec().stream(reader, reader.uint32(), `${prefix}.executions[]`, {
                limits: opts.limits?.executions$
              })) {
                yield {
                  ...evt,
                  index: obj.executions
                }
              }

              obj.executions++

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

  export interface ListReplyMessageWholeFieldEvent {
    field: '$.whole'
    value: boolean
  }

  export interface ListReplyMessageExecutionsExecutionFieldEvent {
    field: '$.executions[].execution'
    value: string
    index: number
  }

  export interface ListReplyMessageExecutionsWorkflowFieldEvent {
    field: '$.executions[].workflow'
    value: string
    index: number
  }

  export interface ListReplyMessageExecutionsVersionFieldEvent {
    field: '$.executions[].version'
    value: string
    index: number
  }

  export interface ListReplyMessageExecutionsStatusFieldEvent {
    field: '$.executions[].status'
    value: string
    index: number
  }

  export interface ListReplyMessageExecutionsStartedAtFieldEvent {
    field: '$.executions[].startedAt'
    value: number
    index: number
  }

  export interface ListReplyMessageExecutionsEndedAtFieldEvent {
    field: '$.executions[].endedAt'
    value: number
    index: number
  }

  export interface ListReplyMessageExecutionsFinalFieldEvent {
    field: '$.executions[].final'
    value: boolean
    index: number
  }

  export function encode (obj: Partial<ListReplyMessage>): Uint8Array {
    return encodeMessage(obj, ListReplyMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ListReplyMessage>): ListReplyMessage {
    return decodeMessage(buf, ListReplyMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ListReplyMessage>): Generator<ListReplyMessageWholeFieldEvent | ListReplyMessageExecutionsExecutionFieldEvent | ListReplyMessageExecutionsWorkflowFieldEvent | ListReplyMessageExecutionsVersionFieldEvent | ListReplyMessageExecutionsStatusFieldEvent | ListReplyMessageExecutionsStartedAtFieldEvent | ListReplyMessageExecutionsEndedAtFieldEvent | ListReplyMessageExecutionsFinalFieldEvent> {
    return streamMessage(buf, ListReplyMessage.codec(), opts)
  }
}

export interface DisownMessage {
  execution: string
  branch: string
  hash: string
}

export namespace DisownMessage {
  let _codec: Codec<DisownMessage>

  export const codec = (): Codec<DisownMessage> => {
    if (_codec == null) {
      _codec = message<DisownMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(10)
          w.string(obj.execution)
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(18)
          w.string(obj.branch)
        }

        if ((obj.hash != null && obj.hash !== '')) {
          w.uint32(26)
          w.string(obj.hash)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: '',
          branch: '',
          hash: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.execution = reader.string()
              break
            }
            case 2: {
              obj.branch = reader.string()
              break
            }
            case 3: {
              obj.hash = reader.string()
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
                field: `${prefix}.execution`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.hash`,
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

  export interface DisownMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export interface DisownMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface DisownMessageHashFieldEvent {
    field: '$.hash'
    value: string
  }

  export function encode (obj: Partial<DisownMessage>): Uint8Array {
    return encodeMessage(obj, DisownMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DisownMessage>): DisownMessage {
    return decodeMessage(buf, DisownMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DisownMessage>): Generator<DisownMessageExecutionFieldEvent | DisownMessageBranchFieldEvent | DisownMessageHashFieldEvent> {
    return streamMessage(buf, DisownMessage.codec(), opts)
  }
}

export interface BlobRequestMessage {
  execution: string
  ids: string[]
}

export namespace BlobRequestMessage {
  let _codec: Codec<BlobRequestMessage>

  export const codec = (): Codec<BlobRequestMessage> => {
    if (_codec == null) {
      _codec = message<BlobRequestMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(10)
          w.string(obj.execution)
        }

        if (obj.ids != null && obj.ids.length > 0) {
          for (const value of obj.ids) {
            w.uint32(18)
            w.string(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: '',
          ids: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.execution = reader.string()
              break
            }
            case 2: {
              if (opts.limits?.ids != null && obj.ids.length === opts.limits.ids) {
                throw new MaxLengthError('Decode error - repeated field "ids" had too many elements')
              }

              if (obj.ids.length === 4096) {
                throw new MaxLengthError('Decode error - repeated field "ids" had too many elements')
              }

              obj.ids.push(reader.string())
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
          ids: 4096
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.execution`,
                value: reader.string()
              }
              break
            }
            case 2: {
              if (opts.limits?.ids != null && obj.ids === opts.limits.ids) {
                throw new MaxLengthError('Streaming decode error - repeated field "ids" had too many elements')
              }

              if (obj.ids === 4096) {
                throw new MaxLengthError('Streaming decode error - repeated field "ids" had too many elements')
              }

              yield {
                field: `${prefix}.ids[]`,
                index: obj.ids,
                value: reader.string()
              }

              obj.ids++

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

  export interface BlobRequestMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export interface BlobRequestMessageIdsFieldEvent {
    field: '$.ids[]'
    index: number
    value: string
  }

  export function encode (obj: Partial<BlobRequestMessage>): Uint8Array {
    return encodeMessage(obj, BlobRequestMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlobRequestMessage>): BlobRequestMessage {
    return decodeMessage(buf, BlobRequestMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlobRequestMessage>): Generator<BlobRequestMessageExecutionFieldEvent | BlobRequestMessageIdsFieldEvent> {
    return streamMessage(buf, BlobRequestMessage.codec(), opts)
  }
}

export interface BlobReplyMessage {
  blobs: BlobMessage[]
}

export namespace BlobReplyMessage {
  let _codec: Codec<BlobReplyMessage>

  export const codec = (): Codec<BlobReplyMessage> => {
    if (_codec == null) {
      _codec = message<BlobReplyMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.blobs != null && obj.blobs.length > 0) {
          for (const value of obj.blobs) {
            w.uint32(10)
            BlobMessage.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          blobs: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.blobs != null && obj.blobs.length === opts.limits.blobs) {
                throw new MaxLengthError('Decode error - repeated field "blobs" had too many elements')
              }

              if (obj.blobs.length === 4096) {
                throw new MaxLengthError('Decode error - repeated field "blobs" had too many elements')
              }

              obj.blobs.push(BlobMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.blobs$
              }))
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
          blobs: 4096
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.blobs != null && obj.blobs === opts.limits.blobs) {
                throw new MaxLengthError('Streaming decode error - repeated field "blobs" had too many elements')
              }

              if (obj.blobs === 4096) {
                throw new MaxLengthError('Streaming decode error - repeated field "blobs" had too many elements')
              }

              for (const evt of BlobMessage.codec().stream(reader, reader.uint32(), `${prefix}.blobs[]`, {
                limits: opts.limits?.blobs$
              })) {
                yield {
                  ...evt,
                  index: obj.blobs
                }
              }

              obj.blobs++

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

  export interface BlobReplyMessageBlobsExecutionFieldEvent {
    field: '$.blobs[].execution'
    value: string
    index: number
  }

  export interface BlobReplyMessageBlobsBytesFieldEvent {
    field: '$.blobs[].bytes'
    value: Uint8Array
    index: number
  }

  export function encode (obj: Partial<BlobReplyMessage>): Uint8Array {
    return encodeMessage(obj, BlobReplyMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlobReplyMessage>): BlobReplyMessage {
    return decodeMessage(buf, BlobReplyMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BlobReplyMessage>): Generator<BlobReplyMessageBlobsExecutionFieldEvent | BlobReplyMessageBlobsBytesFieldEvent> {
    return streamMessage(buf, BlobReplyMessage.codec(), opts)
  }
}

export interface RingMessage {
  set: string
  sequence: number
  records: AttachmentMessage[]
  digests: DigestMessage[]
}

export namespace RingMessage {
  let _codec: Codec<RingMessage>

  export const codec = (): Codec<RingMessage> => {
    if (_codec == null) {
      _codec = message<RingMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.set != null && obj.set !== '')) {
          w.uint32(10)
          w.string(obj.set)
        }

        if ((obj.sequence != null && obj.sequence !== 0)) {
          w.uint32(16)
          w.uint32(obj.sequence)
        }

        if (obj.records != null && obj.records.length > 0) {
          for (const value of obj.records) {
            w.uint32(26)
            AttachmentMessage.codec().encode(value, w)
          }
        }

        if (obj.digests != null && obj.digests.length > 0) {
          for (const value of obj.digests) {
            w.uint32(34)
            DigestMessage.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          set: '',
          sequence: 0,
          records: [],
          digests: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.set = reader.string()
              break
            }
            case 2: {
              obj.sequence = reader.uint32()
              break
            }
            case 3: {
              if (opts.limits?.records != null && obj.records.length === opts.limits.records) {
                throw new MaxLengthError('Decode error - repeated field "records" had too many elements')
              }

              if (obj.records.length === 4096) {
                throw new MaxLengthError('Decode error - repeated field "records" had too many elements')
              }

              obj.records.push(AttachmentMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.records$
              }))
              break
            }
            case 4: {
              if (opts.limits?.digests != null && obj.digests.length === opts.limits.digests) {
                throw new MaxLengthError('Decode error - repeated field "digests" had too many elements')
              }

              if (obj.digests.length === 4096) {
                throw new MaxLengthError('Decode error - repeated field "digests" had too many elements')
              }

              obj.digests.push(DigestMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.digests$
              }))
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
          records: 4096,
          digests: 4096
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.set`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.sequence`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              if (opts.limits?.records != null && obj.records === opts.limits.records) {
                throw new MaxLengthError('Streaming decode error - repeated field "records" had too many elements')
              }

              if (obj.records === 4096) {
                throw new MaxLengthError('Streaming decode error - repeated field "records" had too many elements')
              }

              for (const evt of AttachmentMessage.codec().stream(reader, reader.uint32(), `${prefix}.records[]`, {
                limits: opts.limits?.records$
              })) {
                yield {
                  ...evt,
                  index: obj.records
                }
              }

              obj.records++

              break
            }
            case 4: {
              if (opts.limits?.digests != null && obj.digests === opts.limits.digests) {
                throw new MaxLengthError('Streaming decode error - repeated field "digests" had too many elements')
              }

              if (obj.digests === 4096) {
                throw new MaxLengthError('Streaming decode error - repeated field "digests" had too many elements')
              }

              for (const evt of DigestMessage.codec().stream(reader, reader.uint32(), `${prefix}.digests[]`, {
                limits: opts.limits?.digests$
              })) {
                yield {
                  ...evt,
                  index: obj.digests
                }
              }

              obj.digests++

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

  export interface RingMessageSetFieldEvent {
    field: '$.set'
    value: string
  }

  export interface RingMessageSequenceFieldEvent {
    field: '$.sequence'
    value: number
  }

  export interface RingMessageRecordsBranchFieldEvent {
    field: '$.records[].branch'
    value: string
    index: number
  }

  export interface RingMessageRecordsRecordFieldEvent {
    field: '$.records[].record'
    value: Uint8Array
    index: number
  }

  export interface RingMessageRecordsEpochGenerationFieldEvent {
    field: '$.records[].epoch.generation'
    value: number
    index: number
  }

  export interface RingMessageRecordsEpochSetFieldEvent {
    field: '$.records[].epoch.set'
    value: number
    index: number
  }

  export interface RingMessageRecordsEpochCountFieldEvent {
    field: '$.records[].epoch.count'
    value: number
    index: number
  }

  export interface RingMessageRecordsEpochPeerFieldEvent {
    field: '$.records[].epoch.peer'
    value: string
    index: number
  }

  export interface RingMessageDigestsExecutionFieldEvent {
    field: '$.digests[].execution'
    value: string
    index: number
  }

  export interface RingMessageDigestsBranchFieldEvent {
    field: '$.digests[].branch'
    value: string
    index: number
  }

  export interface RingMessageDigestsHashFieldEvent {
    field: '$.digests[].hash'
    value: string
    index: number
  }

  export interface RingMessageDigestsIndexFieldEvent {
    field: '$.digests[].index'
    value: number
    index: number
  }

  export interface RingMessageDigestsEpochGenerationFieldEvent {
    field: '$.digests[].epoch.generation'
    value: number
    index: number
  }

  export interface RingMessageDigestsEpochSetFieldEvent {
    field: '$.digests[].epoch.set'
    value: number
    index: number
  }

  export interface RingMessageDigestsEpochCountFieldEvent {
    field: '$.digests[].epoch.count'
    value: number
    index: number
  }

  export interface RingMessageDigestsEpochPeerFieldEvent {
    field: '$.digests[].epoch.peer'
    value: string
    index: number
  }

  export function encode (obj: Partial<RingMessage>): Uint8Array {
    return encodeMessage(obj, RingMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RingMessage>): RingMessage {
    return decodeMessage(buf, RingMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RingMessage>): Generator<RingMessageSetFieldEvent | RingMessageSequenceFieldEvent | RingMessageRecordsBranchFieldEvent | RingMessageRecordsRecordFieldEvent | RingMessageRecordsEpochGenerationFieldEvent | RingMessageRecordsEpochSetFieldEvent | RingMessageRecordsEpochCountFieldEvent | RingMessageRecordsEpochPeerFieldEvent | RingMessageDigestsExecutionFieldEvent | RingMessageDigestsBranchFieldEvent | RingMessageDigestsHashFieldEvent | RingMessageDigestsIndexFieldEvent | RingMessageDigestsEpochGenerationFieldEvent | RingMessageDigestsEpochSetFieldEvent | RingMessageDigestsEpochCountFieldEvent | RingMessageDigestsEpochPeerFieldEvent> {
    return streamMessage(buf, RingMessage.codec(), opts)
  }
}

export interface DigestMessage {
  execution: string
  branch: string
  hash: string
  index: number
  epoch?: EpochMessage
}

export namespace DigestMessage {
  let _codec: Codec<DigestMessage>

  export const codec = (): Codec<DigestMessage> => {
    if (_codec == null) {
      _codec = message<DigestMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(10)
          w.string(obj.execution)
        }

        if ((obj.branch != null && obj.branch !== '')) {
          w.uint32(18)
          w.string(obj.branch)
        }

        if ((obj.hash != null && obj.hash !== '')) {
          w.uint32(26)
          w.string(obj.hash)
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(32)
          w.uint32(obj.index)
        }

        if (obj.epoch != null) {
          w.uint32(42)
          EpochMessage.codec().encode(obj.epoch, w)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: '',
          branch: '',
          hash: '',
          index: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.execution = reader.string()
              break
            }
            case 2: {
              obj.branch = reader.string()
              break
            }
            case 3: {
              obj.hash = reader.string()
              break
            }
            case 4: {
              obj.index = reader.uint32()
              break
            }
            case 5: {
              obj.epoch = EpochMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.epoch
              })
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
                field: `${prefix}.execution`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.branch`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.hash`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.index`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield * EpochMessage.codec().stream(reader, reader.uint32(), `${prefix}.epoch`, {
                limits: opts.limits?.epoch
              })

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

  export interface DigestMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export interface DigestMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface DigestMessageHashFieldEvent {
    field: '$.hash'
    value: string
  }

  export interface DigestMessageIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export interface DigestMessageEpochGenerationFieldEvent {
    field: '$.epoch.generation'
    value: number
  }

  export interface DigestMessageEpochSetFieldEvent {
    field: '$.epoch.set'
    value: number
  }

  export interface DigestMessageEpochCountFieldEvent {
    field: '$.epoch.count'
    value: number
  }

  export interface DigestMessageEpochPeerFieldEvent {
    field: '$.epoch.peer'
    value: string
  }

  export function encode (obj: Partial<DigestMessage>): Uint8Array {
    return encodeMessage(obj, DigestMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DigestMessage>): DigestMessage {
    return decodeMessage(buf, DigestMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<DigestMessage>): Generator<DigestMessageExecutionFieldEvent | DigestMessageBranchFieldEvent | DigestMessageHashFieldEvent | DigestMessageIndexFieldEvent | DigestMessageEpochGenerationFieldEvent | DigestMessageEpochSetFieldEvent | DigestMessageEpochCountFieldEvent | DigestMessageEpochPeerFieldEvent> {
    return streamMessage(buf, DigestMessage.codec(), opts)
  }
}
