/** Figures out of rounds: medians with what they varied between, and ratios taken round by round. */
import type { Round } from './load.js'

export interface Spread { median: number, min: number, max: number }

export interface Figures {
  p50Ms: Spread, p95Ms: number, p99Ms: number, perSecond: Spread, cpuMs: Spread, rssMiB: number, loopMs: number, executions: number
}

export function figuresOf (rounds: Round[]): Figures {
  const all = rounds.flatMap(round => round.latenciesMs)
  return {
    p50Ms: spread(rounds.map(p50)),
    p95Ms: quantile(all, 0.95),
    p99Ms: quantile(all, 0.99),
    perSecond: spread(rounds.map(rate)),
    cpuMs: spread(rounds.map(round => round.cpuMs / round.latenciesMs.length)),
    rssMiB: Math.max(...rounds.map(round => round.rssMiB)),
    loopMs: Math.max(...rounds.map(round => round.loopMs)),
    executions: all.length
  }
}

/** How many times the floor's latency and how much of its rate: rounds next to each other are compared. */
export function ratiosTo (floor: Round[], rounds: Round[]): { p50: Spread, perSecond: Spread } {
  return {
    p50: spread(rounds.map((round, i) => p50(round) / p50(floor[i]!))),
    perSecond: spread(rounds.map((round, i) => rate(round) / rate(floor[i]!)))
  }
}

export function spread (values: number[]): Spread {
  return { median: quantile(values, 0.5), min: Math.min(...values), max: Math.max(...values) }
}

export function quantile (values: number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? NaN
}

function p50 (round: Round): number { return quantile(round.latenciesMs, 0.5) }
function rate (round: Round): number { return round.latenciesMs.length / round.seconds }
