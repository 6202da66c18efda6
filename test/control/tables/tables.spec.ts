import { expect } from 'chai'
import { contentId } from '../../../src/workflow/content-id.js'
import { decodeCommand, encodeCommand } from '../../../src/control/command.js'
import { applyEntry, emptyState, restore, snapshot } from '../../../src/control/state.js'
import { MAX_INTENTS, MAX_KEYS, MAX_RETIRED, MAX_SESSION_COMMANDS } from '../../../src/limits.js'
import { applyIntents } from '../../../src/control/tables/intents.js'
import { applyKeys } from '../../../src/control/tables/keys.js'
import { admitOf, entryOf, factsOf, foundOf, manifestOf } from '../commands.js'
import type { Command, Outcome } from '../../../src/control/command.js'
import type { State } from '../../../src/control/state.js'
import type { IntentCommand, Intents } from '../../../src/control/tables/intents.js'

const cidOf = (text: string): string => contentId(new TextEncoder().encode(text))
const HASH = 'c'.repeat(64)

class Log {
  state: State = emptyState()
  apply (command: Command, by = 'p1', now = 1000): Outcome {
    const done = applyEntry(this.state, this.state.applied + 1, entryOf(command, by, { now }))
    this.state = done.state
    return done.outcome
  }

  must (command: Command, by = 'p1', now = 1000): unknown {
    const outcome = this.apply(command, by, now)
    if (!outcome.ok) throw new Error(outcome.message)
    return outcome.value
  }
}

function founded (open = false, peers: string[] = []): Log {
  const log = new Log()
  log.must({ ...admitOf('p1'), type: 'admitFounder' } as Command)
  log.must(foundOf(open))
  if (peers.length > 0) {
    log.must({ type: 'invite', secretHash: HASH, roles: ['peer'], uses: 100, expiresAt: 9000 })
    for (const peer of peers) log.must(admitOf(peer, { secretHash: HASH }))
  }
  return log
}

const placeOf = (peer: string): { peer: string, disk: string } => ({ peer, disk: `disk-${peer}` })
const hello = (peer: string, incarnation: number, nonce: string, since: { incarnation: number, nonce: string }[], disk = `disk-${peer}`): Command =>
  ({ type: 'hello', peer, disk, incarnation, nonce, facts: factsOf(peer), since })

describe('admission', () => {
  it('needs a token in a closed mesh and none in an open one', () => {
    expect(founded(false).apply(admitOf('p2'))).to.include({ ok: false, refusal: 'tokenNeeded' })
    const open = founded(true)
    expect(open.apply(admitOf('p2')).ok).to.equal(true)
    expect(open.state.members.get('p2')?.roles).to.deep.equal(['peer'])
  })

  it('takes each use of a secret once, and the same peer again for nothing', () => {
    const log = founded()
    log.must({ type: 'invite', secretHash: HASH, roles: ['peer', 'deployer'], uses: 1, expiresAt: 2000 })

    const first = log.apply(admitOf('p2', { secretHash: HASH }))
    const again = log.apply(admitOf('p2', { secretHash: HASH }))
    const other = log.apply(admitOf('p3', { secretHash: HASH }))

    expect([first.ok, again.ok]).to.deep.equal([true, true])
    expect(log.state.members.get('p2')?.roles).to.deep.equal(['peer', 'deployer'])
    expect(other).to.include({ ok: false, refusal: 'spentToken' })
  })

  it('refuses an expired secret by the time inside the command, and a foreign one', () => {
    const log = founded()
    log.must({ type: 'invite', secretHash: HASH, roles: ['peer'], uses: 1, expiresAt: 2000 })

    expect(log.apply(admitOf('p2', { secretHash: HASH }), 'p1', 2000)).to.include({ ok: false, refusal: 'expiredToken' })
    expect(log.apply(admitOf('p2', { secretHash: 'd'.repeat(64) }))).to.include({ ok: false, refusal: 'foreignToken' })
  })

  it('shuts a removed peer out, whatever it brings', () => {
    const log = founded(true, ['p2'])
    log.must({ type: 'remove', peer: 'p2' })

    expect(log.apply(admitOf('p2', { secretHash: HASH, disk: 'new' }))).to.include({ ok: false, refusal: 'revoked' })
    expect(log.apply(hello('p2', 2, 'n2', [{ incarnation: 1, nonce: 'n1' }]))).to.include({ ok: false, refusal: 'revoked' })
  })
})

describe('starts of a member', () => {
  it('follow each other, also when some never reached a controller, and may be repeated', () => {
    const log = founded(false, ['p2'])

    const later = hello('p2', 3, 'c', [{ incarnation: 1, nonce: 'n1' }, { incarnation: 2, nonce: 'b' }])
    log.must(later)
    log.must(later)

    expect(log.state.members.get('p2')).to.include({ incarnation: 3, nonce: 'c' })
  })

  const says = /move it away and join as new|Move it away and join as new/
  it('are refused from a copy of the disk, with a sentence that says what to do', () => {
    const log = founded(false, ['p2'])
    log.must(hello('p2', 2, 'one', [{ incarnation: 1, nonce: 'n1' }]))

    const copy = log.apply(hello('p2', 2, 'other', [{ incarnation: 1, nonce: 'n1' }]))
    const copyLater = log.apply(hello('p2', 5, 'later', [{ incarnation: 1, nonce: 'n1' }, { incarnation: 2, nonce: 'other' }]))

    for (const outcome of [copy, copyLater]) {
      expect(outcome).to.include({ ok: false, kind: 'notPermitted' })
      expect(outcome.ok ? '' : outcome.message).to.match(says)
    }
    expect(log.state.members.get('p2')).to.include({ incarnation: 2, nonce: 'one' })
  })

  it('are refused from a disk that was rolled back, wiped or exchanged', () => {
    const log = founded(false, ['p2'])
    for (let i = 2; i < 6; i++) log.must(hello('p2', i, `s${i}`, [{ incarnation: i - 1, nonce: i === 2 ? 'n1' : `s${i - 1}` }]))

    const rolledBack = log.apply(hello('p2', 4, 'again', [{ incarnation: 3, nonce: 's3' }]))
    const wiped = log.apply(hello('p2', 1, 'fresh', [], 'disk-new'))

    for (const outcome of [rolledBack, wiped]) expect(outcome.ok ? '' : outcome.message).to.match(says)
  })

  it('let a wiped peer come back as new with a token, under its new disk', () => {
    const log = founded(false, ['p2'])

    log.must(admitOf('p2', { disk: 'disk-new', secretHash: HASH }))

    expect(log.state.members.get('p2')?.disk).to.equal('disk-new')
  })

  it('take a clean stop back; a stop of an earlier start counts for nothing', () => {
    const log = founded(false, ['p2'])
    log.must({ type: 'leave', peer: 'p2', incarnation: 1, nonce: 'n1' })
    expect(log.state.members.get('p2')?.left).to.equal(true)

    log.must(hello('p2', 2, 'b', [{ incarnation: 1, nonce: 'n1' }]))
    log.must({ type: 'leave', peer: 'p2', incarnation: 1, nonce: 'n1' })

    expect(log.state.members.get('p2')?.left).to.equal(false)
  })
})

describe('functions and workflows', () => {
  it('never change under a version: the same again is no creation, other content a conflict', () => {
    const log = founded()
    const fn: Command = { type: 'deployFunction', manifest: manifestOf('f'), cid: cidOf('a') }
    const wf: Command = { type: 'deployWorkflow', namespace: 'n', name: 'w', version: '1.0.0', plan: cidOf('a'), source: 'x', copies: 2 }

    for (const [command, other] of [[fn, { ...fn, cid: cidOf('b') }], [wf, { ...wf, plan: cidOf('b') }]] as [Command, Command][]) {
      expect(log.must(command)).to.include({ created: true })
      expect(log.must(command)).to.include({ created: false })
      expect(log.apply(other)).to.include({ ok: false, kind: 'conflict' })
    }
  })
})

describe('replica sets', () => {
  const made: Command = { type: 'setMake', set: 's-2-1', region: 'default', copies: 2, members: [placeOf('p1'), placeOf('p2')] }

  it('are changed only against their number, and wait for a newcomer to be whole unless it is the one replaced', () => {
    const log = founded(false, ['p2', 'p3', 'p4'])
    log.must(made)
    log.must({ type: 'setReplace', set: 's-2-1', number: 1, remove: 'p2', add: placeOf('p3') })

    expect(log.apply({ type: 'setReplace', set: 's-2-1', number: 1, remove: 'p3', add: placeOf('p4') })).to.include({ kind: 'conflict' })
    expect(log.apply({ type: 'setReplace', set: 's-2-1', number: 2, remove: 'p1', add: placeOf('p4') })).to.include({ kind: 'conflict' })
    log.must({ type: 'setReplace', set: 's-2-1', number: 2, remove: 'p3', add: placeOf('p4') })
    log.must({ type: 'setWhole', set: 's-2-1', ...placeOf('p4'), joined: 3 })
    log.must({ type: 'setReplace', set: 's-2-1', number: 3, remove: 'p1', add: placeOf('p2') })

    expect(log.state.sets.get('s-2-1')).to.deep.include({
      number: 4, whole: ['p4'], members: [{ ...placeOf('p4'), joined: 3 }, { ...placeOf('p2'), joined: 4 }]
    })
  })

  it('give a member that comes back a new number, and believe "whole" only for that one and its disk', () => {
    const log = founded(false, ['p2', 'p3'])
    log.must(made)
    log.must({ type: 'setReplace', set: 's-2-1', number: 1, remove: 'p2', add: null })
    log.must({ type: 'setGrow', set: 's-2-1', number: 2, add: placeOf('p2') })

    expect(log.apply({ type: 'setWhole', set: 's-2-1', ...placeOf('p2'), joined: 1 })).to.include({ kind: 'conflict' })
    expect(log.apply({ type: 'setWhole', set: 's-2-1', peer: 'p2', disk: 'other', joined: 3 })).to.include({ kind: 'conflict' })
    log.must({ type: 'setWhole', set: 's-2-1', ...placeOf('p2'), joined: 3 })

    expect(log.state.sets.get('s-2-1')?.whole).to.deep.equal(['p1', 'p2'])
  })

  it('take in only members with the disk the mesh knows, once, up to their copies, and are never left without a whole one', () => {
    const log = founded(false, ['p2', 'p3'])
    log.must({ ...made, members: [placeOf('p1')] })
    const grow = (add: { peer: string, disk: string }): Outcome => log.apply({ type: 'setGrow', set: 's-2-1', number: log.state.sets.get('s-2-1')!.number, add })

    expect(grow({ peer: 'p2', disk: 'other' })).to.include({ kind: 'conflict' })
    expect(grow(placeOf('p9'))).to.include({ kind: 'conflict' })
    expect(grow(placeOf('p1'))).to.include({ kind: 'conflict' })
    expect(log.apply({ type: 'setReplace', set: 's-2-1', number: 1, remove: 'p1', add: placeOf('p2') })).to.include({ kind: 'conflict' })
    expect(grow(placeOf('p2')).ok).to.equal(true)
    expect(grow(placeOf('p3'))).to.include({ kind: 'conflict' })
    log.must({ type: 'setWhole', set: 's-2-1', ...placeOf('p2'), joined: 2 })
    expect(grow(placeOf('p3'))).to.include({ kind: 'conflict' })
  })
})

describe('intents', () => {
  const intend = (by: string, attempt = 1): Command => ({ type: 'intend', execution: 's.1', branch: '/', step: 3, attempt, by })

  it('are held by the first, also against a repetition; of a retired execution nobody gets one again', () => {
    const log = founded(false, ['p2'])

    expect(log.must(intend('p1'))).to.deep.equal({ holder: 'p1' })
    expect(log.must(intend('p2'))).to.deep.equal({ holder: 'p1' })
    expect(log.must(intend('p1'))).to.deep.equal({ holder: 'p1' })
    expect(log.must(intend('p2', 2))).to.deep.equal({ holder: 'p2' })
    log.must({ type: 'retire', executions: ['s.1'] })

    expect(log.state.intents.size).to.equal(0)
    expect(log.must(intend('p2'))).to.deep.equal({ holder: '' })
    expect(log.must(intend('p2', 7))).to.deep.equal({ holder: '' })
    log.state = restore(snapshot(log.state))
    expect(log.must(intend('p2')), 'after a snapshot').to.deep.equal({ holder: '' })
  })

  it('may still be the first of an execution that had none when it was retired', () => {
    const log = founded()
    log.must({ type: 'retire', executions: ['s.1'] })

    expect(log.must(intend('p1'))).to.deep.equal({ holder: 'p1' })
  })

  it('remember a bounded number of retired executions, and refuse all that are as old as those no longer named', () => {
    const intents = emptyState().intents
    const apply = (command: IntentCommand): { state: Intents, result: { holder: string } | null } => applyIntents(intents, command)
    const intendOf = (execution: string): IntentCommand => ({ type: 'intend', execution, branch: '/', step: 1, attempt: 1, by: 'p1' })
    const idOf = (i: number): string => `s-${i % 7}.${String(i).padStart(8, '0')}`
    apply(intendOf('s.00000001-lives'))

    for (let i = 0; i < MAX_RETIRED + 100; i++) {
      Object.assign(intents, apply(intendOf(idOf(i))).state)
      Object.assign(intents, apply({ type: 'retire', executions: [idOf(i)] }).state)
    }

    expect(intents.retired.size).to.equal(MAX_RETIRED)
    for (const i of [0, 99, 100, MAX_RETIRED + 99]) expect(apply(intendOf(idOf(i))).result, idOf(i)).to.deep.equal({ holder: '' })
    expect(apply(intendOf('s.00000050-none-yet')).result, 'as old as they').to.deep.equal({ holder: '' })
    expect(apply({ ...intendOf('s.00000001-lives'), step: 2 } as IntentCommand).result, 'one that has some').to.deep.equal({ holder: 'p1' })
    expect(apply(intendOf(`s.${MAX_RETIRED + 100}-new`)).result).to.deep.equal({ holder: 'p1' })
  })

  it('are refused, never forgotten, when the table is full', () => {
    let state = { ...emptyState().intents, size: MAX_INTENTS }
    expect(() => applyIntents(state, { type: 'intend', execution: 's.1', branch: '/', step: 1, attempt: 1, by: 'p1' })).to.throw(/retired/)
    state = { ...state, size: MAX_INTENTS - 1 }
    expect(applyIntents(state, { type: 'intend', execution: 's.1', branch: '/', step: 1, attempt: 1, by: 'p1' }).result).to.deep.equal({ holder: 'p1' })
  })
})

describe('idempotency keys', () => {
  const bind = (id: string, inputHash = 'h'): Command => ({ type: 'bindKey', workflow: 'w', key: 'k', id, inputHash })

  it('show what is bound to whoever comes later, pending until confirmed', () => {
    const log = founded()

    expect(log.must(bind('s.1'))).to.deep.equal({ id: 's.1', inputHash: 'h', pending: true })
    expect(log.must(bind('s.2', 'other'))).to.deep.equal({ id: 's.1', inputHash: 'h', pending: true })
    log.must({ type: 'confirmKey', workflow: 'w', key: 'k', id: 's.1' })

    expect(log.must(bind('s.2'))).to.deep.equal({ id: 's.1', inputHash: 'h', pending: false })
  })

  it('are taken over only while pending, only against the id that was met, and the loser is told', () => {
    const log = founded()
    const rebind = (from: string, id: string): unknown => log.must({ type: 'rebindKey', workflow: 'w', key: 'k', from, id })
    log.must(bind('s.1'))

    expect(rebind('s.9', 's.2')).to.include({ id: 's.1' })
    expect(rebind('s.1', 's.2')).to.include({ id: 's.2' })
    expect(log.apply({ type: 'confirmKey', workflow: 'w', key: 'k', id: 's.1' })).to.include({ kind: 'conflict' })
    log.must({ type: 'confirmKey', workflow: 'w', key: 'k', id: 's.2' })

    expect(rebind('s.2', 's.3')).to.include({ id: 's.2', pending: false })
  })

  it('are forgotten after the retention, by the time inside the commands', () => {
    const log = founded()
    log.must({ type: 'configure', settings: { keyRetentionMs: 60_000 } })
    log.must(bind('s.1'), 'p1', 1000)

    expect(log.must(bind('s.2'), 'p1', 61_000)).to.include({ id: 's.1' })
    expect(log.must(bind('s.2'), 'p1', 61_001)).to.include({ id: 's.2' })
  })

  it('give up the oldest confirmed one when there are too many, and refuse when all are pending', () => {
    const context = { now: 5, retentionMs: 1000 }
    const keys = new Map(Array.from({ length: MAX_KEYS }, (_, i) => [`w\n${i}`, { id: `s.${i}`, inputHash: '', pending: true, at: 5 }]))
    const more = { type: 'bindKey' as const, workflow: 'w', key: 'new', id: 's.new', inputHash: '' }

    expect(() => applyKeys(keys, more, context)).to.throw(/wait for their start/)
    keys.get('w\n7')!.pending = false
    applyKeys(keys, more, context)

    expect(keys.has('w\n7')).to.equal(false)
    expect(keys.size).to.equal(MAX_KEYS)
  })
})

describe('sessions', () => {
  it('bound what one client may have under way', () => {
    const log = founded()
    const { session } = log.must({ type: 'openSession' }) as { session: number }
    const send = (sequence: number): Outcome => {
      const entry = entryOf({ type: 'retire', executions: ['s.1'] }, 'p1', { session, sequence, floor: 1 })
      const done = applyEntry(log.state, log.state.applied + 1, entry)
      log.state = done.state
      return done.outcome
    }
    for (let i = 1; i <= MAX_SESSION_COMMANDS; i++) expect(send(i).ok).to.equal(true)

    expect(send(MAX_SESSION_COMMANDS + 1)).to.include({ ok: false, kind: 'overloaded' })
    expect(send(3).ok).to.equal(true)
  })
})

describe('commands from outside', () => {
  const bad: [string, unknown, RegExp][] = [
    ['an unknown kind', { type: 'format' }, /type/],
    ['a field nobody knows', { type: 'remove', peer: 'p', why: 'x' }, /why/i],
    ['a function with an entry outside its folder', { type: 'deployFunction', manifest: { ...manifestOf('f'), entry: '../x.mjs' }, cid: cidOf('a') }, /entry.*relative path/],
    ['a function with an absolute entry', { type: 'deployFunction', manifest: { ...manifestOf('f'), entry: '/x.mjs' }, cid: cidOf('a') }, /entry/],
    ['a function with a bad name', { type: 'deployFunction', manifest: { ...manifestOf('f'), name: 'Bad Name' }, cid: cidOf('a') }, /name/],
    ['a function with a bad version', { type: 'deployFunction', manifest: { ...manifestOf('f'), version: '1' }, cid: cidOf('a') }, /version/],
    ['a workflow above the limit', { type: 'deployWorkflow', namespace: 'n', name: 'w', version: '1.0.0', plan: cidOf('a'), source: 'x'.repeat(300_000), copies: 2 }, /limit/],
    ['a workflow with too many copies', { type: 'deployWorkflow', namespace: 'n', name: 'w', version: '1.0.0', plan: cidOf('a'), source: 'x', copies: 6 }, /copies/],
    ['a set with a bad name', { type: 'setMake', set: 'a.b', region: 'r', copies: 1, members: [placeOf('p1')] }, /set/],
    ['an invite for nobody', { type: 'invite', secretHash: HASH, roles: [], uses: 1, expiresAt: 1 }, /roles/],
    ['an invite with a bad role', { type: 'invite', secretHash: HASH, roles: ['root'], uses: 1, expiresAt: 1 }, /roles/],
    ['a setting out of range', { type: 'configure', settings: { replaceAfterMs: 1 } }, /replaceAfterMs/],
    ['a policy with nested data', { type: 'setPolicy', name: 'p', rule: { a: { b: 1 } } }, /rule/],
    ['a step that is no number', { type: 'intend', execution: 's.1', branch: '/', step: -1, attempt: 1, by: 'p1' }, /step/],
    ['a key without a name', { type: 'bindKey', workflow: 'w', key: '', id: 's.1', inputHash: '' }, /key/],
    ['a retirement of nothing', { type: 'retire', executions: [] }, /executions/],
    ['a peer with a huge label', { ...admitOf('p2'), facts: { ...factsOf('p2'), labels: { a: 'x'.repeat(300) } } }, /labels/]
  ]
  for (const [title, command, says] of bad) {
    it(`are refused: ${title}`, () => {
      expect(() => decodeCommand(encodeCommand(command as Command))).to.throw(says)
    })
  }

  it('are refused when they are no DAG-CBOR at all', () => {
    expect(() => decodeCommand(Uint8Array.of(0xff, 0x00, 0x12))).to.throw(/DAG-CBOR/)
  })
})
