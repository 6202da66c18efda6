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
  { rule: 'a number that was noted', edits: [['replica', "if (number > set.number) return { reason: 'newNumber' }", ''], ['replica', 'number: set.number, member: set.self, parents', 'number: append.number, member: set.self, parents']], test: 'acknowledges nothing under a number it has not noted, where a taker of the old one is still heard' },
  { rule: 'one record per epoch and index', edits: [['replica', "return record.hash === known.head.hash ? 'behind' : 'conflict'", "return 'behind'"]], test: 'stops a writer that meets another record of its own epoch' },
  { rule: 'one line per epoch', edits: [['replica', "return offered === mine + 1 && record.prev !== known.head.hash ? 'conflict' : 'ahead'", "return 'ahead'"]], test: 'stops a writer whose record does not follow the one it has of the same epoch' },
  { rule: 'newcomer acknowledges early', edits: [['replica', 'if (set.self === null || !set.whole)', 'if (set.self === null)']] },
  { rule: 'closed by its parent', edits: [['replica', "if (isPast(save.look(opening.branch), opening)) return { reason: 'closed' }\n    const", 'if (isPast(save.look(opening.branch), opening)) continue\n    const']] },
  { rule: 'closed by a newer epoch only', edits: [['replica', 'return order > 0 || (order === 0 && indexIn(parent.branch, parent.head) >= opening.index)', 'return indexIn(parent.branch, parent.head) >= opening.index']], test: 'does not call a child closed where only the tail of an older epoch is longer' },
  { rule: 'alive up to the root', edits: [['replica', 'for (const [i, opening] of lineage.entries()) {', 'for (const [i, opening] of [...lineage.entries()].slice(-1)) {']] },
  { rule: 'opening record before its child', edits: [['replica', "if (attached === undefined) return missing", 'if (attached === undefined) continue']] },
  { rule: 'results it takes are here', edits: [['replica', 'if (take.at > done) missing.push', 'if (take.at > 1e9) missing.push']] },
  { rule: 'results known to be done are not asked for', edits: [['replica', 'if (take.at > done) missing', 'missing']], test: 'asks no more for results known to be done, also where the next writer repeats them' },
  { rule: 'a refused head is not asked for again', edits: [['replica', 'return more.length === 0 ? [] : [', 'return [']], test: 'asks for no more heads when one that was attached is refused, since sending it again would not end' },
  { rule: 'open children are here', edits: [['replica', 'for (const ref of openRefs(record)) missing.push', 'for (const ref of openRefs(record).slice(0, 0)) missing.push']], test: 'accepts no record whose open children it does not hold, unless they come with it' },
  { rule: 'child opened at the written epoch', edits: [['replica', 'noted: record.epoch, head: record, synced: record.epoch', 'noted: epoch, head: record, synced: epoch']], test: 'opens a child at the epoch its opening record was written in, also under a taker' },
  { rule: 'a child that is here is not opened again', edits: [['replica', 'if (save.look(child)?.head != null) continue', '']] },
  { rule: 'an unknown child may be of an older number', edits: [['replica', 'if (!(referred && known === undefined)) {', 'if (true) {']], test: 'takes in an attached child of an older number that it did not know' },
  { rule: 'dropped children kept until done', edits: [['replica', 'const forgets = state.dropped.filter(({ index }) => index <= done)', 'const forgets = state.dropped.filter(() => true)']], from: 17_000 },
  { rule: 'a reopened child is not dropped', edits: [['replica', 'return [...known.dropped.filter(({ branch }) => !open.has(branch)), ...now]', 'return [...known.dropped, ...now]']], test: 'does not forget a closed child that a newer line has open again' },
  { rule: 'dropped children are forgotten', edits: [['replica', 'return [...known.dropped.filter(({ branch }) => !open.has(branch)), ...now]', 'return now']], test: 'forgets a closed child once what closed it is done, however many records later' },
  { rule: 'the taker owes the next record', edits: [['replica', 'compareEpochs(noted, head.epoch) > 0 ? noted.peer : (next ?? head.writer).peer', '(next ?? head.writer).peer']], test: 'watches the taker after a takeover, not the writer that the adopted record names' },
  { rule: 'an end is owed until it is done', edits: [['replica', 'if (next === null && lineage.length === 0 && state.done >= head.index) return null', 'if (next === null && lineage.length === 0) return null']] },
  // Names.
  { rule: 'child by opening record', edits: [['record', 'return `${openingHash}.${place}`', 'return `${openingHash.slice(0, 0)}child.${place}`']] },
  // Epochs.
  { rule: 'generation before number', edits: [['epoch', 'if (a.generation !== b.generation) return a.generation - b.generation', '']], test: 'puts a forced recovery above every epoch of before, whatever its number' },
  { rule: 'number before count', edits: [['epoch', 'if (a.set !== b.set) return a.set - b.set', '']] },
  { rule: 'peer after count', edits: [['epoch', 'return a.peer < b.peer ? -1 : a.peer > b.peer ? 1 : 0', 'return 0']] },
  // Writer.
  { rule: 'every replica', edits: [['writer', 'Math.min(headIndex(state), ...state.members.map(member => ackedIndex(state, member)))', 'Math.max(...state.members.map(member => ackedIndex(state, member)))']] },
  { rule: 'acknowledgements of one number', edits: [['writer', 'const counts = ack.number === state.number && ', 'const counts = '], ['writer', 'members, acked: {} })', 'members })']], test: 'does not mix acknowledgements of two views of the set' },
  { rule: 'acknowledgements of one epoch', edits: [['writer', 'compareEpochs(ack.epoch, state.epoch) === 0 && member', 'member']], from: 10_100 },
  { rule: 'late acknowledgements say less', edits: [['writer', 'if (before !== undefined && (ack.index < before.index', 'if (before !== undefined && (ack.index < 0']], test: 'takes nothing back on a late acknowledgement' },
  { rule: 'a refused writer parks', edits: [['writer', "return { state: { ...state, status: 'parked' }, send: [], events: [{ type: 'parked', reason: refusal.reason }] }", 'return same(state)']], test: 'parks the later writer when a takeover was begun while it lived' },
  { rule: 'a parked writer offers nothing', edits: [['writer', "export function resend (state: WriterState): WriterStep {\n  if (state.status === 'parked' || state.status === 'stopped') return same(state)", 'export function resend (state: WriterState): WriterStep {']], test: 'offers nothing any more once it is parked' },
  { rule: 'refusals of one epoch', edits: [['writer', 'if (compareEpochs(refusal.epoch, state.epoch) !== 0 || state', 'if (state']], test: 'is not parked by a refusal that an earlier writer of the same peer earned' },
  { rule: 'stops over another record of its epoch', edits: [['writer', 'if (offered !== undefined && offered.hash !== ack.hash) return stop(state)', '']], test: 'stops when a replica acknowledges another record of its own epoch' },
  { rule: 'the number of a writer only rises', edits: [['writer', 'if (config.number <= state.number) return same(state)', '']], test: 'keeps its number when an older configuration arrives late' },
  { rule: 'membership is peer, disk and number', edits: [['writer', 'return `${member.peer}/${member.disk}/${member.joined}`', 'return `${member.peer}/`']] },
  { rule: 'child done after its opening', edits: [['writer', "const rooted = state.rooted || parents.has('') || (parents.size === 1 && !parents.has(UNDECIDED))", 'const rooted = true']], from: 14_100 },
  { rule: 'a done opening roots at once', edits: [['replica', '(save.look(opening.branch)?.done ?? -1) >= opening.index', 'false']], test: 'lets a child go on while its parent is being taken over, once the opening is known to be done' },
  { rule: 'one epoch of the parent', edits: [['writer', '(parents.size === 1 && !parents.has(UNDECIDED))', '!parents.has(UNDECIDED)']], test: 'counts a child done only when its opening record is everywhere under one epoch of the parent' },
  { rule: 'all are asked until the opening is done', edits: [['writer', '!state.rooted || indexIn', 'indexIn']], test: 'asks even those that acknowledged until the opening record of its branch is done' },
  { rule: 'a parent being taken over roots nothing', edits: [['replica', 'compareEpochs(state.noted, state.synced) !== 0', 'false']], from: 14_100 },
  { rule: 'where a writer stood only rises', edits: [['writer', 'before !== undefined && compareMarks(before, mark) > 0 ? before : mark', 'mark']], from: 300_597_000 },
  { rule: 'results carried until done', edits: [['writer', 'const carried = own ? head.takes.filter(({ at }) => at > state.done) : []', 'const carried = own ? head.takes.slice(0, 0) : []']], test: 'repeats in a record the results that those before it took and that are not done' },
  { rule: 'a named writer knows nothing done', edits: [['writer', '    done: -1, pending', '    done: head === null ? -1 : indexIn(branch, head) - 1, pending']], test: 'lets a named writer claim nothing done that it has not seen acknowledged' },
  { rule: 'ending closes the children', edits: [['writer', 'const open = next === null ? [] : without(before, gone)', 'const open = without(before, gone)']] },
  { rule: 'a branch taken over after its end has ended', edits: [['writer', "return nextIn(branch, head) === null ? { ...state, status: 'ended' } : state", 'return state']] },
  { rule: 'degraded only while kept', edits: [['writer', 'return state.pending.length > 0 && isKept(state) ?', 'return state.pending.length > 0 ?'], ['writer', '(state.degraded && isKept(state))', 'state.degraded']], test: 'goes on degraded only while some replica keeps what is not done' },
  { rule: 'degraded records say so', edits: [['writer', 'degraded: state.degraded, body', 'degraded: false, body']], test: 'says in a record that the one before it was not done' },
  { rule: 'repair ends being degraded', edits: [['writer', 'degraded: state.degraded && pending.length > 0', 'degraded: state.degraded']] },
  { rule: 'no further ahead than runAhead', edits: [['writer', 'state.pending.length <= runAhead ||', 'state.pending.length <= runAhead + 1 ||']], test: 'runs ahead of what is done no further than it may' },
  { rule: 'replicas are told of the outcome', edits: [['writer', 'const told = state.status', 'const told = state.number < 0 && state.status']], test: 'tells the replicas that the outcome is done, so that nobody takes it over' },
  { rule: 'a new execution begins again when its set changed', edits: [['writer', 'if (isUnheard(state, refusal)) return', 'if (state.number < 0) return']] },
  { rule: 'begins again only where nothing was noted', edits: [['writer', " && noted === undefined && number", ' && number']] },
  { rule: 'begins again under exactly the number that refused', edits: [['writer', 'return config.number === number ?', 'return config.number >= number ?']], test: 'does not begin again under a later number, where the first record may be done after all' },
  { rule: 'begins again only before anything was done', edits: [['writer', ' && done < 0\n', '\n']], test: 'is parked once its first record was done' },
  // Takeover.
  { rule: 'taker notes its own epoch', edits: [['takeover', 'writes: [{ ...known, noted: epoch }]', 'writes: []'], ['takeover', ' || compareEpochs(known.noted, epoch) !== 0) return', ') return']] },
  { rule: 'taker checks its noted epoch again', edits: [['takeover', ' || compareEpochs(known.noted, epoch) !== 0) return', ') return'], ['takeover', "if (reply.type === 'refusal') continue", "if (reply.type === 'refusal' && reply.reason !== 'epoch') continue"]], test: 'gives a takeover up when a higher epoch was noted meanwhile' },
  { rule: 'each takeover counts on', edits: [['epoch', 'count: same ? noted.count + 1 : 1, peer }', 'count: same ? 1 : 1, peer }']] },
  { rule: 'newcomer takes over', edits: [['takeover', 'mine === null || !set.whole || duty', 'mine === null || duty'], ['takeover', 'set.number !== request.number || !set.whole', 'set.number !== request.number'], ['takeover', 'acceptAppend(set, lookup, append)', 'acceptAppend({ ...set, whole: true }, lookup, append)']], from: 46_600 },
  { rule: 'its own head when the newest cannot stand', edits: [['takeover', 'of [state.head, known.head]', 'of [state.head]']] },
  { rule: 'what a line took is synced under the epoch of its taker', edits: [['takeover', 'filter(({ noted }) => compareEpochs(noted, epoch) < 0)', 'filter(() => false)']], from: 300_242_952 },
  { rule: 'what it took keeps a higher epoch', edits: [['takeover', 'filter(({ noted }) => compareEpochs(noted, epoch) < 0)', 'filter(() => true)']], test: 'leaves a result its epoch where that is higher than the one of the takeover' },
  { rule: 'a taker goes above the epochs of what its line took', edits: [['takeover', 'highest([known, ...restsOn(lookup, branch)]', 'highest([known]']], test: 'takes an epoch above those noted for what its line took' },
  { rule: 'and of what that took', edits: [['takeover', '[child, ...restsOn(lookup, take.branch)]', '[child]']], test: 'syncs the results that a result rests on again, too' },
  { rule: 'begins again when the number changes', edits: [['takeover', "if (set.number !== request.number || !set.whole) return { type: 'restart' }", '']], test: 'begins a takeover again when the set number changes' },
  { rule: 'asks the other replicas', edits: [['takeover', 'waiting: others.map(memberKey)', 'waiting: []']], test: 'adopts the highest head that another holds, so that a tail which is not done is kept' },
  { rule: 'the others note the epoch too', edits: [['replica', 'return { writes, reply: { ...reply, with', 'return { writes: writes.slice(0, 0), reply: { ...reply, with']], test: 'parks the later writer when a takeover was begun while it lived' },
  { rule: 'a lower epoch is not noted', edits: [['replica', ' ?? checkEpoch(set, known, epoch)\n  const reply: NoteReply', '\n  const reply: NoteReply']], from: 4_200 },
  { rule: 'a newcomer answers no takeover', edits: [['replica', 'const refused = gate(set, request.number) ?? notAlive', 'const refused = notAlive']], test: 'waits on when a newcomer answers, which cannot know the heads' },
  { rule: 'nobody takes over what was closed', edits: [['replica', '?? notAlive(save, branch, request.lineage) ?? checkEpoch', '?? checkEpoch']], test: 'gives a takeover up when another replica has seen the child closed' },
  { rule: 'highest head', edits: [['takeover', 'return isNewer(state, reply) ?', 'return isNewer(state, reply) && reply.head.index < 0 ?']], test: 'adopts the highest head that another holds, so that a tail which is not done is kept' },
  { rule: 'epoch before index', edits: [['takeover', 'const order = compareEpochs(reply.synced, state.synced)', 'const order = 0']], test: 'prefers the head of a higher epoch to a longer one of a lower' },
  { rule: 'a head with the results it rests on', edits: [['takeover', 'synced: reply.synced, with: reply.with }', 'synced: reply.synced, with: [] }']], test: 'adopts a head together with the results it rests on' },
  { rule: 'the suspect is not asked', edits: [['takeover', ' && member.peer !== suspect', '']], test: 'takes over without asking the replica whose peer is suspected' },
  { rule: 'a refusal is no answer', edits: [['takeover', "if (reply.member === null || (reply.refused !== undefined && reply.refused !== 'missing')) return state", 'if (reply.member === null) return state']], test: 'waits on when a newcomer answers, which cannot know the heads' },
  { rule: 'answers to this takeover only', edits: [['takeover', 'if (reply.number !== request.number || compareEpochs(reply.epoch, request.epoch) !== 0) return state', '']], test: 'waits on when an answer to its earlier takeover arrives late' },
  { rule: 'gives up on what others noted', edits: [['takeover', "if (reply.refused === 'epoch' || reply.refused === 'closed') return { ...state, over: true }", '']], test: 'gives a takeover up when another replica has seen the child closed' },
  { rule: 'only what somebody owes', edits: [['takeover', ' || duty(lookup, known) === null', '']], test: 'tells the replicas that the outcome is done, so that nobody takes it over' },
  // Reconfigure.
  { rule: 'disk id', edits: [['reconfigure', 'member.peer === peer && member.disk === disk', "member.peer === peer && disk !== ''"]] },
  { rule: 're-added counts as newcomer', edits: [['reconfigure', ': self?.joined === FIRST_NUMBER', ': state?.whole === true || self?.joined === FIRST_NUMBER']] },
  { rule: 'only the first members begin whole', edits: [['reconfigure', ': self?.joined === FIRST_NUMBER', ': self !== null']] },
  { rule: 'a newcomer until it has copied', edits: [['reconfigure', 'const whole = stays ? (state?.whole ?? false) :', 'const whole = stays ? true :']], test: 'stays a newcomer over further changes of the set until it has copied' },
  { rule: 'numbers only rise', edits: [['reconfigure', 'config.number <= state.number', 'config.number === state.number']], test: 'keeps the newest number when an older configuration arrives late' },
  { rule: 'heads from a whole member', edits: [['reconfigure', 'state.self === null || !state.whole || state', 'state.self === null || state']], test: 'gives no copy away before it has one itself' },
  { rule: 'heads from one that noted the number', edits: [['reconfigure', '|| !state.whole || state.number !== number) return', '|| !state.whole) return'], ['reconfigure', 'sourcesFor(state).some(member => memberKey(member) === memberKey(copy.from))', 'sourcesFor(state).some(member => member.peer === copy.from.peer)']] },
  { rule: 'a late copy', edits: [['reconfigure', 'self === null || whole ? []', 'self === null ? []']] },
  { rule: 'a copy for the same number', edits: [['reconfigure', 'if (!known || copy.number !== state.number)', 'if (!known)']], test: 'takes a copy only for the number it has noted, and only once' },
  // The shell.
  { rule: 'sync before acknowledging', shell: 'saveThenSend' },
  { rule: 'noted number durable', shell: 'saveNumber' },
  { rule: 'noted epoch durable', shell: 'saveNoted' },
  { rule: 'result only when done', shell: 'resultWhenDone', from: 72_000 },
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
