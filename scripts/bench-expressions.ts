/** What an expression costs, natively, in CPU time of this process. A line per program: evaluations per second, time for each. */
import { compileExpression, evaluate } from '../src/workflow/expressions/index.js'

const order = { id: 'o-17', customer: { name: 'Ada', tier: 'gold' }, items: Array.from({ length: 10 }, (_, i) => ({ sku: `s${i}`, price: i + 0.5, count: i })) }
const programs = ['.customer.name', '$context.stage', '.items[3].price > 2', '.customer.tier == "gold" and (.items | length) > 3',
  '{id, name: .customer.name, total: (.items[0].price * 2)}', '"order \\(.id) for \\(.customer.name)"', '[.items[] | select(.price > 4) | .sku]',
  '.items | map(.price * .count) | add', '.customer.tier |= ascii_upcase']

for (const jq of programs) {
  const compiled = compileExpression(jq)
  const vars = { context: { stage: 'prod' } }
  let rounds = 0
  const warmUntil = performance.now() + 100
  while (performance.now() < warmUntil) for (let i = 0; i < 100; i++) evaluate(compiled, order, vars)
  const start = cpuMs()
  while (cpuMs() < start + 300) {
    for (let i = 0; i < 1000; i++) evaluate(compiled, order, vars)
    rounds += 1000
  }
  const ms = cpuMs() - start
  console.log(`${(rounds / ms / 1000).toFixed(2).padStart(7)} M/s ${(ms / rounds * 1e6).toFixed(0).padStart(7)} ns  ${jq}`)
}

function cpuMs (): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
