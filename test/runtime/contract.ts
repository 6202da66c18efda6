/**
 * What every runtime does with a function, whatever it is written in. A harness brings one function for each behaviour; each
 * bad one runs beside a good neighbour that must end well.
 */
import { expect } from 'chai'
import type { Invocation, InvocationResult } from '../../src/runtime/index.js'

/** What the harness's functions do. */
export type Behaviour =
  | 'echo' // answers {input, context: {execution, task, attempt, epoch, idempotencyKey, traceparent}}
  | 'sleeps' // answers 'slept' after input.ms; ends early when aborted, if the runtime can tell it
  | 'logs' // logs the line 'hello from <input.name>' at info, then answers null
  | 'floods' // logs a megabyte, then answers null
  | 'fails' // fails by itself, saying 'no stock'
  | 'loops' // never gives up its processor
  | 'never' // never answers and holds no processor
  | 'exits' // ends its worker or process
  | 'notJson' // answers something that is not JSON
  | 'tooLarge' // answers more than MAX_DATA_BYTES
  | 'missing' // cannot be loaded or started

export interface RuntimeHarness {
  /** Loads or starts the function, so that a short deadline is not spent on that. */
  warm (behaviour: Behaviour): Promise<void>
  invoke (behaviour: Behaviour, invocation: Invocation): Promise<InvocationResult>
  close (): Promise<void>
}

export function invocation (facts: Partial<Invocation> = {}): Invocation {
  return {
    fn: { name: 'f', version: '1.0.0' },
    input: null,
    execution: 'execution-1',
    task: '/do/0/f',
    attempt: 1,
    epoch: '1.1',
    idempotencyKey: 'key-1',
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    timeoutMs: 5000,
    signal: new AbortController().signal,
    ...facts
  }
}

export function runtimeContract (name: string, open: () => Promise<RuntimeHarness>): void {
  describe(`${name} keeps the runtime's contract`, () => {
    let runtime: RuntimeHarness
    beforeEach(async () => { runtime = await open() })
    afterEach(async () => { await runtime.close() })

    /** The call's result, after a good call beside it has ended well. */
    async function besideNeighbour (behaviour: Behaviour, facts: Partial<Invocation> = {}): Promise<InvocationResult> {
      if (behaviour !== 'missing') await runtime.warm(behaviour)
      const neighbour = runtime.invoke('sleeps', invocation({ input: { ms: 100 } }))
      const result = await runtime.invoke(behaviour, invocation(facts))
      expect(await neighbour).to.include({ ok: true, output: 'slept' })
      return result
    }

    it('gives the function its input and what it may know of its call', async () => {
      const input = { text: 'zażółć 🔑 鍵', n: [1, 2.5, null], deep: { a: { b: {} } } }

      const result = await runtime.invoke('echo', invocation({ input, attempt: 3 }))

      const { fn: _fn, input: _input, timeoutMs: _timeoutMs, signal: _signal, ...context } = invocation({ attempt: 3 })
      expect(result).to.deep.include({ ok: true, output: { input, context } })
    })

    it('passes null, 5 MB and deep nesting through', async () => {
      let deep: unknown = 1
      for (let i = 0; i < 100; i++) deep = [deep]
      for (const input of [null, 'x'.repeat(5 << 20), deep]) {
        const result = await runtime.invoke('echo', invocation({ input }))
        expect(result.ok && (result.output as { input: unknown }).input).to.deep.equal(input)
      }
    })

    it('answers many calls at once, each with its own input', async () => {
      const results = await Promise.all(Array.from({ length: 100 }, (_, i) => runtime.invoke('echo', invocation({ input: i }))))

      expect(results.map(result => result.ok && (result.output as { input: unknown }).input)).to.deep.equal([...results.keys()])
    })

    it('keeps what a call logs with that call', async () => {
      const results = await Promise.all(['a', 'b'].map(name => runtime.invoke('logs', invocation({ input: { name } }))))

      expect(results.map(({ logs }) => logs.map(({ level, text }) => `${level} ${text}`))).to.deep.equal([['info hello from a'], ['info hello from b']])
    })

    it('bounds what a call logs and says where it ends', async () => {
      const { ok, logs } = await besideNeighbour('floods')

      expect(ok).to.equal(true)
      expect(logs.reduce((sum, line) => sum + Buffer.byteLength(line.text), 0)).to.be.below(66_000)
      expect(logs.at(-1)!.text).to.include('log ends here')
    })

    it('reports a failure in the words of the function', async () => {
      const result = await besideNeighbour('fails')

      expect(result).to.have.nested.property('error.detail').that.includes('no stock')
    })

    it('ends a function that loops, soon after its deadline', async () => {
      const start = performance.now()

      const result = await besideNeighbour('loops', { timeoutMs: 200 })

      expect(performance.now() - start).to.be.within(200, 4000)
      expect(result).to.deep.include({ ok: false, retryable: true, notDone: false })
      expect(result).to.have.nested.property('error.type').that.matches(/timeout$/)
    })

    it('ends a function that never answers, soon after its deadline', async () => {
      const result = await besideNeighbour('never', { timeoutMs: 200 })

      expect(result).to.have.nested.property('error.type').that.matches(/timeout$/)
    })

    it('aborts a call when its signal says so', async () => {
      const start = performance.now()

      const result = await besideNeighbour('sleeps', { input: { ms: 4000 }, signal: AbortSignal.timeout(100) })

      expect(performance.now() - start).to.be.below(3500)
      expect(result).to.deep.include({ ok: false, retryable: false })
    })

    it('reports a function that ends its worker', async () => {
      const result = await besideNeighbour('exits')

      expect(result).to.deep.include({ ok: false, notDone: false })
    })

    it('refuses output that is not JSON or too large, for good', async () => {
      for (const behaviour of ['notJson', 'tooLarge'] as const) {
        const result = await besideNeighbour(behaviour)
        expect(result).to.deep.include({ ok: false, retryable: false, notDone: false })
        expect(result).to.have.nested.property('error.status', 500)
        expect(result).to.have.nested.property('error.type').that.matches(/runtime$/)
      }
    })

    it('says of a function that cannot be loaded that it was not done', async () => {
      const result = await besideNeighbour('missing')

      expect(result).to.deep.include({ ok: false, retryable: false, notDone: true })
    })

    it('goes on after every kind of failure', async () => {
      for (const behaviour of ['exits', 'fails', 'notJson', 'loops'] as const) {
        await runtime.invoke(behaviour, invocation({ timeoutMs: 100 }))
        expect(await runtime.invoke('echo', invocation({ input: behaviour }))).to.include({ ok: true })
      }
    })
  })
}
