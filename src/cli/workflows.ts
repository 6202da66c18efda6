/** `flowmesh workflows`: what is deployed. */
import type { Command } from 'commander'
import { clientOf, withApiOptions } from './api-options.js'
import type { ApiOptions } from './api-options.js'
import { print, printJson, printTable } from './terminal.js'

export function addWorkflows (program: Command): void {
  withApiOptions(program.command('workflows').description('list workflows, or print the source of one').argument('[[namespace/]name[:version]]'))
    .action(workflows)
}

async function workflows (name: string | undefined, options: ApiOptions): Promise<void> {
  const client = await clientOf(options)
  if (name !== undefined) {
    const one = await client.workflow(name)
    if (options.json === true) printJson(one)
    else print(one.source.trimEnd())
    return
  }
  const all = await client.workflows()
  if (options.json === true) printJson(all)
  else printTable(['NAMESPACE', 'NAME', 'VERSION', 'PLAN'], all.map(({ namespace, name, version, plan }) => [namespace, name, version, plan]))
}
