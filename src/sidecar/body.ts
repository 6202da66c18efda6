/**
 * What a record's body says: where the branch stands, and what happened on the way there. JSON, because the values in it
 * are users' JSON; values above MAX_INLINE_BYTES travel as blobs beside the record and are named by content id here.
 */
import { blobId } from '../checkpoint/index.js'
import { InvalidInputError } from '../errors.js'
import { mapTraceErrors, mapTraceValues, mapValues } from '../execution/index.js'
import type { BranchState, TraceEntry } from '../execution/index.js'
import { jsonBytes, leftOf, rememberJson, textOf } from '../json-bytes.js'
import { MAX_INLINE_BYTES } from '../limits.js'

/** A child opened by this branch and still open, as the machine names it. */
export interface OpenChild { opening: number, index: number }

export interface Body {
  /** Content id of the plan. */ plan: string
  /** The execution's workflow, for people who read any record. */ workflow: { namespace: string, name: string, version: string }
  /** In an execution's first record. */ start?: { input: unknown, key?: string }
  state: BranchState
  trace: TraceEntry[]
  /** Something was decided once, here or just before: what follows waits until this record is done. */ decided?: boolean
  /** The children that this record opens, in the order of the record's `opens`. */ opened: OpenChild[]
  /** Those of earlier records still open: by hash of the opening record, with their place in its `opens`. */
  children: Record<string, [place: number, opening: number, index: number][]>
}

export interface EncodedBody { bytes: Uint8Array, /** By content id. */ blobs: Map<string, Uint8Array> }

/** Where in a body a value that travels as a blob belongs. */
export type Part = 'state' | 'trace' | 'start'
type Big = [slot: number, id: string, bytes: number, part: Part]

/** Values are never changed, so one that stands in several slots or in several records is hashed once. */
const ids = new WeakMap<object, string>()
/** Small bodies that were encoded here, by their bytes: who shows an execution need not read its own records again. */
const encodedHere = new WeakMap<Uint8Array, Body>()

/** What stands inline in one body, about; past it only what is no larger than its content id would be. */
const MAX_INLINE_TOTAL_BYTES = 32 * 1024
const SMALL_BYTES = 64

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export function encodeBody (body: Body): EncodedBody {
  const blobs = new Map<string, Uint8Array>()
  const big: Big[] = []
  let slot = 0
  let inlineBytes = 0
  const shrink = (part: Part) => (value: unknown): unknown => {
    const at = slot++
    const most = inlineBytes < MAX_INLINE_TOTAL_BYTES ? MAX_INLINE_BYTES : SMALL_BYTES
    const left = leftOf(most, value)
    if (left >= 0) {
      inlineBytes += most - left
      return value
    }
    const { id, bytes } = blobFor(value)
    blobs.set(id, bytes)
    big.push([at, id, bytes.length, part])
    return null
  }
  const state = mapValues(body.state, shrink('state'))
  const values = mapTraceValues(body.trace, shrink('trace'))
  const start = body.start === undefined ? undefined : { ...body.start, input: shrink('start')(body.start.input) }
  const trace = mapTraceErrors(values, shrink('trace'))
  const bytes = encoder.encode(JSON.stringify({ v: 1, ...body, start, state, trace, big }))
  if (big.length === 0) encodedHere.set(bytes, body)
  return { bytes, blobs }
}

function blobFor (value: unknown): { id: string, bytes: Uint8Array } {
  const bytes = jsonBytes(value)
  const id = blobIdOf(value) ?? blobId(bytes)
  if (typeof value === 'object' && value !== null) ids.set(value, id)
  return { id, bytes }
}

/** The content id of a value that was made a blob here before. */
export function blobIdOf (value: unknown): string | undefined {
  return typeof value === 'object' && value !== null ? ids.get(value) : undefined
}

/** The blobs a body names, without reading the rest. */
export function blobsOf (bytes: Uint8Array): { id: string, bytes: number, part: Part }[] {
  return parse(bytes).big.map(([, id, bytes, part]) => ({ id, bytes, part }))
}

/** What a blob holds. */
export function blobValue (bytes: Uint8Array): unknown {
  const value = JSON.parse(textOf(bytes)) as unknown
  rememberJson(value, bytes)
  return value
}

/** What stands in a body, values that travel as blobs left out. */
export function peekBody (bytes: Uint8Array): Body {
  return encodedHere.get(bytes) ?? parse(bytes)
}

/**
 * @param valueOf gives what the blob of a content id holds; undefined when it is missing
 * @throws InvalidInputError when the body is malformed or a blob is missing
 */
export function decodeBody (bytes: Uint8Array, valueOf: (id: string, part: Part, bytes: number) => unknown): Body {
  const known = encodedHere.get(bytes)
  if (known !== undefined) return known
  const { v: _v, big, ...body } = parse(bytes)
  if (big.length === 0) return body
  const bySlot = new Map(big.map(each => [each[0], each]))
  let slot = 0
  const grow = (value: unknown): unknown => {
    const at = bySlot.get(slot++)
    if (at === undefined) return value
    const [, id, size, part] = at
    const found = valueOf(id, part, size)
    if (found === undefined) throw new InvalidInputError(`blob ${id} is missing`)
    return found
  }
  const state = mapValues(body.state, grow)
  const values = mapTraceValues(body.trace, grow)
  const start = body.start === undefined ? {} : { start: { ...body.start, input: grow(body.start.input) } }
  return { ...body, state, trace: mapTraceErrors(values, grow), ...start }
}

function parse (bytes: Uint8Array): Body & { v: number, big: Big[] } {
  let json: unknown
  try {
    json = JSON.parse(decoder.decode(bytes))
  } catch (err) {
    throw new InvalidInputError('a record\'s body is not JSON', {}, { cause: err })
  }
  const body = json as Partial<Body & { v: number, big: Big[] }> | null
  if (body?.v !== 1 || !Array.isArray(body.big) || typeof body.plan !== 'string' || body.state === undefined || !Array.isArray(body.trace)) {
    throw new InvalidInputError('a record\'s body is not of a version this peer reads')
  }
  return body as Body & { v: number, big: Big[] }
}
