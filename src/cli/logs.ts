/** `flowmesh logs`: what an execution's functions wrote. */
import type { Command } from 'commander'
import { clientOf, withApiOptions } from './api-options.js'
import type { ApiOptions } from './api-options.js'
import { clean, print, printJson } from './terminal.js'

export function addLogs (program: Command): void {
  withApiOptions(program.command('logs').description('print what an execution\'s functions logged').argument('<id>')).action(logs)
}

async function logs (id: string, options: ApiOptions): Promise<void> {
  const lines = await (await clientOf(options)).logs(id)
  if (options.json === true) printJson(lines)
  else for (const { at, level, task, text } of lines) print(`${at} ${level.padEnd(5)} ${task}: ${clean(text)}`)
}
