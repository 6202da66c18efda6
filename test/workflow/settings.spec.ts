import { expect } from 'chai'
import { compileWorkflow } from '../../src/workflow/index.js'
import { HEAD, refusal } from './refusal.js'

const ofDocument = (settings: string) => `${HEAD}  metadata:\n    flowmesh: ${settings}\ndo: []\n`
const ofTask = (settings: string, task = 'call: f') => `${HEAD}do:\n  - a:\n      metadata:\n        flowmesh: ${settings}\n      ${task}\n`

describe('settings of FlowMesh', () => {
  it('has a default for each', () => {
    expect(compileWorkflow(`${HEAD}do: []\n`).plan.settings).to.deep.equal({
      copies: 2, spread: 'none', degraded: 'allow', lost: 'wait', lostAfterMs: 600_000, runAhead: 1, placement: {}, encrypt: false
    })
  })

  it('reads each of the document', () => {
    const text = ofDocument('{copies: 3, spread: zone, degraded: wait, lost: resume, lostAfter: 20m, runAhead: 0, deadline: 500ms, encrypt: false, placement: {region: eu, tier: edge, peer: p, prefer: [a], avoid: [b, c]}}')

    expect(compileWorkflow(text).plan.settings).to.deep.equal({
      copies: 3, spread: 'zone', degraded: 'wait', lost: 'resume', lostAfterMs: 1_200_000, runAhead: 0, deadlineMs: 500, encrypt: false,
      placement: { region: 'eu', tier: 'edge', peer: 'p', prefer: ['a'], avoid: ['b', 'c'] }
    })
  })

  it('reads each of a task', () => {
    const { plan } = compileWorkflow(ofTask('{effects: exclusive, deadline: 2s, placement: {tier: cloud}}'))

    expect(plan.byId['/do/0/a']?.settings).to.deep.equal({ effects: 'exclusive', deadlineMs: 2000, placement: { tier: 'cloud' } })
  })

  for (const [text, ms] of [['500ms', 500], ['30s', 30_000], ['1.5m', 90_000], ['2h', 7_200_000], ['1d', 86_400_000], ['PT5S', 5000], ['{minutes: 1}', 60_000]] as const) {
    it(`reads ${text} as ${ms} ms`, () => {
      expect(compileWorkflow(ofDocument(`{lostAfter: ${text}}`)).plan.settings.lostAfterMs).to.equal(ms)
    })
  }

  const REFUSED: [text: string, message: string, line: number][] = [
    [ofDocument('{copis: 2}'), 'unknown key `copis`; did you mean `copies`?', 7],
    [ofDocument('{copies: 0}'), '`copies` must be a whole number from 1 to 5, not 0', 7],
    [ofDocument('{copies: 6}'), '`copies` must be a whole number from 1 to 5, not 6', 7],
    [ofDocument('{copies: 1.5}'), '`copies` must be a whole number', 7],
    [ofDocument('{copies: "2"}'), '`copies` must be a whole number', 7],
    [ofDocument('{spread: planet}'), '`spread` must be one of `none`, `host`, `zone`, `region`, not "planet"', 7],
    [ofDocument('{degraded: true}'), '`degraded` must be one of `allow`, `wait`, not true', 7],
    [ofDocument('{lost: found}'), '`lost` must be one of', 7],
    [ofDocument('{lostAfter: soon}'), '"soon" is not a duration; write 500ms, 30s, 10m, 12h or 7d', 7],
    [ofDocument('{runAhead: -1}'), '`runAhead` must be a whole number from 0 to 16', 7],
    [ofDocument('{encrypt: true}'), '`encrypt` is not supported yet', 7],
    [ofDocument('{encrypt: yes}'), '`encrypt` must be true or false', 7],
    [ofDocument('{placement: {regoin: eu}}'), 'unknown key `regoin`; did you mean `region`?', 7],
    [ofDocument('{placement: {tier: moon}}'), '`tier` must be one of `edge`, `gateway`, `cloud`', 7],
    [ofDocument('{placement: {prefer: eu}}'), '`prefer` must be a list', 7],
    [ofDocument('{placement: eu}'), 'must be an object, not a text', 7],
    [ofDocument('[]'), 'must be an object, not a list', 7],
    [ofDocument(''), 'must be an object, not empty', 7],
    [ofDocument('{effects: pure}'), '`effects` is a setting of a task', 7],
    [ofTask('{copies: 2}'), '`copies` is a setting of the whole workflow', 9],
    [ofTask('{effects: once}'), '`effects` must be one of `pure`, `idempotent`, `exclusive`', 9],
    [ofTask('{effects: pure}', 'set: {x: 1}'), '`effects` is a setting of calls', 9],
    [ofTask('{concurrency: 4}'), '`concurrency` is a setting of `for` tasks', 9],
    [ofTask('{concurrency: 0}', 'for: {in: .x}\n      do: []'), '`concurrency` must be a whole number from 1 to 1000, not 0', 9],
    [ofTask('{concurrency: 4}', 'for: {in: .x}\n      while: .y\n      do: []'), '`while` decides item after item', 11]
  ]
  for (const [text, message, line] of REFUSED) {
    it(`refuses: ${message}`, () => {
      const refused = refusal(() => compileWorkflow(text, 'w.yaml'))

      expect(refused.message).to.include(message)
      expect(refused.place.line).to.equal(line)
    })
  }

  it('leaves the metadata of others alone, and warns of a misspelt name', () => {
    const { warnings } = compileWorkflow(`${HEAD}  metadata:\n    other: {copis: 2}\n    flowmash: {copies: 9}\ndo: []\n`)

    expect(warnings.map(({ message }) => message)).to.deep.equal(['8:5: /document/metadata/flowmash: metadata `flowmash` is not read; did you mean `flowmesh`?'])
  })
})
