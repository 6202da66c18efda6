import fc from 'fast-check'

/** Programs by what they probably give, so that most get past their first operator; one in ten operands is anything. */
export interface Ties { any: string, number: string, text: string, array: string, object: string, boolean: string, path: string, many: string, condition: string }

const FIELDS = ['a', 'b', 'c', 'items', 'name', 'id', 'x y', '0', 'ü']
const field = fc.constantFrom(...FIELDS).map(name => /^[a-z]+$/.test(name) ? `.${name}` : `."${name}"`)
const numberText = fc.constantFrom('0', '1', '2', '3', '5', '0.5', '2.5', '10', '100', '1e3', '1.0', '9007199254740991', '123456.789', '1e-3')
const stringText = fc.constantFrom('""', '"a"', '"b"', '"A-b c"', '"héllo"', '"😀x"', '"1"', '"1.50"', '"12"', '"true"', '","', '"\\n\\u007f\\t"',
  '"a,b,,c,"', '" \\u00a0pad "', '"key"', '"YWJj"', '"{\\"k\\": [1, null]}"', '"__proto__"', '"\\uffee"', '"abc"', '"b c"')

/** Shared, so that a program is about as deep whatever kinds it mixes. */
const depthIdentifier = fc.createDepthIdentifier()

type Arb = fc.Arbitrary<string>

/** Plain terms stand as they are, anything with an operator in parentheses: precedence has its own table of tests. */
function enclosed (program: string): string {
  return /^(?:[$.]?\w+|"[^"\\]*"|\.\w+\[\]\??)$/.test(program) ? program : `(${program})`
}

/** Fills each hole of the form `{number}` with a program of that kind. */
function shapes (tie: (key: keyof Ties) => Arb, ...templates: string[]): Arb {
  return fc.oneof(...templates.map(template => {
    const holes = [...template.matchAll(/«(\w+)»/g)].map(match => match[1] as keyof Ties)
    return fc.tuple(...holes.map(hole => fc.oneof({ weight: 9, arbitrary: tie(hole) }, { weight: 1, arbitrary: tie('any') }))).map(parts => {
      let next = 0
      return template.replace(/«\w+»/g, () => enclosed(parts[next++]!))
    })
  }))
}

export const programs: Arb = fc.letrec<Ties>(tie => {
  const t = tie as (key: keyof Ties) => Arb
  const deep = (leaf: Arb, ...templates: string[]): Arb => fc.oneof({ maxDepth: 4, depthSize: 'small', depthIdentifier }, leaf, shapes(t, ...templates), shapes(t, ...templates))
  return {
    any: fc.oneof({ maxDepth: 4, depthIdentifier }, fc.constantFrom('.', 'null', '$x', '$ctx', '$ctx.k', '.a', '.b[0]'), t('number'), t('text'), t('array'), t('object'), t('boolean'), t('path'), t('many')),
    number: deep(fc.oneof(numberText, fc.constantFrom('.n', '$x', '(.s|length)', '-1', '-0.5')),
      '(«number» + «number»)', '(«number» - «number»)', '(«number» * «number»)', '(«number» / «number»)', '(«number» % «number»)', '(-«number»)',
      '(«any» | length)', '(«number» | floor)', '(«number» | ceil)', '(«number» | round)', '(«number» | trunc)', '(«number» | fabs)', '(«number» | abs)', '(4 | sqrt)',
      '(«text» | tonumber)', '(«array» | add)', '(«array» | index(«any»))', '(«text» | rindex(«text»))', '(«text» | utf8bytelength)',
      'reduce «many» as $v («number»; . + ($v | length))', 'reduce range(«number» % 20) as $i (0; . + $i)', '(«number» | until(. > 50; . * 2 + 1))',
      'first(«many»)', 'last(«many»)', '(«number» as $y | $y + 1)', 'nth(1; «many»)', '(«array» | min)', '(«array» | max)', '([«many»] | add(.[]))'),
    text: deep(fc.oneof(stringText, fc.constantFrom('.s', '.name')),
      '(«text» + «text»)', '(«any» | tostring)', '(«any» | tojson)', '"<\\(«any»)>"', '@json "j\\(«any»)"', '@uri "q=\\(«text»)"', '@base64 "\\(«text»)"', '(«any» | @text)',
      '(«text» | @uri)', '(«text» | @base64)', '(«text» | @base64 | @base64d)', '(«text» | ascii_downcase)', '(«text» | ascii_upcase)',
      '(«text» | ltrimstr(«text»))', '(«text» | rtrimstr(«text»))', '(«text» | trimstr(«text»))', '(«text» | trim)', '(«text» | ltrim)', '(«text» | rtrim)',
      '(«text» | explode | implode)', '(«array» | map(tostring) | join(«text»))', '(«array» | join(","))', '(«text» | .[«number»:])', '(«text» | .[1:-1])',
      '(«any» | type)', '(«text» * («number» % 5))', '(try error(«any») catch .)', '(«any» | try error("x\\(.)") catch .)'),
    array: deep(fc.constantFrom('.items', '[]', '[1,2,3]', '[3,"a",null,{"id":1},[2]]', '.list', '[.a,.b]'),
      '[«many»]', '(«array» + «array»)', '(«array» - «array»)', '(«array» | map(«any»))', '(«array» | map(select(«condition»)))', '(«array» | sort)', '(«array» | sort_by(«any»))',
      '(«array» | group_by(«any»))', '(«array» | unique)', '(«array» | unique_by(«any»))', '(«array» | reverse)', '(«array» | flatten)', '(«array» | flatten(«number»))',
      '(«any» | keys)', '(«object» | keys_unsorted)', '(«object» | to_entries)', '(«text» | split(«text»))', '(«text» / «text»)', '(«array» | .[«number»:«number»])',
      '(«array» | .[:«number»])', '(«text» | explode)', '[limit(«number»; «many»)]', '[skip(«number»; «many»)]', '[«object» | paths]', '[«any» | ..]', '[«any» | paths(type == "number")]',
      '[foreach «many» as $v («number»; [., $v] | length; [$v, .])]', '[foreach «many» as [$v, $w] (0; . + 1; $w)]', '(«array» | indices(«any»))', '(«text» | indices(«text»))',
      '[«number» | while(. < 30; . + 7)]', '[range(«number» % 9)]', '[range(0; 9; «number»)]', '[range(1, 2; 4)]', '[path(«path»)]', '(«array» | del(.[«number»]))', '[«array» | first, last, nth(1)]',
      '(«array» | .[«number»] = «any»)', '(«array» | .[1:3] = «array»)', '(«array» | map_values(«any»))', '(«array» | [min_by(«any»), max_by(«any»)])', '[recurse(«path»; . != null)] | length', '[[1,[2]] | recurse(.[]?)]'),
    object: deep(fc.constantFrom('.', '{}', '.o', '{"a": 1, "b": {"c": 2}}', '{a, name}', '{$x, "k": 1}', '{"2": 1, "1": 2}'),
      '{a: «any»}', '{(«text»): «any», b: «any»}', '{"x\\(«number»)": «many»}', '(«object» + «object»)', '(«object» * «object»)', '(«object» | with_entries(.value |= «any»))',
      '(«object» | to_entries | from_entries)', '(«object» | map_values(«any»))', '(«object» | del(«path»))', '(«object» | «path» = «any»)', '(«object» | «path» |= «any»)', '(«object» | «path» += «any»)', '(«object» | «path» -= «number»)',
      '(«object» | «path» *= «number»)', '(«object» | «path» /= «number»)', '(«object» | «path» %= «number»)', '(«object» | «path» //= «any»)', '(«object» | setpath(["a", "b"]; «any»))', '(«object» | delpaths([path(«path»)]))', '(«array» | INDEX(«any»))', 'INDEX(«many»; .)',
      '(«object» | pick(«path»))', '(«object» as {a: $p, $b} | {$p, q: $b})', '(«any» | {key: "k", value: .} | [.] | from_entries)', '(«text» | fromjson)'),
    boolean: deep(fc.constantFrom('true', 'false', '.flag'), '(«condition»)', '(«any» | not)', '(«array» | all)', '(«array» | any)', '(«array» | any(«condition»))', '(«array» | all(«condition»))', 'any(«many»; «condition»)', 'all(«many»; «condition»)',
      '(«any» | has(«any»))', '(«object» | has("a"))', '("a" | in(«object»))', '(«any» | contains(«any»))', '(«text» | inside(«text»))', '(«text» | startswith(«text»))', '(«text» | endswith(«text»))', '(«text» | test("b"))', 'isempty(«many»)', '(«any» | IN(«many»))',
      '(«number» | isnan)', '(«number» | isinfinite)', '(«any» | isfinite)', '("true", "no" | toboolean)'),
    condition: deep(fc.constantFrom('.a', '. == null', 'true'), '«any» == «any»', '«any» != «any»', '«any» < «any»', '«any» <= «any»', '«number» > «number»', '«text» >= «text»', '(«condition») and («condition»)', '(«condition») or («condition»)'),
    path: deep(field, '.a[«number»]', '.items[]', '.a?', '.["a","b"]', '(«path» | «path»)', '(«path», «path»)', '.items[1:]', '.[]?', '..', '(.a // .b)', '(.items | first)', 'getpath(["a","b"])', '(«path» | select(«condition»))', 'if «condition» then .a else .b end', 'first(«path»)',
      '(.items[]? | select(.id? == «number»))', '(.. | numbers)', '(«path»)?', '(. as $q | .a)', 'recurse(.b?)', '(.[]? | strings, arrays, objects, booleans, nulls, iterables, scalars, values)', 'empty', '(.items | last)', '(.items | nth(1))', '.items[«number»:«number»]?'),
    many: deep(fc.constantFrom('.[]?', '.items[]', '1, 2, 3', '.. ', 'empty', 'range(4)'), '«any», «any»', '(«array» | .[])', '(«array»[]?)', '(«any» | recurse)', '(try («any» | error) catch .)', 'range(«number» % 7)', '(«any» | getpath(["a", 0]))', 'if «many» then «any» else «any» end', 'if «condition» then «any» elif «condition» then «any» end', '(«many» // «any»)', 'try («many») catch .',
      'try («many», error("e"), 3) catch «any»', '(«any» | numbers, strings, arrays, objects, booleans, nulls, iterables, scalars, values)', '(«many» as $x | $x, «any»)', '(«many» | select(«condition»))', '[«many»][«many»]?', '(«any»)?', '[«many»] | .[0], length', '[recurse(if type == "number" and . < 9 then . * 2 + 1 else empty end)]', '(«any» and «many»)', '({a: («many»), b: «many»})')
  }
}).any

const key = fc.constantFrom(...FIELDS, '__proto__', 'key', 'value', '10')
export const inputs: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>(tie => ({
  value: fc.oneof({ maxDepth: 3, withCrossShrink: true },
    fc.constantFrom<unknown>(null, true, false, 0, 1, -1, 2.5, 1e15, 9007199254740993, 1e21, 0.1, '', 'a', 'b', 'a,b', 'héllo', '😀\uffee', '12', ' x ', '__proto__'),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(key, tie('value'), { maxKeys: 4 }))
})).value

/** Mostly the objects that the programs reach into. */
export const documents: fc.Arbitrary<unknown> = fc.oneof({ weight: 1, arbitrary: inputs }, {
  weight: 4,
  arbitrary: fc.record({
    a: inputs, b: inputs, n: fc.constantFrom(0, 1, 3, -2, 7.5, 1e17), s: fc.constantFrom('', 'abc', 'a,b', 'äöü 😀', 'b c'), name: inputs,
    flag: fc.boolean(), o: fc.dictionary(key, inputs, { maxKeys: 4 }), list: fc.array(inputs, { maxLength: 4 }),
    items: fc.array(fc.record({ id: fc.integer({ min: 0, max: 5 }), name: inputs, price: fc.constantFrom(1, 2.5, 0.1) }), { maxLength: 4 })
  }, { requiredKeys: ['a'] })
})
