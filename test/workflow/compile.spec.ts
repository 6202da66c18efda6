import { expect } from 'chai'
import fc from 'fast-check'
import { stringify } from 'yaml'
import { compileWorkflow, contentId } from '../../src/workflow/index.js'
import { evaluateTemplate } from '../../src/workflow/expressions/index.js'
import type { Task } from '../../src/workflow/index.js'
import { workflow } from './refusal.js'

const compile = (rest: string) => compileWorkflow(workflow(rest), 'w.yaml')
const warnings = (rest: string) => compile(rest).warnings.map(({ message }) => message)

function taskAt (rest: string, id = '/do/0/a'): Task {
  const task = compile(rest).plan.byId[id]
  return task ?? expect.fail(`no task ${id}`)
}

/** Of a task `a` in block form: the part of the plan under test. */
function ofTask <K extends Task['kind']> (kind: K, ...lines: string[]): Extract<Task, { kind: K }> {
  const task = taskAt(`do:\n  - a:\n${lines.map(line => `      ${line}\n`).join('')}`)
  expect(task.kind).to.equal(kind)
  return task as Extract<Task, { kind: K }>
}

describe('compile', () => {
  it('makes a plan of the document\'s facts, in order, without a place for what is not there', () => {
    const { plan, warnings } = compile('do:\n  - a:\n      set: {x: 1}\n  - b:\n      wait: PT1S\n')

    expect(plan).to.include({ dsl: '1.0.3', namespace: 'default', name: 'test', version: '1.0.0' })
    expect(plan.tasks).to.deep.equal(['/do/0/a', '/do/1/b'])
    expect(plan.flow).to.deep.equal({})
    expect(plan.byId['/do/0/a']).to.deep.equal({
      id: '/do/0/a', name: 'a', parent: null, kind: 'set', then: { kind: 'continue' }, settings: {}, value: { kind: 'literal', value: { x: 1 } }
    })
    expect(warnings).to.deep.equal([])
  })

  it('is plain JSON data', () => {
    const { plan } = compile('do:\n  - a:\n      if: .x\n      call: f\n      timeout: {after: PT1S}\n')

    expect(JSON.parse(JSON.stringify(plan))).to.deep.equal(plan)
  })

  describe('tasks', () => {
    it('do, with its list', () => {
      const task = ofTask('do', 'do:', '  - b: {set: {x: 1}}', '  - c: {do: [{d: {wait: PT1S}}]}')

      expect(task.tasks).to.deep.equal(['/do/0/a/do/0/b', '/do/0/a/do/1/c'])
    })

    it('gives each task the task whose list it stands in', () => {
      const { byId } = compile('do:\n  - a:\n      try:\n        - b:\n            fork: {branches: [{c: {do: [{d: {wait: PT1S}}]}}]}\n      catch: {do: [{e: {wait: PT1S}}]}\n').plan

      expect(Object.fromEntries(Object.values(byId).map(({ id, parent }) => [id, parent]))).to.deep.equal({
        '/do/0/a': null,
        '/do/0/a/try/0/b': '/do/0/a',
        '/do/0/a/try/0/b/fork/branches/0/c': '/do/0/a/try/0/b',
        '/do/0/a/try/0/b/fork/branches/0/c/do/0/d': '/do/0/a/try/0/b/fork/branches/0/c',
        '/do/0/a/catch/do/0/e': '/do/0/a'
      })
    })

    it('escapes names in ids as JSON Pointers do', () => {
      expect(compile('do:\n  - a/b~c: {wait: PT1S}\n  - 日本 🚀: {wait: PT1S}\n').plan.tasks).to.deep.equal(['/do/0/a~1b~0c', '/do/1/日本 🚀'])
    })

    it('set, of an object with expressions anywhere, and of one expression', () => {
      expect(ofTask('set', 'set: {b: "${ .x }", a: [1, "n ${ .y } m"], c: plain}').value).to.deep.equal({
        kind: 'object',
        entries: [
          ['a', { kind: 'array', items: [{ kind: 'literal', value: 1 }, { kind: 'text', parts: ['n ', { jq: '.y' }, ' m'] }] }],
          ['b', { kind: 'expr', jq: '.x' }],
          ['c', { kind: 'literal', value: 'plain' }]
        ]
      })
      expect(ofTask('set', 'set: " ${ . } "').value).to.deep.equal({ kind: 'expr', jq: '.' })
    })

    it('switch, with conditions bare and in braces, and a default', () => {
      const { byId } = compile('do:\n  - a:\n      switch:\n        - x: {when: .v == 1, then: c}\n        - y: {when: "${ .v == 2 }", then: exit}\n        - z: {then: end}\n      then: b\n  - b: {wait: PT1S}\n  - c: {wait: PT1S}\n').plan

      expect(byId['/do/0/a']).to.deep.include({
        kind: 'switch',
        then: { kind: 'task', id: '/do/1/b' },
        cases: [
          { name: 'x', when: { jq: '.v == 1' }, then: { kind: 'task', id: '/do/2/c' } },
          { name: 'y', when: { jq: '.v == 2' }, then: { kind: 'exit' } },
          { name: 'z', then: { kind: 'end' } }
        ]
      })
    })

    it('for, with its defaults', () => {
      expect(ofTask('for', 'for: {in: .items}', 'do: [{b: {set: {x: "${ $item }"}}}]')).to.deep.include({
        each: 'item', at: 'index', in: { kind: 'expr', jq: '.items' }, tasks: ['/do/0/a/do/0/b'], concurrency: 1
      })
    })

    it('for, with names, a condition, and a list in place', () => {
      const task = ofTask('for', 'for: {each: color, at: n, in: [red, {hue: "${ .x }"}, 3]}', 'while: $n < 2', 'do: []')

      expect(task).to.deep.include({ each: 'color', at: 'n', while: { jq: '$n < 2' } })
      expect(task.in).to.deep.equal({
        kind: 'array',
        items: [{ kind: 'literal', value: 'red' }, { kind: 'object', entries: [['hue', { kind: 'expr', jq: '.x' }]] }, { kind: 'literal', value: 3 }]
      })
    })

    it('for, as a parallel map', () => {
      const task = ofTask('for', 'for: {in: .items}', 'metadata: {flowmesh: {concurrency: 8}}', 'do: []')

      expect(task.concurrency).to.equal(8)
    })

    for (const [text, compete] of [['', false], [', compete: false', false], [', compete: true', true]] as const) {
      it(`fork${text}, with its branches`, () => {
        const task = ofTask('fork', `fork: {branches: [{b: {wait: PT1S}}, {c: {wait: PT1S, then: exit}}]${text}}`)

        expect(task).to.deep.include({ branches: ['/do/0/a/fork/branches/0/b', '/do/0/a/fork/branches/1/c'], compete })
      })
    }

    it('try, with everything a catch can have', () => {
      const task = ofTask('try',
        'try: [{b: {wait: PT1S}}]', 'catch:',
        '  errors: {with: {type: https://open-workflow-specification.org/dsl/errors/types/timeout, status: 408}}',
        '  as: problem', '  when: $problem.status > 400', '  exceptWhen: ${ .fatal }',
        '  retry:', '    when: $problem.status != 404', '    exceptWhen: .never', '    delay: PT0.5S', '    backoff: {exponential: {factor: 3}}',
        '    jitter: {from: {milliseconds: 10}, to: {seconds: 1}}', '    limit: {attempt: {count: 5, duration: PT10S}, duration: PT1M}',
        '  do: [{c: {set: {x: "${ $problem }"}}}]', '  then: exit')

      expect(task.tasks).to.deep.equal(['/do/0/a/try/0/b'])
      expect(task.catch).to.deep.equal({
        errors: { type: 'https://serverlessworkflow.io/spec/1.0.0/errors/timeout', status: 408 },
        as: 'problem', when: { jq: '$problem.status > 400' }, exceptWhen: { jq: '.fatal' },
        retry: {
          when: { jq: '$problem.status != 404' }, exceptWhen: { jq: '.never' }, delay: { ms: 500 }, backoff: { kind: 'exponential', factor: 3 },
          jitter: { fromMs: 10, toMs: 1000 }, limit: { attempts: 5, attemptTimeoutMs: 10_000, durationMs: 60_000 }
        },
        tasks: ['/do/0/a/catch/do/0/c'], then: { kind: 'exit' }
      })
    })

    it('try, with the least', () => {
      expect(ofTask('try', 'try: []', 'catch: {}').catch).to.deep.equal({ as: 'error', tasks: [] })
      expect(ofTask('try', 'try: []', 'catch: {retry: {}}').catch.retry).to.deep.equal({ delay: { ms: 0 }, backoff: { kind: 'constant' }, limit: {} })
    })

    for (const [backoff, expected] of [
      ['constant: {}', { kind: 'constant' }],
      ['linear: {}', { kind: 'linear' }],
      ['linear: {increment: PT2S}', { kind: 'linear', incrementMs: 2000 }],
      ['exponential: {}', { kind: 'exponential', factor: 2 }]
    ] as const) {
      it(`retry with backoff ${backoff}`, () => {
        expect(ofTask('try', 'try: []', `catch: {retry: {backoff: {${backoff}}}}`).catch.retry?.backoff).to.deep.equal(expected)
      })
    }

    it('raise, in place, with the type as the author wrote it', () => {
      const type = 'https://open-workflow-specification.org/errors/types/compliance'

      expect(ofTask('raise', `raise: {error: {type: ${type}, status: 400, title: "No \${ .what }"}}`).error).to.deep.equal({
        kind: 'object',
        entries: [['status', { kind: 'literal', value: 400 }], ['title', { kind: 'text', parts: ['No ', { jq: '.what' }] }], ['type', { kind: 'literal', value: type }]]
      })
    })

    it('wait, for each form of a duration', () => {
      expect(ofTask('wait', 'wait: PT1M30S').duration).to.deep.equal({ ms: 90_000 })
      expect(ofTask('wait', 'wait: P1DT2H').duration).to.deep.equal({ ms: 93_600_000 })
      expect(ofTask('wait', 'wait: P2W').duration).to.deep.equal({ ms: 1_209_600_000 })
      expect(ofTask('wait', 'wait: PT0.25S').duration).to.deep.equal({ ms: 250 })
      expect(ofTask('wait', 'wait: {days: 1, hours: 1, minutes: 1, seconds: 1, milliseconds: 1}').duration).to.deep.equal({ ms: 90_061_001 })
      expect(ofTask('wait', 'wait: ${ .pause }').duration).to.deep.equal({ jq: '.pause' })
    })

    it('call of a function, by each form of its name', () => {
      expect(ofTask('function', 'call: thumbnail')).to.deep.include({ fn: 'thumbnail' }).and.not.have.any.keys('version', 'with')
      expect(ofTask('function', 'call: thumbnail:1.0.0')).to.deep.include({ fn: 'thumbnail', version: '1.0.0' })
      expect(ofTask('function', 'call: "thumbnail:2.1.0-rc.1@default"')).to.deep.include({ fn: 'thumbnail', version: '2.1.0-rc.1' })
      expect(ofTask('function', 'call: f@default')).to.deep.include({ fn: 'f' }).and.not.have.any.keys('version')
      expect(ofTask('function', 'call: f', 'with: {a: "${ .b }"}').with).to.deep.equal({ kind: 'object', entries: [['a', { kind: 'expr', jq: '.b' }]] })
    })

    it('call of HTTP, with its defaults', () => {
      const task = ofTask('http', 'call: http', 'with: {method: get, endpoint: "https://example.com/orders?x=1"}')

      expect(task).to.deep.include({
        method: 'GET', output: 'content', redirect: false, settings: { effects: 'pure' },
        endpoint: { kind: 'literal', value: 'https://example.com/orders?x=1' }
      }).and.not.have.any.keys('headers', 'query', 'body')
    })

    it('call of HTTP, with variables in the address, filled in from the input', () => {
      const { endpoint } = ofTask('http', 'call: http', 'with: {method: get, endpoint: "https://example.com/{id}/${.x}?q={q-1}"}')
      const fill = (input: unknown) => evaluateTemplate(endpoint, input, {})

      expect(fill({ 'id': 'a/b é', 'x': 'x/y', 'q-1': 7 })).to.deep.equal({ kind: 'value', value: 'https://example.com/a%2Fb%20%C3%A9/x/y?q=7' })
      expect(fill({ id: null, x: '' })).to.deep.equal({ kind: 'value', value: 'https://example.com//?q=' })
      expect(fill('text')).to.have.property('kind', 'error')
    })

    it('call of HTTP, with everything', () => {
      const task = ofTask('http', 'call: http', 'with:', '  method: Post', '  endpoint: {uri: "${ .url }"}', '  headers: {x-id: "${ .id }"}', '  query: ${ .q }',
        '  body: {a: [1]}', '  output: response', '  redirect: true')

      expect(task).to.deep.include({
        method: 'POST', output: 'response', redirect: true, settings: { effects: 'idempotent' }, endpoint: { kind: 'expr', jq: '.url' },
        headers: { kind: 'object', entries: [['x-id', { kind: 'expr', jq: '.id' }]] }, query: { kind: 'expr', jq: '.q' }, body: { kind: 'literal', value: { a: [1] } }
      })
    })

    it('call of HTTP with effects of its own', () => {
      expect(ofTask('http', 'call: http', 'metadata: {flowmesh: {effects: exclusive}}', 'with: {method: get, endpoint: http://x}').settings).to.deep.equal({ effects: 'exclusive' })
    })
  })

  describe('what every task can have', () => {
    it('if, input, output, export, timeout', () => {
      const task = ofTask('wait', 'wait: PT1S', 'if: ${ .go }', 'timeout: {after: {seconds: 5}}',
        'input: {from: .a, schema: {format: json, document: {type: object}}}',
        'output: {as: {b: "${ .c }"}, schema: {document: {type: number}}}',
        'export: {as: "$context + {x: .}", schema: {document: true}}')

      expect(task).to.deep.include({
        if: { jq: '.go' }, timeout: { ms: 5000 },
        inputFrom: { kind: 'expr', jq: '.a' }, inputSchema: { type: 'object' },
        outputAs: { kind: 'object', entries: [['b', { kind: 'expr', jq: '.c' }]] }, outputSchema: { type: 'number' },
        exportAs: { kind: 'expr', jq: '$context + {x: .}' }, exportSchema: true
      })
    })

    it('the workflow has input, output and timeout of its own', () => {
      const { plan } = compile('do: []\ninput: {from: .a, schema: {document: {type: object}}}\noutput: {as: .b}\ntimeout: {after: PT1H}\n')

      expect(plan.flow).to.deep.equal({ inputSchema: { type: 'object' }, inputFrom: { kind: 'expr', jq: '.a' }, outputAs: { kind: 'expr', jq: '.b' } })
      expect(plan.timeout).to.deep.equal({ ms: 3_600_000 })
    })

    it('a filter that is text with an expression inside', () => {
      expect(ofTask('wait', 'wait: PT1S', 'output: {as: "Hello ${ .name }!"}').outputAs).to.deep.equal({ kind: 'text', parts: ['Hello ', { jq: '.name' }, '!'] })
    })

    it('references into `use` are put in place', () => {
      const rest = 'do:\n  - a:\n      timeout: short\n      try: [{r: {raise: {error: bad}}}]\n      catch: {retry: often}\ntimeout: long\nuse:\n  timeouts: {short: {after: PT1S}, long: {after: PT1H}}\n  errors: {bad: {type: https://x/bad, status: 500}}\n  retries: {often: {delay: PT2S}}\n'
      const { plan } = compile(rest)

      expect(plan.timeout).to.deep.equal({ ms: 3_600_000 })
      expect(plan.byId['/do/0/a']).to.deep.include({ timeout: { ms: 1000 } })
      expect(plan.byId['/do/0/a']).to.have.nested.property('catch.retry.delay.ms', 2000)
      expect(plan.byId['/do/0/a/try/0/r']).to.deep.include({ error: { kind: 'literal', value: { type: 'https://x/bad', status: 500 } } })
    })

    it('braces and quotes inside an expression do not end it', () => {
      const value = (text: string) => ofTask('set', `set: ${JSON.stringify({ x: text })}`).value

      expect(value('${ {a: {b: "}"}} }')).to.deep.equal({ kind: 'object', entries: [['x', { kind: 'expr', jq: '{a: {b: "}"}}' }]] })
      expect(value('${ "\\(.a | {b: "}"})" }')).to.deep.equal({ kind: 'object', entries: [['x', { kind: 'expr', jq: '"\\(.a | {b: "}"})"' }]] })
      expect(value('${ "\\"}" } and ${ .b }')).to.deep.equal({ kind: 'object', entries: [['x', { kind: 'text', parts: [{ jq: '"\\"}"' }, ' and ', { jq: '.b' }] }]] })
      expect(value('$x {} $ {a}')).to.deep.equal({ kind: 'literal', value: { x: '$x {} $ {a}' } })
    })
  })

  describe('identity', () => {
    it('is the content id of the document with its keys in order', () => {
      const text = '{"do":[],"document":{"dsl":"1.0.3","name":"n","namespace":"d","version":"1.0.0"}}'

      expect(compileWorkflow(text).plan.id).to.equal(contentId(new TextEncoder().encode(text)))
    })

    it('is the same for YAML, JSON and any order of keys, and so is the plan', () => {
      const shuffled = (value: unknown, random: () => number): unknown => {
        if (Array.isArray(value)) return value.map(item => shuffled(item, random))
        if (typeof value !== 'object' || value === null) return value
        const keyed = Object.entries(value).map(([key, item]) => [random(), key, shuffled(item, random)] as const)
        return Object.fromEntries(keyed.sort((a, b) => a[0] - b[0]).map(([, key, item]) => [key, item]))
      }
      const data = fc.dictionary(fc.string({ maxLength: 5 }).filter(key => key !== '__proto__'), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 6 })
        .filter(value => !/\d{16}|"__proto__"/.test(JSON.stringify(value)))
        .map(value => JSON.parse(JSON.stringify(value).replaceAll('${', '$ {')) as Record<string, unknown>)
      const document = fc.record({ metadata: data, set: data, hints: fc.record({ copies: fc.constantFrom(1, 2, 3), runAhead: fc.constantFrom(0, 1), spread: fc.constantFrom('zone', 'none') }) })
        .map(({ metadata, set, hints }) => ({
          document: { dsl: '1.0.3', namespace: 'd', name: 'n', version: '1.0.0', metadata: { ...metadata, flowmesh: hints } },
          do: [{ a: { set: { first: 1, ...set }, metadata: { ...metadata, flowmesh: { deadline: '1s', placement: { tier: 'edge', region: 'r' } } } } }, { b: { call: 'f', with: set } }]
        }))
      fc.assert(fc.property(document, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (source, stream) => {
        const random = () => stream.next().value as number
        const plan = compileWorkflow(JSON.stringify(source)).plan

        const other = compileWorkflow(JSON.stringify(shuffled(source, random), null, 2)).plan
        const yaml = compileWorkflow(stringify(shuffled(source, random))).plan

        expect(other.id).to.equal(plan.id)
        expect(JSON.stringify(other)).to.equal(JSON.stringify(plan))
        expect(JSON.stringify(yaml)).to.equal(JSON.stringify(plan))
      }), { numRuns: 200 })
    }).timeout(20_000)

    it('differs when anything in the document differs', () => {
      const ids = new Set(['set: {x: 1}', 'set: {x: 2}', 'set: {x: "1"}', 'set: {y: 1}', 'set: {x: [1]}'].map(set => compile(`do:\n  - a: {${set}}\n`).plan.id))

      expect(ids.size).to.equal(5)
    })
  })

  describe('warnings', () => {
    it('names tasks no path leads to', () => {
      expect(warnings('do:\n  - a: {wait: PT1S, then: end}\n  - b: {wait: PT1S}\n')).to.deep.equal(['w.yaml:8:5: /do/1/b: no path leads to task `b`'])
      expect(warnings('do:\n  - a: {raise: {error: {type: https://x, status: 500}}}\n  - b: {wait: PT1S}\n')).to.deep.equal(['w.yaml:8:5: /do/1/b: no path leads to task `b`'])
      expect(warnings('do:\n  - a: {wait: PT1S, if: .x, then: end}\n  - b: {wait: PT1S}\n')).to.deep.equal([])
      expect(warnings('do:\n  - a: {switch: [{x: {when: .x, then: c}}, {y: {then: end}}]}\n  - b: {wait: PT1S}\n  - c: {wait: PT1S, then: b}\n')).to.deep.equal([])
      expect(warnings('do:\n  - a: {try: [], then: end, catch: {then: c}}\n  - b: {wait: PT1S}\n  - c: {wait: PT1S, then: exit}\n')).to.deep.equal(['w.yaml:8:5: /do/1/b: no path leads to task `b`'])
    })

    it('looks into every list', () => {
      const dead = '[{x: {wait: PT1S, then: end}}, {dead: {wait: PT1S}}]'

      expect(warnings(`do:\n  - a: {do: ${dead}}\n  - b: {for: {in: .x}, do: ${dead}}\n  - c: {try: ${dead}, catch: {do: ${dead}}}\n`)).to.have.length(4)
    })

    it('names cases after the default', () => {
      expect(warnings('do:\n  - a: {switch: [{x: {then: end}}, {y: {when: .y, then: end}}]}\n')).to.deep.equal(['w.yaml:7:5: /do/0/a: case `y` is never tried: `x` before it has no `when`'])
    })

    it('names variables that nothing sets, and those that hide a given one', () => {
      expect(warnings('do:\n  - a: {set: {x: "${ $imput }"}}\n')).to.deep.equal(['w.yaml:7:15: /do/0/a/set/x: variable `$imput` is not known here; did you mean `input`?'])
      expect(warnings('do:\n  - a: {for: {each: input, in: .x}, do: [{b: {set: {x: "${ $input + $index }"}}}]}\n')).to.deep.equal(['w.yaml:7:15: /do/0/a/for/each: variable `input` hides the one that every expression has'])
      expect(warnings('do:\n  - a: {try: [{b: {set: {x: "${ $error }"}}}], catch: {do: [{c: {set: {x: "${ $error }"}}}]}}\n')).to.deep.equal(['w.yaml:7:26: /do/0/a/try/0/b/set/x: variable `$error` is not known here; known here: `context`, `input`, `output`, `secrets`, `authorization`, `task`, `workflow`, `runtime`'])
    })

    it('names tasks that are named like a word of `then`, and forks of one', () => {
      expect(warnings('do:\n  - end: {wait: PT1S}\n')).to.have.length(1)
      expect(warnings('do:\n  - a: {fork: {branches: [{b: {wait: PT1S}}]}}\n')).to.have.length(1)
    })
  })
})
