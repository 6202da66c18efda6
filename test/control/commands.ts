/** Generators and shorthands of commands, for the properties of the tables. */
import fc from 'fast-check'
import { contentId } from '../../src/workflow/content-id.js'
import type { Command, Entry } from '../../src/control/command.js'
import type { Facts } from '../../src/control/tables/shapes.js'

export const factsOf = (peer: string, region = 'default', domain = peer): Facts =>
  ({ name: peer, region, zone: '', tier: 'edge', domain, labels: {}, addresses: [] })

export const entryOf = (command: Command, by = 'p1', numbered: Partial<Entry> = {}): Entry =>
  ({ by, now: 1000, session: 0, sequence: 0, floor: 0, ...numbered, command })

export const admitOf = (peer: string, more: Partial<Extract<Command, { type: 'admit' }>> = {}): Command =>
  ({ type: 'admit', peer, disk: `disk-${peer}`, incarnation: 1, nonce: 'n1', facts: factsOf(peer), known: false, ...more })

export const foundOf = (open: boolean): Command => ({ type: 'found', meshId: 'm', generation: 1, controllers: ['p1'], open })

export const manifestOf = (name: string, version = '1.0.0'): Extract<Command, { type: 'deployFunction' }>['manifest'] => ({
  name, version, runtime: 'js', entry: 'index.mjs', artefact: contentId(new TextEncoder().encode(name)), timeoutMs: 30_000,
  effects: 'idempotent', concurrency: 16, resources: { cpus: 0, memoryBytes: 1 << 27, accelerators: {} }, requires: {}, warm: { minimum: 0, keepMs: 300_000 }
})

const peer = fc.constantFrom('p1', 'p2', 'p3', 'p4')
const small = fc.integer({ min: 0, max: 3 })
const set = fc.constantFrom('default-2-1', 'default-2-2')
const place = peer.map(one => ({ peer: one, disk: `disk-${one}` }))
const hash = fc.constantFrom('a'.repeat(64), 'b'.repeat(64))
const execution = fc.constantFrom('s.1', 's.2')
const cid = fc.constantFrom('x', 'y').map(text => contentId(new TextEncoder().encode(text)))

/** Any command, over so few names that they meet. */
export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  peer.map(one => admitOf(one)),
  fc.tuple(peer, hash, small).map(([one, secretHash, incarnation]) => admitOf(one, { secretHash, incarnation })),
  fc.tuple(peer, small, fc.constantFrom('n1', 'n2'), fc.array(fc.record({ incarnation: small, nonce: fc.constantFrom('n1', 'n2') }), { maxLength: 2 }))
    .map(([one, incarnation, nonce, since]): Command => ({ type: 'hello', peer: one, disk: `disk-${one}`, incarnation, nonce, facts: factsOf(one), since })),
  fc.tuple(peer, small).map(([one, incarnation]): Command => ({ type: 'leave', peer: one, incarnation, nonce: 'n1' })),
  peer.map((one): Command => ({ type: 'remove', peer: one })),
  fc.tuple(hash, fc.integer({ min: 1, max: 2 }), fc.integer({ min: 900, max: 1100 }))
    .map(([secretHash, uses, expiresAt]): Command => ({ type: 'invite', secretHash, roles: ['peer'], uses, expiresAt })),
  fc.boolean().map((open): Command => ({ type: 'configure', settings: { open } })),
  fc.tuple(fc.constantFrom('f', 'g'), cid).map(([name, id]): Command => ({ type: 'deployFunction', manifest: manifestOf(name), cid: id })),
  fc.tuple(fc.constantFrom('w', 'v'), cid).map(([name, plan]): Command =>
    ({ type: 'deployWorkflow', namespace: 'default', name, version: '1.0.0', plan, source: 'do: []', copies: 2 })),
  fc.tuple(fc.constantFrom('a', 'b'), fc.boolean()).map(([name, gone]): Command => ({ type: 'setPolicy', name, rule: gone ? null : { max: 1 } })),
  fc.tuple(set, fc.uniqueArray(place, { minLength: 1, maxLength: 2, selector: one => one.peer }))
    .map(([name, members]): Command => ({ type: 'setMake', set: name, region: 'default', copies: 2, members })),
  fc.tuple(set, small, place).map(([name, number, add]): Command => ({ type: 'setGrow', set: name, number, add })),
  fc.tuple(set, small, peer, fc.option(place)).map(([name, number, remove, add]): Command => ({ type: 'setReplace', set: name, number, remove, add })),
  fc.tuple(set, place, small).map(([name, one, joined]): Command => ({ type: 'setWhole', set: name, ...one, joined })),
  fc.tuple(execution, small, peer).map(([id, step, by]): Command => ({ type: 'intend', execution: id, branch: '/', step, attempt: 1, by })),
  execution.map((id): Command => ({ type: 'retire', executions: [id] })),
  fc.tuple(fc.constantFrom('k1', 'k2'), execution).map(([key, id]): Command => ({ type: 'bindKey', workflow: 'w', key, id, inputHash: 'h' })),
  fc.tuple(fc.constantFrom('k1', 'k2'), execution).map(([key, id]): Command => ({ type: 'confirmKey', workflow: 'w', key, id })),
  fc.tuple(fc.constantFrom('k1', 'k2'), execution, execution).map(([key, from, id]): Command => ({ type: 'rebindKey', workflow: 'w', key, from, id })),
  fc.constant<Command>({ type: 'openSession' })
)

/** Entries of a mesh that is open, so that peers get in. */
export const anyLog: fc.Arbitrary<Entry[]> = fc.array(
  fc.tuple(anyCommand, peer, fc.integer({ min: 900, max: 1200 })).map(([command, by, now]) => entryOf(command, by, { now })), { maxLength: 60 }
).map(entries => [entryOf(admitOf('p1', { type: 'admitFounder' } as never)), entryOf(foundOf(true)), ...entries])
