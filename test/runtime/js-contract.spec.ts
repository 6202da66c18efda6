import { JsRuntime } from '../../src/runtime/index.js'
import { runtimeContract } from './contract.js'
import { removeFunctions, writeFunction } from './functions.js'
import type { JsFunction } from '../../src/runtime/index.js'
import type { Behaviour } from './contract.js'

const SOURCES: Record<Behaviour, string> = {
  echo: 'export default async (input, { signal, log, ...context }) => ({ input, context })',
  sleeps: `export default (input, { signal }) => new Promise((resolve, reject) => {
    setTimeout(() => resolve('slept'), input.ms)
    signal.addEventListener('abort', () => reject(signal.reason))
  })`,
  logs: 'export default async (input, { log }) => { await null; log.info(`hello from ${input.name}`) }',
  floods: 'export default async (input, { log }) => { for (let i = 0; i < 1024; i++) log.info("x".repeat(1024)) }',
  fails: 'export default async () => { throw new Error("no stock") }',
  loops: 'export default async () => { for (;;); }',
  never: 'export default () => new Promise(() => {})',
  exits: 'export default async () => { process.exit(3) }',
  notJson: 'export default async () => ({ total: 12n })',
  tooLarge: 'export default async () => "x".repeat(17 << 20)',
  missing: 'import "./not-there.mjs"; export default async () => 1'
}

describe('js-runtime', () => {
  after(removeFunctions)

  runtimeContract('js', async () => {
    const runtime = new JsRuntime()
    const functions = new Map<string, JsFunction>()
    for (const [name, source] of Object.entries(SOURCES)) functions.set(name, await writeFunction(source, { key: name }))
    return {
      warm: behaviour => runtime.prewarm(functions.get(behaviour)!),
      invoke: (behaviour, invocation) => runtime.invoke(functions.get(behaviour)!, invocation),
      close: () => runtime.close()
    }
  })
})
