/** Makes mutants out of the source: to be walked, or to be met by the named tests, which then import the mutant. */
import { transform } from 'esbuild'
import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { RULES } from './world.js'
import type { Mutant } from './mutants.js'
import type { Protocol, ShellRules } from './world.js'

const BRANCH = 'src/branch'
const SHELL = 'scripts/explore'
const TESTS = 'test/branch'
const SPECS = ['replica.spec', 'writer.spec', 'takeover.spec', 'reconfigure.spec', 'begin-again.spec', 'interleavings.spec', 'directed.spec']
const TESTS_TIMEOUT_MS = 60_000

/** The protocol and the shell's rules of this mutant. Throws when an edit no longer fits the source. */
export async function breed (mutant: Mutant): Promise<{ protocol: Protocol, rules: ShellRules }> {
  const rules = mutant.shell === undefined ? RULES : { ...RULES, [mutant.shell]: false }
  if (mutant.edits === undefined) return { protocol: await import('../../src/branch/index.js'), rules }
  const into = await plant(mutant, [BRANCH])
  return { protocol: await import(pathToFileURL(join(process.cwd(), into, BRANCH, 'index.js')).href) as Protocol, rules }
}

/** Runs the named tests, against this mutant or, without one, as they are. */
export async function runTests (mutant?: Mutant): Promise<{ passed: string[], failed: string[] }> {
  const root = mutant === undefined ? 'build' : await plant(mutant, [BRANCH, SHELL, TESTS])
  const specs = SPECS.map(spec => join(root, TESTS, `${spec}.js`))
  const said = await mocha(['--reporter', 'json', ...specs])
  const { passes, failures } = JSON.parse(said.slice(said.indexOf('{'))) as Record<'passes' | 'failures', { title: string }[]>
  return { passed: passes.map(({ title }) => title), failed: failures.map(({ title }) => title) }
}

/** Writes these folders with the mutant's edits in them, so that their relative imports meet the mutant; returns where. */
async function plant (mutant: Mutant, folders: string[]): Promise<string> {
  const root = join('build', 'mutants', mutant.rule.replaceAll(/[^a-z]+/gi, '-'))
  for (const folder of folders) {
    const edits = editsIn(mutant, folder)
    await mkdir(join(root, folder), { recursive: true })
    for (const file of await readdir(folder)) {
      if (!file.endsWith('.ts')) continue
      let source = await readFile(join(folder, file), 'utf8')
      for (const [name, find, replace] of edits) {
        if (file !== `${name}.ts`) continue
        if (source.split(find).length !== 2) throw new Error(`the mutant "${mutant.rule}" does not fit ${folder}/${file}: ${find}`)
        source = source.replace(find, () => replace)
      }
      const { code } = await transform(source, { loader: 'ts', format: 'esm', target: 'node20' })
      await writeFile(join(root, folder, file.replace(/\.ts$/, '.js')), code)
    }
  }
  return root
}

function editsIn (mutant: Mutant, folder: string): NonNullable<Mutant['edits']> {
  if (folder === BRANCH) return mutant.edits ?? []
  if (folder === SHELL && mutant.shell !== undefined) return [['world', `${mutant.shell}: true`, `${mutant.shell}: false`]]
  return []
}

/** What mocha writes; its exit code only counts the failures. */
function mocha (args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [join('node_modules', 'mocha', 'bin', 'mocha.js'), ...args], { timeout: TESTS_TIMEOUT_MS, maxBuffer: 1 << 26 },
      (err, stdout, stderr) => {
        if (stdout.includes('"stats"')) resolve(stdout)
        else reject(new Error(`the named tests did not run: ${stderr}${stdout}`, { cause: err }))
      })
  })
}
