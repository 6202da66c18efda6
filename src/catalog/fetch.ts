/**
 * Fetches an artefact from other peers, in chunks over bulk sessions, a few under way at once. Only the whole can be
 * verified: a provider that fails or lies is left, and the next one is asked from the beginning.
 */
import { Chunk, ChunkRequest } from '../../protocols/catalog.js'
import { InvalidInputError, TooLargeError, UnavailableError } from '../errors.js'
import { ARTEFACT_CHUNK_BYTES, MAX_ARTEFACT_BYTES } from '../limits.js'
import { readFrom } from '../telemetry.js'
import { isContentId } from '../workflow/content-id.js'
import { idOf } from './artefact-files.js'
import type { Sessions } from '../mesh/port.js'
import type { ArtefactFiles } from './artefact-files.js'

export const CHUNK_KIND = 'catalog/chunk'
const CHUNK_DEADLINE_MS = 10_000
const CHUNKS_UNDER_WAY = 4

/** UnavailableError names who was asked and what each said; TooLargeError when the artefact is above `maxBytes`. */
export async function fetchArtefact (
  sessions: Pick<Sessions, 'request'>, cid: string, providers: string[], maxBytes = MAX_ARTEFACT_BYTES, signal?: AbortSignal
): Promise<Uint8Array> {
  const failures: string[] = []
  for (const peer of providers) {
    signal?.throwIfAborted()
    try {
      const bytes = await fetchFrom(sessions, peer, cid, maxBytes, signal)
      if (idOf(bytes) === cid) return bytes
      failures.push(`${peer}: sent other bytes than it was asked for`)
    } catch (err) {
      if (err instanceof TooLargeError && maxBytes < MAX_ARTEFACT_BYTES) throw err
      failures.push(`${peer}: ${(err as Error).message}`)
    }
  }
  const why = failures.length === 0 ? 'no peer is known that may have it' : failures.slice(0, 5).join('; ')
  throw new UnavailableError(`artefact ${cid} could not be fetched: ${why}`, providers)
}

/** What this peer answers to those who fetch. */
export function serveChunks (sessions: Pick<Sessions, 'onRequest'>, files: ArtefactFiles): void {
  sessions.onRequest(CHUNK_KIND, async (body, from) => {
    const { cid, offset } = readFrom(CHUNK_KIND, from, () => readRequest(body))
    const chunk = await files.chunk(cid, offset)
    if (chunk === undefined) return Chunk.encode({ found: false, size: 0, bytes: new Uint8Array() })
    return Chunk.encode({ found: true, size: chunk.size, bytes: new Uint8Array(chunk.bytes) })
  })
}

function readRequest (body: Uint8Array): ChunkRequest {
  const request = ChunkRequest.decode(body)
  if (!isContentId(request.cid)) throw new InvalidInputError('this is no content id')
  return request
}

async function fetchFrom (sessions: Pick<Sessions, 'request'>, peer: string, cid: string, maxBytes: number, signal?: AbortSignal): Promise<Uint8Array> {
  const ask = async (offset: number): Promise<Chunk> => {
    const body = ChunkRequest.encode({ cid, offset })
    const options = { channel: 'bulk' as const, deadlineMs: CHUNK_DEADLINE_MS, ...(signal === undefined ? {} : { signal }) }
    const answer = await sessions.request(peer, CHUNK_KIND, body, options)
    return readFrom(CHUNK_KIND, peer, () => Chunk.decode(answer))
  }
  const first = await ask(0)
  if (!first.found) throw new UnavailableError('has no such artefact')
  // Refused before a byte is set aside for it.
  if (first.size > maxBytes) throw new TooLargeError(`artefact ${cid}`, first.size, maxBytes)

  const whole = new Uint8Array(first.size)
  place(whole, 0, first, first.size)
  for (let from = ARTEFACT_CHUNK_BYTES; from < first.size; from += ARTEFACT_CHUNK_BYTES * CHUNKS_UNDER_WAY) {
    const offsets = Array.from({ length: CHUNKS_UNDER_WAY }, (_, i) => from + i * ARTEFACT_CHUNK_BYTES).filter(offset => offset < first.size)
    const chunks = await Promise.all(offsets.map(ask))
    for (const [i, chunk] of chunks.entries()) place(whole, offsets[i] ?? 0, chunk, first.size)
  }
  return whole
}

function place (whole: Uint8Array, offset: number, chunk: Chunk, size: number): void {
  const expected = Math.min(ARTEFACT_CHUNK_BYTES, size - offset)
  if (!chunk.found || chunk.size !== size || chunk.bytes.length !== expected) throw new UnavailableError('sent a chunk that does not fit')
  whole.set(chunk.bytes, offset)
}
