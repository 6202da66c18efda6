/** `flowmesh logs`: what an execution's functions wrote. */
import type { Command } from 'commander'
import type { LogRow } from '../api/client.js'
import { clientOf, withApiOptions } from './api-options.js'
import type { ApiOptions } from './api-options.js'
import { clean, note, print, printJson } from './terminal.js'

export function addLogs (program: Command): void {
  withApiOptions(program.command('logs').description('print what an execution\'s functions logged').argument('<id>')).action(logs)
}

async function logs (id: string, options: ApiOptions): Promise<void> {
  const lines = await (await clientOf(options)).logs(id)
  if (options.json === true) printJson(lines)
  else for (const line of lines) print(textOf(line))
  if (lines.length === 0) note('nothing was logged, or the peers that ran it cannot be reached')
}

/** What follows the first line is set in, so that a stack trace stays one entry to the eye. */
function textOf ({ at, level, task, text }: LogRow): string {
  return `${at} ${level.padEnd(5)} ${task}: ${text.trimEnd().split('\n').map(clean).join('\n  ')}`
}
