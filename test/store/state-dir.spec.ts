import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { damagedLog } from '../../src/store/level-log.js'
import { openStateDir } from '../../src/store/index.js'
import type { ChildProcess } from 'node:child_process'
import type { StateDirError } from '../../src/errors.js'
import type { LogEnd } from '../../src/store/level-log.js'

const holder = join(process.cwd(), 'build/test/store/holder.js')

describe('state-dir', () => {
  let base: string
  let path: string
  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'flowmesh-state-'))
    path = join(base, 'state')
  })
  afterEach(async () => { await rm(base, { recursive: true, force: true }) })

  /** Starts and stops once, after it wrote something worth keeping. */
  async function use (write = true): Promise<{ disk: string, count: number }> {
    const dir = await openStateDir(path)
    if (write) await dir.store.batch([{ type: 'put', key: 'record/1', value: Buffer.from('kept') }])
    await dir.close()
    return { disk: dir.disk, count: dir.incarnation.count }
  }

  async function refused (): Promise<StateDirError> {
    const before = await listing(path)
    const err = await openStateDir(path).then(async dir => { await dir.close() }, (err: unknown) => err)
    expect(err).to.have.property('name', 'StateDirError')
    expect(err).to.have.property('message').that.includes(path)
    expect(await listing(path)).to.deep.equal(before)
    return err as StateDirError
  }

  /** Holds it in a process of its own, and kills that. */
  async function killed (while_: () => Promise<void> = async () => {}): Promise<ChildProcess> {
    const child = spawn(process.execPath, [holder, path], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      await once(child.stdout, 'data')
      await while_()
    } finally {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    return child
  }

  it('makes a directory for its owner only, with a disk id that stays', async () => {
    const first = await use()
    const second = await use()

    expect((await stat(path)).mode & 0o777).to.equal(0o700)
    expect(first.disk).to.match(/^[0-9a-f]{32}$/)
    expect(second.disk).to.equal(first.disk)
  })

  it('counts each start, with a random part of its own', async () => {
    const starts = []
    for (let i = 0; i < 3; i++) {
      const dir = await openStateDir(path)
      starts.push(dir.incarnation)
      await dir.close()
    }

    expect(starts.map(({ count }) => count)).to.deep.equal([1, 2, 3])
    expect(new Set(starts.map(({ nonce }) => nonce)).size).to.equal(3)
  })

  it('remembers the port of each address', async () => {
    const dir = await openStateDir(path)
    await dir.rememberPort('/ip4/0.0.0.0/tcp/0', 4001)
    await dir.rememberPort('127.0.0.1:0', 8080)
    await dir.close()

    const again = await openStateDir(path)

    expect([again.lastPort('/ip4/0.0.0.0/tcp/0'), again.lastPort('127.0.0.1:0'), again.lastPort('[::1]:0')]).to.deep.equal([4001, 8080, undefined])
    await again.close()
  })

  it('names the process that holds it', async () => {
    const dir = await openStateDir(path, { name: 'shop-1' })

    const err = await refused()

    expect(err.reason).to.equal('locked')
    expect(err.kind).to.equal('conflict')
    expect(err.message).to.include(String(process.pid)).and.include('shop-1')
    await dir.close()
  })

  it('is free again when its holder was killed, with all that was synced', async () => {
    await use()
    let held!: StateDirError
    const child = await killed(async () => { held = await refused() })

    const dir = await openStateDir(path)

    expect(held.message).to.include(`process ${child.pid}`)
    expect(Buffer.from((await dir.store.get('record/of-holder'))!).toString()).to.equal('synced')
    expect(dir.incarnation.count).to.equal(3)
    await dir.close()
  })

  it('refuses a directory of something else', async () => {
    await mkdir(path)
    await writeFile(join(path, 'photo.jpg'), '')

    const err = await refused()

    expect(err.reason).to.equal('foreign')
    expect(err.message).to.include('photo.jpg')
  })

  it('refuses the directory of a newer version', async () => {
    await use()
    await writeFile(join(path, 'disk.json'), '{"format":2}')

    expect((await refused()).reason).to.equal('newer')
  })

  it('refuses a damaged disk.json, and one that is gone', async () => {
    await use()
    for (const text of ['', '{"format":', '{}', '{"format":1,"disk":"short"}', '[]', 'null']) {
      await writeFile(join(path, 'disk.json'), text)
      expect((await refused()).reason, text).to.equal('damaged')
    }
    await rm(join(path, 'disk.json'))
    expect((await refused()).reason).to.be.oneOf(['damaged', 'foreign'])
  })

  it('refuses a directory whose store is gone or empty', async () => {
    await use()
    await rm(join(path, 'store'), { recursive: true })
    expect((await refused()).reason).to.equal('damaged')
    await mkdir(join(path, 'store'))
    expect((await refused()).reason).to.equal('damaged')
  })

  it('refuses a store with a damaged log rather than go on without what it held', async () => {
    await use()
    const log = await logFile(path)
    const bytes = await readFile(log)
    bytes[20]! ^= 0xff
    await writeFile(log, bytes)

    const err = await refused()

    expect(err.reason).to.equal('damaged')
    expect(err.message).to.match(/store\/\d+\.log/)
  })

  it('notices every flipped byte of a log; after a kill not those of its last write, which look like one that was cut off', async () => {
    const dir = await openStateDir(path)
    const file = await logFile(path)
    for (const bytes of [200, 40_000, 30]) await dir.store.batch([{ type: 'put', key: `record/${bytes}`, value: Buffer.alloc(bytes, bytes) }])
    const lastFrom = (await stat(file)).size
    await dir.store.batch([{ type: 'put', key: 'record/last', value: Buffer.alloc(900, 9) }])
    await dir.close()
    const log = await readFile(file)

    const { stopped } = JSON.parse(await readFile(join(path, 'incarnation.json'), 'utf8')) as { stopped: LogEnd }
    const unnoticed: Record<'killed' | 'stopped', number[]> = { killed: [], stopped: [] }
    const tried = [...log.keys()].filter(at => at < 300 || Math.abs(at - lastFrom) < 50 || at % 997 === 0)
    for (const at of tried) {
      const bytes = Buffer.from(log)
      bytes[at]! ^= 0x55
      await writeFile(file, bytes)
      if (await damagedLog(join(path, 'store')) === undefined) unnoticed.killed.push(at)
      if (await damagedLog(join(path, 'store'), stopped) === undefined) unnoticed.stopped.push(at)
    }

    expect(unnoticed).to.deep.equal({ killed: tried.filter(at => at >= lastFrom), stopped: [] })
  })

  it('refuses a log that was cut off after a clean stop, wherever', async () => {
    await use()
    const log = await logFile(path)
    const whole = await readFile(log)
    for (const bytes of [0, 20, whole.length - 1]) {
      await writeFile(log, whole.subarray(0, bytes))
      const err = await refused()
      expect(err.reason).to.equal('damaged')
      expect(err.message).to.include(`had ${whole.length} when its peer stopped`)
    }
    await writeFile(log, whole)
    expect((await use()).count).to.equal(2)
  })

  it('refuses a store that has lost its log after a kill, in the first start and in a later one', async () => {
    for (const [reason, cut] of [['damaged', async (log: string) => { await rm(log) }], ['damaged', emptied], ['rolledBack', emptied]] as const) {
      if (reason === 'rolledBack') await use()
      await killed()
      await cut(await logFile(path))
      expect((await refused()).reason).to.equal(reason)
      await rm(path, { recursive: true })
    }
  })

  it('goes on after a torn tail, which nobody was told is on disk', async () => {
    await use()
    await killed()
    const log = await logFile(path)
    await writeFile(log, Buffer.concat([await readFile(log), Buffer.from([1, 2, 3, 4, 200, 0, 1, 5, 6])]))

    const dir = await openStateDir(path)

    expect(Buffer.from((await dir.store.get('record/1'))!).toString()).to.equal('kept')
    await dir.close()
  })

  it('refuses a store that was put back from a copy', async () => {
    await use()
    await cp(join(path, 'store'), join(base, 'copy'), { recursive: true })
    await use()
    await rm(join(path, 'store'), { recursive: true })
    await cp(join(base, 'copy'), join(path, 'store'), { recursive: true })

    const err = await refused()

    expect(err.reason).to.equal('rolledBack')
    expect(err.message).to.include('start 1')
  })

  it('refuses a store of another disk', async () => {
    await use()
    await cp(join(path, 'store'), join(base, 'other'), { recursive: true })
    await rm(path, { recursive: true })
    await use()
    await rm(join(path, 'store'), { recursive: true })
    await cp(join(base, 'other'), join(path, 'store'), { recursive: true })

    expect((await refused()).reason).to.equal('damaged')
  })

  it('starts after a crash at each moment of a start', async () => {
    await use()
    // As after a crash between the two places that keep the start: the file is one ahead.
    const copy = JSON.parse(await readFile(join(path, 'incarnation.json'), 'utf8')) as { count: number, nonce: string }
    await writeFile(join(path, 'incarnation.json'), JSON.stringify({ ...copy, count: 2, nonce: 'ffff', before: copy.nonce }))

    const { count } = await use()

    expect(count).to.equal(2)
  })

  it('finishes a directory whose making was cut off', async () => {
    await use(false)
    await rm(path, { recursive: true })
    await mkdir(join(path, 'store'), { recursive: true })
    await writeFile(join(path, 'lock.json'), '{"pid":1}')
    await writeFile(join(path, 'disk.json.tmp'), '{"form')

    expect((await use()).count).to.equal(1)
  })

  it('says that a path is a file, or not to be written', async () => {
    await writeFile(path, 'a file')
    const err = await openStateDir(path).catch((err: unknown) => err)

    expect(err).to.deep.include({ reason: 'access' })
    const inside = await openStateDir(join(path, 'deeper')).catch((err: unknown) => err)
    expect(inside).to.deep.include({ reason: 'access' })
  })
})

/** LevelDB rearranges its own files when it opens, without losing what they hold. */
async function listing (path: string): Promise<string[]> {
  return (await readdir(path)).sort()
}

async function logFile (path: string): Promise<string> {
  const names = await readdir(join(path, 'store'))
  return join(path, 'store', names.find(name => name.endsWith('.log'))!)
}

async function emptied (log: string): Promise<void> { await writeFile(log, '') }
