import { expect } from 'chai'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { encodeEntry } from '../../src/control/command.js'
import { DamagedLogError, GroupOfOne } from '../../src/control/group-of-one.js'
import { snapshot } from '../../src/control/state.js'
import { LevelStore, MemoryStore } from '../../src/store/index.js'
import { admitOf, entryOf, foundOf } from './commands.js'
import type { Command } from '../../src/control/command.js'
import type { Store } from '../../src/store/index.js'

const bind = (i: number): Uint8Array => encodeEntry(entryOf({ type: 'bindKey', workflow: 'w', key: `k${i}`, id: `s.${i}`, inputHash: 'h' }))

async function founded (store: Store, snapshotEvery: number, entries: number): Promise<GroupOfOne> {
  const group = await GroupOfOne.open({ self: 'p1', store, snapshotEvery })
  await group.propose(encodeEntry(entryOf({ ...admitOf('p1'), type: 'admitFounder' } as Command)))
  await group.propose(encodeEntry(entryOf(foundOf(true))))
  for (let i = 0; i < entries; i++) await group.propose(bind(i))
  return group
}

async function keysOf (store: Store): Promise<string[]> {
  const keys: string[] = []
  for await (const [key] of store.range({ from: 'control/', to: 'control0' })) keys.push(key)
  return keys
}

describe('the group of one', () => {
  it('has the same state after it was opened again, with and without a snapshot between', async () => {
    for (const snapshotEvery of [1000, 5, 1]) {
      const store = new MemoryStore()
      const group = await founded(store, snapshotEvery, 23)
      const before = snapshot(group.state())
      await group.close()

      const again = await GroupOfOne.open({ self: 'p1', store })

      expect(snapshot(again.state())).to.deep.equal(before)
      expect((await again.propose(bind(99))).index).to.equal(26)
    }
  })

  it('keeps a real disk\'s log over a restart, and only what the last snapshot does not hold', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'control-'))
    try {
      const store = await LevelStore.open(join(folder, 'store'), { create: true })
      const group = await founded(store, 10, 20)
      const before = snapshot(group.state())
      await group.close()
      expect((await keysOf(store)).filter(key => key.startsWith('control/log/'))).to.have.length.below(11)
      await store.close()

      const reopened = await LevelStore.open(join(folder, 'store'), { create: false })
      expect(snapshot((await GroupOfOne.open({ self: 'p1', store: reopened })).state())).to.deep.equal(before)
      await reopened.close()
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('applies what arrives at once in the order of the calls, in few writes', async () => {
    const store = new MemoryStore()
    let writes = 0
    const batch = store.batch.bind(store)
    store.batch = async (...args) => {
      writes++
      await batch(...args)
    }
    const group = await GroupOfOne.open({ self: 'p1', store })

    const applied = await Promise.all(Array.from({ length: 100 }, async (_, i) => await group.propose(bind(i))))

    expect(applied.map(({ index }) => index)).to.deep.equal(Array.from({ length: 100 }, (_, i) => i + 1))
    expect(writes).to.be.at.most(3)
  })

  it('goes on before an entry that was never acknowledged and is not there', async () => {
    const store = new MemoryStore()
    await (await founded(store, 1000, 3)).close()
    await store.batch([{ type: 'delete', key: 'control/log/0000000000000005' }])

    const group = await GroupOfOne.open({ self: 'p1', store })

    expect(group.state().applied).to.equal(4)
  })

  const damages: [string, (store: Store) => Promise<void>][] = [
    ['an entry with a flipped bit', async store => {
      const key = 'control/log/0000000000000004'
      const bytes = Uint8Array.from((await store.get(key))!)
      bytes[bytes.length - 3]! ^= 1
      await store.batch([{ type: 'put', key, value: bytes }])
    }],
    ['an entry cut short', async store => {
      const key = 'control/log/0000000000000005'
      await store.batch([{ type: 'put', key, value: (await store.get(key))!.subarray(0, 20) }])
    }],
    ['a gap', async store => { await store.batch([{ type: 'delete', key: 'control/log/0000000000000003' }]) }],
    ['an entry in the place of another', async store => {
      await store.batch([{ type: 'put', key: 'control/log/0000000000000003', value: (await store.get('control/log/0000000000000004'))! }])
    }],
    ['a snapshot with a flipped bit', async store => {
      await (await founded(new MemoryStore(), 1, 1)).close()
      const group = await GroupOfOne.open({ self: 'p1', store, snapshotEvery: 1 })
      await group.propose(bind(7))
      await group.close()
      const bytes = Uint8Array.from((await store.get('control/snapshot'))!)
      bytes[bytes.length - 9]! ^= 1
      await store.batch([{ type: 'put', key: 'control/snapshot', value: bytes }])
    }]
  ]
  for (const [title, damage] of damages) {
    it(`stops by name, and empties nothing, when its log has ${title}`, async () => {
      const store = new MemoryStore()
      await (await founded(store, 1000, 3)).close()
      await damage(store)
      const before = await keysOf(store)

      const failure: unknown = await GroupOfOne.open({ self: 'p1', store }).catch((err: unknown) => err)

      expect(failure).to.be.instanceOf(DamagedLogError)
      expect((failure as Error).message).to.match(/control\/(log|snapshot)/)
      expect(await keysOf(store)).to.deep.equal(before)
    })
  }

  it('stops for good at the first failed write, and says so to everybody who waits or comes later', async () => {
    const store = new MemoryStore()
    const group = await founded(store, 1000, 0)
    const failures: Error[] = []
    group.onFailure(err => failures.push(err))
    store.batch = async () => { throw new Error('EIO') }

    const waiting = await Promise.allSettled([group.propose(bind(1)), group.propose(bind(2))])
    const later = await group.propose(bind(3)).catch((err: unknown) => err)

    expect(waiting.map(({ status }) => status)).to.deep.equal(['rejected', 'rejected'])
    expect(later).to.have.property('kind', 'unavailable')
    expect(failures.map(({ message }) => message)).to.deep.equal(['EIO'])
    expect(group.status().quorum).to.equal(false)
    expect(group.state().applied).to.equal(2)
  })

  it('never lets into its log what it could not read again', async () => {
    const group = await founded(new MemoryStore(), 1000, 0)

    const refused = await group.propose(Uint8Array.of(1, 2, 3)).catch((err: unknown) => err)

    expect(refused).to.have.property('kind', 'invalid')
    expect((await group.propose(bind(1))).index).to.equal(3)
  })
})
