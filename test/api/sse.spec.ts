/** Streams of events come and go for as long as a peer lives. */
import { expect } from 'chai'
import { getEventListeners } from 'node:events'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sendEvents } from '../../src/api/sse.js'
import type { SentEvent } from '../../src/api/sse.js'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

describe('server-sent events', () => {
  it('leave nothing with the API when they end, and when their reader goes', async () => {
    const closing = new AbortController()
    const sources: AbortSignal[] = []
    const source = (count: number) => async function * (signal: AbortSignal): AsyncGenerator<SentEvent> {
      sources.push(signal)
      for (let i = 0; i < count; i++) yield { event: 'step', data: i }
    }

    const whole = await sendEvents(source(2), closing.signal, '/a').text()
    const reader = sendEvents(source(Infinity), closing.signal, '/b').body!.getReader()
    await reader.read()
    await reader.cancel()

    expect(whole).to.match(/data: 0\n\n.*data: 1\n\nevent: end/s)
    expect(getEventListeners(closing.signal, 'abort')).to.have.length(0)
    expect(sources.map(({ aborted }) => aborted)).to.deep.equal([false, true])
  })

  it('end when the API closes, also when their source says nothing', async () => {
    const closing = new AbortController()
    const silent = async function * (): AsyncGenerator<SentEvent> { await new Promise(() => {}) }

    const text = sendEvents(silent, closing.signal, '/a').text()
    closing.abort()

    expect(await text).to.match(/closing/)
  })

  it('keep no event that was sent, however long the stream is', async () => {
    const refs: WeakRef<object>[] = []
    const endless = async function * (): AsyncGenerator<SentEvent> {
      for (;;) {
        const data = { large: 'x'.repeat(1000) }
        refs.push(new WeakRef(data))
        yield { event: 'step', data }
      }
    }
    const reader = sendEvents(endless, new AbortController().signal, '/a').body!.getReader()

    for (let i = 0; i < 50; i++) await reader.read()
    await new Promise(resolve => setImmediate(resolve))
    collect()

    expect(refs.filter(ref => ref.deref() !== undefined).length).to.be.below(5)
    await reader.cancel()
  })
})
