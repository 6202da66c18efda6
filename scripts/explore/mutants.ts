/**
 * One mutant for each rule: the production source with one rule taken out, or the shell around it with one. Each must be
 * found by a violation; the rare ones are pinned to the walks that find them.
 */
import { transform } from 'esbuild'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { RULES } from './world.js'
import type { Protocol, ShellRules } from './world.js'

export interface Mutant {
  rule: string
  /** What replaces what in a file of src/branch; each text must occur exactly once. */ edits?: [file: string, find: string, replace: string][]
  shell?: keyof ShellRules
  /** First walk; later than 1 only for rules that break about once in hundreds of thousands of walks. */ from?: number
  /** More walks than usual. */ walks?: number
  /** Why it is kept although no walk finds it. */ unfound?: string
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
  { rule: 'open children are here', edits: [['replica', 'for (const ref of openRefs(record)) missing.push', 'for (const ref of openRefs(record).slice(0, 0)) missing.push']], walks: 2000, unfound: 'found by its test; in walks another replica still holds the child' },
  { rule: 'child opened at the written epoch', edits: [['replica', 'noted: record.epoch, head: record, synced: record.epoch', 'noted: epoch, head: record, synced: epoch']], walks: 2000, unfound: 'found by its test; in walks a needless takeover mends it' },
  { rule: 'dropped children kept until done', edits: [['replica', 'const forgets = state.dropped.filter(({ index }) => index <= done)', 'const forgets = state.dropped.filter(() => true)']], from: 17_000 },
  // Names.
  { rule: 'child by opening record', edits: [['record', 'return `${openingHash}.${place}`', 'return `${openingHash.slice(0, 0)}child.${place}`']] },
  // Writer.
  { rule: 'every replica', edits: [['writer', 'Math.min(headIndex(state), ...state.members.map(member => ackedIndex(state, member)))', 'Math.max(...state.members.map(member => ackedIndex(state, member)))']] },
  { rule: 'acknowledgements of one number', edits: [['writer', 'const counts = ack.number === state.number && ', 'const counts = '], ['writer', 'members, acked: {} })', 'members })']], walks: 2000, unfound: 'found by its test; members are told apart by the number they joined under, which hides it from walks' },
  { rule: 'acknowledgements of one epoch', edits: [['writer', 'compareEpochs(ack.epoch, state.epoch) === 0 && member', 'member']], from: 10_100 },
  { rule: 'membership is peer, disk and number', edits: [['writer', 'return `${member.peer}/${member.disk}/${member.joined}`', 'return `${member.peer}/`']] },
  { rule: 'child done after its opening', edits: [['writer', "const rooted = state.rooted || parents.has('') || (parents.size === 1 && !parents.has(UNDECIDED))", 'const rooted = true']], from: 14_100 },
  { rule: 'a parent being taken over roots nothing', edits: [['replica', 'compareEpochs(state.noted, state.synced) !== 0', 'false']], from: 14_100 },
  { rule: 'results carried until done', edits: [['writer', 'const carried = own ? head.takes.filter(({ at }) => at > state.done) : []', 'const carried = own ? head.takes.slice(0, 0) : []']], walks: 2000, unfound: 'found by its test; in walks it needs a jump over a record that took a local result' },
  { rule: 'a named writer knows nothing done', edits: [['writer', '    done: -1, pending', '    done: head === null ? -1 : indexIn(branch, head) - 1, pending']], walks: 2000, unfound: 'found by its test; in walks it needs a child forgotten because of it' },
  { rule: 'ending closes the children', edits: [['writer', 'const open = next === null ? [] : without(before, gone)', 'const open = without(before, gone)']] },
  // Takeover.
  { rule: 'taker notes its own epoch', edits: [['takeover', 'writes: [{ ...known, noted: epoch }]', 'writes: []'], ['takeover', "if (reply.type === 'ack') return", 'return']] },
  { rule: 'taker checks its noted epoch again', edits: [['takeover', "if (reply.type === 'ack') return", 'return']] },
  { rule: 'newcomer takes over', edits: [['takeover', 'mine === null || !set.whole || duty', 'mine === null || duty'], ['takeover', 'set.number !== request.number || !set.whole', 'set.number !== request.number'], ['takeover', 'acceptAppend(set, lookup, append)', 'acceptAppend({ ...set, whole: true }, lookup, append)']], from: 46_600 },
  { rule: 'its own head when the newest cannot stand', edits: [['takeover', 'of [state.head, known.head]', 'of [state.head]']] },
  { rule: 'begins again when the number changes', edits: [['takeover', "if (set.number !== request.number || !set.whole) return { type: 'restart' }", '']], walks: 2000, unfound: 'found by its test; in walks another replica takes over' },
  { rule: 'asks the other replicas', edits: [['takeover', 'waiting: others.map(memberKey)', 'waiting: []']], walks: 2000, unfound: 'the taker is a whole replica, so it holds all that is done; asking saves what is not' },
  { rule: 'highest head, epoch before index', edits: [['takeover', 'return isNewer(state, reply) ?', 'return isNewer(state, reply) && reply.head.index < 0 ?']], walks: 2000, unfound: 'as asking: only tails that are not done depend on it' },
  // Reconfigure.
  { rule: 'disk id', edits: [['reconfigure', 'member.peer === peer && member.disk === disk', "member.peer === peer && disk !== ''"]] },
  { rule: 're-added counts as newcomer', edits: [['reconfigure', 'const whole = stays ? (state?.whole ?? false) : self?.joined === FIRST_NUMBER', 'const whole = stays || (state?.whole ?? false) || self?.joined === FIRST_NUMBER'], ['reconfigure', 'members, self, whole }', 'members, self, whole: whole && (stays || true) }']] },
  { rule: 'heads from one that noted the number', edits: [['reconfigure', '|| !state.whole || state.number !== number) return', '|| !state.whole) return'], ['reconfigure', 'sourcesFor(state).some(member => memberKey(member) === memberKey(copy.from))', 'sourcesFor(state).some(member => member.peer === copy.from.peer)']] },
  { rule: 'a late copy', edits: [['reconfigure', 'self === null || whole ? []', 'self === null ? []']] },
  { rule: 'a copy for the same number', edits: [['reconfigure', 'if (!known || copy.number !== state.number)', 'if (!known)']], walks: 2000, unfound: 'found by its test; in walks it needs three set changes while one copy is under way' },
  // The shell.
  { rule: 'sync before acknowledging', shell: 'saveThenSend' },
  { rule: 'noted number durable', shell: 'saveNumber' },
  { rule: 'noted epoch durable', shell: 'saveNoted' },
  { rule: 'result only when done', shell: 'resultWhenDone' },
  { rule: 'strict results under allow', shell: 'strictResults', walks: 2000, unfound: 'the record that takes such a result cannot become done before the result is everywhere; kept for smaller superseded tails' },
  { rule: 'exclusive after done', shell: 'exclusiveWhenDone' },
  { rule: 'first intent', shell: 'firstIntent' },
  { rule: 'incarnation in next writer', shell: 'incarnation' },
  { rule: 'a writer remembers where it started', shell: 'remembersStarts' },
  { rule: "named writer's own epoch", shell: 'ownEpoch' },
  { rule: 'wait until whole', shell: 'replaceWhenWhole' },
  { rule: 'newcomer may be replaced', shell: 'replaceNewcomer' },
  { rule: 'copied heads in place of own', shell: 'copyReplacesHeads', from: 10_000 },
  { rule: 'copied epochs in place of own', shell: 'copyReplacesEpochs', walks: 2000, unfound: 'no seed in 60 000 walks: its own higher epoch makes a newcomer refuse more; kept so that a copy is one rule' }
]

/** The protocol and the shell's rules of this mutant. Throws when an edit no longer fits the source. */
export async function breed (mutant: Mutant): Promise<{ protocol: Protocol, rules: ShellRules }> {
  const rules = mutant.shell === undefined ? RULES : { ...RULES, [mutant.shell]: false }
  if (mutant.edits === undefined) return { protocol: await import('../../src/branch/index.js'), rules }
  const into = join('build', 'mutants', mutant.rule.replaceAll(/[^a-z]+/gi, '-'), 'src', 'branch')
  await mkdir(into, { recursive: true })
  for (const file of await readdir('src/branch')) {
    let source = await readFile(join('src', 'branch', file), 'utf8')
    for (const [name, find, replace] of mutant.edits) {
      if (file !== `${name}.ts`) continue
      if (source.split(find).length !== 2) throw new Error(`the mutant "${mutant.rule}" does not fit src/branch/${file}: ${find}`)
      source = source.replace(find, () => replace)
    }
    const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'node20' })
    await writeFile(join(into, file.replace(/\.ts$/, '.js')), code)
  }
  return { protocol: await import(pathToFileURL(join(process.cwd(), into, 'index.js')).href) as Protocol, rules }
}
