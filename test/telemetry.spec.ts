import { expect } from 'chai'
import { configureLogs, eventLoopDelayMs, heard, log, metrics, Metrics, readFrom, Seldom, watchProcess } from '../src/telemetry.js'

describe('telemetry', () => {
  it('gives the same counter for the same name and labels', () => {
    const metrics = new Metrics()
    metrics.counter('calls_total', 'Calls', { fn: 'a', kind: 'js' }).add()

    metrics.counter('calls_total', 'Calls', { kind: 'js', fn: 'a' }).add(2)

    expect(metrics.render()).to.equal('# HELP calls_total Calls\n# TYPE calls_total counter\ncalls_total{fn="a",kind="js"} 3\n')
  })

  it('escapes label values', () => {
    const metrics = new Metrics()
    metrics.gauge('g', '', { a: 'quote " slash \\ line \n' }).set(1.5)

    expect(metrics.render()).to.include('g{a="quote \\" slash \\\\ line \\n"} 1.5')
  })

  it('bounds the series of a name', () => {
    const metrics = new Metrics()
    for (let i = 0; i < 2000; i++) metrics.counter('c', '', { id: String(i) }).add()

    const lines = metrics.render().split('\n')

    expect(lines.length).to.be.below(510)
    expect(lines).to.include('c{id="other"} 1500')
  })

  it('refuses a name for two kinds', () => {
    const metrics = new Metrics()
    metrics.counter('c')

    expect(() => metrics.gauge('c')).to.throw('c is a counter, not a gauge')
  })

  it('knows quantiles to 9 %', () => {
    const histogram = new Metrics().histogram('h')
    for (let i = 1; i <= 1000; i++) histogram.observe(i / 10)

    expect(histogram.quantile(0.5)).to.be.within(50, 55)
    expect(histogram.quantile(0.99)).to.be.within(99, 100)
    expect(histogram.quantile(1)).to.equal(100)
  })

  it('takes any number into a histogram', () => {
    const histogram = new Metrics().histogram('h')
    for (const value of [0, -1, 1e-9, 1e12, NaN]) histogram.observe(value)

    expect(histogram.count).to.equal(5)
    expect(histogram.buckets.reduce((sum, n) => sum + n, 0)).to.equal(5)
  })

  it('renders a histogram with growing buckets that end in all', () => {
    const metrics = new Metrics()
    const histogram = metrics.histogram('h', 'Some ms')
    for (const value of [0.4, 1, 3, 3, 100]) histogram.observe(value)

    const buckets = metrics.render().split('\n').filter(line => line.startsWith('h_bucket'))

    expect(buckets[0]).to.equal('h_bucket{le="0.5"} 1')
    expect(buckets).to.include('h_bucket{le="1"} 2').and.include('h_bucket{le="4"} 4').and.include('h_bucket{le="+Inf"} 5')
    expect(metrics.render()).to.include('h_sum 107.4\nh_count 5')
  })

  it('notices that the event loop stood still', async () => {
    const stop = watchProcess()
    await new Promise(resolve => setTimeout(resolve, 50))
    const end = performance.now() + 150
    while (performance.now() < end);
    await new Promise(resolve => setTimeout(resolve, 50))

    const { max } = eventLoopDelayMs()
    stop()

    expect(max).to.be.above(80)
  })

  describe('what others can provoke', () => {
    after(() => { configureLogs() })

    it('has one line a cause and pause; the next says how many were left out', () => {
      let now = 0
      const seldom = new Seldom(10, () => now)

      expect([seldom.due('a'), seldom.due('a'), seldom.due('b'), seldom.due('a')]).to.deep.equal([0, undefined, 0, undefined])
      now = 10
      expect([seldom.due('a'), seldom.due('a')]).to.deep.equal([2, undefined])
    })

    it('has a bounded number of causes, whatever they are called', () => {
      let now = 0
      const seldom = new Seldom(10, () => now)
      const lines = (): number => Array.from({ length: 10_000 }, (_, i) => seldom.due(`${now} ${i}`)).filter(due => due !== undefined).length

      expect(lines()).to.equal(1024)
      now = 10
      expect(lines()).to.equal(1024)
    })

    it('is counted by protocol and told once: messages end there, requests are answered with what is wrong', () => {
      const lines: string[] = []
      configureLogs({ level: 'warn', write: line => { lines.push(line) } })
      const unreadable = (): never => { throw new RangeError('index out of range') }
      const onMessage = heard('test/garbage', unreadable)

      for (let i = 0; i < 1000; i++) onMessage(new Uint8Array(), 'p2')
      expect(() => readFrom('test/garbage', 'p2', unreadable)).to.throw('no message of test/garbage: index out of range').with.property('kind', 'invalid')

      expect(metrics.counter('flowmesh_malformed_messages_total', '', { protocol: 'test/garbage' }).value).to.equal(1001)
      expect(lines).to.have.length(1)
    })
  })

  describe('logs', () => {
    after(() => { configureLogs() })

    function linesOf (options: { json?: boolean, level?: 'debug' | 'info' | 'warn' }, write: () => void): string[] {
      const lines: string[] = []
      configureLogs({ ...options, write: line => { lines.push(line) } })
      write()
      return lines
    }

    it('read as one line for people', () => {
      const [line] = linesOf({ level: 'info' }, () => { log('sidecar').info('took over', { execution: 'e1', epoch: '3.1', ms: 12 }) })

      expect(line).to.match(/^\d\d:\d\d:\d\d info {2}sidecar: took over execution=e1 epoch=3\.1 ms=12\n$/)
    })

    it('carry the error and its cause', () => {
      const lines = linesOf({ json: true, level: 'info' }, () => { log('store').error('stopped', { err: new Error('EIO') }) })

      expect(JSON.parse(lines[0]!)).to.deep.include({ level: 'error', part: 'store', msg: 'stopped' })
      expect(JSON.parse(lines[0]!)).to.have.nested.property('err.message', 'EIO')
    })

    it('leave out what is below the level, also of logs made before', () => {
      const early = log('mesh')

      const lines = linesOf({ level: 'warn' }, () => {
        early.info('dialled')
        early.warn('refused')
      })

      expect(lines).to.have.length(1)
    })
  })
})
