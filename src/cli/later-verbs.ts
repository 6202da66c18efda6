/** Verbs that are named already and come with later versions: said plainly, rather than "unknown command". */
import type { Command } from 'commander'
import { BAD_USAGE } from './exit-codes.js'
import { note } from './terminal.js'

const LATER = [
  'dev', 'import', 'explain', 'trace', 'graph', 'suspend', 'resume', 'restart', 'settle', 'emit', 'policy', 'swarm', 'bench', 'doctor', 'completion'
]

export function addLaterVerbs (program: Command, end: (code: number) => void): void {
  for (const verb of LATER) {
    program.command(verb, { hidden: true }).allowUnknownOption().argument('[arguments...]').helpOption(false).action(() => {
      note(`flowmesh: "${verb}" is not in this version; "flowmesh help" lists what is`)
      end(BAD_USAGE)
    })
  }
}
