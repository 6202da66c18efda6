import { expect } from 'chai'
import fc from 'fast-check'
import { JqWorker } from '../../../src/runtime/jq/index.js'
import { BUILTINS } from '../../../src/workflow/expressions/builtins.js'
import { checkExpression, compileExpression, evaluate } from '../../../src/workflow/expressions/index.js'
import type { Answer, Evaluation } from '../../../src/workflow/expressions/index.js'
import { parse } from '../../../src/workflow/expressions/parser.js'
import { documents, programs } from './support/programs.js'

const SEED = Number(process.env.EXPRESSION_SEED ?? 20261125)
const PROGRAMS = Number(process.env.EXPRESSION_PROGRAMS ?? 3000)
const BATCH = 30

interface Difference { jq: string, input: string, own: string, real: string }

describe('the own evaluator beside real jq', function () {
  this.timeout(120_000)
  const worker = new JqWorker()
  const used = new Map<string, number>()
  const outcomes = { value: 0, error: 0, fallback: 0 }
  const differences: Difference[] = []

  /** All in one call; only when one of them is endless is each asked alone. */
  async function answersOf (batch: string[], input: unknown, vars: Record<string, unknown>): Promise<Answer[]> {
    const together = await worker.evaluate({ programs: batch, input, vars, deadlineMs: 3000 })
    if (!together.every(isTimeout)) return together
    const alone: Answer[] = []
    for (const jq of batch) alone.push(...await worker.evaluate({ programs: [jq], input, vars, deadlineMs: 1500 }))
    return alone
  }

  before(async () => {
    const generated = fc.sample(programs, { seed: SEED, numRuns: PROGRAMS })
    const inputs = fc.sample(documents, { seed: SEED, numRuns: Math.ceil(PROGRAMS / BATCH) })
    for (const [i, drawn] of inputs.entries()) {
      const batch = generated.slice(i * BATCH, (i + 1) * BATCH)
      batch.forEach(jq => { count(parse(jq), used) })
      // What a peer would evaluate has been JSON before: no -0, no undefined.
      const input = JSON.parse(JSON.stringify(drawn)) as unknown
      const vars = { x: i % 7, ctx: { k: [i, 'k', null] } }
      const before = JSON.stringify({ input, vars })
      const own = batch.map(jq => evaluate(compileExpression(jq), input, vars))
      expect(JSON.stringify({ input, vars }), 'input and variables stay as they were').to.equal(before)
      const real = await answersOf(batch, input, vars)
      own.forEach((answer, k) => {
        outcomes[answer.kind]++
        if (answer.kind !== 'fallback' && shown(answer) !== shown(real[k]!)) {
          differences.push({ jq: batch[k]!, input: before, own: shown(answer), real: JSON.stringify(real[k]) })
        }
      })
    }
    console.log(`      seed ${SEED}: ${JSON.stringify(outcomes)}`)
    console.log(`      ${[...used].sort().map(([name, times]) => `${name} ${times}`).join(', ')}`)
  })
  after(async () => { await worker.close() })

  it(`answers ${PROGRAMS} generated programs as jq does, or leaves them to it`, () => {
    expect(differences.slice(0, 8)).to.deep.equal([])
  })

  it('leaves fewer than one in twenty to real jq', () => {
    expect(outcomes.fallback / PROGRAMS).to.be.below(0.05)
  })

  it('has met values and errors, and every construct and builtin it runs', () => {
    const kinds = ['identity', 'recurseAll', 'literal', 'string', 'format', 'index', 'slice', 'iterate', 'try', 'pipe', 'comma', 'alternative', 'and', 'or', 'negate',
      'if', 'reduce', 'foreach', 'bind', 'variable', 'array', 'object', ...['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>='].map(op => `binary ${op}`),
      ...['=', '|=', '+=', '-=', '*=', '/=', '%=', '//='].map(op => `assign ${op}`)]

    expect([...kinds, ...BUILTINS.keys()].filter(name => !used.has(name))).to.deep.equal([])
    expect(outcomes.value).to.be.above(PROGRAMS / 3)
    expect(outcomes.error).to.be.above(PROGRAMS / 20)
  })

  it('refuses what jq refuses, and nothing else, when characters are lost or doubled', async () => {
    const broken = fc.sample(fc.tuple(programs, fc.nat(), fc.boolean()), { seed: SEED, numRuns: 150 }).map(([jq, at, twice]) => {
      const i = at % jq.length
      return jq.slice(0, i) + (twice ? jq[i]! + jq[i]! : '') + jq.slice(i + 1)
    })
    const { loadJq } = await import('jq-wasm')
    const jq = await loadJq()

    const wrong = broken.filter(text => {
      // Compiled, not evaluated; names of variables are not syntax.
      const { exitCode, stderr } = jq.raw('null', `if . then (${text}\n) else 1 end`, ['-c'])
      return checkExpression(text).ok !== (exitCode === 0 || !/^jq: error: (?!\$)/m.test(stderr))
    })
    expect(wrong).to.deep.equal([])
  })
})

function isTimeout (answer: Answer): boolean { return answer.kind === 'error' && answer.message.includes('no answer within') }

function shown (answer: Evaluation): string {
  return answer.kind === 'value' ? JSON.stringify(answer.value) : answer.kind
}

function count (node: unknown, used: Map<string, number>): void {
  if (typeof node !== 'object' || node === null) return
  if (!Array.isArray(node) && 'kind' in node) {
    const { kind, op, name, args } = node as { kind: string, op?: string, name?: string, args?: unknown[] }
    const label = kind === 'call' ? `${name}/${args!.length}` : op === undefined ? kind : `${kind} ${op}`
    used.set(label, (used.get(label) ?? 0) + 1)
  }
  for (const child of Object.values(node)) count(child, used)
}
