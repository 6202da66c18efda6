/** Kills at named moments inside a real peer, where no signal from outside would strike. */
import { expect } from 'chai'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '../../scripts/support/local-mesh.js'
import type { LocalPeer } from '../../scripts/support/local-mesh.js'
import type { Failpoint } from '../../src/failpoints.js'
import { swarmOf } from './suite.js'

const NAMES = ['north', 'south', 'east']
const ORDERS = 6
const WITHIN_MS = 40_000
const ACCEPTED_WITHIN_MS = 4000
/** More entries of the control plane's log than it takes to start its only member again and to move sets. */
const ENTRIES = 60

describe('swarm: kills at failpoints', function () {
  this.timeout(150_000)
  const swarm = swarmOf(NAMES)
  afterEach(async function () {
    this.timeout(60_000)
    for (const name of NAMES) if (!swarm.living().includes(name)) await swarm.mesh.start({ name })
    await swarm.setsWhole()
  })

  /** The peer again, on its old state, with a kill that waits for it at that moment. */
  async function armed (name: string, failpoint: Failpoint, hit = 1): Promise<LocalPeer> {
    await swarm.mesh.kill(name)
    const peer = await swarm.mesh.start({ name, env: { FLOWMESH_FAILPOINTS: `${failpoint}=kill@${hit}` } })
    await swarm.setsWhole()
    await swarm.setWithout('north') // the two others keep what is started: the kill strikes, and nothing waits for the only controller
    return peer
  }

  /** Whoever is told that its start was not accepted, or is not told anything because of the kill, starts another one. */
  async function start (): Promise<string | undefined> {
    const accepted = swarm.start('north', 'neighbour', { outside: swarm.outside.url }).catch(() => undefined)
    return await Promise.race([accepted, sleep(ACCEPTED_WITHIN_MS, undefined, { ref: false })])
  }

  async function killed ({ name, process: child }: LocalPeer): Promise<void> {
    if (child.signalCode === null) await once(child, 'exit', { signal: AbortSignal.timeout(WITHIN_MS) })
    expect(child.signalCode, name).to.equal('SIGKILL')
  }

  async function allEnd (ids: string[], readAt: string): Promise<void> {
    for (const id of ids) {
      const view = await swarm.ended(readAt, id)
      expect(view.status, JSON.stringify(view)).to.equal('completed')
      const keys = swarm.outside.keys(id)
      expect(keys.size, 'one key a step').to.equal(3)
      expect(Math.max(...keys.values()), 'the step that ran, and one that ran ahead, once more').to.be.at.most(2)
    }
  }

  const moments: [Failpoint, string][] = [
    ['checkpoint.before-acknowledge', 'a replica dies with a record synced that nobody heard of'],
    ['sidecar.record-done', 'a writer dies between what is done everywhere and what follows from it']
  ]
  for (const [failpoint, what] of moments) {
    it(`${failpoint}: ${what}; the others end it`, async () => {
      const victim = await armed('south', failpoint)

      const ids = await Promise.all(Array.from({ length: ORDERS }, async () => await until('a start is accepted', WITHIN_MS, start)))
      await killed(victim)

      await allEnd(ids, 'east')
    })
  }

  it('control.before-apply: the controller dies with a decision synced; running work ends, and the decision holds when it is back', async () => {
    const victim = await armed('north', 'control.before-apply', ENTRIES)
    const ids = await Promise.all(Array.from({ length: ORDERS }, async () => await swarm.start('south', 'neighbour', { outside: swarm.outside.url })))

    const answered: string[] = []
    let unanswered: string | undefined
    for (let i = 0; unanswered === undefined && i < 200; i++) {
      const text = `document: { dsl: 1.0.3, namespace: test, name: late-${i}, version: 1.0.0 }\ndo:\n  - a: { set: { x: ${i} } }\n`
      const { status } = await swarm.call('north', 'POST', '/v1/workflows', text, { 'content-type': 'application/yaml' }).catch(() => ({ status: 0 }))
      if (status === 201) answered.push(`late-${i}`)
      else unanswered = `late-${i}`
    }
    await killed(victim)
    await allEnd(ids, 'east')
    await swarm.mesh.start({ name: 'north' })

    const known = await until('the decision is known', WITHIN_MS, async () => {
      const { body } = await swarm.call<{ name: string }[]>('south', 'GET', '/v1/workflows')
      return body.some(({ name }) => name === unanswered) ? body.map(({ name }) => name) : undefined
    })
    expect(answered).to.not.be.empty
    expect(known).to.include.members(answered)
  })
})
