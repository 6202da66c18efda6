/** A process that writes until it is killed or its disk fails, and prints the number of each record once it is synced. */
import { openStateDir } from '../../src/store/index.js'

const { store } = await openStateDir(process.argv[2]!)
store.onFailure(err => { process.stdout.write(`failed ${err.name}\n`) })
for (let n = 0; n < 100_000; n += 4) {
  const group = [n, n + 1, n + 2, n + 3]
  try {
    await Promise.all(group.map(async n => {
      await store.batch([{ type: 'put', key: `record/${n}`, value: Buffer.alloc(1500, n) }])
      process.stdout.write(`${n}\n`)
    }))
  } catch (err) {
    const later = await store.get('record/0').catch((err: Error) => err.name)
    process.stdout.write(`later ${String(later)}\n`)
    process.exit((err as Error).name === 'StoreFailedError' ? 9 : 1)
  }
}
