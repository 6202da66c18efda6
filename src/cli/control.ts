/** `flowmesh control`: the group that decides, as one peer knows it. */
import { Argument } from 'commander'
import type { Command } from 'commander'
import { InvalidInputError } from '../errors.js'
import { clientOf, withApiOptions } from './api-options.js'
import type { ApiOptions } from './api-options.js'
import { print, printJson } from './terminal.js'

export function addControl (program: Command): void {
  withApiOptions(program.command('control').description('show the control plane'))
    .addArgument(new Argument('[action]', 'transfer, members, recover: not in this version'))
    .action(control)
}

async function control (action: string | undefined, options: ApiOptions): Promise<void> {
  if (action !== undefined) throw new InvalidInputError(`"control ${action}" is not in this version; "flowmesh control" shows the control plane`)
  const client = await clientOf(options)
  const state = await client.control()
  if (options.json === true) {
    printJson(state)
    return
  }
  const names = new Map((await client.peers()).map(({ peer, name }) => [peer, name]))
  const show = (peer: string): string => `${names.get(peer) ?? ''} ${peer}`.trim()
  print(`mesh       ${state.mesh}, generation ${state.generation}`)
  print(`quorum     ${state.quorum ? 'yes' : 'no: deployments and new replicas wait; running work goes on'}`)
  print(`leader     ${state.leader === null ? 'none known' : show(state.leader)}`)
  print(`voters     ${state.voters.map(show).join(', ')}`)
  if (state.learners.length > 0) print(`learners   ${state.learners.map(show).join(', ')}`)
  print(`decided    ${state.commitIndex} in term ${state.term}${state.staleMs === null ? ', not confirmed since the start' : ''}`)
}
