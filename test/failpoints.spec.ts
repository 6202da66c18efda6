import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterFailpoint, armFailpoints, failpoint, FAILPOINTS } from '../src/failpoints.js'

describe('failpoints', () => {
  afterEach(() => { armFailpoints('') })

  it('are each placed at one moment, and no other names are', () => {
    const texts = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).map(file => readFileSync(join('src', file), 'utf8'))
    const placed = texts.flatMap(text => [...text.matchAll(/\b(?:failpoint|afterFailpoint)\('([^']+)'/g)].map(([, name]) => name!))

    expect(placed.sort()).to.deep.equal([...FAILPOINTS].sort())
  })

  it('hold back, or leave out, a step that nobody awaits', async () => {
    const steps: string[] = []
    const step = (name: string) => () => { steps.push(name) }
    afterFailpoint('sidecar.record-done', step('unarmed'))
    expect(steps).to.deep.equal(['unarmed'])

    armFailpoints('sidecar.record-done=pause:20, sidecar.accepted=error')
    afterFailpoint('sidecar.record-done', step('paused'))
    afterFailpoint('sidecar.accepted', step('left out'))
    expect(steps).to.deep.equal(['unarmed'])
    await new Promise(resolve => setTimeout(resolve, 60))

    expect(steps).to.deep.equal(['unarmed', 'paused'])
  })

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
