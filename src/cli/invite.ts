/** `flowmesh invite`: a token with which others may join. */
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { parseDuration } from '../api/units.js'
import { clientOf, withApiOptions } from './api-options.js'
import type { ApiOptions } from './api-options.js'
import { note, print, printJson } from './terminal.js'

interface Options extends ApiOptions { role?: string, uses?: number, ttl?: string }

export function addInvite (program: Command): void {
  withApiOptions(program.command('invite').description('print a token with which peers may join'))
    .addOption(new Option('--role <role>', 'what the peer may do: run work, deploy too, invite too, only look')
      .choices(['peer', 'deployer', 'operator', 'viewer']).default('peer'))
    .option('--uses <n>', 'how many peers may use it (default: 1)', wholeNumber)
    .option('--ttl <duration>', 'how long it is good, such as 1h (default: a day)')
    .action(invite)
}

async function invite ({ role, uses, ttl, ...options }: Options): Promise<void> {
  if (ttl !== undefined) parseDuration(ttl, '--ttl')
  const { token, expiresAt } = await (await clientOf(options)).invite({ role, uses, ttl })
  if (options.json === true) {
    printJson({ token, expiresAt })
    return
  }
  print(token)
  note(`good until ${expiresAt}, for ${uses ?? 1} peer${uses === undefined || uses === 1 ? '' : 's'}; on the other machine: flowmesh up --join TOKEN`)
}

export function wholeNumber (text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('a whole number above 0 is needed.')
  return Number(text)
}
