/**
 * The thread that runs real jq. One jq call answers all programs of a request, since a call costs milliseconds whatever
 * its size; only when that call does not compile is each program asked alone, so that one cannot spoil the others.
 */
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { parentPort } from 'node:worker_threads'
import { loadJq } from 'jq-wasm'
import type { Jq } from 'jq-wasm'
import type { Answer } from '../../workflow/expressions/index.js'
import type { JqRequest, JqResponse } from './jq-protocol.js'

/** Beside this file in the bundle, in its package otherwise. */
function wasmPath (): string {
  const beside = fileURLToPath(new URL('./jq.wasm', import.meta.url))
  return existsSync(beside) ? beside : createRequire(import.meta.url).resolve('jq-wasm/jq.wasm')
}

/** More than this in one call comes near the stack on which jq's command line lies. */
const MAX_BATCH_CHARS = 24 * 1024

let jq: Jq | undefined

async function answer (request: JqRequest): Promise<Answer[]> {
  const answers: Answer[] = []
  let batch: number[] = []
  let chars = 0
  for (const [i, program] of request.programs.entries()) {
    if (batch.length > 0 && chars + program.length > MAX_BATCH_CHARS) {
      answers.push(...await ask(request, batch))
      batch = []
      chars = 0
    }
    batch.push(i)
    chars += program.length
  }
  return [...answers, ...await ask(request, batch)]
}

async function ask (request: JqRequest, batch: number[]): Promise<Answer[]> {
  jq ??= await loadJq({ wasmURL: wasmPath() })
  let result: { stdout: string, stderr: string, exitCode: number }
  try {
    result = jq.raw(request.data, wrap(request, batch), ['-c'])
  } catch (err) {
    // Out of memory or stack: this instance is broken, the next one is not.
    jq = undefined
    if (batch.length > 1) return await askEach(request, batch)
    return [{ kind: 'error', message: `jq ran out of memory or stack: ${(err as Error).message}` }]
  }
  const { stdout, stderr, exitCode } = result
  if (exitCode === 0) {
    if (stdout.length > request.maxOutputBytes) {
      if (batch.length > 1) return await askEach(request, batch)
      return [{ kind: 'error', message: `the expression makes more than ${request.maxOutputBytes} bytes (MAX_DATA_BYTES)` }]
    }
    return (JSON.parse(stdout) as ({ v: unknown[] } | { e: unknown })[]).map(toAnswer)
  }
  if (batch.length > 1) return await askEach(request, batch)
  return [{ kind: 'error', message: firstLine(stderr) }]
}

async function askEach (request: JqRequest, batch: number[]): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const i of batch) answers.push(...await ask(request, [i]))
  return answers
}

/** Every program in its own parentheses and `try`; the line end closes a comment, the second one a continued comment. */
function wrap (request: JqRequest, batch: number[]): string {
  const names = [...new Set(batch.flatMap(i => request.variables[i]!))]
  const bindings = names.map(name => `$__in.v.${name} as $${name} | `).join('')
  const programs = batch.map(i => `(try {v: [first($__in.i | (${request.programs[i]!}\n\n))]} catch {e: .})`)
  return `. as $__in | ${bindings}[${programs.join(',\n')}]`
}

function toAnswer (result: { v: unknown[] } | { e: unknown }): Answer {
  if ('v' in result) return { kind: 'value', value: result.v[0] ?? null }
  return { kind: 'error', message: typeof result.e === 'string' ? result.e : `(not a string): ${JSON.stringify(result.e)}` }
}

function firstLine (stderr: string): string {
  return stderr.split('\n', 1)[0]!.replace(/^jq: error(?: \(at [^)]*\))?:? /, '').replace(/ at <top-level>.*$/, '')
}

const port = parentPort
if (port === null) throw new Error('jq-worker.js is a worker thread: it is started by JqWorker')
jq = await loadJq({ wasmURL: wasmPath() })
port.on('message', (request: JqRequest) => {
  // A rejection ends the thread, and the caller hears of that.
  void answer(request).then(answers => { port.postMessage({ id: request.id, answers } satisfies JqResponse) })
})
