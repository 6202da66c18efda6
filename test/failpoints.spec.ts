import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { armFailpoints, failpoint } from '../src/failpoints.js'

describe('failpoints', () => {
  afterEach(() => { armFailpoints('') })

  it('give nothing to wait for when not armed', () => {
    expect(failpoint('store.before-sync')).to.equal(undefined)
  })

  it('act at the hit they were armed for, once', async () => {
    armFailpoints('store.before-sync=error@3')

    const results = await Promise.allSettled([1, 2, 3, 4].map(async () => { await failpoint('store.before-sync') }))

    expect(results.map(({ status }) => status)).to.deep.equal(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })

  it('act at every hit when told so, each by its own name', async () => {
    armFailpoints('store.before-sync=error@*, sidecar.effect-done=pause:30')
    const start = performance.now()

    await failpoint('sidecar.effect-done')

    expect(performance.now() - start).to.be.above(25)
    expect(failpoint('store.after-sync')).to.equal(undefined)
    for (let i = 0; i < 2; i++) {
      const err = await Promise.resolve(failpoint('store.before-sync')).catch((err: Error) => err)
      expect(err).to.have.property('name', 'FailpointError')
    }
  })

  it('let the whole process stand still', () => {
    armFailpoints('store.before-sync=stall:30')
    const start = performance.now()

    void failpoint('store.before-sync')

    expect(performance.now() - start).to.be.above(28)
  })

  it('refuse names, actions and forms they do not know', () => {
    for (const spec of ['nowhere=kill', 'store.before-sync=explode', 'store.before-sync', 'store.before-sync=kill@', '=kill']) {
      expect(() => { armFailpoints(spec) }, spec).to.throw('is not of the form')
    }
  })

  it('are armed by the environment and kill the real process', async () => {
    const code = 'import("./build/src/failpoints.js").then(({ failpoint }) => { failpoint("store.after-sync"); console.log("passed once"); failpoint("store.after-sync") })'

    const ended = await new Promise<{ signal: string | undefined, stdout: string }>(resolve => {
      execFile(process.execPath, ['-e', code], { env: { ...process.env, FLOWMESH_FAILPOINTS: 'store.after-sync=kill@2' } },
        (err, stdout) => { resolve({ signal: err?.signal ?? undefined, stdout }) })
    })

    expect(ended.signal).to.equal('SIGKILL')
  })
})
