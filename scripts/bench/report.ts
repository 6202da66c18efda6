/** Tables for people. */
import type { Aim } from './cases.js'
import type { Figures, Spread } from './figures.js'
import type { Hop } from './hop.js'
import type { Idle } from './idle.js'

export interface Row {
  case: string, atOnce: number, subject: string, figures: Figures
  /** Against the floor of the same run; undefined for the floor itself. */ ratios?: { p50: Spread, perSecond: Spread }
  aim?: Aim
}

export function tableOf (rows: Row[]): string {
  const head = ['case', 'at once', 'build', 'p50 ms', 'p95', 'p99', '/s', 'CPU ms', 'loop p99 ms', 'RSS MiB', '× floor p50', 'share of floor /s', 'aim']
  return render([head, ...rows.map(({ case: name, atOnce, subject, figures, ratios, aim }) => [
    name, String(atOnce), subject, range(figures.p50Ms), short(figures.p95Ms), short(figures.p99Ms), range(figures.perSecond), range(figures.cpuMs), ratios === undefined ? '' : short(figures.loopMs), figures.rssMiB.toFixed(0),
    ratios === undefined ? '' : range(ratios.p50), ratios === undefined ? '' : range(ratios.perSecond), aimText(atOnce, figures, aim)
  ])])
}

export function hopText (title: string, hop: Hop): string {
  return [
    `One hop, ${title}, one execution at a time, ${hop.executions} chains of 10:`,
    `  a step takes p50 ${hop.stepMsP50.toFixed(2)} ms, p99 ${hop.stepMsP99.toFixed(2)} ms; the floor ${hop.floorStepMsP50.toFixed(2)} ms (× ${(hop.stepMsP50 / hop.floorStepMsP50).toFixed(1)})`,
    `  per step: ${hop.recordsPerStep.toFixed(2)} records, ${hop.messagesPerStep.toFixed(2)} messages to replicas, ${hop.syncsPerStep.toFixed(2)} syncs in sequence (${hop.batchesPerStep.toFixed(2)} batches); ${hop.handovers.toFixed(0)} handovers in all`
  ].join('\n')
}

export function idleText (idle: Idle, readyMs: number): string {
  return `Start and idle: ready after ${readyMs.toFixed(0)} ms (aim ≤ 1000); one peer of three idle for ${idle.seconds.toFixed(0)} s: ${idle.cpuPercent.toFixed(2)} % of a core (aim ≤ 3), ${idle.rssMiB.toFixed(0)} MiB (aim ≤ 130)`
}

function aimText (atOnce: number, { p50Ms, perSecond }: Figures, aim: Aim | undefined): string {
  if (atOnce === 1) return aim?.p50Ms === undefined ? '' : `≤ ${aim.p50Ms} ms ${mark(p50Ms.median <= aim.p50Ms)}`
  return aim?.perSecond === undefined ? '' : `≥ ${aim.perSecond}/s ${mark(perSecond.median >= aim.perSecond)}`
}

function mark (reached: boolean): string { return reached ? '✓' : '✗' }

function range ({ median, min, max }: Spread): string { return `${short(median)} (${short(min)}–${short(max)})` }

/** Three digits say enough. */
function short (value: number): string { return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2) }

/** As Markdown that also reads well on a terminal. */
function render (rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  const lines = rows.map(row => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`)
  return [lines[0], `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`, ...lines.slice(1)].join('\n')
}
