/**
 * Counters, gauges, histograms and logs of this process. A counter is one number that is added to; everything else is work
 * for the moment somebody asks. Text in the Prometheus format is rendered here, so no step pays for a metrics library.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { pino } from 'pino'
import { InvalidInputError } from './errors.js'
import type { IntervalHistogram } from 'node:perf_hooks'
import type { Logger } from 'pino'

export type Labels = Readonly<Record<string, string>>

export class Counter {
  value = 0
  add (by = 1): void { this.value += by }
}

export class Gauge {
  value = 0
  set (value: number): void { this.value = value }
}

/** Eight buckets per power of two: a quantile is at most 9 % off. From 2^-10 to 2^30, whatever the unit. */
const BUCKETS_PER_OCTAVE = 8
const LOWEST_EXPONENT = -10
const OCTAVES = 40

export class Histogram {
  count = 0
  sum = 0
  max = 0
  readonly buckets = new Float64Array(OCTAVES * BUCKETS_PER_OCTAVE)

  observe (observed: number): void {
    const value = observed > 0 ? observed : 0 // a clock that stepped back, or no number at all
    this.count++
    this.sum += value
    if (value > this.max) this.max = value
    const at = Math.ceil((Math.log2(value) - LOWEST_EXPONENT) * BUCKETS_PER_OCTAVE) - 1
    this.buckets[at >= 0 ? Math.min(at, this.buckets.length - 1) : 0]!++
  }

  /** Upper bound of the bucket in which the share `q` (0 to 1) of the observations ends; 0 without any. */
  quantile (q: number): number {
    let left = Math.ceil(q * this.count)
    if (left === 0) return 0
    for (let at = 0; at < this.buckets.length; at++) {
      left -= this.buckets[at]!
      if (left <= 0) return Math.min(this.max, upperBound(at))
    }
    return this.max
  }
}

function upperBound (bucket: number): number {
  return 2 ** (LOWEST_EXPONENT + (bucket + 1) / BUCKETS_PER_OCTAVE)
}

type Metric = Counter | Gauge | Histogram
interface Family { type: 'counter' | 'gauge' | 'histogram', help: string, series: Map<string, Metric>, read?: () => number }

/** Label values come from names of functions and peers: past this many a name's further series share one, `other`. */
const MAX_SERIES = 500

export class Metrics {
  private readonly families = new Map<string, Family>()

  /** The counter of that name and those labels; the same one each time. Keep it in a constant: the lookup is the cost. */
  counter (name: string, help = '', labels?: Labels): Counter {
    return this.series(name, 'counter', help, labels, () => new Counter()) as Counter
  }

  gauge (name: string, help = '', labels?: Labels): Gauge {
    return this.series(name, 'gauge', help, labels, () => new Gauge()) as Gauge
  }

  /** A gauge that is asked when the metrics are. The last one to name it wins. */
  gaugeOf (name: string, help: string, read: () => number): void {
    this.families.set(name, { type: 'gauge', help, series: new Map(), read })
  }

  histogram (name: string, help = '', labels?: Labels): Histogram {
    return this.series(name, 'histogram', help, labels, () => new Histogram()) as Histogram
  }

  /** Everything as Prometheus text, `text/plain; version=0.0.4`. */
  render (): string {
    const lines: string[] = []
    for (const [name, family] of this.families) {
      if (family.help !== '') lines.push(`# HELP ${name} ${family.help.replace(/[\\\n]/g, ' ')}`)
      lines.push(`# TYPE ${name} ${family.type}`)
      if (family.read !== undefined) lines.push(`${name} ${family.read()}`)
      for (const [labels, metric] of family.series) renderSeries(lines, name, labels, metric)
    }
    return lines.join('\n') + '\n'
  }

  private series (name: string, type: Family['type'], help: string, labels: Labels | undefined, make: () => Metric): Metric {
    let family = this.families.get(name)
    if (family === undefined) this.families.set(name, family = { type, help, series: new Map() })
    if (family.type !== type) throw new TypeError(`metric ${name} is a ${family.type}, not a ${type}`)
    let key = labelText(labels)
    if (family.series.size >= MAX_SERIES && !family.series.has(key)) key = labelText(mapValues(labels, () => 'other'))
    let metric = family.series.get(key)
    if (metric === undefined) family.series.set(key, metric = make())
    return metric
  }
}

function mapValues (labels: Labels | undefined, value: (key: string) => string): Labels {
  return Object.fromEntries(Object.keys(labels ?? {}).map(key => [key, value(key)]))
}

function labelText (labels: Labels | undefined): string {
  if (labels === undefined) return ''
  return Object.keys(labels).sort()
    .map(key => `${key}="${labels[key]!.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n')}"`).join(',')
}

function renderSeries (lines: string[], name: string, labels: string, metric: Metric): void {
  const braces = labels === '' ? '' : `{${labels}}`
  if (!(metric instanceof Histogram)) {
    lines.push(`${name}${braces} ${metric.value}`)
    return
  }
  const comma = labels === '' ? '' : labels + ','
  let below = 0
  for (let octave = 0; octave < OCTAVES && below < metric.count; octave++) {
    const from = octave * BUCKETS_PER_OCTAVE
    const here = metric.buckets.subarray(from, from + BUCKETS_PER_OCTAVE).reduce((sum, n) => sum + n, 0)
    below += here
    if (below > 0) lines.push(`${name}_bucket{${comma}le="${2 ** (LOWEST_EXPONENT + octave + 1)}"} ${below}`)
  }
  lines.push(`${name}_bucket{${comma}le="+Inf"} ${metric.count}`, `${name}_sum${braces} ${metric.sum}`, `${name}_count${braces} ${metric.count}`)
}

/** The metrics of this process. */
export const metrics = new Metrics()

const DELAY_RESOLUTION_MS = 20
const DELAY_WINDOW_MS = 10_000
let delay: IntervalHistogram | undefined
let delayOfLastWindowMs = { p99: 0, max: 0 }

/** Event-loop delay beyond the timer's own 20 ms, over up to the last 20 s; zero until `watchProcess` was called. */
export function eventLoopDelayMs (): { p99: number, max: number } {
  if (delay === undefined || delay.count === 0) return delayOfLastWindowMs
  const now = delayNow(delay)
  return { p99: Math.max(now.p99, delayOfLastWindowMs.p99), max: Math.max(now.max, delayOfLastWindowMs.max) }
}

function delayNow (histogram: IntervalHistogram): { p99: number, max: number } {
  const ms = (ns: number): number => Math.max(0, ns / 1e6 - DELAY_RESOLUTION_MS)
  return { p99: ms(histogram.percentile(99)), max: ms(histogram.max) }
}

/** Starts measuring this process: event-loop delay, processor time, memory. Returns how to stop. */
export function watchProcess (): () => void {
  const histogram = delay = monitorEventLoopDelay({ resolution: DELAY_RESOLUTION_MS })
  histogram.enable()
  const timer = setInterval(() => {
    delayOfLastWindowMs = delayNow(histogram)
    histogram.reset()
  }, DELAY_WINDOW_MS).unref()
  metrics.gaugeOf('flowmesh_event_loop_delay_ms', 'Event-loop delay, p99 over up to 20 s', () => eventLoopDelayMs().p99)
  metrics.gaugeOf('flowmesh_event_loop_delay_max_ms', 'Event-loop delay, maximum over up to 20 s', () => eventLoopDelayMs().max)
  metrics.gaugeOf('process_cpu_seconds', 'Processor time of this process, user and system', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  metrics.gaugeOf('process_resident_memory_bytes', 'Resident memory', () => process.memoryUsage.rss())
  return () => {
    clearInterval(timer)
    histogram.disable()
    if (delay === histogram) delay = undefined
    delayOfLastWindowMs = { p99: 0, max: 0 }
  }
}

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const
export type LogLevel = typeof LOG_LEVELS[number]
export interface LogOptions {
  /** @default FLOWMESH_LOG, else 'warn' */ level?: LogLevel
  /** One JSON object a line instead of text for people. @default false */ json?: boolean
  /** Where lines go. @default stderr */ write?: (line: string) => void
}

type Fields = Record<string, unknown>
export interface Log {
  debug (text: string, fields?: Fields): void
  info (text: string, fields?: Fields): void
  warn (text: string, fields?: Fields): void
  error (text: string, fields?: Fields): void
  /** A warning that others can provoke: of each `cause` one line in 10 s, the next one with how many were left out. */
  seldom (cause: string, text: string, fields?: Fields): void
}

let root: Logger | undefined

/** Sets level and form for every log of the process, also those already made. */
export function configureLogs (options: LogOptions = {}): void {
  const write = options.write ?? ((line: string) => { process.stderr.write(line) })
  root = pino({
    level: options.level ?? levelOfEnvironment(),
    base: undefined,
    formatters: { level: label => ({ level: label }) },
    serializers: { err: pino.stdSerializers.err, cause: pino.stdSerializers.err }
  }, { write: options.json === true ? write : (line: string) => { write(forPeople(line)) } })
}

function levelOfEnvironment (): LogLevel {
  const level = process.env['FLOWMESH_LOG']
  return LOG_LEVELS.find(known => known === level) ?? 'warn'
}

/** A log of one part of the peer. Errors go under the field `err`. Never pass inputs, outputs or tokens. */
export function log (part: string): Log {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (text: string, fields: Fields = {}) => {
    if (root === undefined) configureLogs()
    if (root!.isLevelEnabled(level)) root![level]({ part, ...fields }, text)
  }
  const warn = at('warn')
  const seldom = (cause: string, text: string, fields: Fields = {}): void => {
    const leftOut = told.due(`${part} ${text} ${cause}`)
    if (leftOut !== undefined) warn(text, leftOut === 0 ? fields : { ...fields, leftOut })
  }
  return { debug: at('debug'), info: at('info'), warn, error: at('error'), seldom }
}

/** Causes remembered; while that many are younger than the pause, new ones are left out. */
const MAX_CAUSES = 1024

/** One line a cause and pause, so that nobody fills a disk with warnings. */
export class Seldom {
  /** Oldest first. */ private readonly causes = new Map<string, { at: number, leftOut: number }>()
  constructor (private readonly pauseMs = 10_000, private readonly now = () => performance.now()) {}

  /** How many were left out since the last line of this cause; undefined: this one is left out too. */
  due (cause: string): number | undefined {
    const now = this.now()
    const last = this.causes.get(cause)
    if (last !== undefined && now - last.at < this.pauseMs) {
      last.leftOut++
      return undefined
    }
    if (last === undefined && this.causes.size >= MAX_CAUSES && !this.forgetOldest(now)) return undefined
    this.causes.delete(cause)
    this.causes.set(cause, { at: now, leftOut: 0 })
    return last?.leftOut ?? 0
  }

  private forgetOldest (now: number): boolean {
    const [cause, { at }] = this.causes.entries().next().value as [string, { at: number }]
    return now - at >= this.pauseMs && this.causes.delete(cause)
  }
}

const told = new Seldom()
const incoming = log('incoming')

/** Counts what a peer sent and this one cannot read, and tells of it. `protocol` is a name of ours, never the sender's. */
export function malformed (protocol: string, from: string, err: unknown): void {
  metrics.counter('flowmesh_malformed_messages_total', 'messages dropped because they could not be read', { protocol }).add()
  incoming.seldom(`${protocol} ${from}`, 'a message could not be read and was dropped', { protocol, from, reason: reasonOf(err) })
}

/** What a request or an answer says. @throws InvalidInputError when it says nothing that can be read */
export function readFrom<T> (protocol: string, from: string, read: () => T): T {
  try {
    return read()
  } catch (err) {
    malformed(protocol, from, err)
    throw new InvalidInputError(`this is no message of ${protocol}: ${reasonOf(err)}`, {}, { cause: err })
  }
}

/** A handler of one-way messages. Nobody waits for an answer that could tell: what it throws ends here. */
export function heard (protocol: string, handle: (body: Uint8Array, from: string) => void): (body: Uint8Array, from: string) => void {
  return (body, from) => {
    try {
      handle(body, from)
    } catch (err) {
      malformed(protocol, from, err)
    }
  }
}

function reasonOf (err: unknown): string { return (err instanceof Error ? err.message : String(err)).slice(0, 200) }

/** `12:03:04 info  sidecar: took over 01H… epoch=3.1` */
function forPeople (line: string): string {
  const { level, time, part, msg, err, ...fields } = JSON.parse(line) as
    { level: string, time: number, part: string, msg: string, err?: { message?: string } } & Fields
  const rest = Object.entries(fields).map(([key, value]) => ` ${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  const cause = err === undefined ? '' : ` (${err.message})`
  return `${new Date(time).toISOString().slice(11, 19)} ${level.padEnd(5)} ${part}: ${msg}${cause}${rest.join('')}\n`
}
