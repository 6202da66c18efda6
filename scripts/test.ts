/**
 * `npm test`: everything that shows that this tree is sound, in stages with a share of twelve minutes each. Lint, types and
 * the pure folders' tests run beside those that wait for sockets and disks. The last line is `N passed, N failed`.
 * `npm test -- unit swarm` runs only these stages.
 */
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import type { MochaResult } from './support/run-mocha.js'

interface Outcome { passed: number, failed: number }
interface Stage { name: string, shareMs: number, run: (shareMs: number) => Promise<Outcome> }

const MINUTE = 60_000
/** A stage that takes this many times its share hangs; it is ended and counts as failed. */
const PATIENCE = 3

const STAGES: Stage[] = [
  { name: 'lint', shareMs: 1.5 * MINUTE, run: async ms => await tool('lint', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0'], ms) },
  { name: 'types', shareMs: 1.5 * MINUTE, run: async ms => await tool('types', ['node_modules/typescript/bin/tsc', '--noEmit', '-p', 'tsconfig.json'], ms) },
  { name: 'unit', shareMs: 1 * MINUTE, run: async ms => await mocha(all().filter(file => !isOf(PARTS, file) && !isOf(DRAWN, file) && !isOf(['swarm/'], file)), ms) },
  { name: 'parts', shareMs: 2 * MINUTE, run: async ms => await mocha(all().filter(file => isOf(PARTS, file) && !isOf(DRAWN, file)), ms) },
  { name: 'simulation', shareMs: 3 * MINUTE, run: async ms => await mocha(all().filter(file => isOf(DRAWN, file)), ms) },
  { name: 'swarm', shareMs: 5 * MINUTE, run: async ms => await mocha(all().filter(file => isOf(['swarm/'], file)), ms) }
]
/** Folders whose tests open sockets, disks, threads and processes of their own. */
const PARTS = ['api/', 'catalog/', 'cli/', 'control/', 'mesh/', 'runtime/', 'store/', 'package.spec', 'failpoints.spec']
/** Long draws: explorations, generated programs and workflows, random faults. */
const DRAWN = ['simulation/', 'branch/explore.spec', 'execution/properties.spec', 'workflow/expressions/differential.spec', 'sidecar/faults.spec']
/** Real swarms are never started beside anything else: their tests watch deadlines. */
const BESIDE = ['lint', 'types', 'unit']

const wanted = process.argv.slice(2)
const unknown = wanted.filter(name => !STAGES.some(stage => stage.name === name))
if (unknown.length > 0) {
  console.error(`no stage ${unknown.join(', ')}; there are ${STAGES.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
const stages = STAGES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const beside = stages.filter(({ name }) => BESIDE.includes(name))
const others = stages.filter(({ name }) => !BESIDE.includes(name))

const checks = inTurn(beside)
if (cpus().length < 2) await checks
const first = await inTurn(others.slice(0, 1))
const outcomes = [...await checks, ...first, ...await inTurn(others.slice(1))]
const sum = (field: keyof Outcome): number => outcomes.reduce((total, outcome) => total + outcome[field], 0)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = sum('failed') > 0 ? 1 : 0

async function inTurn (list: Stage[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const stage of list) {
    const from = performance.now()
    const outcome = await stage.run(stage.shareMs)
    const seconds = (performance.now() - from) / 1000
    console.log(`\n${stage.name}: ${outcome.passed} passed, ${outcome.failed} failed in ${seconds.toFixed(1)} s (its share: ${stage.shareMs / 1000} s)`)
    outcomes.push(outcome)
  }
  return outcomes
}

/** A checker that says what is wrong and exits with a code; what it says is kept together. */
async function tool (name: string, args: string[], shareMs: number): Promise<Outcome> {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => { said += text.toString() })
  const code = await ended(child, shareMs)
  if (code !== 0) console.log(`\n${name} found:\n${said}`)
  return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

async function mocha (files: string[], shareMs: number): Promise<Outcome> {
  if (files.length === 0) return { passed: 0, failed: 0 }
  const child = spawn(process.execPath, ['--enable-source-maps', join('build', 'scripts', 'support', 'run-mocha.js'), ...files], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc']
  })
  let result: MochaResult | undefined
  child.on('message', message => { result = message as MochaResult })
  const code = await ended(child, shareMs)
  if (result === undefined) return { passed: 0, failed: 1 } // it broke or hung before it could count
  return { passed: result.passed, failed: code === 0 || result.failed > 0 ? result.failed : 1 }
}

async function ended (child: ChildProcess, shareMs: number): Promise<number> {
  const timer = setTimeout(() => {
    console.log(`\nended after ${PATIENCE * shareMs / 1000} s: it hangs`)
    child.kill('SIGKILL')
  }, PATIENCE * shareMs)
  const code = await new Promise<number>(resolve => child.once('exit', code => { resolve(code ?? 1) }))
  clearTimeout(timer)
  return code
}

function all (): string[] {
  const from = join('build', 'test')
  return readdirSync(from, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.spec.js')).map(file => join(from, file)).sort()
}

function isOf (beginnings: string[], file: string): boolean {
  return beginnings.some(beginning => file.startsWith(join('build', 'test', beginning)))
}
