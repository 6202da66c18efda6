import { expect } from 'chai'
import fc from 'fast-check'
import { InvalidInputError } from '../../src/errors.js'
import { MAX_TASK_NESTING, MAX_TASKS } from '../../src/limits.js'
import { compileWorkflow } from '../../src/workflow/index.js'
import { damaged } from './damaged.js'
import { HEAD, refusal, refusedWorkflow, workflow } from './refusal.js'

/** What is refused, the text from line 6 on, words of the message, the line, the field. */
type Refused = [what: string, rest: string, message: string, line: number, field?: string]

const UNSUPPORTED: Refused[] = [
  ['listen', 'do:\n  - a:\n      listen:\n        to: {one: {with: {type: x}}}\n', 'task type `listen` is not supported yet', 8, '/do/0/a/listen'],
  ['emit', 'do:\n  - a:\n      emit: {event: {with: {type: x}}}\n', 'task type `emit` is not supported yet', 8],
  ['run', 'do:\n  - a:\n      run: {shell: {command: ls}}\n', 'task type `run` is not supported yet', 8],
  ['run inside a fork inside a try', 'do:\n  - a:\n      try:\n        - f:\n            fork:\n              branches:\n                - r:\n                    run: {workflow: {}}\n      catch: {}\n', 'task type `run` is not supported yet', 13, '/do/0/a/try/0/f/fork/branches/0/r/run'],
  ['listen in a catch', 'do:\n  - a:\n      try: []\n      catch:\n        do:\n          - l: {listen: {}}\n', 'task type `listen`', 11],
  ...['openapi', 'grpc', 'asyncapi', 'mcp', 'a2a'].map((call): Refused =>
    [`call: ${call}`, `do:\n  - a:\n      call: ${call}\n      with: {}\n`, `call type \`${call}\` is not supported yet`, 8, '/do/0/a/call']),
  ['a catalog', 'do:\n  - a:\n      call: f:1.0.0@global\n', 'catalog `global` is not supported yet', 8],
  ['a function by address', 'do:\n  - a:\n      call: https://example.com/f.yaml\n', 'calling a function by address is not supported yet', 8],
  ['schedule', 'do: []\nschedule:\n  cron: 0 0 * * *\n', '`schedule` is not supported yet', 7, '/schedule'],
  ...['authentications: {}', 'catalogs: {}', 'extensions: []', 'functions: {}', 'secrets: [s]'].map((use): Refused =>
    [`use.${use.split(':')[0]}`, `do: []\nuse:\n  ${use}\n`, `\`use.${use.split(':')[0]}\` is not supported yet`, 8]),
  ['authentication', 'do:\n  - a:\n      call: http\n      with:\n        method: get\n        endpoint:\n          uri: http://x\n          authentication: {use: a}\n', '`authentication` is not supported yet', 13],
  ['schema.resource', 'do: []\ninput:\n  schema:\n    resource: {endpoint: http://x}\n', '`schema.resource` is not supported yet; write the schema in place', 9],
  ['another schema format', 'do:\n  - a:\n      set: {x: 1}\n      output:\n        schema: {format: avro, document: {}}\n', 'schema format `avro` is not supported yet', 10],
  ['another expression language', 'do: []\nevaluate: {language: js}\n', 'expression language "js" is not supported yet', 7],
  ['loose evaluation', 'do: []\nevaluate: {mode: loose}\n', '`evaluate.mode: loose` is not supported yet', 7]
]

const WRONG: Refused[] = [
  ['a misspelt task keyword', 'do:\n  - a:\n      cal: f\n', 'unknown task keyword `cal`; did you mean `call`?', 8, '/do/0/a/cal'],
  ['a misspelt keyword beside `with`', 'do:\n  - a:\n      clal: f\n      with: {}\n', 'unknown task keyword `clal`; did you mean `call`?', 8],
  ['a keyword in capitals', 'do:\n  - a:\n      Set: {x: 1}\n', 'unknown task keyword `Set`; did you mean `set`?', 8],
  ['a task without keyword', 'do:\n  - a:\n      if: .x\n', 'says not what to do; a task has one of `call`, `do`', 7, '/do/0/a'],
  ['a task with two keywords', 'do:\n  - a:\n      call: f\n      set: {x: 1}\n', 'has both `call` and `set`', 9],
  ['a task that is empty', 'do:\n  - a:\n', 'must be an object, not empty', 7],
  ['a task that is a text', 'do:\n  - a: call f\n', 'must be an object, not a text', 7],
  ['two tasks in one item', 'do:\n  - a: {set: {x: 1}}\n    b: {set: {x: 1}}\n', 'must have exactly one key, the name', 7],
  ['tasks as an object', 'do:\n  a: {set: {x: 1}}\n', 'must be a list, not an object', 7, '/do'],
  ['two tasks of one name', 'do:\n  - a: {set: {x: 1}}\n  - a: {set: {x: 1}}\n', 'two tasks of this list are named `a`', 8, '/do/1/a'],
  ['a misspelt field of every task', 'do:\n  - a:\n      set: {x: 1}\n      timout: {after: PT1S}\n', 'unknown key `timout`; did you mean `timeout`?', 9, '/do/0/a/timout'],
  ['a misspelt field of one', 'do:\n  - a:\n      call: http\n      with: {methd: get, endpoint: http://x}\n', 'unknown key `methd`; did you mean `method`?', 9],
  ['a field of another task', 'do:\n  - a:\n      set: {x: 1}\n      while: .x\n', 'unknown key `while`', 9],
  ['a misspelt field at the top', 'do: []\ntimout: {after: PT1S}\n', 'unknown key `timout`; did you mean `timeout`?', 7],
  ['a missing field', 'do:\n  - a:\n      call: http\n      with: {method: get}\n', '`endpoint` is missing', 9, '/do/0/a/with'],
  ['a `call: http` without `with`', 'do:\n  - a:\n      call: http\n', '`with` is missing', 8],
  ['a `for` without `do`', 'do:\n  - a:\n      for: {in: .x}\n', '`do` is missing', 8],
  ['a `try` without `catch`', 'do:\n  - a:\n      try: []\n', '`catch` is missing', 8],
  ['a `for` without `in`', 'do:\n  - a:\n      for: {each: x}\n      do: []\n', '`in` is missing', 8],
  ['a switch without cases', 'do:\n  - a:\n      switch: []\n', 'must not be empty', 8],
  ['a switch case without `then`', 'do:\n  - a:\n      switch:\n        - x: {when: .a}\n', '`then` is missing', 9],
  ['a condition that is no text', 'do:\n  - a:\n      if: true\n      set: {x: 1}\n', 'must be a text, not true', 8, '/do/0/a/if'],
  ['a `then` that is a list', 'do:\n  - a:\n      set: {x: 1}\n      then: [b]\n', 'must be a text, not a list', 9],
  ['a word outside its list', 'do:\n  - a:\n      call: http\n      with: {method: get, endpoint: http://x, output: body}\n', 'must be one of `raw`, `content`, `response`, not "body"', 9],
  ['an input that is a number', 'do: []\ninput: 5\n', 'must be an object, not 5', 7, '/input'],
  ['a `from` that is a number', 'do: []\ninput: {from: 5}\n', 'must be a text or an object, not 5', 7],
  ['an empty set', 'do:\n  - a:\n      set: {}\n', 'must not be empty', 8],
  ['a set that is plain text', 'do:\n  - a:\n      set: hello\n', 'one expression in `${ … }`', 8],
  ['a raise without status', 'do:\n  - a:\n      raise: {error: {type: https://x}}\n', '`status` is missing', 8],
  ['a status that is a text', 'do:\n  - a:\n      raise: {error: {type: https://x, status: "400"}}\n', 'must be a whole number, not a text', 8],
  ['a status out of range', 'do:\n  - a:\n      raise: {error: {type: https://x, status: 42}}\n', '`status` must be from 100 to 599', 8],
  ['a misspelt field of a retry policy', 'do:\n  - a:\n      try: []\n      catch:\n        retry: {dealy: PT1S}\n', 'unknown key `dealy`; did you mean `delay`?', 10],
  ['two kinds of backoff', 'do:\n  - a:\n      try: []\n      catch:\n        retry: {backoff: {linear: {}, constant: {}}}\n', 'must have one of `constant`, `linear`, `exponential`', 10],
  ['a misspelt backoff', 'do:\n  - a:\n      try: []\n      catch:\n        retry: {backoff: {exponentail: {}}}\n', 'unknown key `exponentail`; did you mean `exponential`?', 10],
  ['a misspelt field of a backoff', 'do:\n  - a:\n      try: []\n      catch:\n        retry: {backoff: {exponential: {facto: 2}}}\n', 'unknown key `facto`; did you mean `factor`?', 10],
  ['a jitter that ends before it begins', 'do:\n  - a:\n      try: []\n      catch:\n        retry:\n          jitter: {from: PT2S, to: PT1S}\n', '`from` (2000 ms) must not be longer than `to` (1000 ms)', 11],
  ['a misspelt filter', 'do:\n  - a:\n      try: []\n      catch: {errors: {with: {typ: x}}}\n', 'unknown key `typ`; did you mean `type`?', 9],
  ['an expression in a filter', 'do:\n  - a:\n      try: []\n      catch: {errors: {with: {title: "${ .x }"}}}\n', 'put the expression into `catch.when`', 9],
  ['a retry policy nobody wrote', 'do:\n  - a:\n      try: []\n      catch: {retry: often}\nuse:\n  retries: {oftn: {}}\n', 'no retry policy `often` under `use.retries`; did you mean `oftn`?', 9],
  ['an error nobody wrote', 'do:\n  - a:\n      raise: {error: constructor}\n', 'no error `constructor` under `use.errors`', 8],
  ['a timeout nobody wrote', 'do: []\ntimeout: long\n', 'no timeout `long` under `use.timeouts`', 7],
  ['a wrong policy that is only referred to', 'do: []\nuse:\n  retries:\n    r: {limit: {attempt: {cont: 3}}}\n', 'unknown key `cont`; did you mean `count`?', 9, '/use/retries/r/limit/attempt/cont'],
  ['a duration of words', 'do:\n  - a:\n      wait: 5 minutes\n', '"5 minutes" is not a duration; write ISO 8601 such as PT30S', 8, '/do/0/a/wait'],
  ['a misspelt unit', 'do:\n  - a:\n      wait: {secnds: 5}\n', 'unknown key `secnds`; did you mean `seconds`?', 8],
  ['a negative duration', 'do:\n  - a:\n      wait: {seconds: -5}\n', '`seconds` must be a whole number, 0 or more', 8],
  ['a duration of centuries', 'do:\n  - a:\n      wait: P100Y\n', 'is longer than 3650 days', 8],
  ['a method that is none', 'do:\n  - a:\n      call: http\n      with: {method: gte, endpoint: http://x}\n', '`gte` is not an HTTP method; did you mean `GET`?', 9],
  ['a body on a GET', 'do:\n  - a:\n      call: http\n      with: {method: get, endpoint: http://x, body: 1}\n', 'a GET request has no body', 9],
  ['an endpoint that is no address', 'do:\n  - a:\n      call: http\n      with: {method: get, endpoint: example.com/x}\n', 'is not an absolute http or https address', 9],
  ['an endpoint of another scheme', 'do:\n  - a:\n      call: http\n      with: {method: get, endpoint: file:///etc/passwd}\n', 'is not an absolute http or https address', 9],
  ['an endpoint with blanks', 'do:\n  - a:\n      call: http\n      with: {method: get, endpoint: {uri: "http://a b"}}\n', 'must be a URI', 9],
  ['an address with a variable of another kind', 'do:\n  - a:\n      call: http\n      with: {method: get, endpoint: "http://x/{?y}"}\n', '`{?y}` is not supported; a variable of the address is written `{name}`', 9],
  ['an address with an open brace', 'do:\n  - a:\n      call: http\n      with: {method: get, endpoint: "http://x/{y"}\n', '`{` has no counterpart', 9],
  ['a header name with a line break', 'do:\n  - a:\n      call: http\n      with: {method: get, endpoint: http://x, headers: {"a\\nb": c}}\n', 'cannot be the name of a header', 9],
  ['a header value with a line break', 'do:\n  - a:\n      call: http\n      with: {method: get, endpoint: http://x, headers: {a: "b\\r\\nc: d"}}\n', 'no line breaks', 9],
  ['a function name in capitals', 'do:\n  - a:\n      call: Thumbnail\n', 'is not a function\'s name', 8],
  ['a version that is none', 'do:\n  - a:\n      call: f:latest\n', '"latest" is not a semantic version', 8],
  ['arguments that are no object', 'do:\n  - a:\n      call: f\n      with: ${ .x }\n', 'must be an object, not a text', 9],
  ['a variable with a dollar', 'do:\n  - a:\n      for: {each: $x, in: .y}\n      do: []\n', 'write `x`', 8],
  ['a variable that is none', 'do:\n  - a:\n      try: []\n      catch: {as: "my error"}\n', '"my error" cannot be a variable', 9],
  ['one name for item and index', 'do:\n  - a:\n      for: {each: x, at: x, in: .y}\n      do: []\n', '`each` and `at` are both named `x`', 8],
  ['an expression that is no jq', 'do:\n  - a:\n      set: {x: "${ .a | }"}\n', 'the expression is not valid jq', 8, '/do/0/a/set/x'],
  ['a bare expression that is no jq', 'do:\n  - a:\n      if: .a ==\n      set: {x: 1}\n', 'the expression is not valid jq', 8, '/do/0/a/if'],
  ['an empty expression', 'do:\n  - a:\n      set: {x: "${ }"}\n', 'the expression is empty', 8],
  ['an expression that is never closed', 'do:\n  - a:\n      set: {x: "a ${ .b"}\n', 'never closed', 8],
  ['a schema keyword that is misspelt', 'do: []\ninput:\n  schema:\n    document: {typ: object}\n', 'unknown schema keyword `typ`; did you mean `type`?', 9],
  ['a schema keyword that is not understood', 'do: []\ninput:\n  schema:\n    document: {unevaluatedProperties: false}\n', 'schema keyword `unevaluatedProperties` is not supported yet', 9]
]

const FLOW: Refused[] = [
  ['a task that is nowhere', 'do:\n  - ship:\n      set: {x: 1}\n  - b:\n      set: {x: 1}\n      then: shp\n', 'no task `shp` in this list; did you mean `ship`?', 11, '/do/1/b/then'],
  ['a task of the list outside', 'do:\n  - a:\n      do:\n        - b:\n            set: {x: 1}\n            then: c\n  - c:\n      set: {x: 1}\n', 'task `c` stands in another list (line 12)', 11],
  ['a task of a list inside', 'do:\n  - a:\n      do:\n        - b:\n            set: {x: 1}\n  - c:\n      set: {x: 1}\n      then: b\n', 'task `b` stands in another list (line 9)', 13],
  ['a task of a catch, from its try', 'do:\n  - a:\n      try:\n        - b:\n            set: {x: 1}\n            then: c\n      catch:\n        do:\n          - c: {set: {x: 1}}\n', 'stands in another list (line 14)', 11],
  ['another branch of a fork', 'do:\n  - a:\n      fork:\n        branches:\n          - b:\n              set: {x: 1}\n              then: c\n          - c: {set: {x: 1}}\n', 'a branch of a fork cannot go on with another branch (`c`)', 12],
  ['out of scope, by a switch case', 'do:\n  - a:\n      switch:\n        - x:\n            then: nowhere\n', 'no task `nowhere` in this list', 10, '/do/0/a/switch/0/x/then'],
  ['out of scope, by `catch.then`', 'do:\n  - a:\n      try:\n        - b: {set: {x: 1}}\n      catch:\n        then: b\n', 'task `b` stands in another list (line 9)', 11]
]

describe('validation of a workflow', () => {
  for (const [what, rest, message, line, field] of [...UNSUPPORTED, ...WRONG]) {
    it(`refuses ${what}, with its line`, () => {
      const refused = refusedWorkflow(rest)

      expect(refused.message).to.include(message)
      expect(refused.message).to.match(/^w\.yaml:\d+:\d+: \//)
      expect(refused.place).to.include({ file: 'w.yaml', line })
      if (field !== undefined) expect(refused.place.field).to.equal(field)
    })
  }

  for (const [what, rest, message, line, field] of FLOW) {
    it(`refuses a \`then\` to ${what}, with its line`, () => {
      const refused = refusedWorkflow(rest)

      expect(refused.message).to.include(message)
      expect(refused.place.line).to.equal(line)
      if (field !== undefined) expect(refused.place.field).to.equal(field)
    })
  }

  const DOCUMENTS: [what: string, text: string, message: string, line: number][] = [
    ['a list', '- a\n', 'a workflow is an object', 1],
    ['a text', 'hello\n', 'a workflow is an object', 1],
    ['no document', 'do: []\n', '`document` is missing', 1],
    ['no do', HEAD, '`do` is missing', 1],
    ['a name with blanks', HEAD.replace('name: test', 'name: my test') + 'do: []\n', '"my test" is not letters, digits and dashes', 4],
    ['a name of 64 letters', HEAD.replace('name: test', `name: ${'a'.repeat(64)}`) + 'do: []\n', 'is not letters, digits and dashes, 1 to 63', 4],
    ['a version that YAML reads as a number', HEAD.replace('\'1.0.0\'', '1.0') + 'do: []\n', 'must be a text, not 1', 5],
    ['a version of two parts', HEAD.replace('\'1.0.0\'', '"1.0"') + 'do: []\n', '"1.0" is not a semantic version such as 1.0.0', 5],
    ['a specification of tomorrow', HEAD.replace('1.0.3', '1.1.0') + 'do: []\n', 'specification version 1.1.0 is not supported; write 1.0.3', 2],
    ['a misspelt namespace', HEAD.replace('namespace', 'namespase') + 'do: []\n', 'unknown key `namespase`; did you mean `namespace`?', 3]
  ]
  for (const [what, text, message, line] of DOCUMENTS) {
    it(`refuses ${what}`, () => {
      const refused = refusal(() => compileWorkflow(text))

      expect(refused.message).to.include(message)
      expect(refused.place.line).to.equal(line)
      expect(refused.place.file).to.equal(undefined)
    })
  }

  for (const dsl of ['1.0.0', '1.0.1', '1.0.2', '1.0.3']) {
    it(`accepts specification version ${dsl}`, () => {
      expect(compileWorkflow(workflow('do: []\n').replace('1.0.3', dsl)).plan.dsl).to.equal(dsl)
    })
  }

  it('refuses more tasks than the limit', () => {
    const list = (count: number) => workflow(`do:\n${Array.from({ length: count }, (_, at) => `- ${at}: {wait: P1D}\n`).join('')}`)

    expect(compileWorkflow(list(MAX_TASKS)).plan.tasks).to.have.length(MAX_TASKS)
    expect(refusal(() => compileWorkflow(list(MAX_TASKS + 1))).message).to.include('more than 10000 tasks')
  }).timeout(20_000)

  it('refuses task lists nested deeper than the limit', () => {
    const nested = (depth: number) => workflow(`do: ${'[{a: {do: '.repeat(depth - 1)}[]${'}}]'.repeat(depth - 1)}`)

    expect(Object.keys(compileWorkflow(nested(MAX_TASK_NESTING)).plan.byId)).to.have.length(MAX_TASK_NESTING - 1)
    expect(refusal(() => compileWorkflow(nested(MAX_TASK_NESTING + 1))).message).to.include('task lists stand more than 32 deep')
  })

  it('refuses names of tasks that are empty or too long', () => {
    expect(refusedWorkflow('do:\n  - "": {set: {x: 1}}\n').message).to.include('the name of a task has 1 to 128 characters')
    expect(refusedWorkflow(`do:\n  - ${'é'.repeat(129)}: {set: {x: 1}}\n`).message).to.include('the name of a task has 1 to 128 characters')
  })

  it('ends with a plan or InvalidInputError with a place, for documents damaged at random', () => {
    const counts = { compiled: 0, refused: 0 }
    fc.assert(fc.property(damaged('document', 'do', 'use'), document => {
      try {
        compileWorkflow(JSON.stringify(document, null, 2), 'w.json')
        counts.compiled++
      } catch (err) {
        expect(err, (err as Error).stack).to.be.instanceOf(InvalidInputError)
        expect((err as InvalidInputError).place, (err as Error).message).to.include.keys('file', 'line', 'column', 'field')
        counts.refused++
      }
    }), { numRuns: 2000 })
    expect(Math.min(counts.compiled, counts.refused), JSON.stringify(counts)).to.be.above(300)
  }).timeout(60_000)
})
