/** Peers that may not join, or cannot: each says why by name, and the mesh beside goes on. */
import { expect } from 'chai'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { flowmesh, invite, LocalMesh } from '../../scripts/support/local-mesh.js'
import { start } from '../cli/command.js'
import { swarmOf } from './suite.js'
import type { Neighbour } from './suite.js'

describe('swarm: joining', function () {
  this.timeout(90_000)
  const swarm = swarmOf(['north'])
  let beside: Neighbour
  let count = 0
  beforeEach(async () => { beside = await swarm.neighbour('north') })

  async function refused (...how: string[]): Promise<{ code: number | null, stderr: string }> {
    const stateDir = join(swarm.folder, `stranger-${count++}`)
    const running = start(['up', '--json', '--state-dir', stateDir, '--listen', '/ip4/127.0.0.1/tcp/0', '--join-timeout', '4s', ...how])
    running.child.stdout.once('data', () => { running.child.kill('SIGKILL') })
    const ended = await running.ended
    expect(ended.stdout, 'it was let in').to.equal('')
    return ended
  }

  it('takes a token once: who comes second is told that it is spent', async () => {
    const token = await invite(swarm.peer('north').api)
    await swarm.mesh.start({ name: 'south', join: token })

    const { code, stderr } = await refused('--join', token)

    expect(code).to.equal(4)
    expect(stderr).to.match(/was used up; ask for a new one/)
    await beside.ends('south')
  })

  it('tells who comes too late that the token has expired', async () => {
    const { body: { token, expiresAt } } = await swarm.call<{ token: string, expiresAt: string }>('north', 'POST', '/v1/invites', { ttl: '1s' })
    while (Date.now() <= Date.parse(expiresAt)) await new Promise(resolve => setTimeout(resolve, 50))

    const { code, stderr } = await refused('--join', token)

    expect(code).to.equal(4)
    expect(stderr).to.match(/expired.*ask for a new one/)
    await beside.ends('north')
  })

  it('refuses a token of another mesh, by whichever addresses it comes', async () => {
    const other = await LocalMesh.create()
    const token = await other.start({ name: 'elsewhere' }).then(async ({ api }) => await invite(api)).finally(async () => { await other.close() })

    const { code, stderr } = await refused('--bootstrap', swarm.peer('north').addresses[0]!, '--token', token)

    expect(code).to.equal(3)
    expect(stderr).to.match(/token (are )?of the same mesh/)
    await beside.ends('north')
  })

  it('refuses a damaged token before it dials anybody', async () => {
    const token = await invite(swarm.peer('north').api)

    const { code, stderr } = await refused('--join', token.slice(0, -5))

    expect(code).to.equal(2)
    expect(stderr).to.match(/damaged or cut off/)
    await beside.ends('north')
  })

  it('says that nothing listens at a bootstrap address', async () => {
    const port = await freePort()

    const { code, stderr } = await refused('--bootstrap', `/ip4/127.0.0.1/tcp/${port}`)

    expect(code).to.equal(3)
    expect(stderr).to.contain(`/ip4/127.0.0.1/tcp/${port}: nothing listens there`)
    await beside.ends('north')
  })

  it('is not led astray by a bootstrap address where something else answers', async () => {
    const liar = createServer(socket => { socket.on('error', () => {}).end('HTTP/1.1 200 OK\r\n\r\nwelcome') })
    await new Promise<void>(resolve => liar.listen(0, '127.0.0.1', resolve))
    try {
      const { code, stderr } = await refused('--bootstrap', `/ip4/127.0.0.1/tcp/${portOf(liar)}`)

      expect(code).to.equal(3)
      expect(stderr).to.match(/it answers, but with another network key or protocol/)
    } finally {
      liar.close()
    }
    await beside.ends('north')
  })

  it('is not led astray by an address that names another peer than the one that answers', async () => {
    const stranger = '12D3KooWGLdTY8CiG5Eaaxzya1tyB8eTQwRzDkQBS1grEYyYXkHL'
    const open = await LocalMesh.create()
    try {
      const { addresses } = await open.start({ name: 'open', args: ['--open'] })

      const { code, stderr } = await refused('--bootstrap', addresses[0]!.replace(/\/p2p\/.*/, `/p2p/${stranger}`))

      expect(code).to.equal(3)
      expect(stderr).to.match(/another peer than the expected one answers there/)
    } finally {
      await open.close()
    }
    await beside.ends('north')
  })

  it('answers every start that is made while a peer joins and the replica sets grow', async () => {
    const growing = await LocalMesh.create()
    try {
      const founder = await growing.start({ name: 'founder' })
      const guest = await growing.start({ name: 'guest', join: await invite(founder.api) })
      const post = async (path: string, body: string): Promise<Response> => await fetch(guest.api + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      const deployed = await fetch(founder.api + '/v1/workflows', { method: 'POST', body: 'document: { dsl: 1.0.3, namespace: test, name: hello, version: 1.0.0 }\ndo:\n  - say: { set: { text: hello } }\n' })
      expect(deployed.status).to.equal(201)

      const starts = await Promise.all(Array.from({ length: 40 }, async (_, i) => {
        await new Promise(resolve => setTimeout(resolve, i * 25))
        return await post('/v1/executions?wait=8s', '{"workflow":"hello"}')
      }))

      expect(starts.filter(({ status }) => status !== 200)).to.deep.equal([])
    } finally {
      await growing.close()
    }
    await beside.ends('north')
  })

  it('founds an open mesh that anybody with an address may join, to run work but not to deploy', async () => {
    const open = await LocalMesh.create()
    try {
      const founder = await open.start({ name: 'open', args: ['--open'] })
      const guest = await open.start({ name: 'guest', args: ['--bootstrap', founder.addresses[0]!] })
      const source = 'document: { dsl: 1.0.3, namespace: test, name: hello, version: 1.0.0 }\ndo:\n  - say: { set: { text: hello } }\n'
      const post = async (api: string, path: string, body: string): Promise<Response> => await fetch(api + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body })

      const byGuest = await post(guest.api, '/v1/workflows', source)
      const byFounder = await post(founder.api, '/v1/workflows', source)
      const run = await flowmesh(['run', 'hello', '--api', guest.api])

      expect(founder.log.join('\n')).to.match(/WARNING: an open mesh/)
      expect([byGuest.status, byFounder.status]).to.deep.equal([403, 201])
      expect(run.code, run.stderr).to.equal(0)
      expect(JSON.parse(run.stdout)).to.deep.equal({ text: 'hello' })
    } finally {
      await open.close()
    }
    await beside.ends('north')
  })
})

async function freePort (): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const port = portOf(server)
  await new Promise(resolve => server.close(resolve))
  return port
}

function portOf (server: Server): number { return (server.address() as AddressInfo).port }
