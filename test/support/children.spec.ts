import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { until } from '../../scripts/support/local-mesh.js'

const PARENT = join(process.cwd(), 'build/test/support/parent.js')

describe('children of the harness', function () {
  this.timeout(20_000)

  for (const [ending, signal] of [['throw'], ['exit'], ['wait', 'SIGINT'], ['wait', 'SIGTERM'], ['wait', 'SIGHUP'], ['wait', 'SIGKILL']] as [string, NodeJS.Signals?][]) {
    it(`do not outlive it when it ${signal === undefined ? `ends by ${ending}` : `gets ${signal}`}`, async () => {
      const parent = spawn(process.execPath, [PARENT, ending], { stdio: ['ignore', 'pipe', 'ignore'] })
      const exited = once(parent, 'exit')
      const [line] = await once(parent.stdout, 'data') as [Buffer]
      const pids = line.toString().trim().split(' ').map(Number)
      if (signal !== undefined) {
        expect(pids.map(isAlive)).to.deep.equal([true, true])
        parent.kill(signal)
      }

      await exited

      expect(pids).to.have.length(2)
      await until('they are gone', 10_000, async () => await Promise.resolve(pids.some(isAlive) ? undefined : true))
    })
  }
})

function isAlive (pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
