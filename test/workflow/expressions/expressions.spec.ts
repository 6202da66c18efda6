import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { JqWorker } from '../../../src/runtime/jq/index.js'
import { InvalidInputError } from '../../../src/errors.js'
import { MAX_EXPRESSION_DEPTH } from '../../../src/limits.js'
import { checkExpression, compileExpression, completeTemplate, evaluate, evaluateTemplate } from '../../../src/workflow/expressions/index.js'
import type { Template } from '../../../src/workflow/plan.js'

const run = (jq: string, input: unknown = null, vars: Record<string, unknown> = {}) => evaluate(compileExpression(jq), input, vars)

describe('expressions', () => {
  const values: [jq: string, input: unknown, output: unknown][] = [
    ['.', { a: 1 }, { a: 1 }],
    ['.a.b[-1]', { a: { b: [1, 2] } }, 2],
    ['."x y"', { 'x y': 1 }, 1],
    ['.[2:4]', 'a😀cd', 'cd'],
    ['.colors + [ "red" ]', { colors: ['blue'] }, ['blue', 'red']],
    ['"Hello \\(.user.firstName) \\(.user.n)!"', { user: { firstName: 'Ada', n: 1 } }, 'Hello Ada 1!'],
    ['.a // "none"', {}, 'none'],
    ['1 + 2 * 3 - 4 / 2', null, 5],
    ['-.a.b', { a: { b: 2 } }, -2],
    ['1 == 1 and 2 < 1 or true', null, true],
    ['.a // .b = 1', { a: 0 }, 0],
    ['1 as $x | 2 as $y | [$x, $y, 3 | . + 1]', null, [2, 3, 4]],
    ['[1 + 2 as $x | $x, $x]', null, [3, 3]],
    ['try error("x") catch . + "y"', null, 'xy'],
    ['{a: 1 | . + 1, b: 2}', null, { a: 2, b: 2 }],
    ['[.[] | select(.n > 1) | .n]', [{ n: 1 }, { n: 2 }], [2]],
    ['empty', null, null],
    ['1, error("late")', null, 1],
    ['[.. | numbers]', { a: [1, { b: 2 }] }, [1, 2]],
    ['.items |= map(.price *= 2)', { items: [{ price: 2 }] }, { items: [{ price: 4 }] }],
    ['"\\u00e9" | length', null, 1],
    ['[.[] | tostring]', [1, 0.1, 'a', null], ['1', '0.1', 'a', 'null']],
    ['. as {a: $x, b: [$y]} | [$x, $y]', { a: 1, b: [2] }, [1, 2]],
    ['[recurse(.[]? as $x | $x, $x | select(. != null and (type == "array" | not)))] | length', [1, 2], 5],
    ['# nothing\n1 # more', null, 1]
  ]
  for (const [jq, input, output] of values) {
    it(`${JSON.stringify(jq)} gives ${JSON.stringify(output)}`, async () => {
      expect(run(jq, input)).to.deep.equal({ kind: 'value', value: output })
    })
  }

  it('leaves to real jq what it is not certain of', () => {
    for (const jq of ['1.0 | tostring', '1e1000', '"a" | test("^a")', 'now', 'def f: 1; f', '{"b": 1, "1": 2} | keys_unsorted',
      'try (1 + "a") catch .', '10000000000000000 * 10 | tostring', '1e308 * 10', 'until(false; .)', '9007199254740993 == 1']) {
      expect(run(jq), jq).to.deep.equal({ kind: 'fallback' })
    }
  })

  it('names the variable that is missing, and sees own properties only', () => {
    expect(run('$gone')).to.deep.equal({ kind: 'error', message: '$gone is not defined' })
    expect(run('$toString')).to.deep.equal({ kind: 'error', message: '$toString is not defined' })
    expect(run('.constructor, .__proto__', {})).to.deep.equal({ kind: 'value', value: null })
    expect(compileExpression('$a | . as $b | $b + $c.d').variables).to.deep.equal(['a', 'c'])
    expect(compileExpression('$a | now as $b | $b + $c.d').variables).to.deep.equal(['a', 'c'])
  })

  it('keeps a key named __proto__ a key', () => {
    const result = run('{"__proto__": {polluted: true}} | .x = 1') as { value: object }

    expect(JSON.stringify(result.value)).to.equal('{"__proto__":{"polluted":true},"x":1}')
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined)
  })

  it('names the limit that an output passes', () => {
    expect(run('reduce range(40) as $i (1; [., .])')).to.have.property('message').that.matches(/MAX_DATA_BYTES/)
    expect(run('reduce range(300) as $i (1; [.])')).to.have.property('message').that.matches(/MAX_JSON_DEPTH/)
    expect(run('"x" * 1000000000')).to.have.property('message').that.matches(/MAX_DATA_BYTES/)
  })

  it('updates ten thousand items in one pass', () => {
    const { value } = run('.items[] |= . + 1', { items: Array.from({ length: 10_000 }, (_, i) => i) }) as { value: { items: number[] } }

    expect(value.items[9999]).to.equal(10_000)
  })

  it('says where a program is wrong', () => {
    for (const [jq, offset] of [['', 0], ['.a |', 4], ['[1, 2', 5], ['.a.?', 3], ['foo(1)', 0], ['"a\\q"', 2], ['{(1): 2}', 1], ['"x \\(1', 3],
      ['1 == 1 == 1', 7], ['env', 0], ['. | $ENV', 4], ['input', 0], ['.a ] ', 3], ['.é', 1], ['[' .repeat(MAX_EXPRESSION_DEPTH + 1), MAX_EXPRESSION_DEPTH]] as [string, number][]) {
      const check = checkExpression(jq)

      expect(check.ok, jq).to.equal(false)
      expect(check, jq).to.include({ offset })
      expect(() => compileExpression(jq), jq).to.throw(InvalidInputError)
    }
  })

  it('takes the deepest program it allows', () => {
    const deep = '['.repeat(MAX_EXPRESSION_DEPTH - 1) + ']'.repeat(MAX_EXPRESSION_DEPTH - 1)

    expect(checkExpression(deep)).to.deep.equal({ ok: true })
    expect(checkExpression('(1 + '.repeat(MAX_EXPRESSION_DEPTH - 1) + '1' + ')'.repeat(MAX_EXPRESSION_DEPTH - 1))).to.deep.equal({ ok: true })
    expect(checkExpression('-'.repeat(12_000) + '1').ok).to.equal(false)
  })

  it('runs every expression of the conformance features and of the examples itself', () => {
    const found = [...files('../shared/ctk', '.feature'), ...files('examples', '.yaml')].flatMap(expressionsIn)

    const left = found.filter(jq => !compileExpression(jq).native)
    expect(left).to.deep.equal([])
  })
})

describe('templates', () => {
  const template: Template = {
    kind: 'object',
    entries: [['a', { kind: 'expr', jq: '.x + 1' }], ['__proto__', { kind: 'literal', value: 7 }],
      ['t', { kind: 'text', parts: ['id ', { jq: '.x' }, '/', { jq: '.o' }] }], ['l', { kind: 'array', items: [{ kind: 'expr', jq: '$v' }] }]]
  }

  it('are filled where every expression is native', () => {
    const result = evaluateTemplate(template, { x: 1, o: { k: null } }, { v: true })

    expect(JSON.stringify(result)).to.equal('{"kind":"value","value":{"a":2,"__proto__":7,"t":"id 1/{\\"k\\":null}","l":[true]}}')
  })

  it('list all their expressions when one needs real jq, and are completed with its answers', async () => {
    const mixed: Template = { kind: 'array', items: [{ kind: 'expr', jq: '.x' }, { kind: 'expr', jq: '.s | test("^a+$")' }, { kind: 'literal', value: 1 }] }
    const worker = new JqWorker()

    const result = evaluateTemplate(mixed, { x: 5, s: 'aaa' }, {})
    if (result.kind !== 'fallback') return expect.fail('a regular expression is for real jq')
    const answers = await worker.evaluate({ programs: result.programs.map(({ jq }) => jq), input: { x: 5, s: 'aaa' }, vars: {}, deadlineMs: 5000 })
    await worker.close()

    expect(completeTemplate(mixed, answers)).to.deep.equal({ kind: 'value', value: [5, true, 1] })
  })

  it('end at the first error', () => {
    const result = evaluateTemplate({ kind: 'array', items: [{ kind: 'expr', jq: 'error("first")' }, { kind: 'expr', jq: 'error("second")' }] }, null, {})

    expect(result).to.deep.equal({ kind: 'error', message: 'first' })
  })
})

function files (folder: string, ending: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith(ending)).map(name => `${folder}/${name}`)
  } catch {
    return [] // a clone has no conformance features beside it
  }
}

/** What stands between `${` and its `}`. */
function expressionsIn (file: string): string[] {
  const text = readFileSync(file, 'utf8')
  const found: string[] = []
  for (let at = text.indexOf('${'); at !== -1; at = text.indexOf('${', at + 1)) {
    for (let end = text.indexOf('}', at); end !== -1; end = text.indexOf('}', end + 1)) {
      const jq = text.slice(at + 2, end).trim()
      if (jq.includes('\n')) break
      if (!checkExpression(jq).ok) continue
      found.push(jq)
      break
    }
  }
  return found
}
