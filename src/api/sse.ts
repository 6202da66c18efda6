/**
 * Server-sent events from an async source. A slow reader slows the source down (`desiredSize`), a silent stream carries a
 * comment every 15 s so that proxies keep it, and whoever goes away ends the source.
 */
import { toProblem } from './problem.js'

const KEEP_ALIVE_MS = 15_000

export interface SentEvent { id?: string, event: string, data: unknown }

/** Ends with `event: end` when the source ends, with `event: problem` when it fails: go on with `Last-Event-ID` then. */
export function sendEvents (source: AsyncIterable<SentEvent>, abort: AbortController, instance: string): Response {
  const encoder = new TextEncoder()
  const events = source[Symbol.asyncIterator]()
  const gone = aborted(abort.signal)
  let keepAlive: ReturnType<typeof setInterval> | undefined
  const body = new ReadableStream<Uint8Array>({
    start (controller) {
      controller.enqueue(encoder.encode('retry: 1000\n\n'))
      keepAlive = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(': here\n\n'))
      }, KEEP_ALIVE_MS)
    },
    async pull (controller) {
      const text = await nextText(events, gone, instance)
      controller.enqueue(encoder.encode(text.text))
      if (!text.last) return
      clearInterval(keepAlive)
      controller.close()
    },
    cancel () {
      clearInterval(keepAlive)
      abort.abort()
    }
  })
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }
  })
}

async function nextText (
  events: AsyncIterator<SentEvent>, gone: Promise<'aborted'>, instance: string
): Promise<{ text: string, last: boolean }> {
  try {
    const next = await Promise.race([events.next(), gone])
    if (next === 'aborted') {
      void events.return?.()?.catch(() => {}) // the source may hang; whoever aborted does not wait for it
      return { text: ': closing\n\n', last: true }
    }
    if (next.done === true) return { text: format({ event: 'end', data: {} }), last: true }
    return { text: format(next.value), last: false }
  } catch (err) {
    return { text: format({ event: 'problem', data: toProblem(err, instance) }), last: true }
  }
}

/** JSON has no line breaks of its own; ids and names, of which other peers make parts, lose theirs: none can forge a field. */
function format ({ id, event, data }: SentEvent): string {
  return `${id === undefined ? '' : `id: ${oneLine(id)}\n`}event: ${oneLine(event)}\ndata: ${JSON.stringify(data)}\n\n`
}

function oneLine (text: string): string {
  return text.replace(/[\r\n\0]/g, ' ')
}

async function aborted (signal: AbortSignal): Promise<'aborted'> {
  return await new Promise(resolve => {
    if (signal.aborted) resolve('aborted')
    else signal.addEventListener('abort', () => { resolve('aborted') }, { once: true })
  })
}
