import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect } from 'chai'
import fc from 'fast-check'
import { checkSchema, compileWorkflow } from '../../src/workflow/index.js'
import { refusal, workflow } from './refusal.js'

const withSchema = (schema: unknown) => compileWorkflow(workflow(`do: []\ninput: {schema: {document: ${JSON.stringify(schema)}}}\n`), 'w.yaml')

describe('schema of inputs and outputs', () => {
  const WRONG: [schema: unknown, value: unknown, message: RegExp, pointer: string][] = [
    [{ type: 'object', required: ['a'] }, {}, /`a` is missing/, ''],
    [{ properties: { a: { properties: { 'b/c': { type: 'integer' } } } } }, { a: { 'b/c': 1.5 } }, /must be integer, not 1.5/, '/a/b~1c'],
    [{ items: { type: ['string', 'null'] } }, ['x', null, 3], /must be string or null, not 3/, '/2'],
    [{ prefixItems: [{ type: 'string' }], items: false }, ['x', 1], /is not allowed here/, '/1'],
    [{ additionalProperties: false, properties: { a: true }, patternProperties: { '^x-': true } }, { 'a': 1, 'x-b': 2, 'c': 3 }, /is not allowed here/, '/c'],
    [{ $ref: '#/$defs/name', $defs: { name: { minLength: 2 } } }, '🚀', /at least 2 characters, has 1/, ''],
    [{ enum: [1, { a: [2] }] }, { a: [3] }, /must be one of 1, an object/, ''],
    [{ const: { b: 1, a: 2 } }, { a: 2, b: 2 }, /must be an object/, ''],
    [{ oneOf: [{ minimum: 1 }, { maximum: 5 }] }, 3, /exactly one of `oneOf`, fits 2/, ''],
    [{ if: { required: ['card'] }, then: { required: ['cvc'] } }, { card: 1 }, /`cvc` is missing/, ''],
    [{ uniqueItems: true }, [{ a: 1, b: 2 }, { b: 2, a: 1 }], /has an item twice/, ''],
    [{ pattern: '^é+$' }, 'ée', /does not match/, ''],
    [{ dependentRequired: { card: ['cvc'] } }, { card: 1 }, /`cvc` is missing beside `card`/, ''],
    [{ contains: { type: 'string' } }, [], /at least 1 items that fit `contains`, has 0/, ''],
    [{ items: { contains: { maxItems: 0 } } }, [[0], []], /at least 1 items/, '/1'],
    [{ contains: { const: 1 }, minContains: 2 }, [1, 2], /at least 2 items that fit `contains`, has 1/, ''],
    [{ contains: { const: 1 }, minContains: 0, maxContains: 1 }, [1, 1], /at most 1 items that fit `contains`, has 2/, ''],
    [{ required: ['constructor', 'toString'] }, {}, /`constructor` is missing/, ''],
    [false, 1, /is not allowed here/, '']
  ]
  for (const [schema, value, message, pointer] of WRONG) {
    it(`${JSON.stringify(schema)} does not hold for ${JSON.stringify(value)}`, () => {
      withSchema(schema)
      const check = checkSchema(schema, value)

      expect(check).to.include({ ok: false, pointer })
      expect(check).to.have.property('message').that.matches(message)
    })
  }

  it('0.3 is a multiple of 0.1', () => {
    expect(checkSchema({ multipleOf: 0.1 }, 0.3)).to.deep.equal({ ok: true })
    expect(checkSchema({ multipleOf: 0.1 }, 0.35)).to.include({ ok: false })
  })

  it('ends schemas that refer to themselves without end', () => {
    expect(checkSchema({ $ref: '#' }, 1)).to.have.property('message').that.matches(/refers to itself/)
  })

  it('ends checks that take too many steps', () => {
    const doubling = { $defs: Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`d${at}`, at === 0 ? false : { anyOf: [{ $ref: `#/$defs/d${at - 1}` }, { $ref: `#/$defs/d${at - 1}` }] }])), $ref: '#/$defs/d39' }

    expect(checkSchema(doubling, 1)).to.have.property('message').that.matches(/more than 1000000 steps/)
  }).timeout(20_000)

  it('does not match patterns against texts beyond reason', () => {
    expect(checkSchema({ pattern: 'a' }, 'a'.repeat(20_000))).to.have.property('message').that.matches(/not matched against a pattern/)
  })

  it('walks values as deep as the limit', () => {
    const schema = { items: { $ref: '#' }, type: 'array' }
    const deep = JSON.parse('['.repeat(250) + ']'.repeat(250)) as unknown

    expect(checkSchema(schema, deep)).to.deep.equal({ ok: true })
  })

  const leaf = fc.oneof(
    fc.record({ type: fc.constantFrom('string', 'number', 'integer', 'boolean', 'object', 'array', 'null') }),
    fc.record({ type: fc.uniqueArray(fc.constantFrom('string', 'number', 'object'), { minLength: 1 }) }),
    fc.record({ minimum: fc.integer({ min: -2, max: 2 }) }), fc.record({ exclusiveMaximum: fc.integer({ min: -2, max: 2 }) }), fc.record({ maximum: fc.constant(1) }),
    fc.record({ multipleOf: fc.constantFrom(2, 3, 0.5) }), fc.record({ exclusiveMinimum: fc.constant(0) }),
    fc.record({ minLength: fc.nat(2) }), fc.record({ maxLength: fc.nat(2) }), fc.record({ pattern: fc.constantFrom('^a', 'b$', '.') }),
    fc.record({ minItems: fc.nat(2) }), fc.record({ maxItems: fc.nat(2) }), fc.constant({ uniqueItems: true }),
    fc.record({ minProperties: fc.nat(2) }), fc.record({ maxProperties: fc.nat(2) }), fc.record({ required: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')) }),
    fc.record({ enum: fc.uniqueArray(fc.constantFrom(1, 'a', null, true), { minLength: 1 }) }), fc.record({ const: fc.constantFrom<unknown>(1, 'ab', null, { a: 1 }, [1]) }),
    fc.record({ dependentRequired: fc.constant({ a: ['b'] }) }), fc.boolean()
  )
  const { schema } = fc.letrec<{ schema: unknown }>(tie => {
    const inner = tie('schema')
    const list = fc.array(inner, { minLength: 1, maxLength: 3 })
    return {
      schema: fc.oneof({ maxDepth: 3, depthIdentifier: 'schema' }, leaf, leaf,
        fc.record({ properties: fc.dictionary(fc.constantFrom('a', 'b', 'c'), inner), additionalProperties: inner, patternProperties: fc.dictionary(fc.constantFrom('^a', 'b'), inner) }, { requiredKeys: [] }),
        // Without `contains`, which ajv forgets for empty lists beside `prefixItems` or inside `items`.
        fc.record({ items: inner, prefixItems: list }, { requiredKeys: [] }),
        fc.record({ allOf: list }), fc.record({ anyOf: list }), fc.record({ oneOf: list }), fc.record({ not: inner }),
        fc.record({ if: inner, then: inner, else: inner }, { requiredKeys: ['if'] }),
        fc.record({ propertyNames: inner }), fc.record({ dependentSchemas: fc.dictionary(fc.constantFrom('a', 'b'), inner) }),
        fc.record({ $defs: fc.record({ x: inner }), items: fc.constant({ $ref: '#/$defs/x' }) }))
    }
  })
  const { value } = fc.letrec<{ value: unknown }>(tie => ({
    value: fc.oneof({ maxDepth: 3, depthIdentifier: 'value' }, fc.constantFrom<unknown>(0, 1, 2, 3, -1, 1.5, 'a', 'ab', 'b', '', null, true, false),
      fc.dictionary(fc.constantFrom('a', 'b', 'c', 'ab'), tie('value'), { maxKeys: 3 }), fc.array(tie('value'), { maxLength: 3 }))
  }))

  it('agrees with another validator about generated schemas and values', () => {
    const counts = { fits: 0, not: 0 }
    // References count from the whole schema, so the one that is generated stands alone there.
    const rooted = schema.filter(one => !JSON.stringify(one).includes('$ref') || (typeof one === 'object' && one !== null && '$defs' in one && JSON.stringify(one).split('$ref').length === 2))
    fc.assert(fc.property(rooted, fc.array(value, { minLength: 12, maxLength: 12 }).map(values => JSON.parse(JSON.stringify(values)) as unknown[]), (one, values) => {
      withSchema(one)
      const other = new Ajv2020({ strict: false }).compile(one as object)
      for (const item of values) {
        const { ok } = checkSchema(one, item)
        expect(ok, JSON.stringify({ one, item })).to.equal(other(item))
        counts[ok ? 'fits' : 'not']++
      }
    }), { numRuns: 120 })
    expect(Math.min(counts.fits, counts.not)).to.be.above(200)
  }).timeout(60_000)

  const REFUSED: [schema: unknown, message: string, field: string][] = [
    [{ type: 'strng' }, 'must be one of `string`', '/type'],
    [{ properties: [] }, 'must be an object, not a list', '/properties'],
    [{ properties: { a: { minLength: -1 } } }, 'must be a whole number, 0 or more', '/properties/a/minLength'],
    [{ items: { propertis: {} } }, 'unknown schema keyword `propertis`; did you mean `properties`?', '/items/propertis'],
    [{ required: 'a' }, 'must be a list of names', '/required'],
    [{ pattern: '(' }, 'is not a regular expression', '/pattern'],
    [{ patternProperties: { '(': true } }, 'is not a regular expression', '/patternProperties/('],
    [{ anyOf: [] }, 'must be a list of schemas', '/anyOf'],
    [{ anyOf: [true, 5] }, 'a schema is an object, true or false, not 5', '/anyOf/1'],
    [{ $ref: 'https://example.com/x' }, 'only references inside the schema', '/$ref'],
    [{ $ref: '#/$defs/x' }, 'nothing stands at "#/$defs/x"', '/$ref'],
    [{ $ref: '#/constructor' }, 'nothing stands at', '/$ref'],
    [{ $dynamicRef: '#x' }, 'schema keyword `$dynamicRef` is not supported yet', '/$dynamicRef'],
    [{ allOf: [{ unevaluatedItems: false }] }, 'schema keyword `unevaluatedItems` is not supported yet', '/allOf/0/unevaluatedItems'],
    [{ multipleOf: 0 }, 'must be a number above 0', '/multipleOf'],
    [5, 'a schema is an object, true or false, not 5', '']
  ]
  for (const [schema, message, field] of REFUSED) {
    it(`refuses ${JSON.stringify(schema)} when the workflow is validated`, () => {
      const refused = refusal(() => withSchema(schema))

      expect(refused.message).to.include(message)
      expect(refused.place).to.include({ line: 7, field: `/input/schema/document${field}` })
    })
  }
})
