/**
 * Server-sent events from an async source. A slow reader slows the source down (`desiredSize`), a silent stream carries a
 * comment every 15 s so that proxies keep it, and whoever goes away ends the source.
 */
import { toProblem } from './problem.js'

const KEEP_ALIVE_MS = 15_000

export interface SentEvent { id?: string, event: string, data: unknown }

/**
 * Ends with `event: end` when the source ends, with `event: problem` when it fails: go on with `Last-Event-ID` then.
 * `closing` lives as long as the API and sees streams without number: nothing of one stays with it.
 */
export function sendEvents (source: (signal: AbortSignal) => AsyncIterable<SentEvent>, closing: AbortSignal, instance: string): Response {
  const encoder = new TextEncoder()
  const abort = new AbortController()
  const stop = (): void => { abort.abort() }
  closing.addEventListener('abort', stop, { once: true })
  if (closing.aborted) stop()
  const events = source(abort.signal)[Symbol.asyncIterator]()
  let keepAlive: ReturnType<typeof setInterval> | undefined
  const over = (): void => {
    clearInterval(keepAlive)
    closing.removeEventListener('abort', stop)
  }
  const body = new ReadableStream<Uint8Array>({
    start (controller) {
      controller.enqueue(encoder.encode('retry: 1000\n\n'))
      keepAlive = setInterval(() => {
        if ((controller.desiredSize ?? 0) > 0) controller.enqueue(encoder.encode(': here\n\n'))
      }, KEEP_ALIVE_MS)
    },
    async pull (controller) {
      const text = await nextText(events, abort.signal, instance)
      controller.enqueue(encoder.encode(text.text))
      if (!text.last) return
      over()
      controller.close()
    },
    cancel () {
      over()
      stop()
    }
  })
  return new Response(body, {
    headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' }
  })
}

async function nextText (
  events: AsyncIterator<SentEvent>, signal: AbortSignal, instance: string
): Promise<{ text: string, last: boolean }> {
  try {
    const next = await nextOrAborted(events, signal)
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

/** No race with one promise for the whole stream: that would keep every event until the stream ends. */
async function nextOrAborted (events: AsyncIterator<SentEvent>, signal: AbortSignal): Promise<IteratorResult<SentEvent> | 'aborted'> {
  if (signal.aborted) return 'aborted'
  return await new Promise((resolve, reject) => {
    const abort = (): void => { resolve('aborted') }
    signal.addEventListener('abort', abort, { once: true })
    events.next().then(resolve, reject).finally(() => { signal.removeEventListener('abort', abort) })
  })
}
