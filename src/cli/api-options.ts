/** Which peer a verb talks to: `--api URL`, `FLOWMESH_API`, or the peer whose state is in the state directory. */
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { readApiFile } from '../api/api-file.js'
import { Client, NoPeerError } from '../api/client.js'
import { InvalidInputError, UnavailableError } from '../errors.js'

export interface ApiOptions { api?: string, apiToken?: string, stateDir?: string, json?: boolean }

/** Adds the options that every verb has which talks to a peer. */
export function withApiOptions (command: Command): Command {
  return command
    .addOption(new Option('--api <url>', 'the peer\'s API').env('FLOWMESH_API'))
    .addOption(new Option('--api-token <token>', 'for an API that is bound to more than loopback').env('FLOWMESH_API_TOKEN'))
    .option('--state-dir <dir>', 'the peer whose state is there (default: FLOWMESH_STATE or ~/.flowmesh)')
    .option('--json', 'JSON on stdout')
}

export function stateDirOf (stateDir: string | undefined): string {
  const given = stateDir ?? process.env['FLOWMESH_STATE'] ?? join(homedir(), '.flowmesh')
  if (given === '') throw new InvalidInputError('the name of the state directory is empty', { field: '--state-dir' })
  return resolve(given)
}

/** Rejects with UnavailableError when the state directory tells of no running peer. */
export async function clientOf (options: ApiOptions): Promise<Client> {
  if (options.api !== undefined) return new Client({ url: checkUrl(options.api), token: options.apiToken })
  const stateDir = stateDirOf(options.stateDir)
  const file = await readApiFile(stateDir)
  if (file === undefined) {
    throw new UnavailableError(`no peer runs with its state in ${stateDir}; start one with "flowmesh up", or name another with --api URL or --state-dir DIR`)
  }
  if (!isRunning(file.pid)) throw new NoPeerError(file.url)
  return new Client({ url: file.url, token: options.apiToken ?? file.token })
}

function checkUrl (text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return text
  throw new InvalidInputError(`"${text}" is not a URL of an API; write it like http://127.0.0.1:7070`, { field: '--api' })
}

function isRunning (pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (err) {
    return (err as NodeJS.ErrnoException).code === 'EPERM' // it is there, and another user's
  }
}
