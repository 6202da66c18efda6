/**
 * YAML or JSON text to plain data with positions. The bounds come first: bytes before anything is read, depth while the
 * syntax is read and before anything recurses into it, the number of values while aliases are put in place. Only the core
 * schema of YAML 1.2 is read, so a document means the same here as its JSON form: no dates, no binary, no tags, no merge keys.
 */
import { Composer, Lexer, LineCounter, Parser, isAlias, isMap, isScalar, isSeq } from 'yaml'
import type { CST, Document, ParsedNode, Scalar, YAMLError } from 'yaml'
import { InvalidInputError, TooLargeError } from '../errors.js'
import { MAX_DOCUMENT_NODES, MAX_JSON_DEPTH, MAX_WORKFLOW_BYTES } from '../limits.js'
import { describe } from './source.js'
import type { Parsed, Positions } from './source.js'

/** How the composer says where: an offset, a range, or the token. */
type At = number | [number, ...number[]] | { offset: number }
type Node = ParsedNode | null | undefined
interface Reader { doc: Document.Parsed, file?: string, lines: LineCounter, nodes: number, anchors: Map<string, ParsedNode> }

const CORE_TAGS = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map(name => `tag:yaml.org,2002:${name}`))

/** YAML or JSON text of at most MAX_WORKFLOW_BYTES. Throws InvalidInputError with file, line, column; TooLargeError. */
export function parseWorkflow (text: string, file?: string): Parsed {
  const bytes = new TextEncoder().encode(text).byteLength
  if (bytes > MAX_WORKFLOW_BYTES) throw new TooLargeError(file ?? 'the document', bytes, MAX_WORKFLOW_BYTES)

  const lines = new LineCounter()
  const doc = compose(text, lines, file)
  const reader: Reader = { doc, file, lines, nodes: 0, anchors: new Map() }
  const document = plain(reader, doc.contents, 0)
  return { document, file, positions: positionsOf(doc, lines) }
}

function compose (text: string, lines: LineCounter, file?: string): Document.Parsed {
  const composer = new Composer({
    version: '1.2', schema: 'core', merge: false, uniqueKeys: false, prettyErrors: false, lineCounter: lines
  })
  // The composer goes on after mistakes and makes an error with a stack for each of the hundred thousand that a hostile
  // text can hold, which takes seconds. Its hook has no public name; a test keeps watch. What is thrown comes by again.
  let first: InvalidInputError | undefined
  const onError = (at: At, _code: string, message: string): never => {
    throw first ??= invalid(lines, file, offsetOf(at), message)
  }
  Object.assign(composer, { onError })
  let found: Document.Parsed | undefined
  for (const doc of composer.compose(tokens(text, lines, file), true, text.length)) {
    const problem: YAMLError | undefined = doc.errors[0] ?? doc.warnings[0]
    if (problem !== undefined) refuse(lines, file, problem.pos[0], problem.message)
    if (found !== undefined) refuse(lines, file, doc.range[0], 'a second document begins here; write one document in a file')
    found = doc
  }
  if (found === undefined || isEmpty(found.contents)) refuse(lines, file, 0, 'the document is empty')
  return found
}

/** The syntax tree of the text, refused as soon as it nests too deeply: what comes after recurses. */
function * tokens (text: string, lines: LineCounter, file?: string): Generator<CST.Token> {
  const parser = new Parser(lines.addNewLine)
  lines.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) {
      if (token.type === 'error') refuse(lines, file, token.offset, token.message)
      yield token
    }
    // One level of nesting is a collection and at most one item of it on the parser's stack.
    if (parser.stack.length > 2 * MAX_JSON_DEPTH) refuse(lines, file, parser.offset, `nested more than ${MAX_JSON_DEPTH} deep`)
  }
  yield * parser.end()
}

function offsetOf (at: At): number {
  if (typeof at === 'number') return at
  return Array.isArray(at) ? at[0] : at.offset
}

function plain (reader: Reader, node: Node, depth: number): unknown {
  if (++reader.nodes > MAX_DOCUMENT_NODES) {
    refuseAt(reader, node, `more than ${MAX_DOCUMENT_NODES} values once aliases are put in place`)
  }
  if (node == null) return null
  if (depth >= MAX_JSON_DEPTH && !isScalar(node)) refuseAt(reader, node, `nested more than ${MAX_JSON_DEPTH} deep`)
  if (isAlias(node)) return plain(reader, target(reader, node), depth)
  if (node.tag !== undefined && !CORE_TAGS.has(node.tag)) {
    refuseAt(reader, node, `tag \`${node.tag}\` is not part of YAML's core schema; write plain values`)
  }

  if (isScalar(node)) {
    remember(reader, node)
    return scalar(reader, node)
  }
  const value = isSeq(node) ? node.items.map(item => plain(reader, item as Node, depth + 1)) : mapping(reader, node, depth)
  // Only now: an alias inside its own anchor finds nothing, so there are no cycles.
  remember(reader, node)
  return value
}

function mapping (reader: Reader, node: Node, depth: number): Record<string, unknown> {
  const entries: [string, unknown][] = []
  const seen = new Set<string>()
  for (const pair of isMap(node) ? node.items : []) {
    const key = keyOf(reader, pair.key ?? node)
    if (seen.has(key)) refuseAt(reader, pair.key, `key \`${key}\` stands twice in this object`)
    seen.add(key)
    entries.push([key, plain(reader, pair.value, depth + 1)])
  }
  return Object.fromEntries(entries)
}

function keyOf (reader: Reader, node: Node): string {
  if (!isScalar(node)) refuseAt(reader, node, 'a key must be a text')
  remember(reader, node)
  const key = typeof node.value === 'string' ? node.value : node.source ?? ''
  if (key === '' && typeof node.value !== 'string') refuseAt(reader, node, 'a key must be a text')
  if (key === '__proto__') refuseAt(reader, node, 'key `__proto__` is not allowed')
  return key
}

function scalar (reader: Reader, node: Scalar.Parsed): unknown {
  const value: unknown = node.value
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) refuseAt(reader, node, `\`${node.source}\` is not a number JSON can hold`)
    if (Number.isInteger(value) && !Number.isSafeInteger(value) && /^[-+]?[0-9]+$/.test(node.source)) {
      refuseAt(reader, node, `\`${node.source}\` has more digits than a number can keep; write it as text, in quotes`)
    }
  }
  return value
}

function target (reader: Reader, alias: ParsedNode & { source: string }): Node {
  const node = reader.anchors.get(alias.source)
  if (node === undefined) refuseAt(reader, alias, `alias \`*${alias.source}\` has no anchor \`&${alias.source}\` before it`)
  return node
}

function remember (reader: Reader, node: ParsedNode): void {
  if ('anchor' in node && node.anchor !== undefined) reader.anchors.set(node.anchor, node)
}

function isEmpty (node: Node): boolean {
  return node == null || (isScalar(node) && node.value === null && node.source === '')
}

function refuseAt (reader: Reader, node: Node, message: string): never {
  return refuse(reader.lines, reader.file, node?.range[0] ?? 0, message)
}

function refuse (lines: LineCounter, file: string | undefined, offset: number, message: string): never {
  throw invalid(lines, file, offset, message)
}

function invalid (lines: LineCounter, file: string | undefined, offset: number, message: string): InvalidInputError {
  const { line, col } = lines.linePos(offset)
  const place = { file, line: Math.max(line, 1), column: Math.max(col, 1) }
  return new InvalidInputError(describe(place) + message, place)
}

/** Walks the syntax tree each time it is asked: only mistakes ask. */
function positionsOf (doc: Document.Parsed, lines: LineCounter): Positions {
  return {
    at (pointer, what = 'value') {
      const found = locate(doc, pointer, what)
      if (found == null) return undefined
      const { line, col } = lines.linePos(found.range[0])
      return { line, column: col }
    }
  }
}

/** The nearest part that exists: a field that is missing is reported where its object begins. */
function locate (doc: Document.Parsed, pointer: string, what: 'key' | 'value'): Node {
  let node: Node = doc.contents
  let key: Node = node
  for (const step of pointer.split('/').slice(1).map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'))) {
    if (isAlias(node)) node = node.resolve(doc) as Node
    if (isSeq(node)) {
      key = node = node.items[Number(step)] as Node
    } else if (isMap(node)) {
      const pair = node.items.find(item => isScalar(item.key) && String(item.key.source ?? item.key.value) === step)
      if (pair === undefined) return key
      key = pair.key
      node = pair.value ?? key
    } else {
      return key
    }
  }
  return what === 'key' ? key : node
}

