/**
 * Who may ask the group for what: the one place that decides it, by the roles the group itself has committed, which are
 * newer than any certificate. What only a controller proposes is not askable at all.
 */
import { NotPermittedError } from '../errors.js'
import type { MemberView, Role } from '../mesh-view.js'
import type { Command, CommandType } from './command.js'

type Rule = { role: Role } | { member: true } | { controllersOnly: true }

const RULES: Record<CommandType, Rule> = {
  found: { controllersOnly: true },
  admitFounder: { controllersOnly: true },
  admit: { controllersOnly: true }, // by its own request, which checks who forwards it
  setMake: { controllersOnly: true },
  setGrow: { controllersOnly: true },
  setReplace: { controllersOnly: true },
  openSession: { member: true },
  hello: { member: true },
  leave: { member: true },
  setWhole: { role: 'peer' },
  intend: { role: 'peer' },
  retire: { role: 'peer' },
  bindKey: { role: 'peer' },
  confirmKey: { role: 'peer' },
  rebindKey: { role: 'peer' },
  deployFunction: { role: 'deployer' },
  deployWorkflow: { role: 'deployer' },
  invite: { role: 'operator' },
  configure: { role: 'operator' },
  setPolicy: { role: 'operator' },
  remove: { role: 'operator' }
}

/** Throws NotPermittedError; the message names what is missing and who can give it. */
export function mustBeAllowed (command: Command, from: string, member: MemberView | undefined): void {
  const rule = RULES[command.type]
  if ('controllersOnly' in rule) throw new NotPermittedError(`"${command.type}" is for controllers alone`)
  if (member === undefined || member.removed === true) throw new NotPermittedError(`peer ${from} is no member of this mesh`)
  if ('role' in rule && !member.roles.includes(rule.role) && !member.roles.includes('operator')) {
    throw new NotPermittedError(`peer ${member.name} (${from}) has no role "${rule.role}", which "${command.type}" needs: ask a peer that has it, such as the founder, or join with a token of "flowmesh invite --role ${rule.role}"`)
  }
  // What a peer says about itself, nobody else says.
  const about = subjectOf(command)
  if (about !== undefined && about !== from) throw new NotPermittedError(`peer ${from} may not speak for peer ${about}`)
}

function subjectOf (command: Command): string | undefined {
  switch (command.type) {
    case 'hello': case 'leave': case 'setWhole': return command.peer
    case 'intend': return command.by.split('/')[0]
    default: return undefined
  }
}
