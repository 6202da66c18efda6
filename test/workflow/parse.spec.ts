import { expect } from 'chai'
import fc from 'fast-check'
import { TooLargeError } from '../../src/errors.js'
import { MAX_JSON_DEPTH, MAX_WORKFLOW_BYTES } from '../../src/limits.js'
import { parseWorkflow } from '../../src/workflow/index.js'
import { refusal } from './refusal.js'

/** Undefined when it holds a whole number that cannot be kept, which JSON.parse would round. */
function attempt (text: string): unknown {
  try {
    return parseWorkflow(text).document
  } catch (err) {
    expect((err as Error).message).to.match(/more digits than a number can keep/)
    return undefined
  }
}

describe('parse', () => {
  it('reads YAML and JSON to the same data', () => {
    const yaml = parseWorkflow('a: 1\nb: [x, true, null, 1.5]\nc: {d: "é"}\n').document
    const json = parseWorkflow('{\n\t"a": 1, "b": ["x", true, null, 1.5],\n\t"c": {"d": "\\u00e9"}}').document

    expect(yaml).to.deep.equal({ a: 1, b: ['x', true, null, 1.5], c: { d: 'é' } })
    expect(json).to.deep.equal(yaml)
  })

  it('reads every JSON text as JSON.parse does', () => {
    const texts = fc.json({ maxDepth: 5 }).filter(text => !text.includes('__proto__'))
    let agreed = 0
    fc.assert(fc.property(texts, text => {
      const document = attempt(text)
      if (document === undefined) return
      expect(JSON.stringify(document)).to.equal(JSON.stringify(JSON.parse(text)))
      agreed++
    }), { numRuns: 500, examples: [['""'], ['[]'], ['{"a b: c":"- # x"}']] })
    expect(agreed).to.be.above(400)
  })

  it('knows where keys and values stand', () => {
    const { positions } = parseWorkflow('a:\n  - b/c:\n      d~e:   "x"\n')

    expect(positions.at('/a/0/b~1c/d~0e')).to.deep.equal({ line: 3, column: 14 })
    expect(positions.at('/a/0/b~1c/d~0e', 'key')).to.deep.equal({ line: 3, column: 7 })
    expect(positions.at('/a/0/b~1c', 'key')).to.deep.equal({ line: 2, column: 5 })
    expect(positions.at('/a/0/b~1c/missing', 'key')).to.deep.equal({ line: 2, column: 5 })
    expect(positions.at('')).to.deep.equal({ line: 1, column: 1 })
  })

  it('puts aliases in place, each as a value of its own', () => {
    const document = parseWorkflow('a: &x {k: [1]}\nb: *x\nc: *x\n').document as Record<string, unknown>

    expect(document).to.deep.equal({ a: { k: [1] }, b: { k: [1] }, c: { k: [1] } })
    expect(document['b']).to.not.equal(document['c'])
  })

  it('keeps keys of any script, and numbers as keys as they are written', () => {
    const { document } = parseWorkflow('日本語: 1\n"🚀 \\u0000": 2\n404: 3\n1.50: 4\n')

    expect(document).to.deep.equal({ 日本語: 1, '🚀 \u0000': 2, 404: 3, '1.50': 4 })
  })

  it('knows nothing of YAML 1.1: `on`, `no`, dates and merge keys are plain text', () => {
    const { document } = parseWorkflow('on: no\nd: 2001-01-01\nb: &b {x: 1}\nm: {<<: *b}\n')

    expect(document).to.deep.equal({ on: 'no', d: '2001-01-01', b: { x: 1 }, m: { '<<': { x: 1 } } })
  })

  const REFUSED: [what: string, text: string, message: RegExp, line: number, column?: number][] = [
    ['an empty text', '', /the document is empty/, 1],
    ['only comments', '# nothing\n', /the document is empty/, 1],
    ['broken syntax', 'a: [1,\nb: 2\n', /./, 2],
    ['an unclosed text', 'a: "x\n', /quote/, 2],
    ['tabs as indentation', 'a:\n\tb: 1\n', /[Tt]ab/, 2],
    ['a second document', 'a: 1\n---\nb: 2\n', /a second document begins here/, 2],
    ['a key that stands twice', 'a: 1\nb: 2\na: 3\n', /key `a` stands twice/, 3, 1],
    ['a key twice in JSON', '{"a": 1,\n "a": 2}', /key `a` stands twice/, 2, 2],
    ['`__proto__`', 'x:\n  __proto__: {a: 1}\n', /key `__proto__` is not allowed/, 2, 3],
    ['a list as key', '? [a]\n: 1\n', /a key must be a text/, 1],
    ['an empty key', '? \n: 1\n', /a key must be a text/, 1],
    ['a tag', 'a: !!binary aGk=\n', /tag/, 1],
    ['a tag of JavaScript', 'a:\n  - !!js/function "x"\n', /tag/, 2],
    ['an unknown escape', 'a: 1\nb: "x\\q"\n', /Invalid escape/, 2, 6],
    ['a half escape', 'b: "\\u12"\n', /Invalid escape/, 1, 5],
    ['two anchors in a row', 'a: &x &y 1\n', /at most one anchor/, 1],
    ['an alias without anchor', 'a: 1\nb: *x\n', /alias `\*x` has no anchor/, 2],
    ['an alias inside its anchor', 'a: &x\n  b: *x\n', /alias `\*x` has no anchor/, 2],
    ['infinity', 'a: .inf\n', /not a number JSON can hold/, 1],
    ['not a number', 'a: .nan\n', /not a number JSON can hold/, 1],
    ['a number too large to hold', 'a: 1e999\n', /not a number JSON can hold/, 1],
    ['digits a number would lose', 'a: 12345678901234567890\n', /more digits than a number can keep/, 1, 4]
  ]
  for (const [what, text, message, line, column] of REFUSED) {
    it(`refuses ${what}, with its line`, () => {
      const refused = refusal(() => parseWorkflow(text, 'f.yaml'))

      expect(refused.message).to.match(message)
      expect(refused.message).to.match(/^f\.yaml:\d+:\d+: /)
      expect(refused.place).to.include({ file: 'f.yaml', line })
      if (column !== undefined) expect(refused.place.column).to.equal(column)
    })
  }

  it('refuses more bytes than the limit before it reads them', () => {
    const text = `a: "${'é'.repeat(MAX_WORKFLOW_BYTES / 2)}"`

    expect(() => parseWorkflow(text, 'f.yaml')).to.throw(TooLargeError, /f\.yaml has \d+ bytes; the limit is 262144/)
  })

  const DEEP: [what: string, text: string][] = [
    ['lists', '['.repeat(200_000)],
    ['closed lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', '{a: '.repeat(60_000)],
    ['compact lists', '- '.repeat(100_000) + 'a'],
    ['complex keys', '? '.repeat(100_000)],
    ['indented objects', Array.from({ length: 700 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
    ['one level too many', `${'['.repeat(MAX_JSON_DEPTH + 1)}${']'.repeat(MAX_JSON_DEPTH + 1)}`]
  ]
  for (const [what, text] of DEEP) {
    it(`refuses deep nesting: ${what}`, () => {
      expect(refusal(() => parseWorkflow(text)).message).to.match(/nested more than 256 deep/)
    })
  }

  it('reads what is as deep as the limit', () => {
    const text = '['.repeat(MAX_JSON_DEPTH) + ']'.repeat(MAX_JSON_DEPTH)

    expect(parseWorkflow(text).document).to.be.an('array')
  })

  it('reads quotes and backslashes in block and plain texts as they stand', () => {
    expect(parseWorkflow('--- |\n"x\\q"\n').document).to.equal('"x\\q"\n')
    expect(parseWorkflow('a: x\\q\nb: \'\\q\'\nc: "\\\\q \\x41\\u00e9\\U0001F680"\n').document).to.deep.equal({ a: 'x\\q', b: '\\q', c: '\\q Aé🚀' })
    expect(parseWorkflow('a: &x !!map\n  &y !!str k: 1\n').document).to.deep.equal({ a: { k: 1 } })
  })

  it('refuses a billion laughs', () => {
    const rows = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(10).fill(`*l${i}`).join(', ')}]`)

    const { message } = refusal(() => parseWorkflow(['l0: &l0 ha', ...rows].join('\n')))

    expect(message).to.match(/more than 200000 values once aliases are put in place/)
  })

  it('refuses aliases that nest deeper and deeper', () => {
    const rows = Array.from({ length: 400 }, (_, i) => `l${i + 1}: &l${i + 1} [*l${i}]`)

    expect(refusal(() => parseWorkflow(['l0: &l0 ha', ...rows].join('\n'))).message).to.match(/nested more than 256 deep/)
  })

  // Each of these took a common reader seconds to minutes.
  const SLOW: [what: string, text: string][] = [
    ['many anchors on nothing', '&a '.repeat(80_000)],
    ['many tags on nothing', '!a '.repeat(80_000)],
    ['many keys', Array.from({ length: 25_000 }, (_, i) => `a${i}: 1`).join('\n')],
    ['many closing braces', '}'.repeat(200_000)],
    ['many bad escapes', `"${'\\q'.repeat(120_000)}"`],
    ['many texts after a text', `"a" ${'"b" '.repeat(50_000)}`],
    ['many documents', '---\n'.repeat(60_000)],
    ['many comments', '#\n'.repeat(120_000)]
  ]
  for (const [what, text] of SLOW) {
    it(`is done with ${what} in time`, () => {
      const from = process.cpuUsage()
      try {
        parseWorkflow(text)
      } catch (err) {
        expect((err as Error).name).to.equal('InvalidInputError')
      }

      const { user, system } = process.cpuUsage(from)
      expect((user + system) / 1000, 'CPU ms').to.be.below(1500)
    }).timeout(20_000)
  }

  it('ends with data or InvalidInputError for any text', () => {
    const pieces = fc.array(fc.constantFrom('a', ':', ' ', '\n', '-', '[', ']', '{', '}', '&a', '*a', '!t', '"', '\'', '|', '>', '#', '?', ',', '%', '\t', '---', '...', '<<', '1', '~', '\u0000', '🚀', '\ud800'), { maxLength: 40 })
    fc.assert(fc.property(pieces, parts => {
      try {
        parseWorkflow(parts.join(''))
      } catch (err) {
        expect((err as Error).name, (err as Error).stack).to.equal('InvalidInputError')
      }
    }), { numRuns: 3000 })
  }).timeout(20_000)
})
