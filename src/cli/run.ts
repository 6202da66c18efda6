/** `flowmesh run`: starts an execution, follows it on stderr, prints its output. */
import { readFile } from 'node:fs/promises'
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { readJson } from '../api/json-text.js'
import { parseDuration } from '../api/units.js'
import type { Client } from '../api/client.js'
import { InvalidInputError, TimeoutError } from '../errors.js'
import { MAX_COPIES } from '../limits.js'
import type { ExecutionView } from '../sidecar/port.js'
import { clientOf, withApiOptions } from './api-options.js'
import type { ApiOptions } from './api-options.js'
import { DONE, FAILED, INTERRUPTED, TIMED_OUT } from './exit-codes.js'
import { follow } from './follow.js'
import { wholeNumber } from './invite.js'
import { clean, note, print, printJson, showError } from './terminal.js'

interface Options extends ApiOptions { input?: string, key?: string, copies?: number, detach?: boolean, timeout?: string }

export function addRun (program: Command, end: (code: number) => void): void {
  withApiOptions(program.command('run').description('start an execution, follow it, print its output').argument('<workflow[:version]>'))
    .option('--input <json|@file>', 'its input; JSON texts need quotes of their own: \'"text"\'')
    .option('--key <key>', 'the same key gives the same execution, however often it is sent')
    .option('--copies <n>', `how many peers keep it, 1 to ${MAX_COPIES} (default: as the workflow says)`, copiesOf)
    .option('--detach', 'print the id and do not follow it')
    .option('--timeout <duration>', 'how long to follow it; it goes on after that')
    .action(async (workflow: string, options: Options) => { end(await run(workflow, options)) })
}

async function run (workflow: string, { input, key, copies, detach, timeout, ...options }: Options): Promise<number> {
  const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout, '--timeout')
  const request = { workflow, input: input === undefined ? undefined : await readInput(input), key, copies }
  const client = await clientOf(options)
  const { id } = await client.start(request)
  if (detach === true) {
    if (options.json === true) printJson({ id })
    else print(id)
    return DONE
  }
  const view = await followUntil(client, id, timeoutMs)
  return typeof view === 'number' ? view : report(view, options)
}

function copiesOf (text: string): number {
  const copies = wholeNumber(text)
  if (copies > MAX_COPIES) throw new InvalidArgumentError(`at most ${MAX_COPIES} peers keep an execution.`)
  return copies
}

async function readInput (text: string): Promise<unknown> {
  const file = text.startsWith('@') ? text.slice(1) : undefined
  const json = file === undefined ? text : await readFile(file, 'utf8').catch((err: Error) => {
    throw new InvalidInputError(`cannot read ${file}: ${err.message}`, { field: '--input' })
  })
  return readJson(json, '--input', { file, field: '--input' })
}

/** An exit code instead when it was not followed to its end. */
async function followUntil (client: Client, id: string, timeoutMs: number | undefined): Promise<ExecutionView | number> {
  const stop = new AbortController()
  const interrupt = (): void => { stop.abort(INTERRUPTED) }
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => { stop.abort(TIMED_OUT) }, timeoutMs)
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  note(`execution ${id}`) // whoever reads this may interrupt at once
  try {
    return await Promise.race([follow(client, id, stop.signal), rejectedBy(stop.signal)])
  } catch (err) {
    if (!stop.signal.aborted) {
      note(`execution ${id} was accepted and is not lost; see "flowmesh execution ${id}" on any peer`)
      throw err
    }
    const why = stop.signal.reason === TIMED_OUT ? new TimeoutError(`execution ${id}`, timeoutMs ?? 0).message : 'interrupted'
    note(`flowmesh: ${why}; the execution goes on: flowmesh execution ${id} --watch, or flowmesh cancel ${id}`)
    return Number(stop.signal.reason)
  } finally {
    clearTimeout(timer)
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}

/** A reading under way may hang on a dead peer: nobody waits for it after an interrupt. */
async function rejectedBy (signal: AbortSignal): Promise<never> {
  return await new Promise((_, reject) => {
    signal.addEventListener('abort', () => { reject(new Error('stopped')) }, { once: true })
  })
}

function report (view: ExecutionView, { json }: ApiOptions): number {
  if (json === true) printJson(view)
  else if (view.status === 'completed') print(JSON.stringify(view.output ?? null, undefined, 2))
  if (view.status === 'completed') return DONE
  const why = view.error === undefined ? view.reason : showError(view.error)
  note(clean(`flowmesh: execution ${view.id} is ${view.status}${why === undefined ? '' : `: ${why}`}`))
  return FAILED
}
