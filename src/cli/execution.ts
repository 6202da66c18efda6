/** `flowmesh execution`: one of them, once or until it ends. */
import type { Command } from 'commander'
import type { ExecutionView } from '../sidecar/port.js'
import { clientOf, withApiOptions } from './api-options.js'
import type { ApiOptions } from './api-options.js'
import { follow } from './follow.js'
import { clean, print, printJson, printTable, showDuration, showError } from './terminal.js'

export function addExecution (program: Command): void {
  withApiOptions(program.command('execution').description('show an execution').argument('<id>'))
    .option('--watch', 'follow it until its outcome is final')
    .action(execution)
}

async function execution (id: string, { watch, ...options }: ApiOptions & { watch?: boolean }): Promise<void> {
  const client = await clientOf(options)
  const view = watch === true ? await follow(client, id) : await client.execution(id)
  if (options.json === true) {
    printJson(view)
    return
  }
  show(view, new Map((await client.peers()).map(({ peer, name }) => [peer, name])))
}

function show (view: ExecutionView, names: Map<string, string>): void {
  const name = (peer: string): string => names.get(peer) ?? peer
  print(`${view.id}  ${view.workflow}:${view.version}`)
  print(`status  ${view.status}${view.endedAt !== undefined && !view.final ? ', not final: not yet at its whole set' : ''}`)
  if (view.reason !== undefined) print(`reason  ${view.reason}`)
  print(`set     ${view.set.name} number ${view.set.number}: ${view.set.replicas.map(name).join(', ')}${view.degraded === true ? ' (degraded)' : ''}`)
  if (view.stale === true) print('stale   its replicas could not be asked; this is the newest this peer has')
  if (view.error !== undefined) print(`error   ${clean(showError(view.error))}`)
  if (view.output !== undefined) print(`output  ${JSON.stringify(view.output)}`)
  print('')
  printTable(['TASK', 'STEP', 'ATTEMPT', 'STATUS', 'PEER', 'TOOK'], view.tasks.map(task => [
    task.task, task.step, task.attempt, task.superseded === true ? `${task.status} (superseded)` : task.status, name(task.peer),
    task.endedAt === undefined ? '' : showDuration(Date.parse(task.endedAt) - Date.parse(task.startedAt))
  ]))
}
