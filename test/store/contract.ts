/** What every store does, whatever it is made of. */
import { expect } from 'chai'
import fc from 'fast-check'
import type { RangeOptions, Store, Write } from '../../src/store/index.js'

const bytes = (text: string): Uint8Array => Buffer.from(text)
const put = (key: string, value = key): Write => ({ type: 'put', key, value: bytes(value) })

async function entries (store: Store, options: RangeOptions): Promise<string[]> {
  const found: string[] = []
  for await (const [key, value] of store.range(options)) found.push(`${key}=${Buffer.from(value).toString()}`)
  return found
}

export function storeContract (name: string, open: () => Promise<Store>): void {
  describe(`${name} keeps the store's contract`, () => {
    let store: Store
    beforeEach(async () => { store = await open() })
    afterEach(async () => { await store.close() })

    it('gives back what was put, and undefined for what was not', async () => {
      await store.batch([put('a', '1'), { type: 'put', key: 'empty', value: new Uint8Array() }])

      expect(Buffer.from((await store.get('a'))!).toString()).to.equal('1')
      expect(await store.get('empty')).to.have.length(0)
      expect(await store.get('b')).to.equal(undefined)
    })

    it('applies the writes of a batch in order', async () => {
      await store.batch([put('a', '1')])

      await store.batch([put('a', '2'), { type: 'delete', key: 'a' }, put('b', '1'), { type: 'deleteRange', from: 'b', to: 'c' }, put('b', '2')])

      expect(await entries(store, { from: 'a', to: 'z' })).to.deep.equal(['b=2'])
    })

    it('reads a range from its start to before its end, in both directions, up to a limit', async () => {
      await store.batch(['a', 'b', 'c', 'd'].map(key => put(key, '')))

      expect(await entries(store, { from: 'b', to: 'd' })).to.deep.equal(['b=', 'c='])
      expect(await entries(store, { from: 'b', to: 'd', reverse: true })).to.deep.equal(['c=', 'b='])
      expect(await entries(store, { from: 'a', to: 'z', limit: 2 })).to.deep.equal(['a=', 'b='])
      expect(await entries(store, { from: 'a', to: 'z', limit: 1, reverse: true })).to.deep.equal(['d='])
      expect(await entries(store, { from: 'd', to: 'b' })).to.deep.equal([])
      expect(await entries(store, { from: '', to: '\u{10ffff}' })).to.deep.equal(['a=', 'b=', 'c=', 'd='])
    })

    it('deletes a range up to before its end', async () => {
      await store.batch(['a', 'b', 'c', 'd'].map(key => put(key, '')))

      await store.batch([{ type: 'deleteRange', from: 'b', to: 'd' }])

      expect(await entries(store, { from: 'a', to: 'z' })).to.deep.equal(['a=', 'd='])
    })

    it('orders keys by code point, beyond the basic plane too', async () => {
      await store.batch(['\u{1f600}', '\uffee', 'z', 'é'].map(key => put(key, '')))

      expect(await entries(store, { from: '\u0001', to: '\u{10ffff}' })).to.deep.equal(['z=', 'é=', '\uffee=', '\u{1f600}='])
    })

    it('reads a range as it was when the reading began', async () => {
      await store.batch(['a', 'b', 'c'].map(key => put(key, 'old')))

      const seen: string[] = []
      for await (const [key, value] of store.range({ from: 'a', to: 'z' })) {
        if (key === 'a') await store.batch([put('b', 'new'), { type: 'delete', key: 'c' }])
        seen.push(`${key}=${Buffer.from(value).toString()}`)
      }

      expect(seen).to.deep.equal(['a=old', 'b=old', 'c=old'])
    })

    it('resolves concurrent batches in the order of their calls', async () => {
      const order: number[] = []

      await Promise.all(Array.from({ length: 50 }, async (_, i) => {
        await store.batch([put('last', String(i)), put(`k${i}`)])
        order.push(i)
      }))

      expect(order).to.deep.equal([...order.keys()])
      expect(Buffer.from((await store.get('last'))!).toString()).to.equal('49')
    })

    it('takes a batch at whatever moment after the one before it', async () => {
      for (let i = 0; i < 40; i++) {
        await store.batch([put('k', String(i))])
        for (let turn = 0; turn < i % 10; turn++) await Promise.resolve()
        if (i % 11 === 10) await new Promise(resolve => { process.nextTick(resolve) })
      }

      expect(Buffer.from((await store.get('k'))!).toString()).to.equal('39')
    })

    it('sees in a range deletion what an unfinished batch before it put', async () => {
      const first = store.batch([put('b', '1')])
      const second = store.batch([{ type: 'deleteRange', from: 'a', to: 'c' }])

      await Promise.all([first, second])

      expect(await store.get('b')).to.equal(undefined)
    })

    it('refuses a batch with a key that no store can hold, and applies nothing of it', async () => {
      for (const key of ['', '\u0000k', '\ud800', 'x'.repeat(2000)]) {
        const refused = await store.batch([put('good'), { type: 'put', key, value: bytes('') }]).catch((err: Error) => err)
        expect(refused).to.have.property('name', 'InvalidInputError')
      }
      expect(await store.get('good')).to.equal(undefined)
    })

    it('keeps values of a mebibyte and keys of any script', async () => {
      const value = Buffer.alloc(1 << 20, 'ü')

      await store.batch([{ type: 'put', key: 'ключ/鍵/🔑', value }])

      expect(Buffer.compare((await store.get('ключ/鍵/🔑'))!, value)).to.equal(0)
    })

    it('replaces, deletes and ranges over large values as over small ones', async () => {
      const large = (fill: string): Extract<Write, { type: 'put' }> => ({ type: 'put', key: `large/${fill}`, value: Buffer.alloc(200_000, fill) })
      await store.batch([large('a'), put('large/b', 'small'), large('c'), put('large/d', 'small')])
      await store.batch([put('large/a', 'small'), { ...large('b'), key: 'large/b' }, { type: 'delete', key: 'large/c' }])
      await store.batch([large('d'), large('e'), { type: 'deleteRange', from: 'large/e', to: 'large/f' }, large('f')])

      const found = (await entries(store, { from: '', to: '\u{10ffff}' })).map(entry => `${entry.slice(0, 9)} ${entry.length - 8}`)

      expect(found).to.deep.equal(['large/a=s 5', 'large/b=b 200000', 'large/d=d 200000', 'large/f=f 200000'])
      expect(await store.get('large/c')).to.equal(undefined)
    })

    it('reads large values as they were when the reading began', async () => {
      await store.batch(['a', 'b', 'c'].map(key => ({ type: 'put' as const, key, value: Buffer.alloc(200_000, key) })))

      const seen: string[] = []
      for await (const [key, value] of store.range({ from: 'a', to: 'z' })) {
        if (key === 'a') await store.batch([{ type: 'deleteRange', from: 'a', to: 'z' }, put('b', 'new')])
        seen.push(`${Buffer.from(value.subarray(0, 1)).toString()} ${value.length}`)
      }

      expect(seen).to.deep.equal(['a 200000', 'b 200000', 'c 200000'])
    })

    it('never takes a value for something else, whatever bytes it holds', async () => {
      const bytes = Buffer.concat([Buffer.from('\u0000large\u00001', 'latin1'), Buffer.alloc(16)])
      for (const length of [7, 8, 9, 24]) {
        await store.batch([{ type: 'put', key: 'k', value: bytes.subarray(0, length) }])
        expect(Buffer.compare((await store.get('k'))!, bytes.subarray(0, length))).to.equal(0)
      }
    })

    it('refuses everything once it is closed', async () => {
      await store.close()

      for (const call of [store.get('a'), store.batch([put('a')]), entries(store, { from: 'a', to: 'b' })]) {
        expect(await call.catch((err: Error) => err.name)).to.equal('UnavailableError')
      }
    })

    it('agrees with a sorted map over random batches', async () => {
      const key = fc.constantFrom('a', 'ab', 'b', 'é', '\uffee', '\u{1f600}')
      const write: fc.Arbitrary<Write> = fc.oneof(
        fc.record({ type: fc.constant('put' as const), key, value: fc.uint8Array({ maxLength: 4 }) }),
        fc.record({ type: fc.constant('delete' as const), key }),
        fc.record({ type: fc.constant('deleteRange' as const), from: key, to: key })
      )
      await fc.assert(fc.asyncProperty(fc.array(fc.array(write, { maxLength: 6 }), { maxLength: 8 }), async batches => {
        await store.batch([{ type: 'deleteRange', from: '\u0001', to: '\u{10ffff}' }])
        await Promise.all(batches.map(batch => store.batch(batch)))

        expect(await entries(store, { from: '\u0001', to: '\u{10ffff}' })).to.deep.equal(model(batches.flat()))
      }), { numRuns: 60 })
    })
  })
}

function model (writes: Write[]): string[] {
  const map = new Map<string, Uint8Array>()
  const before = (a: string, b: string): boolean => Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0
  for (const write of writes) {
    if (write.type === 'put') map.set(write.key, write.value)
    else if (write.type === 'delete') map.delete(write.key)
    else for (const key of map.keys()) if (!before(key, write.from) && before(key, write.to)) map.delete(key)
  }
  return [...map].sort(([a], [b]) => before(a, b) ? -1 : 1).map(([key, value]) => `${key}=${Buffer.from(value).toString()}`)
}
