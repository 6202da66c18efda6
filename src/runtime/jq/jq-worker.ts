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

function answer (jq: Jq, request: JqRequest): Answer[] {
  const answers: Answer[] = []
  let batch: number[] = []
  let chars = 0
  request.programs.forEach((program, i) => {
    if (batch.length > 0 && chars + program.length > MAX_BATCH_CHARS) {
      answers.push(...ask(jq, request, batch))
      batch = []
      chars = 0
    }
    batch.push(i)
    chars += program.length
  })
  return [...answers, ...ask(jq, request, batch)]
}

function ask (jq: Jq, request: JqRequest, batch: number[]): Answer[] {
  const { stdout, stderr, exitCode } = jq.raw(request.data, wrap(request, batch), ['-c'])
  if (exitCode === 0) {
    if (stdout.length > request.maxOutputBytes) {
      if (batch.length > 1) return batch.flatMap(i => ask(jq, request, [i]))
      return [{ kind: 'error', message: `the expression makes more than ${request.maxOutputBytes} bytes (MAX_DATA_BYTES)` }]
    }
    return (JSON.parse(stdout) as ({ v: unknown[] } | { e: unknown })[]).map(toAnswer)
  }
  if (batch.length > 1) return batch.flatMap(i => ask(jq, request, [i]))
  return [{ kind: 'error', message: firstLine(stderr) }]
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
const jq = await loadJq({ wasmURL: wasmPath() })
port.on('message', (request: JqRequest) => {
  const response: JqResponse = { id: request.id, answers: answer(jq, request) }
  port.postMessage(response)
})
