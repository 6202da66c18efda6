// Makes ready what a script of this package needs (installation, build) and starts it: plain Node, nothing installed yet.
//   node scripts/prepare.mjs <demo|test|build|bench|explore|chaos|check> [arguments…]
// Everything it says goes to stderr, one line a step; nothing is said when nothing is stale.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const OLDEST_NODE = [20, 19]

const [name, ...args] = process.argv.slice(2)
if (name === undefined) fail('usage: node scripts/prepare.mjs <demo|test|build|bench|explore|chaos> [arguments…]')
checkNode()
if (!installed()) {
  await step('installing dependencies (npm ci)', () => run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']))
}
const { transpileStale } = await load('transpile-stale.mjs')
const { bundleStale, bundle } = await load('bundle.mjs')
await step('', async say => {
  const { written, removed } = await transpileStale()
  if (written + removed > 0) say(`transpiled ${written} files to build/`)
})
if (name === 'build') {
  await step('', async say => { say(await bundle({ types: true })) })
} else {
  if (await bundleStale()) await step('', async say => { say(await bundle({ types: false })) })
  const script = join(root, 'build', 'scripts', `${name}.js`)
  if (!existsSync(script)) fail(`there is no script "${name}" (scripts/${name}.ts)`)
  process.exitCode = await run(process.execPath, ['--enable-source-maps', script, ...args], { passOn: true })
}

function checkNode () {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return
  fail(`FlowMesh needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}`)
}

// npm keeps what it installed in a lock file of its own: equal to ours means that nothing is to do.
function installed () {
  const ours = packagesOf(join(root, 'package-lock.json'))
  const there = packagesOf(join(root, 'node_modules', '.package-lock.json'))
  return Object.entries(ours).every(([path, wanted]) =>
    path === '' || wanted.optional === true || wanted.devOptional === true || there[path]?.integrity === wanted.integrity)
}

function packagesOf (file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch {
    return {}
  }
}

async function load (file) {
  return await import(pathToFileURL(join(root, 'scripts', file)).href)
}

async function step (what, work) {
  const from = Date.now()
  const say = text => { process.stderr.write(`flowmesh: ${text} in ${((Date.now() - from) / 1000).toFixed(1)} s\n`) }
  if (what !== '') process.stderr.write(`flowmesh: ${what} …\n`)
  try {
    const code = await work(say)
    if (typeof code === 'number' && code !== 0) fail(`${what} failed`)
    if (what !== '') say('done')
  } catch (err) {
    fail(err.message)
  }
}

/** Resolves with the exit code; the child has the last word about signals. */
async function run (command, parameters, { passOn = false } = {}) {
  // Windows starts npm only through its shell.
  const child = spawn(command, parameters, { cwd: root, stdio: passOn ? 'inherit' : ['ignore', 2, 2], shell: process.platform === 'win32' && command === 'npm' })
  process.on('SIGTERM', signal => { child.kill(signal) })
  process.on('SIGINT', () => {}) // the terminal sends it to the child as well
  return await new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code, signal) => { resolve(code ?? (signal === 'SIGINT' ? 130 : 1)) })
  })
}

function fail (text) {
  process.stderr.write(`flowmesh: ${text}\n`)
  process.exit(1)
}
