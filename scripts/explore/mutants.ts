/**
 * One mutant for each rule: the production source with one rule taken out, or the shell around it with one. Each must be
 * found: by a walk that is violated, the rare ones pinned to the walks that find them, or by the named test that fails.
 */
import type { ShellRules } from './world.js'

export interface Mutant {
  rule: string
  /** What replaces what in a file of src/branch; each text must occur exactly once. */ edits?: [file: string, find: string, replace: string][]
  shell?: keyof ShellRules
  /** First walk; later than 1 only for rules that break about once in hundreds of thousands of walks. */ from?: number
  /** Title of the named test that finds it, for what walks find not at all, or less than once in millions. */ test?: string
}

export const MUTANTS: Mutant[] = [
  // Replica.
  { rule: 'never backwards', edits: [['replica', "if (offered < mine) return 'behind'", "if (offered < mine) return 'ahead'"]] },
  { rule: 'epoch check', edits: [['replica', "if (higher < 0) return { reason: 'epoch' }", 'if (higher < 0) return undefined']] },
  { rule: 'number in epoch and its rule', edits: [['replica', 'if (higher > 0 && (epoch.set !== set.number || epoch.generation !== set.generation))', 'if (false)']], from: 23_200 },
  { rule: 'number check', edits: [
    ['replica', "if (number < set.number) return { reason: 'oldNumber' }", ''], ['replica', 'number: set.number, member: set.self, parents', 'number: append.number, member: set.self, parents']] },
  { rule: 'newcomer acknowledges early', edits: [['replica', 'if (set.self === null || !set.whole)', 'if (set.self === null)']] },
  { rule: 'closed by its parent', edits: [['replica', "if (isPast(save.look(opening.branch), opening)) return { reason: 'closed' }\n    const", 'if (isPast(save.look(opening.branch), opening)) continue\n    const']] },
  { rule: 'opening record before its child', edits: [['replica', "if (attached === undefined) return missing", 'if (attached === undefined) continue']] },
  { rule: 'results it takes are here', edits: [['replica', 'if (take.at > done) missing.push', 'if (take.at > 1e9) missing.push']] },
  { rule: 'open children are here', edits: [['replica', 'for (const ref of openRefs(record)) missing.push', 'for (const ref of openRefs(record).slice(0, 0)) missing.push']], test: 'accepts no record whose open children it does not hold, unless they come with it' },
  { rule: 'child opened at the written epoch', edits: [['replica', 'noted: record.epoch, head: record, synced: record.epoch', 'noted: epoch, head: record, synced: epoch']], test: 'opens a child at the epoch its opening record was written in, also under a taker' },
  { rule: 'dropped children kept until done', edits: [['replica', 'const forgets = state.dropped.filter(({ index }) => index <= done)', 'const forgets = state.dropped.filter(() => true)']], from: 17_000 },
  // Names.
  { rule: 'child by opening record', edits: [['record', 'return `${openingHash}.${place}`', 'return `${openingHash.slice(0, 0)}child.${place}`']] },
  // Writer.
  { rule: 'every replica', edits: [['writer', 'Math.min(headIndex(state), ...state.members.map(member => ackedIndex(state, member)))', 'Math.max(...state.members.map(member => ackedIndex(state, member)))']] },
  { rule: 'acknowledgements of one number', edits: [['writer', 'const counts = ack.number === state.number && ', 'const counts = '], ['writer', 'members, acked: {} })', 'members })']], test: 'does not mix acknowledgements of two views of the set' },
  { rule: 'acknowledgements of one epoch', edits: [['writer', 'compareEpochs(ack.epoch, state.epoch) === 0 && member', 'member']], from: 10_100 },
  { rule: 'membership is peer, disk and number', edits: [['writer', 'return `${member.peer}/${member.disk}/${member.joined}`', 'return `${member.peer}/`']] },
  { rule: 'child done after its opening', edits: [['writer', "const rooted = state.rooted || parents.has('') || (parents.size === 1 && !parents.has(UNDECIDED))", 'const rooted = true']], from: 14_100 },
  { rule: 'a parent being taken over roots nothing', edits: [['replica', 'compareEpochs(state.noted, state.synced) !== 0', 'false']], from: 14_100 },
  { rule: 'results carried until done', edits: [['writer', 'const carried = own ? head.takes.filter(({ at }) => at > state.done) : []', 'const carried = own ? head.takes.slice(0, 0) : []']], test: 'repeats in a record the results that those before it took and that are not done' },
  { rule: 'a named writer knows nothing done', edits: [['writer', '    done: -1, pending', '    done: head === null ? -1 : indexIn(branch, head) - 1, pending']], test: 'lets a named writer claim nothing done that it has not seen acknowledged' },
  { rule: 'ending closes the children', edits: [['writer', 'const open = next === null ? [] : without(before, gone)', 'const open = without(before, gone)']] },
  // Takeover.
  { rule: 'taker notes its own epoch', edits: [['takeover', 'writes: [{ ...known, noted: epoch }]', 'writes: []'], ['takeover', "if (reply.type === 'ack') return", 'return']] },
  { rule: 'taker checks its noted epoch again', edits: [['takeover', "if (reply.type === 'ack') return", 'return']] },
  { rule: 'newcomer takes over', edits: [['takeover', 'mine === null || !set.whole || duty', 'mine === null || duty'], ['takeover', 'set.number !== request.number || !set.whole', 'set.number !== request.number'], ['takeover', 'acceptAppend(set, lookup, append)', 'acceptAppend({ ...set, whole: true }, lookup, append)']], from: 46_600 },
  { rule: 'its own head when the newest cannot stand', edits: [['takeover', 'of [state.head, known.head]', 'of [state.head]']] },
  { rule: 'begins again when the number changes', edits: [['takeover', "if (set.number !== request.number || !set.whole) return { type: 'restart' }", '']], test: 'begins a takeover again when the set number changes' },
  { rule: 'asks the other replicas', edits: [['takeover', 'waiting: others.map(memberKey)', 'waiting: []']], test: 'does not count a record that one replica took before it noted the new epoch and another refused after' },
  { rule: 'highest head, epoch before index', edits: [['takeover', 'return isNewer(state, reply) ?', 'return isNewer(state, reply) && reply.head.index < 0 ?']], test: 'does not count a record that one replica took before it noted the new epoch and another refused after' },
  // Reconfigure.
  { rule: 'disk id', edits: [['reconfigure', 'member.peer === peer && member.disk === disk', "member.peer === peer && disk !== ''"]] },
  { rule: 're-added counts as newcomer', edits: [['reconfigure', 'const whole = stays ? (state?.whole ?? false) : self?.joined === FIRST_NUMBER', 'const whole = stays || (state?.whole ?? false) || self?.joined === FIRST_NUMBER'], ['reconfigure', 'members, self, whole }', 'members, self, whole: whole && (stays || true) }']] },
  { rule: 'heads from one that noted the number', edits: [['reconfigure', '|| !state.whole || state.number !== number) return', '|| !state.whole) return'], ['reconfigure', 'sourcesFor(state).some(member => memberKey(member) === memberKey(copy.from))', 'sourcesFor(state).some(member => member.peer === copy.from.peer)']] },
  { rule: 'a late copy', edits: [['reconfigure', 'self === null || whole ? []', 'self === null ? []']] },
  { rule: 'a copy for the same number', edits: [['reconfigure', 'if (!known || copy.number !== state.number)', 'if (!known)']], test: 'takes a copy only for the number it has noted, and only once' },
  // The shell.
  { rule: 'sync before acknowledging', shell: 'saveThenSend' },
  { rule: 'noted number durable', shell: 'saveNumber' },
  { rule: 'noted epoch durable', shell: 'saveNoted' },
  { rule: 'result only when done', shell: 'resultWhenDone' },
  { rule: 'strict results under allow', shell: 'strictResults', test: 'lets a join wait for a degraded result, so that nothing of the parent is superseded with it' },
  { rule: 'exclusive after done', shell: 'exclusiveWhenDone' },
  { rule: 'first intent', shell: 'firstIntent' },
  { rule: 'incarnation in next writer', shell: 'incarnation' },
  { rule: 'a writer remembers where it started', shell: 'remembersStarts' },
  { rule: "named writer's own epoch", shell: 'ownEpoch' },
  { rule: 'wait until whole', shell: 'replaceWhenWhole' },
  { rule: 'newcomer may be replaced', shell: 'replaceNewcomer' },
  { rule: 'copied heads in place of own', shell: 'copyReplacesHeads', from: 10_000 },
  { rule: 'copied epochs in place of own', shell: 'copyReplacesEpochs', test: 'forgets the epochs it had noted when it comes back, so that a writer from then is refused' }
]
