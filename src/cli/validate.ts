/** `flowmesh validate`: checks workflows and functions on this machine, without a peer. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from 'commander'
import { FlowMeshError, InvalidInputError } from '../errors.js'
import { BAD_USAGE, describeError } from './exit-codes.js'
import { findSources } from './sources.js'
import type { Source } from './sources.js'
import { note, print, printJson } from './terminal.js'

interface Result { file: string, valid: boolean, name?: string, version?: string, warnings: string[], error?: object }

export function addValidate (program: Command, end: (code: number) => void): void {
  program.command('validate').description('check workflows and functions without deploying').argument('<file...>')
    .option('--json', 'JSON on stdout')
    .action(async (paths: string[], { json }: { json?: boolean }) => {
      const results = await Promise.all((await findSources(paths)).map(validate))
      if (json === true) printJson(results)
      if (results.some(({ valid }) => !valid)) end(BAD_USAGE)
      if (json === true) return
      for (const { file, valid, name, version, warnings } of results) {
        if (valid) print(`${file}: ${name}:${version} is valid`)
        for (const warning of warnings) note(`${file}: warning: ${warning}`)
      }
    })
}

async function validate (source: Source): Promise<Result> {
  try {
    return { file: source.file, valid: true, ...await check(source) }
  } catch (err) {
    if (!(err instanceof FlowMeshError)) throw err
    note(`flowmesh: ${describeError(err)}`)
    const place = err instanceof InvalidInputError ? err.place : {}
    return { file: source.file, valid: false, warnings: [], error: { message: err.message, ...place } }
  }
}

/** Throws InvalidInputError with the place. The compiler is loaded only here: most verbs never need it. */
export async function check (source: Source): Promise<{ name: string, version: string, warnings: string[] }> {
  const { compileWorkflow, parseFunctionManifest } = await import('../workflow/index.js')
  const { text, file } = source
  if (source.kind === 'function') {
    const { name, version, entry } = parseFunctionManifest(text, file)
    const found = await stat(join(source.folder, entry)).catch(() => undefined)
    if (found?.isFile() !== true) throw new InvalidInputError(`there is no file ${entry} in ${source.folder}`, { file, field: 'entry' })
    return { name, version, warnings: [] }
  }
  const { plan, warnings } = compileWorkflow(text, file)
  return { name: plan.name, version: plan.version, warnings: warnings.map(({ message }) => message) }
}
