/**
 * What is measured, with the aims, and beside each the floor: the least that any program must do to keep the same promise,
 * as phases that follow one another. A phase waits, then writes records that share one sync, at every copy.
 */
export interface Phase { delayMs?: number, records: number, bytes: number }

export interface Aim { p50Ms?: number, perSecond?: number }

export interface Case {
  name: string
  workflow: string
  input: unknown
  phases: Phase[]
  /** By number of peers. */ aims: Record<number, Aim>
}

const RECORD_BYTES = 1024
const MiB = 1 << 20

const one: Phase = { records: 1, bytes: RECORD_BYTES }

export const CASES: Case[] = [
  {
    name: 'chain of 10',
    workflow: 'chain',
    input: {},
    phases: Array.from({ length: 11 }, () => one), // accepted, then one a step; the last one also ends it
    aims: { 1: { p50Ms: 10, perSecond: 300 }, 3: { p50Ms: 45 } }
  },
  {
    name: 'fan-out 50 + join',
    workflow: 'fanout',
    input: {},
    phases: [one, { records: 50, bytes: RECORD_BYTES }, one],
    aims: { 1: { p50Ms: 9, perSecond: 120 } }
  },
  {
    name: 'checkout 4 × 10 ms',
    workflow: 'checkout',
    input: { order: 'bench' },
    phases: [one, ...Array.from({ length: 4 }, () => ({ ...one, delayMs: 10 }))],
    aims: { 1: { p50Ms: 50, perSecond: 400 } }
  },
  {
    name: '1 MiB through 3',
    workflow: 'payload',
    input: { text: 'x'.repeat(MiB) },
    phases: Array.from({ length: 4 }, () => ({ records: 1, bytes: MiB + RECORD_BYTES })),
    aims: { 1: { p50Ms: 27, perSecond: 30 } }
  }
]

/** What the peers of the bench are given to run. */
export const SOURCES = ['noop', 'chain', 'fanout', 'checkout', 'payload'].map(name => `examples/${name}`)
