/** `flowmesh executions`: the newest of them. */
import { Option } from 'commander'
import type { Command } from 'commander'
import { clientOf, withApiOptions } from './api-options.js'
import type { ApiOptions } from './api-options.js'
import { wholeNumber } from './invite.js'
import { note, printJson, printTable, showDuration } from './terminal.js'

const STATUSES = ['pending', 'running', 'waiting', 'suspended', 'cancelled', 'faulted', 'completed']

interface Options extends ApiOptions { status?: string, workflow?: string, limit?: number, cursor?: string }

export function addExecutions (program: Command): void {
  withApiOptions(program.command('executions').description('list executions, newest first'))
    .addOption(new Option('--status <status>', 'only with this one').choices(STATUSES))
    .option('--workflow <name>', 'only of this workflow')
    .option('--limit <n>', 'how many at most (default: 50)', wholeNumber)
    .option('--cursor <cursor>', 'where the page before ended')
    .action(executions)
}

async function executions ({ status, workflow, limit, cursor, ...options }: Options): Promise<void> {
  const page = await (await clientOf(options)).executions({ status, workflow, limit, cursor })
  if (options.json === true) {
    printJson(page)
    return
  }
  printTable(['ID', 'WORKFLOW', 'STATUS', 'FINAL', 'STARTED', 'TOOK'], page.executions.map(each => [
    each.id, `${each.workflow}:${each.version}`, each.status, each.final ? 'yes' : '', each.startedAt,
    each.endedAt === undefined ? '' : showDuration(Date.parse(each.endedAt) - Date.parse(each.startedAt))
  ]))
  if (page.answered < page.peers) note(`only ${page.answered} of ${page.peers} peers answered: there may be more`)
  if (page.cursor !== undefined) note(`more: flowmesh executions --cursor ${page.cursor}`)
}
