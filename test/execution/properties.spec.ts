import { expect } from 'chai'
import fc from 'fast-check'
import * as production from '../../src/execution/index.js'
import type { BranchState, CallEffect, HttpEffect } from '../../src/execution/index.js'
import { failure } from './execute.js'
import { cases, KINDS } from './generate.js'
import type { Case } from './generate.js'
import { planOf } from './plans.js'
import { World } from './world.js'
import type { FunctionResult, Machine, Options } from './world.js'

/** Which calls fail, and how long they take, by place, step and attempt alone: the same whoever drives it. */
function answerOf (seed: number): Options['answer'] {
  return (call: CallEffect | HttpEffect): FunctionResult & { afterMs: number } => {
    let hash = seed
    for (const char of `${call.place} ${call.step} ${call.attempt} ${call.task}`) hash = Math.imul(hash ^ char.charCodeAt(0), 16_777_619) >>> 0
    const afterMs = 1 + (hash >>> 8) % 40
    return hash % 4 === 0 ? { ...failure(500 + (hash >>> 4) % 5), afterMs } : { output: (hash >>> 5) % 100, afterMs }
  }
}

function drive ({ doc, seed, cancelAtMs }: Case, options: Partial<Options> = {}): World {
  const cancel = cancelAtMs === undefined ? {} : { cancelAtMs }
  const jq: Options['jq'] = (programs, input) => programs.map(() => ({ kind: 'value', value: String(input).split('-') }))
  return new World(planOf(doc), { answer: answerOf(seed), jq, seed, ...cancel, ...options }).run(1)
}

const seed = Number(process.env['FLOWMESH_SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const RUNS = Number(process.env['FLOWMESH_RUNS'] ?? 100)
const MUST_HAPPEN = [
  'callCompleted', 'callFailed', 'evaluated', 'timerFired', 'childEnded', 'cancel', 'call', 'http', 'evaluate', 'timer', 'open', 'interrupt',
  'closeChildren', 'finish', 'completed', 'faulted', 'cancelled', 'late', 'repeated', 'handover', 'batched', 'again', 'decision', 'nested',
  ...[...new Set(KINDS)].map(kind => `${kind} tasks`)
]

describe('execution: properties', function () {
  this.timeout(60_000)
  const counters: Record<string, number> = {}
  const add = (what: string, n: number): void => { counters[what] = (counters[what] ?? 0) + n }
  const tally = (world: World): void => {
    for (const [what, n] of Object.entries(world.counters)) add(what, n)
    // A generated task's name is its construct and a number.
    for (const { trace } of world.records) for (const { task } of trace) add(`${task.slice(task.lastIndexOf('/') + 1).replace(/\d+$/, '')} tasks`, 1)
  }

  it('reaches the same end from any state, through JSON and pending(), and lets late and repeated events change nothing', () => {
    fc.assert(fc.property(cases(), one => {
      const straight = drive(one)
      const resumed = drive(one, { handoverEvery: 1 + one.seed % 3, repeat: true })

      expect(resumed.story()).to.deep.equal(straight.story())
      tally(straight)
      tally(resumed)
    }), { seed, numRuns: RUNS })
  })

  it('lets several events go into one record', () => {
    fc.assert(fc.property(cases(), one => {
      tally(drive(one, { batch: 4, repeat: true }))
    }), { seed, numRuns: RUNS / 2 })
  })

  it('has exercised everything', () => {
    console.log(`      seed ${seed}: ${Object.entries(counters).map(([what, n]) => `${what} ${n}`).join(', ')}`)

    for (const what of MUST_HAPPEN) expect(counters, `nothing happened of ${what}`).to.have.property(what).above(0)
  })
})

describe('execution: planted bugs', function () {
  this.timeout(60_000)
  const mutants: Record<string, Partial<Machine>> = {
    'an answer of an earlier attempt counts': {
      apply: (plan, state, event) => {
        const top = state.frames.at(-1)
        const stale = (event.type === 'callCompleted' || event.type === 'callFailed') && top?.inside?.kind === 'call'
        return production.apply(plan, state, stale ? { ...event, step: top.step, attempt: top.attempt } : event)
      }
    },
    'timers are forgotten by who takes over': {
      pending: (plan, state) => production.pending(plan, state).filter(({ type }) => type !== 'timer')
    },
    'a retry goes back over the steps of a catch': {
      apply: (plan, state, event) => {
        const forgetful = withoutCaught(state)
        const step = production.apply(plan, forgetful, event)
        return step.state === forgetful ? { ...step, state } : step
      }
    }
  }

  for (const [name, mutant] of Object.entries(mutants)) {
    it(`finds that ${name}`, () => {
      const result = fc.check(fc.property(cases(), one => {
        const straight = drive(one, { machine: { ...production, ...mutant } })
        expect(drive(one, { machine: { ...production, ...mutant }, handoverEvery: 1, repeat: true }).story()).to.deep.equal(straight.story())
      }), { seed, numRuns: 3000, endOnFailure: true })
      console.log(`      found in run ${result.numRuns}`)

      expect(result.failed).to.equal(true)
    })
  }
})

function withoutCaught (state: BranchState): BranchState {
  const frames = state.frames.map(frame => {
    if (frame.inside?.kind !== 'try') return frame
    const { caught: _caught, ...inside } = frame.inside
    return { ...frame, inside }
  })
  return { ...state, frames }
}
