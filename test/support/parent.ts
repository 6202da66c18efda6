/** Starts two processes that end only when they are killed, prints their ids, and then does as it is told. */
import { spawn } from 'node:child_process'
import { endsWithThis } from '../../scripts/support/children.js'

const forEver = ['-e', 'process.on("SIGTERM", () => {}); setInterval(() => {}, 1000)']
const [first, second, ended] = [1, 2, 3].map(() => endsWithThis(spawn(process.execPath, forEver, { stdio: 'ignore' })))
ended!.once('exit', () => {
  process.stdout.write(`${first!.pid} ${second!.pid}\n`)
  if (process.argv[2] === 'throw') throw new Error('as a broken test may')
  if (process.argv[2] === 'exit') process.exit(0)
})
ended!.kill('SIGKILL')
