/** Runs the given spec files in this process and tells the parent how many passed; skipped ones count as failed. */
import Mocha from 'mocha'
import { readFileSync } from 'node:fs'

export interface MochaResult { passed: number, failed: number }

/** What is still open so long after the last test was leaked by one. */
const LEAK_MS = 5000

const settings = JSON.parse(readFileSync('.mocharc.json', 'utf8')) as { timeout: number, slow: number }
const mocha = new Mocha({ timeout: settings.timeout, slow: settings.slow, checkLeaks: true, forbidOnly: true, reporter: 'dot' })
for (const file of process.argv.slice(2)) mocha.addFile(file)
await mocha.loadFilesAsync()

const runner = mocha.run(() => {
  const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {}
  if (pending > 0) console.log(`${pending} tests are skipped; a test runs or is not there`)
  const result: MochaResult = { passed: passes, failed: failures + pending }
  process.exitCode = result.failed > 0 ? 1 : 0
  process.send?.(result, () => { process.disconnect() })
  setTimeout(() => {
    console.log(`after the last test something is still open: ${process.getActiveResourcesInfo().join(', ')}`)
    process.exit(1)
  }, LEAK_MS).unref()
})
