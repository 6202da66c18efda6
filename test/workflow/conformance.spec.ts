import { expect } from 'chai'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { compileWorkflow } from '../../src/workflow/index.js'
import { refusal } from './refusal.js'

/** The specification's conformance kit, when it lies beside the project. */
const KIT = join(process.cwd(), '..', 'shared', 'ctk')
const present = existsSync(KIT)
const REFUSED: Record<string, string> = {
  'emit': 'task type `emit` is not supported yet',
  'openapi-call-with-content-output': 'call type `openapi` is not supported yet',
  'openapi-call-with-response-output': 'call type `openapi` is not supported yet',
  'http-call-with-basic-auth': '`authentication` is not supported yet'
}

function documents (): { scenario: string, text: string }[] {
  const features = readdirSync(KIT, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.feature')).sort()
  return features.flatMap(file => readFileSync(join(KIT, file), 'utf8').split(/^\s*Scenario:/m).slice(1).map(part => {
    const [, indent = '', text = ''] = /workflow with definition:\n( *)"""yaml\n([\s\S]*?)\n *"""/.exec(part) ?? []
    return { scenario: `${file}: ${part.split('\n')[0]!.trim()}`, text: text.split('\n').map(line => line.slice(indent.length)).join('\n') }
  }))
}

const scenarios = present ? documents() : []

describe(`conformance kit (${present ? `${scenarios.length} documents` : 'not beside the project, so nothing of it is checked'})`, () => {
  for (const { scenario, text } of scenarios) {
    const name = /name: (\S+)/.exec(text)?.[1] ?? ''
    const words = REFUSED[name]
    it(`${scenario} ${words === undefined ? 'compiles without a warning' : `is refused by name: ${words}`}`, () => {
      if (words === undefined) {
        const { plan, warnings } = compileWorkflow(text, scenario)
        expect(plan.name).to.equal(name)
        expect(warnings).to.deep.equal([])
      } else {
        const { message, place } = refusal(() => compileWorkflow(text, scenario))
        expect(message).to.include(words)
        expect(place.line).to.be.a('number')
      }
    })
  }

  it('is read whole: every scenario has a document', () => {
    expect(scenarios.filter(({ text }) => !text.includes('document:'))).to.deep.equal([])
  })
})
