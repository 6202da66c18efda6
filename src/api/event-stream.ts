/** Reads server-sent events as the HTML standard has them: lines, `data` joined, unknown fields and comments left out. */
export interface ReadEvent { id?: string, event: string, data: string }

/** A peer's events are far smaller; beyond it the sender is not one of ours. */
const MAX_EVENT_CHARS = 64 * 1024 * 1024

export async function * readEventStream (body: ReadableStream<Uint8Array>): AsyncGenerator<ReadEvent> {
  let current: { id?: string, event?: string, data: string[] } = { data: [] }
  for await (const line of lines(body)) {
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

async function * lines (body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      rest += decoder.decode(value, { stream: !done })
      const found = rest.split(/\r\n|\n|\r(?!$)/)
      rest = found.pop() ?? ''
      yield * found
      if (done) return
      if (rest.length > MAX_EVENT_CHARS) throw new Error('an event of this stream does not end')
    }
  } finally {
    await reader.cancel().catch(() => {})
  }
}
