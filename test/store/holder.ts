/** A process that holds a state directory until it is killed. */
import { openStateDir } from '../../src/store/index.js'

const { store } = await openStateDir(process.argv[2]!, { name: 'holder' })
await store.batch([{ type: 'put', key: 'record/of-holder', value: Buffer.from('synced') }])
process.stdout.write('held\n')
setInterval(() => {}, 1000)
