/** What comes from other peers is bounded wherever it is read: the sources are held against the limits of the .proto files. */
import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

interface Field { name: string, type: string, limit: number | undefined, isList: boolean }

const messages = new Map(readdirSync('protocols').filter(file => file.endsWith('.proto')).flatMap(file =>
  [...readFileSync(join('protocols', file), 'utf8').matchAll(/^message (\w+) \{([^}]*)\}/gm)].map(([, name, body]) => [name!, fieldsOf(body!)] as const)))
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts'))
  .map(file => ({ file, text: readFileSync(join('src', file), 'utf8') }))

function fieldsOf (body: string): Field[] {
  return [...body.matchAll(/^ +(repeated |map<\w+, )?([\w>]+) (\w+) = \d+(.*);/gm)].map(([, list, type, name, options]) =>
    ({ name: name!, type: type!, isList: list !== undefined, limit: Number(/limit = (\d+)/.exec(options!)?.[1] ?? NaN) || undefined }))
}

/** Lists anywhere in it: what two bytes each would be enough to fill the memory with. */
function hasLists (message: string): boolean {
  return messages.get(message)?.some(({ isList, type }) => isList || hasLists(type)) === true
}

describe('protocols', () => {
  it('every list has a limit', () => {
    const without = [...messages].flatMap(([message, fields]) => fields.filter(({ isList, limit }) => isList && limit === undefined).map(({ name }) => `${message}.${name}`))

    expect(messages.size).to.be.above(50)
    expect(without).to.deep.equal([])
  })

  it('a message with lists is never decoded without their limits, which generated code does not know by itself', () => {
    const decodes = sources.flatMap(({ file, text }) => [...text.matchAll(/\b(\w+)\.decode\(([^\n]*)/g)]
      .filter(([, message]) => hasLists(message!)).map(([call, message, rest]) => ({ at: `${file}: ${call}`, message: message!, rest: rest! })))
    const without = decodes.filter(({ rest }) => !/^(?:[^()]|\([^()]*\))+, *(?:DECODE\.|LIMITS|\{ limits|$)/.test(rest))

    expect(new Set(decodes.map(({ message }) => message)).size).to.be.above(15)
    expect(without.map(({ at }) => at)).to.deep.equal([])
  })
})
