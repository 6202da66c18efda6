/** State directories that cannot be trusted or written: named, never emptied; the mesh beside goes on. */
import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { endsWithThis } from '../../scripts/support/children.js'
import { flowmesh, invite, until } from '../../scripts/support/local-mesh.js'
import { swarmOf, TESTDATA } from './suite.js'
import type { Neighbour } from './suite.js'

const BIN = join(process.cwd(), 'dist', 'flowmesh.js')

describe('swarm: state directories that cannot be used', function () {
  this.timeout(90_000)
  const swarm = swarmOf(['north', 'south', 'east'])
  let beside: Neighbour
  beforeEach(async () => { beside = await swarm.neighbour('north') })

  async function up (stateDir: string, ...more: string[]): Promise<{ code: number | null, stdout: string, stderr: string }> {
    return await flowmesh(['up', '--json', '--state-dir', stateDir, '--name', 'spare', '--domain', 'spare', '--listen', '/ip4/127.0.0.1/tcp/0', ...more])
  }

  /** The state of a peer that joined, ran and stopped; a copy, so that each test damages its own. */
  async function stoppedState (name: string): Promise<string> {
    const peer = await swarm.mesh.start({ name, join: await invite(swarm.peer('north').api) })
    await swarm.mesh.kill(name, 'SIGTERM')
    return peer.stateDir
  }

  const files = async (folder: string): Promise<string[]> => (await readdir(folder, { recursive: true })).sort()

  it('names who holds a locked one', async () => {
    const { code, stderr } = await up(swarm.peer('south').stateDir)

    expect(code).to.equal(1)
    expect(stderr).to.contain(`process ${swarm.peer('south').process.pid}`).and.contain('"south"').and.contain('--state-dir')
    await beside.ends('north')
  })

  it('refuses a damaged one by its path and leaves all that is in it', async () => {
    const stateDir = await stoppedState('damaged')
    const log = join(stateDir, 'store', (await readdir(join(stateDir, 'store'))).find(file => file.endsWith('.log'))!)
    const bytes = await readFile(log)
    const middle = Math.floor(bytes.length / 2)
    await writeFile(log, bytes.fill(0xff, middle, middle + 8))
    const before = await files(stateDir)

    const { code, stdout, stderr } = await up(stateDir)

    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' })
    expect(stderr).to.contain(stateDir).and.match(/damaged: store\/\d+\.log/).and.match(/Nothing was removed/)
    expect(await files(stateDir)).to.include.members(before)
    await beside.ends('north')
  })

  it('refuses one whose store was put back from a copy', async () => {
    const stateDir = await stoppedState('rolled')
    const kept = join(swarm.folder, 'kept')
    await cp(join(stateDir, 'store'), kept, { recursive: true })
    await swarm.mesh.start({ name: 'rolled' })
    await swarm.mesh.kill('rolled', 'SIGTERM')
    await rm(join(stateDir, 'store'), { recursive: true })
    await cp(kept, join(stateDir, 'store'), { recursive: true })

    const { code, stderr } = await up(stateDir)

    expect(code).to.equal(1)
    expect(stderr).to.contain(stateDir).and.match(/put back from a copy/).and.match(/Nothing was removed/)
    await beside.ends('north')
  })

  it('ends a peer that was started on an older copy of a whole one, and says so', async () => {
    const stateDir = await stoppedState('copied')
    const older = join(swarm.folder, 'older')
    await cp(stateDir, older, { recursive: true })
    await swarm.mesh.start({ name: 'copied' })
    await until('the mesh has seen the newer start', 20_000, async () => (await swarm.call<{ peer: string, status: string }[]>('north', 'GET', '/v1/peers')).body
      .some(({ peer, status }) => peer === swarm.peer('copied').peer && status === 'alive') ? true : undefined)
    await swarm.mesh.kill('copied', 'SIGTERM')

    const { code, stderr } = await up(older)

    expect(code, stderr).to.equal(1)
    expect(stderr).to.match(/copy|older|rolled|start/i).and.match(/join/)
    expect(await files(older)).to.include.members(['disk.json', 'store'])
    await beside.ends('north')
  })

  it('ends a peer whose disk is full with 1 and the reason, and what it has stays', async () => {
    // A limit on the size of files makes the system refuse a write as a full disk does, without being root.
    const stateDir = join(swarm.folder, 'full')
    const args = ['up', '--json', '--state-dir', stateDir, '--name', 'full', '--domain', 'full', '--listen', '/ip4/127.0.0.1/tcp/0']
    const child = endsWithThis(spawn('sh', ['-c', `ulimit -f 2048; exec "${process.execPath}" "${BIN}" ${args.map(arg => `'${arg}'`).join(' ')}`]))
    try {
      const said = { stdout: '', stderr: '' }
      child.stdout.on('data', (text: Buffer) => { said.stdout += text.toString() })
      child.stderr.on('data', (text: Buffer) => { said.stderr += text.toString() })
      const ended = new Promise<number | null>(resolve => child.once('close', resolve))
      const { api } = await until('it is ready', 20_000, async () => await Promise.resolve(said.stdout.includes('\n') ? JSON.parse(said.stdout.split('\n')[0]!) as { api: string } : undefined))
      const deployed = await flowmesh(['deploy', join(TESTDATA, 'echo.yaml'), '--api', api])
      expect(deployed.code, deployed.stderr).to.equal(0)
      let code: number | null | undefined
      void ended.then(result => { code = result })
      for (let i = 0; code === undefined && i < 400; i++) {
        await fetch(`${api}/v1/executions`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ workflow: 'echo', copies: 1, input: `${i}`.repeat(20_000) }), signal: AbortSignal.timeout(5_000) }).catch(() => {})
      }

      expect(await ended).to.equal(1)
      expect(said.stderr).to.contain('this peer cannot go on').and.match(/store|disk/)
      expect(await files(stateDir)).to.include.members(['disk.json', 'store'])
    } finally {
      child.kill('SIGKILL')
    }
    await beside.ends('north')
  })

  it('refuses a port in use by its number, for the API and for peers', async () => {
    const api = new URL(swarm.peer('north').api).port
    const port = /tcp\/(\d+)/.exec(swarm.peer('north').addresses[0]!)![1]!

    const [first, second] = await Promise.all([
      up(join(swarm.folder, 'taken-1'), '--api', `127.0.0.1:${api}`),
      flowmesh(['up', '--json', '--state-dir', join(swarm.folder, 'taken-2'), '--log', 'error', '--listen', `/ip4/127.0.0.1/tcp/${port}`])
    ])

    expect([first.code, second.code]).to.deep.equal([2, 2])
    expect(first.stderr).to.contain(`port ${api} of 127.0.0.1 is in use`)
    expect(second.stderr).to.contain(port).and.match(/in use/).and.contain('--listen')
    await beside.ends('north')
  })
})
