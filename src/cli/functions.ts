/** `flowmesh functions`: what the catalog has. */
import type { Command } from 'commander'
import { clientOf, withApiOptions } from './api-options.js'
import type { ApiOptions } from './api-options.js'
import { print, printJson, printTable } from './terminal.js'

export function addFunctions (program: Command): void {
  withApiOptions(program.command('functions').description('list functions, or show one').argument('[name[:version]]')).action(functions)
}

async function functions (name: string | undefined, options: ApiOptions): Promise<void> {
  const client = await clientOf(options)
  if (name !== undefined) {
    const one = await client.function(name)
    if (options.json === true) printJson(one)
    else print(JSON.stringify(one, undefined, 2))
    return
  }
  const all = await client.functions()
  if (options.json === true) printJson(all)
  else printTable(['NAME', 'VERSION', 'CID'], all.map(({ name, version, cid }) => [name, version, cid]))
}
