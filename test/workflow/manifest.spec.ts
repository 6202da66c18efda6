import { expect } from 'chai'
import { parseFunctionManifest } from '../../src/workflow/index.js'
import { refusal } from './refusal.js'

const LEAST = 'name: thumbnail\nversion: 1.0.0\nruntime: js\nentry: index.mjs\n'
const MiB = 1024 * 1024

describe('function manifest', () => {
  it('has a default for everything but its name, version, runtime and entry', () => {
    expect(parseFunctionManifest(LEAST)).to.deep.equal({
      name: 'thumbnail', version: '1.0.0', runtime: 'js', entry: 'index.mjs', timeoutMs: 30_000, effects: 'idempotent', concurrency: 16,
      resources: { cpus: 0, memoryBytes: 128 * MiB, accelerators: {} }, requires: {}, warm: { minimum: 0, keepMs: 300_000 }
    })
  })

  it('reads every field', () => {
    const text = `${LEAST.replace('index.mjs', './dist/index.js')}timeout: 1m
effects: exclusive
concurrency: 4
resources: { cpus: 0.5, memory: 1.5GiB, accelerators: { gpu: 1, tpu: 0 } }
requires: { tier: edge, line: "4" }
warm: { minimum: 2, keep: 10m }
`

    expect(parseFunctionManifest(text)).to.deep.equal({
      name: 'thumbnail', version: '1.0.0', runtime: 'js', entry: 'dist/index.js', timeoutMs: 60_000, effects: 'exclusive', concurrency: 4,
      resources: { cpus: 0.5, memoryBytes: 1536 * MiB, accelerators: { gpu: 1, tpu: 0 } }, requires: { tier: 'edge', line: '4' }, warm: { minimum: 2, keepMs: 600_000 }
    })
  })

  it('reads JSON as well', () => {
    expect(parseFunctionManifest('{"name":"f","version":"0.1.0-rc.1+b","runtime":"js","entry":"a/b.mjs"}')).to.include({ name: 'f', version: '0.1.0-rc.1+b' })
  })

  const REFUSED: [what: string, text: string, message: string, line: number, field?: string][] = [
    ['nothing', '', 'the document is empty', 1],
    ['a list', '- a\n', 'must be an object, not a list', 1],
    ['a missing name', LEAST.replace('name: thumbnail\n', ''), '`name` is missing', 1],
    ['a missing entry', LEAST.replace('entry: index.mjs\n', ''), '`entry` is missing', 1],
    ['a misspelt field', `${LEAST}tiemout: 3s\n`, 'unknown key `tiemout`; did you mean `timeout`?', 5, '/tiemout'],
    ['a name in capitals', LEAST.replace('thumbnail', 'Thumbnail'), '`name` must be lower-case letters, digits and dashes, 1 to 63', 1, '/name'],
    ['a name of 64 letters', LEAST.replace('thumbnail', 'a'.repeat(64)), '`name` must be lower-case letters', 1],
    ['a name that is a path', LEAST.replace('thumbnail', '../x'), '`name` must be lower-case letters', 1],
    ['a version that is a number', LEAST.replace('1.0.0', '1.0'), '`version` must be a text, not 1; put it in quotes', 2],
    ['a version of two parts', LEAST.replace('1.0.0', '"1.0"'), '`version` must be a semantic version such as 1.0.0', 2],
    ['runtime wasm', LEAST.replace('js', 'wasm'), '`wasm` is not supported yet', 3, '/runtime'],
    ['runtime http', LEAST.replace('js', 'http'), '`http` is not supported yet', 3],
    ['a runtime nobody knows', LEAST.replace('js', 'python'), '`runtime` must be one of `js`, not "python"', 3],
    ['http for js', `${LEAST}http: {path: /}\n`, '`http` belongs to runtime `http`', 5],
    ['an absolute entry', LEAST.replace('index.mjs', '/etc/passwd.js'), 'must be a path inside the function\'s folder, not the absolute "/etc/passwd.js"', 4, '/entry'],
    ['an entry with a drive', LEAST.replace('index.mjs', 'C:/x.js'), 'must be a path inside', 4],
    ['an entry of a share', LEAST.replace('index.mjs', '\\\\host\\x.js'), 'must be a path inside', 4],
    ['an entry with backslashes', LEAST.replace('index.mjs', 'a\\..\\..\\x.js'), 'not with a backslash', 4],
    ['an entry with `..`', LEAST.replace('index.mjs', 'a/../../x.js'), 'must stay inside the function\'s folder; "a/../../x.js" has `..`', 4],
    ['an entry that is a folder', LEAST.replace('index.mjs', './'), 'must name a file', 4],
    ['an entry that is no module', LEAST.replace('index.mjs', 'main.py'), 'a file ending in .mjs or .js', 4],
    ['an entry with a line break', LEAST.replace('index.mjs', '"a\\nb.js"'), 'a text without line breaks', 4],
    ['a timeout of words', `${LEAST}timeout: soon\n`, '"soon" is not a duration; write 500ms, 30s, 10m, 12h or 7d', 5, '/timeout'],
    ['a timeout that is a number', `${LEAST}timeout: 30\n`, 'is not a duration', 5],
    ['no time at all', `${LEAST}timeout: 0s\n`, '`timeout` must be longer than nothing', 5],
    ['effects nobody knows', `${LEAST}effects: once\n`, '`effects` must be one of `pure`, `idempotent`, `exclusive`', 5],
    ['no concurrency', `${LEAST}concurrency: 0\n`, '`concurrency` must be a whole number from 1 to 1000, not 0', 5],
    ['a resource nobody knows', `${LEAST}resources:\n  cpu: 1\n`, 'unknown key `cpu`; did you mean `cpus`?', 6, '/resources/cpu'],
    ['memory without unit', `${LEAST}resources:\n  memory: 256\n`, '`memory` must be a size such as 256MiB, not 256', 6, '/resources/memory'],
    ['too little memory', `${LEAST}resources: {memory: 5kB}\n`, '`memory` must be from 1MiB', 5],
    ['negative cpus', `${LEAST}resources: {cpus: -1}\n`, '`cpus` must be a number from 0 to 1024, not -1', 5],
    ['half an accelerator', `${LEAST}resources: {accelerators: {gpu: 0.5}}\n`, '`gpu` must be a whole number from 0 to 1024, not 0.5', 5],
    ['a label that is a number', `${LEAST}requires: {line: 4}\n`, '`line` must be a text, not 4; put it in quotes', 5],
    ['a warm field nobody knows', `${LEAST}warm: {min: 1}\n`, 'unknown key `min`', 5]
  ]
  for (const [what, text, message, line, field] of REFUSED) {
    it(`refuses ${what}, with its line`, () => {
      const refused = refusal(() => parseFunctionManifest(text, 'function.yaml'))

      expect(refused.message).to.include(message)
      expect(refused.place).to.include({ file: 'function.yaml', line })
      if (field !== undefined) expect(refused.place.field).to.equal(field)
    })
  }
})
