/**
 * How a replica follows changes of its set. A newcomer, also one that was a member before (membership is peer, disk and
 * the number it joined under), copies heads and noted epochs from a member that has noted the same number, in place of
 * its own; until then it neither acknowledges nor answers a takeover nor makes one. Replacing and growing are the same.
 */
import { memberKey } from './writer.js'
import type { ReplicaBranch, SetConfig, SetCopy, SetMember, SetState } from './types.js'

/** Members that joined under it have nothing to copy: the set did not exist before. */
export const FIRST_NUMBER = 1

/** Note a newer configuration; older and equal ones change nothing. Durable before anything is acknowledged under it. */
export function noteSet (state: SetState | undefined, config: SetConfig, peer: string, disk: string): SetState {
  if (state !== undefined && config.number <= state.number) return state
  const { set, generation, number, members } = config
  const self = members.find(member => member.peer === peer && member.disk === disk) ?? null
  const stays = self !== null && state?.self != null && memberKey(state.self) === memberKey(self)
  const whole = stays ? (state?.whole ?? false) : self?.joined === FIRST_NUMBER
  return { set, generation, number, members, self, whole }
}

/** Whom a newcomer may ask for a copy: the members that were there before it. */
export function sourcesFor (state: SetState): SetMember[] {
  const { self, whole, members } = state
  return self === null || whole ? [] : members.filter(member => member.joined < self.joined)
}

/** What a whole member gives away, for the number it has noted itself; undefined when it is not one. */
export function copyOut (state: SetState, number: number, branches: ReplicaBranch[]): SetCopy | undefined {
  if (state.self === null || !state.whole || state.number !== number) return undefined
  return { set: state.set, number, from: state.self, branches }
}

/**
 * Take a copy in place of everything this replica held of the set: the shell deletes what `branches` does not name.
 * Undefined for a copy that comes late: made for another number, or after this replica became whole.
 */
export function copyIn (state: SetState, copy: SetCopy): { state: SetState, branches: ReplicaBranch[] } | undefined {
  const known = sourcesFor(state).some(member => memberKey(member) === memberKey(copy.from))
  if (!known || copy.number !== state.number) return undefined
  return { state: { ...state, whole: true }, branches: copy.branches }
}
