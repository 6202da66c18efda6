import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime'
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc'
import type { Codec, DecodeOptions } from 'protons-runtime'
import type { Uint8ArrayList } from 'uint8arraylist'

export interface Propose {
  session: number
  sequence: number
  floor: number
  command: Uint8Array<ArrayBuffer>
}

export namespace Propose {
  let _codec: Codec<Propose>

  export const codec = (): Codec<Propose> => {
    if (_codec == null) {
      _codec = message<Propose>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.session != null && obj.session !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.session)
        }

        if ((obj.sequence != null && obj.sequence !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.sequence)
        }

        if ((obj.floor != null && obj.floor !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.floor)
        }

        if ((obj.command != null && obj.command.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.command)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          session: 0,
          sequence: 0,
          floor: 0,
          command: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.session = reader.uint64Number()
              break
            }
            case 2: {
              obj.sequence = reader.uint64Number()
              break
            }
            case 3: {
              obj.floor = reader.uint64Number()
              break
            }
            case 4: {
              obj.command = reader.bytes()
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
                field: `${prefix}.session`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.sequence`,
                value: reader.uint64Number()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.floor`,
                value: reader.uint64Number()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.command`,
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

  export interface ProposeSessionFieldEvent {
    field: '$.session'
    value: number
  }

  export interface ProposeSequenceFieldEvent {
    field: '$.sequence'
    value: number
  }

  export interface ProposeFloorFieldEvent {
    field: '$.floor'
    value: number
  }

  export interface ProposeCommandFieldEvent {
    field: '$.command'
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<Propose>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Propose.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Propose>): Propose {
    return decodeMessage(buf, Propose.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Propose>): Generator<ProposeSessionFieldEvent | ProposeSequenceFieldEvent | ProposeFloorFieldEvent | ProposeCommandFieldEvent> {
    return streamMessage(buf, Propose.codec(), opts)
  }
}

export interface Answer {
  body: Uint8Array<ArrayBuffer>
  redirect: string[]
}

export namespace Answer {
  let _codec: Codec<Answer>

  export const codec = (): Codec<Answer> => {
    if (_codec == null) {
      _codec = message<Answer>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.body != null && obj.body.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.body)
        }

        if (obj.redirect != null && obj.redirect.length > 0) {
          for (const value of obj.redirect) {
            w.uint32(18)
            w.string(value)
          }
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          body: uint8ArrayAlloc(0),
          redirect: []
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.body = reader.bytes()
              break
            }
            case 2: {
              if (opts.limits?.redirect != null && obj.redirect.length === opts.limits.redirect) {
                throw new MaxLengthError('Decode error - repeated field "redirect" had too many elements')
              }

              if (obj.redirect.length === 16) {
                throw new MaxLengthError('Decode error - repeated field "redirect" had too many elements')
              }

              obj.redirect.push(reader.string())
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
          redirect: 16
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.body`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              if (opts.limits?.redirect != null && obj.redirect === opts.limits.redirect) {
                throw new MaxLengthError('Streaming decode error - repeated field "redirect" had too many elements')
              }

              if (obj.redirect === 16) {
                throw new MaxLengthError('Streaming decode error - repeated field "redirect" had too many elements')
              }

              yield {
                field: `${prefix}.redirect[]`,
                index: obj.redirect,
                value: reader.string()
              }

              obj.redirect++

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

  export interface AnswerBodyFieldEvent {
    field: '$.body'
    value: Uint8Array<ArrayBuffer>
  }

  export interface AnswerRedirectFieldEvent {
    field: '$.redirect[]'
    index: number
    value: string
  }

  export function encode (obj: Partial<Answer>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Answer.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Answer>): Answer {
    return decodeMessage(buf, Answer.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Answer>): Generator<AnswerBodyFieldEvent | AnswerRedirectFieldEvent> {
    return streamMessage(buf, Answer.codec(), opts)
  }
}

export interface Proposed {
  index: number
  outcome: Uint8Array<ArrayBuffer>
  view: number
}

export namespace Proposed {
  let _codec: Codec<Proposed>

  export const codec = (): Codec<Proposed> => {
    if (_codec == null) {
      _codec = message<Proposed>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.index)
        }

        if ((obj.outcome != null && obj.outcome.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.outcome)
        }

        if ((obj.view != null && obj.view !== 0)) {
          w.uint32(24)
          w.uint64Number(obj.view)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          index: 0,
          outcome: uint8ArrayAlloc(0),
          view: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.index = reader.uint64Number()
              break
            }
            case 2: {
              obj.outcome = reader.bytes()
              break
            }
            case 3: {
              obj.view = reader.uint64Number()
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
                field: `${prefix}.index`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.outcome`,
                value: reader.bytes()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.view`,
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

  export interface ProposedIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export interface ProposedOutcomeFieldEvent {
    field: '$.outcome'
    value: Uint8Array<ArrayBuffer>
  }

  export interface ProposedViewFieldEvent {
    field: '$.view'
    value: number
  }

  export function encode (obj: Partial<Proposed>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Proposed.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Proposed>): Proposed {
    return decodeMessage(buf, Proposed.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Proposed>): Generator<ProposedIndexFieldEvent | ProposedOutcomeFieldEvent | ProposedViewFieldEvent> {
    return streamMessage(buf, Proposed.codec(), opts)
  }
}

export interface ReadAnswer {
  index: number
}

export namespace ReadAnswer {
  let _codec: Codec<ReadAnswer>

  export const codec = (): Codec<ReadAnswer> => {
    if (_codec == null) {
      _codec = message<ReadAnswer>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.index)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          index: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.index = reader.uint64Number()
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
                field: `${prefix}.index`,
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

  export interface ReadAnswerIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export function encode (obj: Partial<ReadAnswer>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, ReadAnswer.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReadAnswer>): ReadAnswer {
    return decodeMessage(buf, ReadAnswer.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ReadAnswer>): Generator<ReadAnswerIndexFieldEvent> {
    return streamMessage(buf, ReadAnswer.codec(), opts)
  }
}

export interface Watch {
  log: string
  position: number
  holdMs: number
}

export namespace Watch {
  let _codec: Codec<Watch>

  export const codec = (): Codec<Watch> => {
    if (_codec == null) {
      _codec = message<Watch>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.log != null && obj.log !== '')) {
          w.uint32(10)
          w.string(obj.log)
        }

        if ((obj.position != null && obj.position !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.position)
        }

        if ((obj.holdMs != null && obj.holdMs !== 0)) {
          w.uint32(24)
          w.uint32(obj.holdMs)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          log: '',
          position: 0,
          holdMs: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.log = reader.string()
              break
            }
            case 2: {
              obj.position = reader.uint64Number()
              break
            }
            case 3: {
              obj.holdMs = reader.uint32()
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
                field: `${prefix}.log`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.position`,
                value: reader.uint64Number()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.holdMs`,
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

  export interface WatchLogFieldEvent {
    field: '$.log'
    value: string
  }

  export interface WatchPositionFieldEvent {
    field: '$.position'
    value: number
  }

  export interface WatchHoldMsFieldEvent {
    field: '$.holdMs'
    value: number
  }

  export function encode (obj: Partial<Watch>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Watch.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Watch>): Watch {
    return decodeMessage(buf, Watch.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Watch>): Generator<WatchLogFieldEvent | WatchPositionFieldEvent | WatchHoldMsFieldEvent> {
    return streamMessage(buf, Watch.codec(), opts)
  }
}

export interface Page {
  log: string
  reset: boolean
  items: Item[]
  position: number
  more: boolean
  index: number
}

export namespace Page {
  let _codec: Codec<Page>

  export const codec = (): Codec<Page> => {
    if (_codec == null) {
      _codec = message<Page>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.log != null && obj.log !== '')) {
          w.uint32(10)
          w.string(obj.log)
        }

        if ((obj.reset != null && obj.reset !== false)) {
          w.uint32(16)
          w.bool(obj.reset)
        }

        if (obj.items != null && obj.items.length > 0) {
          for (const value of obj.items) {
            w.uint32(26)
            Item.codec().encode(value, w)
          }
        }

        if ((obj.position != null && obj.position !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.position)
        }

        if ((obj.more != null && obj.more !== false)) {
          w.uint32(40)
          w.bool(obj.more)
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(48)
          w.uint64Number(obj.index)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          log: '',
          reset: false,
          items: [],
          position: 0,
          more: false,
          index: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.log = reader.string()
              break
            }
            case 2: {
              obj.reset = reader.bool()
              break
            }
            case 3: {
              if (opts.limits?.items != null && obj.items.length === opts.limits.items) {
                throw new MaxLengthError('Decode error - repeated field "items" had too many elements')
              }

              if (obj.items.length === 65536) {
                throw new MaxLengthError('Decode error - repeated field "items" had too many elements')
              }

              obj.items.push(Item.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.items$
              }))
              break
            }
            case 4: {
              obj.position = reader.uint64Number()
              break
            }
            case 5: {
              obj.more = reader.bool()
              break
            }
            case 6: {
              obj.index = reader.uint64Number()
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
          items: 65536
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.log`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.reset`,
                value: reader.bool()
              }
              break
            }
            case 3: {
              if (opts.limits?.items != null && obj.items === opts.limits.items) {
                throw new MaxLengthError('Streaming decode error - repeated field "items" had too many elements')
              }

              if (obj.items === 65536) {
                throw new MaxLengthError('Streaming decode error - repeated field "items" had too many elements')
              }

              for (const evt of Item.codec().stream(reader, reader.uint32(), `${prefix}.items[]`, {
                limits: opts.limits?.items$
              })) {
                yield {
                  ...evt,
                  index: obj.items
                }
              }

              obj.items++

              break
            }
            case 4: {
              yield {
                field: `${prefix}.position`,
                value: reader.uint64Number()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.more`,
                value: reader.bool()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.index`,
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

  export interface PageLogFieldEvent {
    field: '$.log'
    value: string
  }

  export interface PageResetFieldEvent {
    field: '$.reset'
    value: boolean
  }

  export interface PageItemsTableFieldEvent {
    field: '$.items[].table'
    value: string
    index: number
  }

  export interface PageItemsKeyFieldEvent {
    field: '$.items[].key'
    value: string
    index: number
  }

  export interface PageItemsValueFieldEvent {
    field: '$.items[].value'
    value: Uint8Array<ArrayBuffer>
    index: number
  }

  export interface PagePositionFieldEvent {
    field: '$.position'
    value: number
  }

  export interface PageMoreFieldEvent {
    field: '$.more'
    value: boolean
  }

  export interface PageIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export function encode (obj: Partial<Page>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Page.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Page>): Page {
    return decodeMessage(buf, Page.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Page>): Generator<PageLogFieldEvent | PageResetFieldEvent | PageItemsTableFieldEvent | PageItemsKeyFieldEvent | PageItemsValueFieldEvent | PagePositionFieldEvent | PageMoreFieldEvent | PageIndexFieldEvent> {
    return streamMessage(buf, Page.codec(), opts)
  }
}

export interface Item {
  table: string
  key: string
  value: Uint8Array<ArrayBuffer>
}

export namespace Item {
  let _codec: Codec<Item>

  export const codec = (): Codec<Item> => {
    if (_codec == null) {
      _codec = message<Item>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.table != null && obj.table !== '')) {
          w.uint32(10)
          w.string(obj.table)
        }

        if ((obj.key != null && obj.key !== '')) {
          w.uint32(18)
          w.string(obj.key)
        }

        if ((obj.value != null && obj.value.byteLength > 0)) {
          w.uint32(26)
          w.bytes(obj.value)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          table: '',
          key: '',
          value: uint8ArrayAlloc(0)
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.table = reader.string()
              break
            }
            case 2: {
              obj.key = reader.string()
              break
            }
            case 3: {
              obj.value = reader.bytes()
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
                field: `${prefix}.table`,
                value: reader.string()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.key`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.value`,
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

  export interface ItemTableFieldEvent {
    field: '$.table'
    value: string
  }

  export interface ItemKeyFieldEvent {
    field: '$.key'
    value: string
  }

  export interface ItemValueFieldEvent {
    field: '$.value'
    value: Uint8Array<ArrayBuffer>
  }

  export function encode (obj: Partial<Item>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Item.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Item>): Item {
    return decodeMessage(buf, Item.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Item>): Generator<ItemTableFieldEvent | ItemKeyFieldEvent | ItemValueFieldEvent> {
    return streamMessage(buf, Item.codec(), opts)
  }
}

export interface Beat {
  incarnation: number
  nonce: string
  load: number
  liveness: number
}

export namespace Beat {
  let _codec: Codec<Beat>

  export const codec = (): Codec<Beat> => {
    if (_codec == null) {
      _codec = message<Beat>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.incarnation != null && obj.incarnation !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.incarnation)
        }

        if ((obj.nonce != null && obj.nonce !== '')) {
          w.uint32(18)
          w.string(obj.nonce)
        }

        if ((obj.load != null && obj.load !== 0)) {
          w.uint32(24)
          w.uint32(obj.load)
        }

        if ((obj.liveness != null && obj.liveness !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.liveness)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          incarnation: 0,
          nonce: '',
          load: 0,
          liveness: 0
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.incarnation = reader.uint64Number()
              break
            }
            case 2: {
              obj.nonce = reader.string()
              break
            }
            case 3: {
              obj.load = reader.uint32()
              break
            }
            case 4: {
              obj.liveness = reader.uint64Number()
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
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.nonce`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.load`,
                value: reader.uint32()
              }
              break
            }
            case 4: {
              yield {
                field: `${prefix}.liveness`,
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

  export interface BeatIncarnationFieldEvent {
    field: '$.incarnation'
    value: number
  }

  export interface BeatNonceFieldEvent {
    field: '$.nonce'
    value: string
  }

  export interface BeatLoadFieldEvent {
    field: '$.load'
    value: number
  }

  export interface BeatLivenessFieldEvent {
    field: '$.liveness'
    value: number
  }

  export function encode (obj: Partial<Beat>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Beat.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Beat>): Beat {
    return decodeMessage(buf, Beat.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Beat>): Generator<BeatIncarnationFieldEvent | BeatNonceFieldEvent | BeatLoadFieldEvent | BeatLivenessFieldEvent> {
    return streamMessage(buf, Beat.codec(), opts)
  }
}

export interface Pulse {
  index: number
  liveness: number
  peers: PeerPulse[]
  term: number
  leader: string
  voters: string[]
  learners: string[]
  commitIndex: number
  quorum: boolean
}

export namespace Pulse {
  let _codec: Codec<Pulse>

  export const codec = (): Codec<Pulse> => {
    if (_codec == null) {
      _codec = message<Pulse>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.index != null && obj.index !== 0)) {
          w.uint32(8)
          w.uint64Number(obj.index)
        }

        if ((obj.liveness != null && obj.liveness !== 0)) {
          w.uint32(16)
          w.uint64Number(obj.liveness)
        }

        if (obj.peers != null && obj.peers.length > 0) {
          for (const value of obj.peers) {
            w.uint32(26)
            PeerPulse.codec().encode(value, w)
          }
        }

        if ((obj.term != null && obj.term !== 0)) {
          w.uint32(32)
          w.uint64Number(obj.term)
        }

        if ((obj.leader != null && obj.leader !== '')) {
          w.uint32(42)
          w.string(obj.leader)
        }

        if (obj.voters != null && obj.voters.length > 0) {
          for (const value of obj.voters) {
            w.uint32(50)
            w.string(value)
          }
        }

        if (obj.learners != null && obj.learners.length > 0) {
          for (const value of obj.learners) {
            w.uint32(58)
            w.string(value)
          }
        }

        if ((obj.commitIndex != null && obj.commitIndex !== 0)) {
          w.uint32(64)
          w.uint64Number(obj.commitIndex)
        }

        if ((obj.quorum != null && obj.quorum !== false)) {
          w.uint32(72)
          w.bool(obj.quorum)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          index: 0,
          liveness: 0,
          peers: [],
          term: 0,
          leader: '',
          voters: [],
          learners: [],
          commitIndex: 0,
          quorum: false
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.index = reader.uint64Number()
              break
            }
            case 2: {
              obj.liveness = reader.uint64Number()
              break
            }
            case 3: {
              if (opts.limits?.peers != null && obj.peers.length === opts.limits.peers) {
                throw new MaxLengthError('Decode error - repeated field "peers" had too many elements')
              }

              if (obj.peers.length === 8192) {
                throw new MaxLengthError('Decode error - repeated field "peers" had too many elements')
              }

              obj.peers.push(PeerPulse.codec().decode(reader, reader.uint32(), {
                limits: opts.limits?.peers$
              }))
              break
            }
            case 4: {
              obj.term = reader.uint64Number()
              break
            }
            case 5: {
              obj.leader = reader.string()
              break
            }
            case 6: {
              if (opts.limits?.voters != null && obj.voters.length === opts.limits.voters) {
                throw new MaxLengthError('Decode error - repeated field "voters" had too many elements')
              }

              if (obj.voters.length === 16) {
                throw new MaxLengthError('Decode error - repeated field "voters" had too many elements')
              }

              obj.voters.push(reader.string())
              break
            }
            case 7: {
              if (opts.limits?.learners != null && obj.learners.length === opts.limits.learners) {
                throw new MaxLengthError('Decode error - repeated field "learners" had too many elements')
              }

              if (obj.learners.length === 64) {
                throw new MaxLengthError('Decode error - repeated field "learners" had too many elements')
              }

              obj.learners.push(reader.string())
              break
            }
            case 8: {
              obj.commitIndex = reader.uint64Number()
              break
            }
            case 9: {
              obj.quorum = reader.bool()
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
          peers: 8192,
          voters: 16,
          learners: 64
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              yield {
                field: `${prefix}.index`,
                value: reader.uint64Number()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.liveness`,
                value: reader.uint64Number()
              }
              break
            }
            case 3: {
              if (opts.limits?.peers != null && obj.peers === opts.limits.peers) {
                throw new MaxLengthError('Streaming decode error - repeated field "peers" had too many elements')
              }

              if (obj.peers === 8192) {
                throw new MaxLengthError('Streaming decode error - repeated field "peers" had too many elements')
              }

              for (const evt of PeerPulse.codec().stream(reader, reader.uint32(), `${prefix}.peers[]`, {
                limits: opts.limits?.peers$
              })) {
                yield {
                  ...evt,
                  index: obj.peers
                }
              }

              obj.peers++

              break
            }
            case 4: {
              yield {
                field: `${prefix}.term`,
                value: reader.uint64Number()
              }
              break
            }
            case 5: {
              yield {
                field: `${prefix}.leader`,
                value: reader.string()
              }
              break
            }
            case 6: {
              if (opts.limits?.voters != null && obj.voters === opts.limits.voters) {
                throw new MaxLengthError('Streaming decode error - repeated field "voters" had too many elements')
              }

              if (obj.voters === 16) {
                throw new MaxLengthError('Streaming decode error - repeated field "voters" had too many elements')
              }

              yield {
                field: `${prefix}.voters[]`,
                index: obj.voters,
                value: reader.string()
              }

              obj.voters++

              break
            }
            case 7: {
              if (opts.limits?.learners != null && obj.learners === opts.limits.learners) {
                throw new MaxLengthError('Streaming decode error - repeated field "learners" had too many elements')
              }

              if (obj.learners === 64) {
                throw new MaxLengthError('Streaming decode error - repeated field "learners" had too many elements')
              }

              yield {
                field: `${prefix}.learners[]`,
                index: obj.learners,
                value: reader.string()
              }

              obj.learners++

              break
            }
            case 8: {
              yield {
                field: `${prefix}.commitIndex`,
                value: reader.uint64Number()
              }
              break
            }
            case 9: {
              yield {
                field: `${prefix}.quorum`,
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

  export interface PulseIndexFieldEvent {
    field: '$.index'
    value: number
  }

  export interface PulseLivenessFieldEvent {
    field: '$.liveness'
    value: number
  }

  export interface PulsePeersPeerFieldEvent {
    field: '$.peers[].peer'
    value: string
    index: number
  }

  export interface PulsePeersStatusFieldEvent {
    field: '$.peers[].status'
    value: number
    index: number
  }

  export interface PulsePeersLoadFieldEvent {
    field: '$.peers[].load'
    value: number
    index: number
  }

  export interface PulseTermFieldEvent {
    field: '$.term'
    value: number
  }

  export interface PulseLeaderFieldEvent {
    field: '$.leader'
    value: string
  }

  export interface PulseVotersFieldEvent {
    field: '$.voters[]'
    index: number
    value: string
  }

  export interface PulseLearnersFieldEvent {
    field: '$.learners[]'
    index: number
    value: string
  }

  export interface PulseCommitIndexFieldEvent {
    field: '$.commitIndex'
    value: number
  }

  export interface PulseQuorumFieldEvent {
    field: '$.quorum'
    value: boolean
  }

  export function encode (obj: Partial<Pulse>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Pulse.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Pulse>): Pulse {
    return decodeMessage(buf, Pulse.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Pulse>): Generator<PulseIndexFieldEvent | PulseLivenessFieldEvent | PulsePeersPeerFieldEvent | PulsePeersStatusFieldEvent | PulsePeersLoadFieldEvent | PulseTermFieldEvent | PulseLeaderFieldEvent | PulseVotersFieldEvent | PulseLearnersFieldEvent | PulseCommitIndexFieldEvent | PulseQuorumFieldEvent> {
    return streamMessage(buf, Pulse.codec(), opts)
  }
}

export interface PeerPulse {
  peer: string
  status: number
  load: number
}

export namespace PeerPulse {
  let _codec: Codec<PeerPulse>

  export const codec = (): Codec<PeerPulse> => {
    if (_codec == null) {
      _codec = message<PeerPulse>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(10)
          w.string(obj.peer)
        }

        if ((obj.status != null && obj.status !== 0)) {
          w.uint32(16)
          w.uint32(obj.status)
        }

        if ((obj.load != null && obj.load !== 0)) {
          w.uint32(24)
          w.uint32(obj.load)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: '',
          status: 0,
          load: 0
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
              obj.status = reader.uint32()
              break
            }
            case 3: {
              obj.load = reader.uint32()
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
                field: `${prefix}.status`,
                value: reader.uint32()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.load`,
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

  export interface PeerPulsePeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface PeerPulseStatusFieldEvent {
    field: '$.status'
    value: number
  }

  export interface PeerPulseLoadFieldEvent {
    field: '$.load'
    value: number
  }

  export function encode (obj: Partial<PeerPulse>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, PeerPulse.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerPulse>): PeerPulse {
    return decodeMessage(buf, PeerPulse.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerPulse>): Generator<PeerPulsePeerFieldEvent | PeerPulseStatusFieldEvent | PeerPulseLoadFieldEvent> {
    return streamMessage(buf, PeerPulse.codec(), opts)
  }
}

export interface Admit {
  peer: string
  secret: Uint8Array<ArrayBuffer>
  known: boolean
  facts: Uint8Array<ArrayBuffer>
  disk: string
  incarnation: number
  nonce: string
}

export namespace Admit {
  let _codec: Codec<Admit>

  export const codec = (): Codec<Admit> => {
    if (_codec == null) {
      _codec = message<Admit>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.peer != null && obj.peer !== '')) {
          w.uint32(10)
          w.string(obj.peer)
        }

        if ((obj.secret != null && obj.secret.byteLength > 0)) {
          w.uint32(18)
          w.bytes(obj.secret)
        }

        if ((obj.known != null && obj.known !== false)) {
          w.uint32(24)
          w.bool(obj.known)
        }

        if ((obj.facts != null && obj.facts.byteLength > 0)) {
          w.uint32(34)
          w.bytes(obj.facts)
        }

        if ((obj.disk != null && obj.disk !== '')) {
          w.uint32(42)
          w.string(obj.disk)
        }

        if ((obj.incarnation != null && obj.incarnation !== 0)) {
          w.uint32(48)
          w.uint64Number(obj.incarnation)
        }

        if ((obj.nonce != null && obj.nonce !== '')) {
          w.uint32(58)
          w.string(obj.nonce)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          peer: '',
          secret: uint8ArrayAlloc(0),
          known: false,
          facts: uint8ArrayAlloc(0),
          disk: '',
          incarnation: 0,
          nonce: ''
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
              obj.secret = reader.bytes()
              break
            }
            case 3: {
              obj.known = reader.bool()
              break
            }
            case 4: {
              obj.facts = reader.bytes()
              break
            }
            case 5: {
              obj.disk = reader.string()
              break
            }
            case 6: {
              obj.incarnation = reader.uint64Number()
              break
            }
            case 7: {
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
                field: `${prefix}.peer`,
                value: reader.string()
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
                field: `${prefix}.known`,
                value: reader.bool()
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
            case 5: {
              yield {
                field: `${prefix}.disk`,
                value: reader.string()
              }
              break
            }
            case 6: {
              yield {
                field: `${prefix}.incarnation`,
                value: reader.uint64Number()
              }
              break
            }
            case 7: {
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

  export interface AdmitPeerFieldEvent {
    field: '$.peer'
    value: string
  }

  export interface AdmitSecretFieldEvent {
    field: '$.secret'
    value: Uint8Array<ArrayBuffer>
  }

  export interface AdmitKnownFieldEvent {
    field: '$.known'
    value: boolean
  }

  export interface AdmitFactsFieldEvent {
    field: '$.facts'
    value: Uint8Array<ArrayBuffer>
  }

  export interface AdmitDiskFieldEvent {
    field: '$.disk'
    value: string
  }

  export interface AdmitIncarnationFieldEvent {
    field: '$.incarnation'
    value: number
  }

  export interface AdmitNonceFieldEvent {
    field: '$.nonce'
    value: string
  }

  export function encode (obj: Partial<Admit>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, Admit.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Admit>): Admit {
    return decodeMessage(buf, Admit.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Admit>): Generator<AdmitPeerFieldEvent | AdmitSecretFieldEvent | AdmitKnownFieldEvent | AdmitFactsFieldEvent | AdmitDiskFieldEvent | AdmitIncarnationFieldEvent | AdmitNonceFieldEvent> {
    return streamMessage(buf, Admit.codec(), opts)
  }
}

export interface AdmitAnswer {
  certificate: Uint8Array<ArrayBuffer>
  refused: string
  message: string
}

export namespace AdmitAnswer {
  let _codec: Codec<AdmitAnswer>

  export const codec = (): Codec<AdmitAnswer> => {
    if (_codec == null) {
      _codec = message<AdmitAnswer>((obj, w, opts = {}) => {
        if (opts.lengthDelimited !== false) {
          w.fork()
        }

        if ((obj.certificate != null && obj.certificate.byteLength > 0)) {
          w.uint32(10)
          w.bytes(obj.certificate)
        }

        if ((obj.refused != null && obj.refused !== '')) {
          w.uint32(18)
          w.string(obj.refused)
        }

        if ((obj.message != null && obj.message !== '')) {
          w.uint32(26)
          w.string(obj.message)
        }

        if (opts.lengthDelimited !== false) {
          w.ldelim()
        }
      }, (reader, length, opts = {}) => {
        const obj: any = {
          certificate: uint8ArrayAlloc(0),
          refused: '',
          message: ''
        }

        const end = length == null ? reader.len : reader.pos + length

        while (reader.pos < end) {
          const tag = reader.uint32()

          switch (tag >>> 3) {
            case 1: {
              obj.certificate = reader.bytes()
              break
            }
            case 2: {
              obj.refused = reader.string()
              break
            }
            case 3: {
              obj.message = reader.string()
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
                field: `${prefix}.certificate`,
                value: reader.bytes()
              }
              break
            }
            case 2: {
              yield {
                field: `${prefix}.refused`,
                value: reader.string()
              }
              break
            }
            case 3: {
              yield {
                field: `${prefix}.message`,
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

  export interface AdmitAnswerCertificateFieldEvent {
    field: '$.certificate'
    value: Uint8Array<ArrayBuffer>
  }

  export interface AdmitAnswerRefusedFieldEvent {
    field: '$.refused'
    value: string
  }

  export interface AdmitAnswerMessageFieldEvent {
    field: '$.message'
    value: string
  }

  export function encode (obj: Partial<AdmitAnswer>): Uint8Array<ArrayBuffer> {
    return encodeMessage(obj, AdmitAnswer.codec())
  }

  export function decode (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AdmitAnswer>): AdmitAnswer {
    return decodeMessage(buf, AdmitAnswer.codec(), opts)
  }

  export function stream (buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AdmitAnswer>): Generator<AdmitAnswerCertificateFieldEvent | AdmitAnswerRefusedFieldEvent | AdmitAnswerMessageFieldEvent> {
    return streamMessage(buf, AdmitAnswer.codec(), opts)
  }
}
