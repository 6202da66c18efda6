import { expect } from 'chai'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkSchema, compileWorkflow, parseFunctionManifest } from '../../src/workflow/index.js'

const EXAMPLES = join(process.cwd(), 'examples')
const files = readdirSync(EXAMPLES, { recursive: true, encoding: 'utf8' }).filter(file => !file.includes('node_modules'))
const manifests = files.filter(file => file.endsWith('function.yaml'))
const workflows = files.filter(file => file.endsWith('.yaml') && !file.endsWith('function.yaml'))
const read = (file: string) => readFileSync(join(EXAMPLES, file), 'utf8')

describe('examples', () => {
  for (const file of manifests) {
    it(`${file} is a manifest, and its entry is there`, () => {
      const { entry } = parseFunctionManifest(read(file), file)

      expect(existsSync(join(EXAMPLES, file, '..', entry))).to.equal(true)
    })
  }

  for (const file of workflows) {
    it(`${file} compiles without a warning, and every function it calls is there`, () => {
      const { plan, warnings } = compileWorkflow(read(file), file)
      const functions = new Set(manifests.map(manifest => parseFunctionManifest(read(manifest)).name))

      expect(warnings).to.deep.equal([])
      for (const task of Object.values(plan.byId)) if (task.kind === 'function') expect(functions).to.include(task.fn)
    })
  }

  it('the checkout has its five functions, the chain ten steps, the fan-out fifty branches', () => {
    const calls = (file: string) => Object.values(compileWorkflow(read(file)).plan.byId).filter(task => task.kind === 'function').length

    expect([calls('checkout/checkout.yaml'), calls('chain/chain.yaml'), calls('fanout/fanout.yaml')]).to.deep.equal([5, 10, 50])
  })

  it('the checkout takes an order with or without a ledger, and nothing without an order', () => {
    const { inputSchema } = compileWorkflow(read('checkout/checkout.yaml')).plan.flow

    expect(checkSchema(inputSchema, { order: 'o-1', ledger: 'http://127.0.0.1:1/', declined: true })).to.deep.equal({ ok: true })
    expect(checkSchema(inputSchema, { order: 'o-1' })).to.deep.equal({ ok: true })
    expect(checkSchema(inputSchema, {})).to.include({ ok: false })
    expect(checkSchema(inputSchema, { order: 'o-1', ledger: 'file:///x' })).to.include({ ok: false, pointer: '/ledger' })
  })
})
