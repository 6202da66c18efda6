/** `flowmesh cancel`: ends an execution. */
import type { Command } from 'commander'
import { clientOf, withApiOptions } from './api-options.js'
import type { ApiOptions } from './api-options.js'
import { note, printJson } from './terminal.js'

export function addCancel (program: Command): void {
  withApiOptions(program.command('cancel').description('cancel an execution').argument('<id>'))
    .option('--reason <text>', 'kept with it')
    .action(cancel)
}

async function cancel (id: string, { reason, ...options }: ApiOptions & { reason?: string }): Promise<void> {
  await (await clientOf(options)).cancel(id, reason)
  if (options.json === true) printJson({ id })
  else note(`cancelling ${id} is recorded`)
}
