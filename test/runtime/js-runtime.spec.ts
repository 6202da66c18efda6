import { expect } from 'chai'
import { jsonBytes } from '../../src/json-bytes.js'
import { JsPool } from '../../src/runtime/js-pool.js'
import { JsRuntime } from '../../src/runtime/index.js'
import { metrics } from '../../src/telemetry.js'
import { invocation } from './contract.js'
import { removeFunctions, writeFunction } from './functions.js'

describe('js-runtime', () => {
  let runtime: JsRuntime
  beforeEach(() => { runtime = new JsRuntime({ workersPerFunction: 2 }) })
  afterEach(async () => { await runtime.close() })
  after(removeFunctions)

  async function outcome (source: string, input: unknown = null): Promise<Awaited<ReturnType<JsRuntime['invoke']>>> {
    return await runtime.invoke(await writeFunction(source), invocation({ input }))
  }

  it('turns an undefined output into null', async () => {
    expect(await outcome('export default async () => {}')).to.deep.include({ ok: true, output: null })
  })

  it('carries large values there and back, again and again, and to several calls at once', async () => {
    const fn = await writeFunction('export default async input => ({ ...input, turns: input.turns + 1 })')
    const input = { text: 'grüße 🧡 '.repeat(40_000), turns: 0 }
    const first = await runtime.invoke(fn, invocation({ input }))
    const output = first.ok ? first.output : first

    const again = await Promise.all([1, 2, 3].map(async () => await runtime.invoke(fn, invocation({ input: output }))))

    expect(output).to.deep.equal({ ...input, turns: 1 })
    for (const each of again) expect(each).to.deep.include({ ok: true, output: { ...input, turns: 2 } })
    expect(jsonBytes(output).length, 'what crossed is its text').to.equal(Buffer.byteLength(JSON.stringify(output)))
  })

  it('names the place of what is not JSON in an output', async () => {
    const cases = [
      ['const a = {}; a.self = a; return a', 'contains itself'],
      ['return { list: [1, { f () {} }] }', 'output.list[1].f is a function'],
      ['return { n: 1 / 0 }', 'output.n is Infinity'],
      ['return { m: new Map() }', 'output.m is a Map'],
      ['return { b: Buffer.from("x") }', 'output.b is bytes'],
      ['return Symbol("x")', 'output is a symbol'],
      ['return [Promise.resolve(1)]', 'output[0] is a Promise']
    ]
    for (const [body, expected] of cases) {
      const result = await outcome(`export default async () => { ${body} }`)
      expect(result).to.have.nested.property('error.detail').that.includes(expected)
    }
  })

  it('takes status, type, title and what a retry would do from a thrown error', async () => {
    const result = await outcome(`export default async () => {
      throw Object.assign(new Error('card refused'), { status: 402, type: 'https://shop.example/errors/card', title: 'Refused', notDone: true })
    }`)

    expect(result).to.deep.include({
      ok: false,
      error: { type: 'https://shop.example/errors/card', status: 402, title: 'Refused', detail: 'card refused' },
      retryable: false,
      notDone: true
    })
  })

  it('lets a thrown error say that a retry is useless', async () => {
    const result = await outcome('export default async () => { throw Object.assign(new Error("gone"), { retryable: false }) }')

    expect(result).to.deep.include({ ok: false, retryable: false })
  })

  it('describes whatever is thrown, and ignores fields that make no sense', async () => {
    for (const thrown of ['"text"', 'null', 'undefined', '42', '{ status: "x", type: 7 }', 'Object.create(null)', 'Symbol("s")']) {
      const result = await outcome(`export default async () => { throw ${thrown} }`)
      expect(result).to.have.nested.property('error.status', 500)
      expect(result).to.have.nested.property('error.detail').that.is.not.empty
    }
  })

  it('says what is wrong with a module, at once and each time', async () => {
    const cases = [['syntax error here', 'SyntaxError'], ['export const a = 1', 'default export'], ['throw new Error("boot")', 'boot'], ['process.exit(1)', 'exited']]
    for (const [source, expected] of cases) {
      const fn = await writeFunction(source!)
      const results = await Promise.all([1, 2].map(() => runtime.invoke(fn, invocation())))
      for (const result of results) {
        expect(result).to.deep.include({ ok: false, retryable: false, notDone: true })
        expect(result).to.have.nested.property('error.detail').that.includes(expected)
      }
      expect(await runtime.prewarm(fn).catch((err: Error) => err.message)).to.include(expected)
    }
  })

  it('does not let a module that never loads outlive the deadline of its calls', async () => {
    const fn = await writeFunction('await new Promise(resolve => setTimeout(resolve, 60000)); export default async () => 1')

    const result = await runtime.invoke(fn, invocation({ timeoutMs: 200 }))

    expect(result).to.deep.include({ ok: false, notDone: true, retryable: true })
  })

  it('ends a function that takes more memory than it may, and only its own calls', async () => {
    const greedy = await writeFunction('export default async () => { const all = []; for (;;) all.push(new Array(10000).fill({})) }', { key: 'greedy', memoryBytes: 32 << 20 })
    const good = await writeFunction('export default async () => { await new Promise(r => setTimeout(r, 200)); return 1 }', { key: 'good' })

    const [lost, kept] = await Promise.all([runtime.invoke(greedy, invocation()), runtime.invoke(good, invocation())])

    expect(lost).to.have.nested.property('error.detail').that.includes('memory')
    expect(kept).to.deep.include({ ok: true, output: 1 })
  })

  it('loads a module once for all its calls', async () => {
    const fn = await writeFunction('let loads = 0; loads++; globalThis.calls = 0; export default async () => [loads, ++globalThis.calls]')
    await runtime.prewarm(fn)

    await runtime.invoke(fn, invocation())
    const second = await runtime.invoke(fn, invocation())

    expect(second).to.deep.include({ output: [1, 2] })
  })

  it('runs no more calls of a function at once than it allows', async () => {
    const source = `let now = 0, most = 0
      export default async () => { most = Math.max(most, ++now); await new Promise(r => setTimeout(r, 5)); now--; return most }`
    const fn = await writeFunction(source, { concurrency: 3 })

    const results = await Promise.all(Array.from({ length: 20 }, () => runtime.invoke(fn, invocation())))

    expect(Math.max(...results.map(result => result.ok ? result.output as number : Infinity))).to.equal(3)
  })

  it('begins calls elsewhere that wait behind one that holds its processor', async () => {
    const fn = await writeFunction('export default async input => { if (input === "loop") for (;;); return input }')
    await runtime.prewarm(fn)
    const loop = runtime.invoke(fn, invocation({ input: 'loop', timeoutMs: 1500 }))
    const start = performance.now()

    const others = await Promise.all([1, 2, 3].map(input => runtime.invoke(fn, invocation({ input }))))

    expect(performance.now() - start).to.be.below(1200)
    expect(others.map(result => result.ok && result.output)).to.deep.equal([1, 2, 3])
    expect(await loop).to.have.property('ok', false)
  })

  it('tells calls that had begun in a worker that was ended from those that had not', async () => {
    const single = new JsRuntime({ workersPerFunction: 1 })
    const fn = await writeFunction(`export default async input => {
      if (input === 'wait') await new Promise(r => setTimeout(r, 60000))
      if (input === 'loop') for (;;);
      return input
    }`)
    await single.prewarm(fn)
    const begun = single.invoke(fn, invocation({ input: 'wait', timeoutMs: 20_000 }))
    const loop = single.invoke(fn, invocation({ input: 'loop', timeoutMs: 500 }))
    const behind = single.invoke(fn, invocation({ input: 'behind' }))

    expect(await loop).to.have.nested.property('error.status', 408)
    expect(await begun).to.deep.include({ ok: false, retryable: true, notDone: false })
    expect(await begun).to.have.nested.property('error.type').that.matches(/communication$/)
    expect(await behind).to.deep.include({ ok: true, output: 'behind' })
    await single.close()
  })

  it('ends a call at its deadline as not done when it had not begun', async () => {
    const single = new JsRuntime({ workersPerFunction: 1 })
    const fn = await writeFunction('export default async input => { if (input === "loop") for (;;); return input }')
    await single.prewarm(fn)
    const loop = single.invoke(fn, invocation({ input: 'loop', timeoutMs: 600 }))

    const behind = await single.invoke(fn, invocation({ timeoutMs: 100 }))

    expect(behind).to.deep.include({ ok: false, notDone: true })
    await loop
    await single.close()
  })

  it('finds the call that ends its worker among several, so that the others end well when they are made again', async () => {
    const fn = await writeFunction('export default async input => { await new Promise(r => setTimeout(r, 20)); if (input === "exit") process.exit(7); return input }')
    const inputs = ['a', 'exit', 'b']
    const first = await Promise.all(inputs.map(input => runtime.invoke(fn, invocation({ input }))))

    const again = await Promise.all(inputs.map(input => runtime.invoke(fn, invocation({ input }))))

    expect(first.map(result => result.ok || result.retryable)).to.deep.equal([true, true, true])
    expect(again.map(result => result.ok)).to.deep.equal([true, false, true])
    expect(again[1]).to.deep.include({ retryable: false })
  })

  it('fires the signal at the deadline and keeps the worker of a function that heeds it', async () => {
    const fn = await writeFunction(`globalThis.calls = 0
      export default async (input, { signal }) => {
        globalThis.calls++
        if (input === 'wait') await new Promise((resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        return globalThis.calls
      }`)
    const patient = new JsRuntime({ graceMs: 5000 })
    await patient.prewarm(fn)
    const result = await patient.invoke(fn, invocation({ input: 'wait', timeoutMs: 300 }))

    const next = await patient.invoke(fn, invocation())
    await patient.close()

    expect(result).to.have.nested.property('error.status', 408)
    expect(next).to.deep.include({ output: 2 })
  })

  it('keeps console output with its call, and the stack of what it threw', async () => {
    const { logs } = await outcome('export default async () => { console.log("seen %d", 7); await null; console.warn("careful"); throw new Error("broken") }')

    expect(logs.map(({ level, text }) => `${level} ${text.split('\n')[0]}`)).to.deep.equal(['info seen 7', 'warn careful', 'error Error: broken'])
  })

  it('keeps what was logged before the worker ended, and says how it ended', async () => {
    const exited = await outcome('export default async () => { console.log("leaving"); process.exit(4) }')
    const late = await outcome('export default () => { setTimeout(() => { throw new Error("too late") }, 5); return new Promise(() => {}) }')

    expect(exited.logs.map(({ text }) => text)).to.deep.equal(['leaving'])
    expect(exited).to.have.nested.property('error.detail').that.includes('code 4')
    expect(late).to.have.nested.property('error.detail').that.includes('too late')
  })

  it('ends idle workers of other functions when there are too many', async () => {
    const small = new JsRuntime({ maxWorkers: 2 })
    const workers = metrics.gauge('flowmesh_js_workers')
    const before = workers.value

    for (const key of ['a', 'b', 'c', 'd']) await small.invoke(await writeFunction('export default async () => 1', { key }), invocation())

    expect(workers.value - before).to.equal(2)
    await small.close()
    expect(workers.value - before).to.equal(0)
  })

  it('ends a worker that has been idle for longer than the function keeps it, and no other', async () => {
    const fn = await writeFunction('export default async input => { await new Promise(r => setTimeout(r, input)) }', { keepMs: 1000 })
    const pool = new JsPool(fn, { maxWorkers: 1, graceMs: 500, loadTimeoutMs: 5000, onSpawn: () => {} })
    const busy = pool.invoke(invocation({ input: 100 }))
    await pool.prewarm()
    await new Promise(resolve => setTimeout(resolve, 30))

    const whileBusy = pool.sweep(Date.now() + 5000)
    await busy
    const tooSoon = pool.sweep(Date.now() + 500)
    const inTime = pool.sweep(Date.now() + 1500)

    expect([whileBusy, tooSoon, inTime]).to.deep.equal([false, false, true])
    expect(pool.workerCount).to.equal(0)
  })

  it('ends every call of a storm of good, looping, hanging, exiting and aborted ones', async () => {
    const fn = await writeFunction(`export default async input => {
      await new Promise(r => setTimeout(r, input % 7))
      if (input % 41 === 40) process.exit(1)
      if (input % 53 === 52) for (;;);
      if (input % 17 === 16) await new Promise(() => {})
      return input
    }`)
    const storm = new JsRuntime({ workersPerFunction: 2, graceMs: 50 })

    const results = await Promise.all(Array.from({ length: 300 }, (_, input) => storm.invoke(fn, invocation({
      input,
      timeoutMs: 200 + input * 10,
      signal: input % 29 === 28 ? AbortSignal.timeout(input) : new AbortController().signal
    }))))

    results.forEach((result, input) => { if (result.ok) expect(result.output).to.equal(input) })
    expect(results.filter(result => result.ok).length).to.be.above(100)
    expect(storm.load()).to.deep.equal({ running: 0, queued: 0 })
    await storm.close()
  })

  it('shows a function the environment without the peer\'s own settings', async () => {
    process.env['FLOWMESH_SECRET_FOR_TEST'] = 'canary'

    const result = await outcome('export default async () => JSON.stringify(process.env)')
    delete process.env['FLOWMESH_SECRET_FOR_TEST']

    expect(result.ok && String(result.output).includes('PATH')).to.equal(true)
    expect(result.ok && String(result.output).includes('canary')).to.equal(false)
  })

  it('counts what runs and what waits', async () => {
    const fn = await writeFunction('export default () => new Promise(r => setTimeout(r, 100))', { concurrency: 2 })
    const calls = [1, 2, 3].map(() => runtime.invoke(fn, invocation()))

    await new Promise(resolve => setTimeout(resolve, 1))
    const load = runtime.load('f:1.0.0')
    await Promise.all(calls)

    expect(load).to.deep.equal({ running: 2, queued: 1 })
    expect(runtime.load()).to.deep.equal({ running: 0, queued: 0 })
  })

  it('answers what runs when it is closed, and says of the rest that it was not done', async () => {
    const fn = await writeFunction('export default () => new Promise(() => {})', { concurrency: 1 })
    await runtime.prewarm(fn)
    const calls = [1, 2].map(() => runtime.invoke(fn, invocation()))
    await new Promise(resolve => setTimeout(resolve, 50))

    await runtime.close()

    const [running, waiting] = await Promise.all(calls)
    expect(running).to.deep.include({ ok: false, notDone: false })
    expect(waiting).to.deep.include({ ok: false, notDone: true })
    expect(await runtime.invoke(fn, invocation())).to.deep.include({ ok: false, notDone: true })
  })
})
