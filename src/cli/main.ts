/** The `flowmesh` command. */
import '../polyfill.js'
import { Command, CommanderError } from 'commander'
import { addCancel } from './cancel.js'
import { addControl } from './control.js'
import { addDeploy } from './deploy.js'
import { addExecution } from './execution.js'
import { addExecutions } from './executions.js'
import { BAD_USAGE, DONE, describeError, exitCodeOf } from './exit-codes.js'
import { addFunctions } from './functions.js'
import { addInvite } from './invite.js'
import { addLaterVerbs } from './later-verbs.js'
import { addLogs } from './logs.js'
import { addPeers } from './peers.js'
import { addRun } from './run.js'
import { addSets } from './sets.js'
import { endWithReader, note, terminal } from './terminal.js'
import { addUp } from './up.js'
import { addValidate } from './validate.js'
import { VERSION } from './version.js'
import { addWorkflows } from './workflows.js'

process.exitCode = await main(process.argv.slice(2))
// Whatever failed does not wait for requests under way, or for parts of a peer that did not come up.
if (process.exitCode !== DONE) process.exit()

async function main (args: string[]): Promise<number> {
  forgetEmptyVariables()
  endWithReader()
  const ended = { code: DONE }
  try {
    await program(code => { ended.code = code }).parseAsync(args, { from: 'user' })
    return ended.code
  } catch (err) {
    if (err instanceof CommanderError) return err.exitCode === 0 ? DONE : BAD_USAGE
    note(`flowmesh: ${describeError(err)}`)
    return exitCodeOf(err)
  }
}

/** `FLOWMESH_API= flowmesh …` means none, not an address without a name, nor a token without a letter. */
function forgetEmptyVariables (): void {
  for (const name of ['FLOWMESH_API', 'FLOWMESH_API_TOKEN', 'FLOWMESH_STATE', 'FLOWMESH_LOG']) {
    if (process.env[name] === '') Reflect.deleteProperty(process.env, name)
  }
}

function program (end: (code: number) => void): Command {
  const program = new Command('flowmesh')
    .description('Runs serverless workflows across edge devices and cloud machines, with no central orchestrator.')
    .version(VERSION, '-V, --version')
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('(flowmesh help VERB says more)')
    .configureOutput({ writeOut: text => terminal.stdout.write(text), writeErr: text => terminal.stderr.write(text) })
    .addHelpText('after', '\nExit codes: 0 done · 1 failed · 2 bad usage or input · 3 no peer reachable · 4 not permitted · 5 timed out · 130 interrupted')
  addUp(program)
  addInvite(program)
  addDeploy(program)
  addValidate(program, end)
  addRun(program, end)
  for (const add of [addExecutions, addExecution, addCancel, addLogs, addFunctions, addWorkflows, addPeers, addSets, addControl]) add(program)
  addLaterVerbs(program, end)
  return program
}
