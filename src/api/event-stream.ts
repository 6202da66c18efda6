/** Reads server-sent events as the HTML standard has them: lines, `data` joined, unknown fields and comments left out. */
import { pipe } from 'it-pipe'

export interface ReadEvent { id?: string, event: string, data: string }

/** A peer's events are far smaller; beyond it the sender is not one of ours. */
const MAX_EVENT_CHARS = 64 * 1024 * 1024

/** Leaving the loop over it ends the request. */
export function readEventStream (body: ReadableStream<Uint8Array>): AsyncGenerator<ReadEvent> {
  return pipe(chunksOf(body), linesOf, eventsOf)
}

/** Not every browser iterates over a stream. */
async function * chunksOf (body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value
  } finally {
    await reader.cancel().catch(() => {})
  }
}

async function * linesOf (chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const chunk of chunks) {
    const found = (rest + decoder.decode(chunk, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    rest = found.pop() ?? ''
    yield * found
    if (rest.length > MAX_EVENT_CHARS) throw new Error('an event of this stream does not end')
  }
}

async function * eventsOf (lines: AsyncIterable<string>): AsyncGenerator<ReadEvent> {
  let current: { id?: string, event?: string, data: string[] } = { data: [] }
  for await (const line of lines) {
    if (line !== '') {
      const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? []
      if (field === 'data') current.data.push(value)
      else if (field === 'event') current.event = value
      else if (field === 'id') current.id = value
      continue
    }
    if (current.data.length > 0) yield { id: current.id, event: current.event ?? 'message', data: current.data.join('\n') }
    current = { data: [] }
  }
}
