/** Runs the real command in a process of its own. */
import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { join } from 'node:path'
import { endsWithThis } from '../../scripts/support/children.js'

export interface Ended { code: number, stdout: string, stderr: string }
export interface Running { child: ChildProcessWithoutNullStreams, ended: Promise<Ended>, stderrMatches (pattern: RegExp): Promise<void> }

const MAIN = join(process.cwd(), 'build', 'src', 'cli', 'main.js')

export function start (args: string[], env: Record<string, string> = {}): Running {
  const { FLOWMESH_API: _, FLOWMESH_STATE: __, FLOWMESH_API_TOKEN: ___, ...clean } = process.env
  const child = endsWithThis(spawn(process.execPath, [MAIN, ...args], { env: { ...clean, ...env } }))
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', (text: Buffer) => { said.stdout += text.toString() })
  child.stderr.on('data', (text: Buffer) => { said.stderr += text.toString() })
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => { resolve({ code: code ?? -1, ...said }) })
  })
  return {
    child,
    ended,
    async stderrMatches (pattern) {
      while (!pattern.test(said.stderr)) await new Promise(resolve => child.stderr.once('data', resolve))
    }
  }
}

export async function flowmesh (args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return await start(args, env).ended
}
