/** `flowmesh up` as a real process: ready line, ports, refusals, and a clean stop beside which its neighbour goes on. */
import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import '../support/ends-with-parent.js'
import { flowmesh, start } from '../cli/command.js'
import type { Running } from '../cli/command.js'
import type { ReadyPeer } from '../../src/peer-options.js'

describe('flowmesh up', function () {
  this.timeout(60_000)
  let folder: string
  let up: Running | undefined

  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), 'flowmesh-up-')) })
  afterEach(async () => {
    up?.child.kill('SIGKILL')
    await up?.ended
    up = undefined
    await rm(folder, { recursive: true, force: true })
  })

  const args = (name: string, ...more: string[]): string[] =>
    ['up', '--json', '--state-dir', join(folder, name), '--name', name, '--listen', '/ip4/127.0.0.1/tcp/0', ...more]
  const ready = async (running: Running): Promise<ReadyPeer & { event: string }> => await new Promise((resolve, reject) => {
    createInterface(running.child.stdout).once('line', line => { resolve(JSON.parse(line) as ReadyPeer & { event: string }) })
    void running.ended.then(({ stderr }) => { reject(new Error(stderr)) })
  })

  it('says in one line that it is ready, is found by its state directory, and exits 0 when told to stop', async () => {
    up = start(args('one'))
    const line = await ready(up)
    const peers = await flowmesh(['peers', '--json', '--state-dir', join(folder, 'one')])
    up.child.kill('SIGTERM')
    const from = performance.now()
    const { code } = await up.ended

    expect(line).to.include({ event: 'ready', stateDir: join(folder, 'one') }).and.to.have.all.keys('event', 'peer', 'mesh', 'addresses', 'api', 'stateDir')
    expect(line.addresses.every(address => address.endsWith(`/p2p/${line.peer}`))).to.equal(true)
    expect((JSON.parse(peers.stdout) as { peer: string }[]).map(({ peer }) => peer)).to.deep.equal([line.peer])
    expect(code).to.equal(0)
    expect(performance.now() - from).to.be.below(10_000)
  })

  it('keeps its identity and its ports over a kill -9', async () => {
    up = start(args('one'))
    const before = await ready(up)
    up.child.kill('SIGKILL')
    await up.ended
    up = start(args('one'))
    const after = await ready(up)

    expect({ peer: after.peer, mesh: after.mesh, api: after.api, addresses: after.addresses })
      .to.deep.equal({ peer: before.peer, mesh: before.mesh, api: before.api, addresses: before.addresses })
  })

  it('goes on when nobody reads any more what it says', async () => {
    up = start(args('one', '--log', 'debug'))
    const { api } = await ready(up)
    up.child.stdout.destroy()
    up.child.stderr.destroy()
    const source = 'document: { dsl: 1.0.3, namespace: t, name: one, version: 1.0.0, metadata: { flowmesh: { copies: 1 } } }\ndo: [{ a: { set: { x: 1 } } }]'
    await fetch(api + '/v1/workflows', { method: 'POST', body: source })

    for (let i = 0; i < 3; i++) { // each is told on stdout when it has ended
      const { status } = await fetch(api + '/v1/executions?wait=20s', { method: 'POST', body: '{"workflow":"one"}' })
      expect(status).to.equal(200)
    }
    up.child.kill('SIGTERM')

    expect((await up.ended).code).to.equal(0)
  })

  it('refuses a state directory in use, a port in use, and a token that is none, by name; the peer beside goes on', async () => {
    up = start(args('one'))
    const { api } = await ready(up)
    const port = new URL(api).port

    const [locked, taken, token] = await Promise.all([args('one'), args('two', '--api', `127.0.0.1:${port}`), args('three', '--join', 'not-a-token')]
      .map(async each => await flowmesh(each)))
    const health = await fetch(api + '/healthz')

    expect([locked?.code, taken?.code, token?.code]).to.deep.equal([1, 2, 2])
    expect(locked?.stderr).to.contain(String(up.child.pid)).and.contain('--state-dir')
    expect(taken?.stderr).to.contain(`port ${port} of 127.0.0.1 is in use`).and.contain('--api')
    expect(token?.stderr).to.match(/token/)
    expect([locked, taken, token].map(ended => ended?.stdout)).to.deep.equal(['', '', ''])
    expect(health.status).to.equal(200)
  })
})
