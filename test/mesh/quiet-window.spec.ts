import { yamux } from '@chainsafe/libp2p-yamux'
import { multiaddrConnectionPair } from '@libp2p/utils'
import { expect } from 'chai'
import type { Stream } from '@libp2p/interface'
import { quietWindow } from '../../src/mesh/quiet-window.js'
import { until } from './meshes.js'

const UPDATE = 1

/** A stream of real yamux; `updates` counts the window updates that its reader has sent. */
async function open (quiet: boolean): Promise<{ stream: Stream, received: () => number, updates: () => number, close: () => void }> {
  const [near, far] = multiaddrConnectionPair()
  const factory = yamux()()
  const muxers = [near, far].map(connection => factory.createStreamMuxer(connection)) as [ReturnType<typeof factory.createStreamMuxer>, ReturnType<typeof factory.createStreamMuxer>]
  let [received, updates] = [0, 0]
  near.addEventListener('message', ({ data }) => { if (data.subarray()[1] === UPDATE) updates++ })
  const stream = await muxers[0].createStream()
  await until(() => muxers[1].streams.length > 0)
  const reader = muxers[1].streams[0]!
  if (quiet) quietWindow(reader)
  reader.addEventListener('message', ({ data }) => { received += data.byteLength })
  return { stream, received: () => received, updates: () => updates, close: () => { for (const muxer of muxers) muxer.abort(new Error('over')) } }
}

async function send (stream: Stream, bytes: number, each: number): Promise<void> {
  for (let sent = 0; sent < bytes; sent += each) {
    if (!stream.send(new Uint8Array(each))) await stream.onDrain()
    await new Promise(resolve => setImmediate(resolve))
  }
}

describe('quiet window', () => {
  it('tells a sender of small messages seldom how much it may send', async () => {
    const told: number[] = []
    for (const quiet of [false, true]) {
      const { stream, received, updates, close } = await open(quiet)
      const before = updates()

      await send(stream, 100_000, 500)
      await until(() => received() === 100_000)

      told.push(updates() - before)
      close()
    }

    expect(told[0], 'as it comes').to.be.at.least(50)
    expect(told[1], 'quiet').to.be.within(1, 2)
  })

  it('keeps a sender going that sends many windows', async () => {
    const { stream, received, close } = await open(true)

    await send(stream, 8 << 20, 64 << 10)
    await until(() => received() === 8 << 20)

    close()
  })
})
