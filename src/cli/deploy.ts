/** `flowmesh deploy`: functions and workflows, checked here first, so that a mistake in the last leaves the mesh as it was. */
import type { Command } from 'commander'
import type { Client } from '../api/client.js'
import { InvalidInputError } from '../errors.js'
import { clientOf, withApiOptions } from './api-options.js'
import type { ApiOptions } from './api-options.js'
import { findSources } from './sources.js'
import type { Source } from './sources.js'
import { note, print, printJson } from './terminal.js'
import { check } from './validate.js'

interface Deployed { kind: 'function' | 'workflow', name: string, version: string, created: boolean, file: string, warnings: string[] }

export function addDeploy (program: Command): void {
  withApiOptions(program.command('deploy').description('deploy functions and workflows: files, or folders with any number of them'))
    .argument('<path...>')
    .action(deploy)
}

async function deploy (paths: string[], options: ApiOptions): Promise<void> {
  const sources = await findSources(paths)
  for (const source of sources) await check(source)
  const client = await clientOf(options)
  const deployed: Deployed[] = []
  for (const source of sources) {
    const one = await deployOne(client, source)
    deployed.push(one)
    for (const warning of one.warnings) note(`${one.file}: warning: ${warning}`)
    if (options.json !== true) print(`${one.created ? 'created  ' : 'unchanged'} ${one.kind} ${one.name}:${one.version}`)
  }
  if (options.json === true) printJson(deployed)
}

async function deployOne (client: Client, source: Source): Promise<Deployed> {
  try {
    return source.kind === 'function' ? await deployFunction(client, source) : await deployWorkflow(client, source)
  } catch (err) {
    if (!(err instanceof InvalidInputError)) throw err
    throw new InvalidInputError(err.message, { ...err.place, file: source.file }, { cause: err })
  }
}

async function deployFunction (client: Client, { folder, file, text }: Source & { kind: 'function' }): Promise<Deployed> {
  const [{ packFolder }, { parseFunctionManifest }] = await Promise.all([import('../catalog/archive.js'), import('../workflow/index.js')])
  const { timeoutMs, resources, warm, ...rest } = parseFunctionManifest(text, file)
  const { cid } = await client.putBlob(await packFolder(folder))
  // As it was read here, in plain numbers: every form that `validate` takes is deployed.
  const { name, version, created } = await client.deployFunction({
    ...rest,
    timeout: timeoutMs,
    resources: { cpus: resources.cpus, memory: resources.memoryBytes, accelerators: resources.accelerators },
    warm: { minimum: warm.minimum, keep: warm.keepMs },
    artefact: cid
  })
  return { kind: 'function', name, version, created, file, warnings: [] }
}

async function deployWorkflow (client: Client, { file, text }: Source): Promise<Deployed> {
  const { name, version, created, warnings } = await client.deployWorkflow(text)
  return { kind: 'workflow', name, version, created, file, warnings }
}
