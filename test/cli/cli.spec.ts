/** The command line's edge: what it sends, prints, and exits with. The API behind it has its ports in memory. */
import { expect } from 'chai'
import { mkdtemp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readApiFile, removeApiFile, writeApiFile } from '../../src/api/api-file.js'
import type { RunningApi } from '../../src/api/ports.js'
import { ConflictError, NotPermittedError, TimeoutError, UnavailableError } from '../../src/errors.js'
import { executionOf, inProcess, serve, workflow } from '../api/ports-in-process.js'
import type { InProcess } from '../api/ports-in-process.js'
import { flowmesh, start } from './command.js'
import type { Ended } from './command.js'

describe('flowmesh (edge)', function () {
  this.timeout(30_000)
  let peer: InProcess
  let api: RunningApi
  let folder: string
  let env: Record<string, string>

  before(async () => { folder = await mkdtemp(join(tmpdir(), 'flowmesh-cli-')) })
  after(async () => { await rm(folder, { recursive: true, force: true }) })
  beforeEach(async () => {
    peer = inProcess()
    ;(peer.view.workflows as Map<string, unknown>).set('default/checkout:1.0.0', workflow('checkout'))
    api = await serve(peer)
    env = { FLOWMESH_API: api.url }
  })
  afterEach(async () => { await api.close() })

  const file = async (name: string, text: string): Promise<string> => {
    const path = join(folder, name)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, text)
    return path
  }

  describe('run', () => {
    it('prints the output on stdout, and the id and a line per task with its peer on stderr', async () => {
      const { code, stdout, stderr } = await flowmesh(['run', 'checkout', '--input', '{"a":1}'], env)

      expect(stderr).to.match(/^execution s1\.0\n✓ \/do\/0\/pay on two in 30 ms\n$/)
      expect(JSON.parse(stdout)).to.deep.equal({ ok: true })
      expect(code).to.equal(0)
      expect(peer.executions.get('s1.0')?.input).to.deep.equal({ a: 1 })
    })

    it('prints the whole execution as one JSON line with --json', async () => {
      const { stdout } = await flowmesh(['run', 'checkout', '--json'], env)

      expect(stdout.trimEnd().split('\n')).to.have.length(1)
      expect(JSON.parse(stdout)).to.include({ id: 's1.0', status: 'completed', final: true })
    })

    it('reads input from a file, and names file and field when it is not JSON', async () => {
      const good = await flowmesh(['run', 'checkout', '--input', '@' + await file('in.json', '[1, 2]')], env)
      const bad = await flowmesh(['run', 'checkout', '--input', '@' + await file('bad.json', '{a}')], env)
      const missing = await flowmesh(['run', 'checkout', '--input', '@' + join(folder, 'none.json')], env)

      expect([good.code, bad.code, missing.code]).to.deep.equal([0, 2, 2])
      expect(bad.stderr).to.contain('bad.json').and.contain('--input').and.contain('not JSON')
      expect(peer.executions.size).to.equal(1)
    })

    it('refuses input that nests too deeply before it is sent, and names the line where it can', async () => {
      const deep = await file('deep.json', '['.repeat(200_000) + ']'.repeat(200_000))
      const comma = await file('comma.json', '{\n  "a": 1,\n}')
      const ended = await Promise.all([deep, comma].map(async path => await flowmesh(['run', 'checkout', '--input', `@${path}`], env)))

      expect(ended.map(({ code, stdout }) => [code, stdout])).to.deep.equal([[2, ''], [2, '']])
      expect(ended[0]?.stderr).to.equal(`flowmesh: ${deep}: --input nests deeper than 256 levels\n`)
      expect(ended[1]?.stderr).to.match(/comma\.json:3:1: --input is not JSON/)
      expect(peer.executions.size).to.equal(0)
    })

    it('exits 1 and says why when it faulted, with nothing on stdout', async () => {
      const error = { type: 'https://example.com/declined', status: 402, title: 'Card declined', detail: 'no money', instance: '/do/0/pay' }
      peer.ports.executions.read = async id => executionOf(id, { status: 'faulted', output: undefined, error })

      const { code, stdout, stderr } = await flowmesh(['run', 'checkout'], env)

      expect([code, stdout]).to.deep.equal([1, ''])
      expect(stderr).to.contain('Card declined (402): no money, at /do/0/pay')
    })

    it('prints the id alone with --detach', async () => {
      const { code, stdout, stderr } = await flowmesh(['run', 'checkout', '--detach', '--key', 'order-7'], env)

      expect([code, stdout, stderr]).to.deep.equal([0, 'order-7\n', ''])
    })

    it('exits 5 at --timeout and 130 when interrupted, and says that the execution goes on', async () => {
      peer.ports.executions.read = async id => executionOf(id, { status: 'running', final: false, endedAt: undefined, tasks: [] })
      const late = await flowmesh(['run', 'checkout', '--timeout', '300ms'], env)
      const running = start(['run', 'checkout'], env)
      await running.stderrMatches(/execution/)
      running.child.kill('SIGINT')
      const interrupted = await running.ended

      expect([late.code, interrupted.code]).to.deep.equal([5, 130])
      expect(late.stderr).to.contain('goes on')
      expect(interrupted.stderr).to.contain('goes on').and.contain('--watch')
    })

    it('waits for an outcome that is not final yet, and shows what an execution waits for', async () => {
      let reads = 0
      peer.ports.executions.read = async id => ++reads < 3 ? executionOf(id, { status: 'waiting', reason: 'replica two is away', final: false }) : executionOf(id)

      const { code, stderr } = await flowmesh(['run', 'checkout'], env)

      expect(code).to.equal(0)
      expect(stderr.match(/waiting: replica two is away/g)).to.have.length(1)
    })

    it('keeps what other peers wrote from steering the terminal', async () => {
      peer.ports.executions.read = async id => executionOf(id, { status: 'faulted', error: { type: 'x', status: 500, title: '\u001b[2Jgone\u0007' } })

      const { stderr } = await flowmesh(['run', 'checkout'], env)

      expect(stderr).to.match(/gone/).and.not.match(/[\u001b\u0007]/)
    })

    it('names the task that waits by its own will, and refuses words that no option has', async () => {
      let reads = 0
      peer.ports.executions.read = async id => reads++ < 3
        ? executionOf(id, { status: 'waiting', final: false, endedAt: undefined, tasks: [{ ...executionOf(id).tasks[0]!, task: '/do/1/nap', status: 'waiting', endedAt: undefined }] })
        : executionOf(id)

      const { stderr } = await flowmesh(['run', 'checkout'], env)
      const wrong = await Promise.all([['executions', '--status', 'done'], ['invite', '--role', 'admin'], ['invite', '--ttl', '5'], ['run', 'checkout', '--copies', '9']].map(async args => await flowmesh(args, env)))

      expect(stderr).to.contain('waiting: /do/1/nap\n')
      expect(wrong.map(({ code }) => code)).to.deep.equal([2, 2, 2, 2])
      expect(wrong[0]?.stderr).to.contain('Allowed choices are pending, running')
      expect(wrong[1]?.stderr).to.contain('Allowed choices are peer, deployer, operator, viewer')
      expect(wrong[2]?.stderr).to.contain('--ttl: "5" is not a duration')
      expect(wrong[3]?.stderr).to.contain('at most 5 peers')
    })
  })

  it('exits by the kind of error', async () => {
    const exits: Ended[] = []
    for (const err of [new ConflictError('taken'), new NotPermittedError('not a deployer'), new TimeoutError('it', 5)]) {
      peer.ports.executions.start = async () => { throw err }
      exits.push(await flowmesh(['run', 'checkout'], env))
    }
    peer.ports.executions.start = async () => { throw new UnavailableError('no set can be reached', ['12D3two']) }
    const away = await flowmesh(['run', 'checkout'], env)

    expect(exits.map(({ code }) => code)).to.deep.equal([1, 4, 5])
    expect([away.code, away.stderr]).to.deep.equal([3, 'flowmesh: no set can be reached (waited for: 12D3two)\n'])

    peer.ports.executions.start = async () => { throw new UnavailableError('no controller answers: shop (12D3two)', ['12D3two']) }
    expect((await flowmesh(['run', 'checkout'], env)).stderr).to.equal('flowmesh: no controller answers: shop (12D3two)\n')
  })

  it('takes an empty variable for none', async () => {
    const { code, stderr } = await flowmesh(['peers'], { FLOWMESH_API: '', FLOWMESH_API_TOKEN: '', FLOWMESH_LOG: '', FLOWMESH_STATE: '', HOME: folder })

    expect(code).to.equal(3)
    expect(stderr).to.contain(join(folder, '.flowmesh'))
  })

  it('exits 2 on bad usage, with nothing on stdout', async () => {
    const bad = [['run'], ['fly'], ['run', 'a', '--colour', 'red'], ['run', 'a', '--timeout', 'soon'], ['invite', '--uses', '0'],
      ['up', '--api', 'here'], ['up', '--open', '--join', 't'], ['up', '--token', 't'], ['up', '--tier', 'moon'], ['up', '--bootstrap', '/no/such/file'],
      ['up', '--bootstrap', folder], ['up', '--api-token', ''], ['up', '--api-token', 'ä'], ['up', '--state-dir', ''],
      ['up', '--memory', 'lots'], ['up', '--label', 'x'], ['up', '--region', 'Ä'], ['run', 'a', '--input', '{'], ['peers', '--api', 'ftp://x']]
    const ended = await Promise.all(bad.map(async args => await flowmesh(args, args[0] === 'up' ? { FLOWMESH_STATE: folder } : env)))

    expect(ended.map(({ code, stdout }) => [code, stdout])).to.deep.equal(bad.map(() => [2, '']))
    expect(ended.every(({ stderr }) => stderr.length > 20 && !stderr.includes('    at '))).to.equal(true)
  })

  it('names the line of a bootstrap file that is wrong', async () => {
    const path = await file('peers.txt', '# ours\n/ip4/127.0.0.1/tcp/4001\nexample.com:4001\n')

    const { code, stderr } = await flowmesh(['up', '--bootstrap', path], { FLOWMESH_STATE: join(folder, 'none') })

    expect(code).to.equal(2)
    expect(stderr).to.contain(`${path}:3: `).and.contain('example.com:4001')
  })

  it('says of verbs to come that they are not in this version', async () => {
    for (const verb of ['swarm', 'settle', 'bench']) {
      const { code, stderr } = await flowmesh([verb, 'x', '--json'])
      expect([code, stderr.includes(`"${verb}" is not in this version`)]).to.deep.equal([2, true])
    }
  })

  it('prints help and version on stdout with exit code 0', async () => {
    const [help, version] = await Promise.all([flowmesh(['--help']), flowmesh(['--version'])])

    expect([help.code, version.code, help.stderr]).to.deep.equal([0, 0, ''])
    expect(help.stdout).to.contain('up ').and.contain('Exit codes').and.not.contain('swarm')
  })

  describe('which peer', () => {
    it('is the one whose state is in the state directory, with its token', async () => {
      const secured = await serve(peer, { token: 'secret' })
      const stateDir = join(folder, 'state')
      await mkdir(stateDir, { recursive: true })
      await writeApiFile(stateDir, { url: secured.url, pid: process.pid, token: 'secret' })

      const byOption = await flowmesh(['peers', '--json', '--state-dir', stateDir])
      const byVariable = await flowmesh(['peers', '--json'], { FLOWMESH_STATE: stateDir })
      const withoutToken = await flowmesh(['peers'], { FLOWMESH_API: secured.url })
      await secured.close()

      expect([byOption.code, byVariable.code, withoutToken.code]).to.deep.equal([0, 0, 4])
      expect((await stat(join(stateDir, 'api.json'))).mode & 0o777).to.equal(0o600)
      await removeApiFile(stateDir)
      expect(await readApiFile(stateDir)).to.equal(undefined)
    })

    it('exits 3 and says what to do when there is none, or it does not answer', async () => {
      const stateDir = join(folder, 'dead')
      await mkdir(stateDir, { recursive: true })
      const none = await flowmesh(['peers'], { FLOWMESH_STATE: stateDir })
      await writeFile(join(stateDir, 'api.json'), '{"url":')
      const torn = await flowmesh(['peers'], { FLOWMESH_STATE: stateDir })
      await writeApiFile(stateDir, { url: 'http://127.0.0.1:9', pid: process.pid })
      const silent = await flowmesh(['peers'], { FLOWMESH_STATE: stateDir })

      expect([none.code, torn.code, silent.code]).to.deep.equal([3, 3, 3])
      expect(none.stderr).to.contain(stateDir).and.contain('flowmesh up')
      expect(silent.stderr).to.contain('no peer answers at http://127.0.0.1:9')
    })
  })

  it('lists as tables for people and as one JSON value for programs', async () => {
    peer.executions.set('e1', executionOf('e1'))
    const verbs = ['executions', 'functions', 'workflows', 'peers', 'sets', 'control']
    const tables = await Promise.all(verbs.map(async verb => await flowmesh([verb], env)))
    const json = await Promise.all(verbs.map(async verb => JSON.parse((await flowmesh([verb, '--json'], env)).stdout) as object))

    expect(tables.map(({ code }) => code)).to.deep.equal(verbs.map(() => 0))
    expect(tables[3]?.stdout).to.match(/^NAME +STATUS/).and.contain('12D3KooWself')
    expect(tables[0]?.stderr).to.contain('only 2 of 3 peers answered')
    expect(json[0]).to.have.property('answered', 2)
    expect(json[5]).to.have.property('quorum', true)
  })

  it('shows one execution, its logs, and cancels it', async () => {
    peer.executions.set('e1', executionOf('e1'))

    const [shown, logs, unknown] = await Promise.all([['execution', 'e1'], ['logs', 'e1'], ['execution', 'none']]
      .map(async args => await flowmesh(args, env)))
    const cancelled = await flowmesh(['cancel', 'e1', '--reason', 'late'], env)

    expect(shown?.stdout).to.match(/status +completed/).and.match(/\/do\/0\/pay +1 +1 +completed +two +30 ms/)
    expect(logs?.stdout).to.contain('/do/0/pay: hello')
    expect([cancelled.code, unknown?.code]).to.deep.equal([0, 1])
    expect(peer.executions.get('e1')?.status).to.equal('cancelled')
  })

  it('prints an invitation alone on stdout', async () => {
    const text = await flowmesh(['invite', '--role', 'deployer'], env)
    const json = await flowmesh(['invite', '--json'], env)

    expect(text.stdout).to.equal('token-1\n')
    expect(JSON.parse(json.stdout)).to.deep.equal({ token: 'token-1', expiresAt: '2026-01-02T00:00:00.000Z' })
  })

  it('starts without loading libp2p, the store or the compiler', async () => {
    const main = await readFile(join(process.cwd(), 'build/src/cli/main.js'), 'utf8')
    const seen = new Set<string>()
    await imports(join(process.cwd(), 'build/src/cli/main.js'), seen)

    expect(main).to.contain('up.js')
    expect([...seen].filter(name => /libp2p|classic-level|^yaml$|\/workflow\/|\/sidecar\/|\/store\/|zod|hono/.test(name))).to.deep.equal([])
    expect([...seen]).to.include('commander')
  })
})

/** Everything a module loads at once, by following its static imports. */
async function imports (path: string, seen: Set<string>): Promise<void> {
  if (seen.has(path)) return
  seen.add(path)
  for (const [, from = ''] of (await readFile(path, 'utf8')).matchAll(/^(?:import|export)\b(?:[^'"]*?\bfrom)?\s*["']([^'"]+)["'];?$/gm)) {
    if (from.startsWith('.')) await imports(join(path, '..', from), seen)
    else seen.add(from)
  }
}
