// Generates the .ts beside each .proto (all, or those named). The generated fields ask for `Uint8Array<ArrayBuffer>`, which
// no reader of sockets or stores can promise; plain `Uint8Array` is what they take.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), '..', 'protocols')
const names = process.argv.length > 2 ? process.argv.slice(2) : readdirSync(folder).filter(name => name.endsWith('.proto')).map(name => name.slice(0, -6))

for (const name of names) {
  execFileSync(process.execPath, [join(folder, '..', 'node_modules', 'protons', 'dist', 'bin', 'protons.js'), join(folder, `${name}.proto`)], { stdio: 'inherit' })
  const file = join(folder, `${name}.ts`)
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('Uint8Array<ArrayBuffer>', 'Uint8Array'))
}
