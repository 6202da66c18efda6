import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface BeatMessage {
  incarnation: string
  progress: number
  loopDelayMs: number
  running: number
  slots: number
  stopping: boolean
}

export namespace BeatMessage {
  let _codec: Codec<BeatMessage>

  export const codec = (): Codec<BeatMessage> => {
    if (_codec == null) {
      _codec = message<BeatMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.incarnation != null && obj.incarnation !== '')) {
          w.uint32(10)
          w.string(obj.incarnation)
        }

        if ((obj.progress != null && obj.progress !== 0)) {
          w.uint32(16)
          w.uint32(obj.progress)
        }

        if ((obj.loopDelayMs != null && obj.loopDelayMs !== 0)) {
          w.uint32(24)
          w.uint32(obj.loopDelayMs)
        }

        if ((obj.running != null && obj.running !== 0)) {
          w.uint32(32)
          w.uint32(obj.running)
        }

        if ((obj.slots != null && obj.slots !== 0)) {
          w.uint32(40)
          w.uint32(obj.slots)
        }

        if ((obj.stopping != null && obj.stopping !== false)) {
          w.uint32(48)
          w.bool(obj.stopping)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          incarnation: '',
          progress: 0,
          loopDelayMs: 0,
          running: 0,
          slots: 0,
          stopping: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.incarnation = reader.string()
              break
            }
            case 2: {
              obj.progress = reader.uint32()
              break
            }
            case 3: {
              obj.loopDelayMs = reader.uint32()
              break
            }
            case 4: {
              obj.running = reader.uint32()
              break
            }
            case 5: {
              obj.slots = reader.uint32()
              break
            }
            case 6: {
              obj.stopping = reader.bool()
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
                field: `${prefix}.incarnation`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.progress`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.loopDelayMs`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.running`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.slots`,
                value: reader.uint32()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.stopping`,
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

  export interface BeatMessageIncarnationFieldEvent {
    field: '$.incarnation'
    value: string
  }

  export interface BeatMessageProgressFieldEvent {
    field: '$.progress'
    value: number
  }

  export interface BeatMessageLoopDelayMsFieldEvent {
    field: '$.loopDelayMs'
    value: number
  }

  export interface BeatMessageRunningFieldEvent {
    field: '$.running'
    value: number
  }

  export interface BeatMessageSlotsFieldEvent {
    field: '$.slots'
    value: number
  }

  export interface BeatMessageStoppingFieldEvent {
    field: '$.stopping'
    value: boolean
  }

  export function encode (obj: Partial<BeatMessage>): Uint8Array {
    return encodeMessage(obj, BeatMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BeatMessage>): BeatMessage {
    return decodeMessage(buf, BeatMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<BeatMessage>): Generator<BeatMessageIncarnationFieldEvent | BeatMessageProgressFieldEvent | BeatMessageLoopDelayMsFieldEvent | BeatMessageRunningFieldEvent | BeatMessageSlotsFieldEvent | BeatMessageStoppingFieldEvent> {
    return streamMessage(buf, BeatMessage.codec(), opts)
  }
}

export interface ReserveMessage {
  fn: string
  version: string
  execution: string
}

export namespace ReserveMessage {
  let _codec: Codec<ReserveMessage>

  export const codec = (): Codec<ReserveMessage> => {
    if (_codec == null) {
      _codec = message<ReserveMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.fn != null && obj.fn !== '')) {
          w.uint32(10)
          w.string(obj.fn)
        }

        if ((obj.version != null && obj.version !== '')) {
          w.uint32(18)
          w.string(obj.version)
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(26)
          w.string(obj.execution)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          fn: '',
          version: '',
          execution: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.fn = reader.string()
              break
            }
            case 2: {
              obj.version = reader.string()
              break
            }
            case 3: {
              obj.execution = reader.string()
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
                field: `${prefix}.fn`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.version`,
                value: reader.string()
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

  export interface ReserveMessageFnFieldEvent {
    field: '$.fn'
    value: string
  }

  export interface ReserveMessageVersionFieldEvent {
    field: '$.version'
    value: string
  }

  export interface ReserveMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export function encode (obj: Partial<ReserveMessage>): Uint8Array {
    return encodeMessage(obj, ReserveMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReserveMessage>): ReserveMessage {
    return decodeMessage(buf, ReserveMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReserveMessage>): Generator<ReserveMessageFnFieldEvent | ReserveMessageVersionFieldEvent | ReserveMessageExecutionFieldEvent> {
    return streamMessage(buf, ReserveMessage.codec(), opts)
  }
}

export interface ReservedMessage {
  granted: boolean
  running: number
  slots: number
  incarnation: string
}

export namespace ReservedMessage {
  let _codec: Codec<ReservedMessage>

  export const codec = (): Codec<ReservedMessage> => {
    if (_codec == null) {
      _codec = message<ReservedMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.granted != null && obj.granted !== false)) {
          w.uint32(8)
          w.bool(obj.granted)
        }

        if ((obj.running != null && obj.running !== 0)) {
          w.uint32(16)
          w.uint32(obj.running)
        }

        if ((obj.slots != null && obj.slots !== 0)) {
          w.uint32(24)
          w.uint32(obj.slots)
        }

        if ((obj.incarnation != null && obj.incarnation !== '')) {
          w.uint32(34)
          w.string(obj.incarnation)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          granted: false,
          running: 0,
          slots: 0,
          incarnation: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.granted = reader.bool()
              break
            }
            case 2: {
              obj.running = reader.uint32()
              break
            }
            case 3: {
              obj.slots = reader.uint32()
              break
            }
            case 4: {
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
                field: `${prefix}.granted`,
                value: reader.bool()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.running`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.slots`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
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

  export interface ReservedMessageGrantedFieldEvent {
    field: '$.granted'
    value: boolean
  }

  export interface ReservedMessageRunningFieldEvent {
    field: '$.running'
    value: number
  }

  export interface ReservedMessageSlotsFieldEvent {
    field: '$.slots'
    value: number
  }

  export interface ReservedMessageIncarnationFieldEvent {
    field: '$.incarnation'
    value: string
  }

  export function encode (obj: Partial<ReservedMessage>): Uint8Array {
    return encodeMessage(obj, ReservedMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReservedMessage>): ReservedMessage {
    return decodeMessage(buf, ReservedMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReservedMessage>): Generator<ReservedMessageGrantedFieldEvent | ReservedMessageRunningFieldEvent | ReservedMessageSlotsFieldEvent | ReservedMessageIncarnationFieldEvent> {
    return streamMessage(buf, ReservedMessage.codec(), opts)
  }
}

export interface ResultMessage {
  execution: string
  parent: string
  child: string
  record: Uint8Array
}

export namespace ResultMessage {
  let _codec: Codec<ResultMessage>

  export const codec = (): Codec<ResultMessage> => {
    if (_codec == null) {
      _codec = message<ResultMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(10)
          w.string(obj.execution)
        }

        if ((obj.parent != null && obj.parent !== '')) {
          w.uint32(18)
          w.string(obj.parent)
        }

        if ((obj.child != null && obj.child !== '')) {
          w.uint32(26)
          w.string(obj.child)
        }

        if ((obj.record != null && obj.record.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.record)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: '',
          parent: '',
          child: '',
          record: uint8ArrayAlloc(0)
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
              obj.parent = reader.string()
              break
            }
            case 3: {
              obj.child = reader.string()
              break
            }
            case 4: {
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
                field: `${prefix}.execution`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.parent`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.child`,
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

  export interface ResultMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export interface ResultMessageParentFieldEvent {
    field: '$.parent'
    value: string
  }

  export interface ResultMessageChildFieldEvent {
    field: '$.child'
    value: string
  }

  export interface ResultMessageRecordFieldEvent {
    field: '$.record'
    value: Uint8Array
  }

  export function encode (obj: Partial<ResultMessage>): Uint8Array {
    return encodeMessage(obj, ResultMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ResultMessage>): ResultMessage {
    return decodeMessage(buf, ResultMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ResultMessage>): Generator<ResultMessageExecutionFieldEvent | ResultMessageParentFieldEvent | ResultMessageChildFieldEvent | ResultMessageRecordFieldEvent> {
    return streamMessage(buf, ResultMessage.codec(), opts)
  }
}

export interface ResultReplyMessage {
  answer: string
  writer: string
}

export namespace ResultReplyMessage {
  let _codec: Codec<ResultReplyMessage>

  export const codec = (): Codec<ResultReplyMessage> => {
    if (_codec == null) {
      _codec = message<ResultReplyMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.answer != null && obj.answer !== '')) {
          w.uint32(10)
          w.string(obj.answer)
        }

        if ((obj.writer != null && obj.writer !== '')) {
          w.uint32(18)
          w.string(obj.writer)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          answer: '',
          writer: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.answer = reader.string()
              break
            }
            case 2: {
              obj.writer = reader.string()
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
                field: `${prefix}.answer`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.writer`,
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

  export interface ResultReplyMessageAnswerFieldEvent {
    field: '$.answer'
    value: string
  }

  export interface ResultReplyMessageWriterFieldEvent {
    field: '$.writer'
    value: string
  }

  export function encode (obj: Partial<ResultReplyMessage>): Uint8Array {
    return encodeMessage(obj, ResultReplyMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ResultReplyMessage>): ResultReplyMessage {
    return decodeMessage(buf, ResultReplyMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ResultReplyMessage>): Generator<ResultReplyMessageAnswerFieldEvent | ResultReplyMessageWriterFieldEvent> {
    return streamMessage(buf, ResultReplyMessage.codec(), opts)
  }
}

export interface ControlMessage {
  execution: string
  verb: string
  reason: string
}

export namespace ControlMessage {
  let _codec: Codec<ControlMessage>

  export const codec = (): Codec<ControlMessage> => {
    if (_codec == null) {
      _codec = message<ControlMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(10)
          w.string(obj.execution)
        }

        if ((obj.verb != null && obj.verb !== '')) {
          w.uint32(18)
          w.string(obj.verb)
        }

        if ((obj.reason != null && obj.reason !== '')) {
          w.uint32(26)
          w.string(obj.reason)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: '',
          verb: '',
          reason: ''
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
              obj.verb = reader.string()
              break
            }
            case 3: {
              obj.reason = reader.string()
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
                field: `${prefix}.verb`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.reason`,
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

  export interface ControlMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export interface ControlMessageVerbFieldEvent {
    field: '$.verb'
    value: string
  }

  export interface ControlMessageReasonFieldEvent {
    field: '$.reason'
    value: string
  }

  export function encode (obj: Partial<ControlMessage>): Uint8Array {
    return encodeMessage(obj, ControlMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ControlMessage>): ControlMessage {
    return decodeMessage(buf, ControlMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ControlMessage>): Generator<ControlMessageExecutionFieldEvent | ControlMessageVerbFieldEvent | ControlMessageReasonFieldEvent> {
    return streamMessage(buf, ControlMessage.codec(), opts)
  }
}

export interface ControlReplyMessage {
  answer: string
  writer: string
}

export namespace ControlReplyMessage {
  let _codec: Codec<ControlReplyMessage>

  export const codec = (): Codec<ControlReplyMessage> => {
    if (_codec == null) {
      _codec = message<ControlReplyMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.answer != null && obj.answer !== '')) {
          w.uint32(10)
          w.string(obj.answer)
        }

        if ((obj.writer != null && obj.writer !== '')) {
          w.uint32(18)
          w.string(obj.writer)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          answer: '',
          writer: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.answer = reader.string()
              break
            }
            case 2: {
              obj.writer = reader.string()
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
                field: `${prefix}.answer`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.writer`,
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

  export interface ControlReplyMessageAnswerFieldEvent {
    field: '$.answer'
    value: string
  }

  export interface ControlReplyMessageWriterFieldEvent {
    field: '$.writer'
    value: string
  }

  export function encode (obj: Partial<ControlReplyMessage>): Uint8Array {
    return encodeMessage(obj, ControlReplyMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ControlReplyMessage>): ControlReplyMessage {
    return decodeMessage(buf, ControlReplyMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ControlReplyMessage>): Generator<ControlReplyMessageAnswerFieldEvent | ControlReplyMessageWriterFieldEvent> {
    return streamMessage(buf, ControlReplyMessage.codec(), opts)
  }
}

export interface WatchMessage {
  execution: string
}

export namespace WatchMessage {
  let _codec: Codec<WatchMessage>

  export const codec = (): Codec<WatchMessage> => {
    if (_codec == null) {
      _codec = message<WatchMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(10)
          w.string(obj.execution)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.execution = reader.string()
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

  export interface WatchMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export function encode (obj: Partial<WatchMessage>): Uint8Array {
    return encodeMessage(obj, WatchMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<WatchMessage>): WatchMessage {
    return decodeMessage(buf, WatchMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<WatchMessage>): Generator<WatchMessageExecutionFieldEvent> {
    return streamMessage(buf, WatchMessage.codec(), opts)
  }
}

export interface WatchedMessage {
  execution: string
  final: boolean
}

export namespace WatchedMessage {
  let _codec: Codec<WatchedMessage>

  export const codec = (): Codec<WatchedMessage> => {
    if (_codec == null) {
      _codec = message<WatchedMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(10)
          w.string(obj.execution)
        }

        if ((obj.final != null && obj.final !== false)) {
          w.uint32(16)
          w.bool(obj.final)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: '',
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

  export interface WatchedMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export interface WatchedMessageFinalFieldEvent {
    field: '$.final'
    value: boolean
  }

  export function encode (obj: Partial<WatchedMessage>): Uint8Array {
    return encodeMessage(obj, WatchedMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<WatchedMessage>): WatchedMessage {
    return decodeMessage(buf, WatchedMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<WatchedMessage>): Generator<WatchedMessageExecutionFieldEvent | WatchedMessageFinalFieldEvent> {
    return streamMessage(buf, WatchedMessage.codec(), opts)
  }
}

export interface LogsMessage {
  execution: string
}

export namespace LogsMessage {
  let _codec: Codec<LogsMessage>

  export const codec = (): Codec<LogsMessage> => {
    if (_codec == null) {
      _codec = message<LogsMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.execution != null && obj.execution !== '')) {
          w.uint32(10)
          w.string(obj.execution)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.execution = reader.string()
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

  export interface LogsMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export function encode (obj: Partial<LogsMessage>): Uint8Array {
    return encodeMessage(obj, LogsMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LogsMessage>): LogsMessage {
    return decodeMessage(buf, LogsMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LogsMessage>): Generator<LogsMessageExecutionFieldEvent> {
    return streamMessage(buf, LogsMessage.codec(), opts)
  }
}

export interface LogLineMessage {
  task: string
  attempt: number
  at: string
  level: string
  text: string
}

export namespace LogLineMessage {
  let _codec: Codec<LogLineMessage>

  export const codec = (): Codec<LogLineMessage> => {
    if (_codec == null) {
      _codec = message<LogLineMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.task != null && obj.task !== '')) {
          w.uint32(10)
          w.string(obj.task)
        }

        if ((obj.attempt != null && obj.attempt !== 0)) {
          w.uint32(16)
          w.uint32(obj.attempt)
        }

        if ((obj.at != null && obj.at !== '')) {
          w.uint32(26)
          w.string(obj.at)
        }

        if ((obj.level != null && obj.level !== '')) {
          w.uint32(34)
          w.string(obj.level)
        }

        if ((obj.text != null && obj.text !== '')) {
          w.uint32(42)
          w.string(obj.text)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          task: '',
          attempt: 0,
          at: '',
          level: '',
          text: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.task = reader.string()
              break
            }
            case 2: {
              obj.attempt = reader.uint32()
              break
            }
            case 3: {
              obj.at = reader.string()
              break
            }
            case 4: {
              obj.level = reader.string()
              break
            }
            case 5: {
              obj.text = reader.string()
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
                field: `${prefix}.task`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.attempt`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.at`,
                value: reader.string()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.level`,
                value: reader.string()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.text`,
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

  export interface LogLineMessageTaskFieldEvent {
    field: '$.task'
    value: string
  }

  export interface LogLineMessageAttemptFieldEvent {
    field: '$.attempt'
    value: number
  }

  export interface LogLineMessageAtFieldEvent {
    field: '$.at'
    value: string
  }

  export interface LogLineMessageLevelFieldEvent {
    field: '$.level'
    value: string
  }

  export interface LogLineMessageTextFieldEvent {
    field: '$.text'
    value: string
  }

  export function encode (obj: Partial<LogLineMessage>): Uint8Array {
    return encodeMessage(obj, LogLineMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LogLineMessage>): LogLineMessage {
    return decodeMessage(buf, LogLineMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LogLineMessage>): Generator<LogLineMessageTaskFieldEvent | LogLineMessageAttemptFieldEvent | LogLineMessageAtFieldEvent | LogLineMessageLevelFieldEvent | LogLineMessageTextFieldEvent> {
    return streamMessage(buf, LogLineMessage.codec(), opts)
  }
}

export interface LogsReplyMessage {
  lines: LogLineMessage[]
}

export namespace LogsReplyMessage {
  let _codec: Codec<LogsReplyMessage>

  export const codec = (): Codec<LogsReplyMessage> => {
    if (_codec == null) {
      _codec = message<LogsReplyMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if (obj.lines != null && obj.lines.length > 0) {
          for (const value of obj.lines) {
            w.uint32(10)
            LogLineMessage.codec().encode(value, w)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          lines: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.lines != null && obj.lines.length === opts.limits.lines) {
                throw new MaxLengthError('Decode error - repeated field "lines" had too many elements')
              }

              if (obj.lines.length === 65536) {
                throw new MaxLengthError('Decode error - repeated field "lines" had too many elements')
              }

              obj.lines.push(LogLineMessage.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.lines$
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
          lines: 65536
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              if (opts.limits?.lines != null && obj.lines === opts.limits.lines) {
                throw new MaxLengthError('Streaming decode error - repeated field "lines" had too many elements')
              }

              if (obj.lines === 65536) {
                throw new MaxLengthError('Streaming decode error - repeated field "lines" had too many elements')
              }

              for (const evt of LogLineMessage.codec().stream(reader, reader.uint32(), `${prefix}.lines[]`, {
                limits: opts.limits?.lines$
              })) {
                yield {
                  ...evt,
                  index: obj.lines
                }
              }

              obj.lines++

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

  export interface LogsReplyMessageLinesTaskFieldEvent {
    field: '$.lines[].task'
    value: string
    index: number
  }

  export interface LogsReplyMessageLinesAttemptFieldEvent {
    field: '$.lines[].attempt'
    value: number
    index: number
  }

  export interface LogsReplyMessageLinesAtFieldEvent {
    field: '$.lines[].at'
    value: string
    index: number
  }

  export interface LogsReplyMessageLinesLevelFieldEvent {
    field: '$.lines[].level'
    value: string
    index: number
  }

  export interface LogsReplyMessageLinesTextFieldEvent {
    field: '$.lines[].text'
    value: string
    index: number
  }

  export function encode (obj: Partial<LogsReplyMessage>): Uint8Array {
    return encodeMessage(obj, LogsReplyMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LogsReplyMessage>): LogsReplyMessage {
    return decodeMessage(buf, LogsReplyMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LogsReplyMessage>): Generator<LogsReplyMessageLinesTaskFieldEvent | LogsReplyMessageLinesAttemptFieldEvent | LogsReplyMessageLinesAtFieldEvent | LogsReplyMessageLinesLevelFieldEvent | LogsReplyMessageLinesTextFieldEvent> {
    return streamMessage(buf, LogsReplyMessage.codec(), opts)
  }
}

export interface ReportMessage {
  execution: string
  branch: string
  step: number
  attempt: number
  result: Uint8Array
}

export namespace ReportMessage {
  let _codec: Codec<ReportMessage>

  export const codec = (): Codec<ReportMessage> => {
    if (_codec == null) {
      _codec = message<ReportMessage>((obj, w, opts = {}) => {
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

        if ((obj.step != null && obj.step !== 0)) {
          w.uint32(24)
          w.uint32(obj.step)
        }

        if ((obj.attempt != null && obj.attempt !== 0)) {
          w.uint32(32)
          w.uint32(obj.attempt)
        }

        if ((obj.result != null && obj.result.byteLength > 0)) {
          w.uint32(42)
          w.bytes(obj.result)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          execution: '',
          branch: '',
          step: 0,
          attempt: 0,
          result: uint8ArrayAlloc(0)
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
              obj.step = reader.uint32()
              break
            }
            case 4: {
              obj.attempt = reader.uint32()
              break
            }
            case 5: {
              obj.result = reader.bytes()
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
                field: `${prefix}.step`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.attempt`,
                value: reader.uint32()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.result`,
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

  export interface ReportMessageExecutionFieldEvent {
    field: '$.execution'
    value: string
  }

  export interface ReportMessageBranchFieldEvent {
    field: '$.branch'
    value: string
  }

  export interface ReportMessageStepFieldEvent {
    field: '$.step'
    value: number
  }

  export interface ReportMessageAttemptFieldEvent {
    field: '$.attempt'
    value: number
  }

  export interface ReportMessageResultFieldEvent {
    field: '$.result'
    value: Uint8Array
  }

  export function encode (obj: Partial<ReportMessage>): Uint8Array {
    return encodeMessage(obj, ReportMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReportMessage>): ReportMessage {
    return decodeMessage(buf, ReportMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReportMessage>): Generator<ReportMessageExecutionFieldEvent | ReportMessageBranchFieldEvent | ReportMessageStepFieldEvent | ReportMessageAttemptFieldEvent | ReportMessageResultFieldEvent> {
    return streamMessage(buf, ReportMessage.codec(), opts)
  }
}

export interface ReportReplyMessage {
  answer: string
  writer: string
}

export namespace ReportReplyMessage {
  let _codec: Codec<ReportReplyMessage>

  export const codec = (): Codec<ReportReplyMessage> => {
    if (_codec == null) {
      _codec = message<ReportReplyMessage>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.answer != null && obj.answer !== '')) {
          w.uint32(10)
          w.string(obj.answer)
        }

        if ((obj.writer != null && obj.writer !== '')) {
          w.uint32(18)
          w.string(obj.writer)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          answer: '',
          writer: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.answer = reader.string()
              break
            }
            case 2: {
              obj.writer = reader.string()
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
                field: `${prefix}.answer`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.writer`,
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

  export interface ReportReplyMessageAnswerFieldEvent {
    field: '$.answer'
    value: string
  }

  export interface ReportReplyMessageWriterFieldEvent {
    field: '$.writer'
    value: string
  }

  export function encode (obj: Partial<ReportReplyMessage>): Uint8Array {
    return encodeMessage(obj, ReportReplyMessage.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReportReplyMessage>): ReportReplyMessage {
    return decodeMessage(buf, ReportReplyMessage.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReportReplyMessage>): Generator<ReportReplyMessageAnswerFieldEvent | ReportReplyMessageWriterFieldEvent> {
    return streamMessage(buf, ReportReplyMessage.codec(), opts)
  }
}
