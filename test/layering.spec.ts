/** The shape of the source tree: import order, purity, size, and a reading order that matches what is there. */
import { expect } from 'chai'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative, sep } from 'node:path'
import ts from 'typescript'

interface Layer { name: string, pure: boolean }
interface Source { file: string, layer: string, lines: number, tree: ts.SourceFile }

const MAX_LINES = 400
/** Besides what a pure layer may use everywhere: hashing is synchronous. */
const PURE_PACKAGES: Record<string, RegExp> = { workflow: /^(yaml|@noble\/hashes)(\/|$)/ }
const PURE_EVERYWHERE = /^@noble\/hashes(\/|$)/
/** What brings in a clock, chance or asynchrony. */
const IMPURE_NAMES = new Set(['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'performance', 'process', 'Promise', 'fetch', 'crypto', 'globalThis', 'require'])
const IMPURE_MEMBERS = new Set(['Date.now', 'Math.random'])
const GENERATED = /(^|\/)generated\//

const layers = readLayers()
const sources = list('src').filter(file => !GENERATED.test(file)).map(read)
const tests = [...list('test'), ...list('scripts')].map(read)

describe('layering', () => {
  it('src/README.md lists what is in src/, and nothing else', () => {
    const there = readdirSync('src', { withFileTypes: true })
      .filter(({ name }) => name !== 'README.md')
      .map(entry => entry.isDirectory() ? `${entry.name}/` : entry.name)

    expect(layers.map(({ name }) => name)).to.have.members(there)
  })

  it('a file imports from its own layer and from those above it', () => {
    const wrong = sources.flatMap(source => importsOf(source)
      .filter(path => path.startsWith('.'))
      .map(path => layerOf(normalize(join(dirname(source.file), path))))
      .filter(target => target !== 'protocols' && rank(target) > rank(source.layer))
      .map(target => `${source.file} imports ${target}, which stands below ${source.layer}`))

    expect(wrong).to.deep.equal([])
  })

  it('a pure layer uses no Node built-in, no libp2p, and no package but those named', () => {
    const wrong = pureSources().flatMap(source => importsOf(source)
      .filter(path => !path.startsWith('.') && !PURE_EVERYWHERE.test(path) && PURE_PACKAGES[source.layer.replace('/', '')]?.test(path) !== true)
      .map(path => `${source.file} imports ${path}`))

    expect(wrong).to.deep.equal([])
  })

  it('a pure layer imports nothing that is not pure', () => {
    const wrong = pureSources().flatMap(source => importsOf(source)
      .filter(path => path.startsWith('.'))
      .map(path => layerOf(normalize(join(dirname(source.file), path))))
      .filter(target => layers.find(({ name }) => name === target)?.pure !== true)
      .map(target => `${source.file} imports ${target}`))

    expect(wrong).to.deep.equal([])
  })

  it('a pure layer has no clock, no chance and nothing asynchronous', () => {
    const wrong = pureSources().flatMap(source => impurities(source).map(what => `${source.file} uses ${what}`))

    expect(wrong).to.deep.equal([])
  })

  it('examples import nothing of src/', () => {
    const wrong = list('examples').map(read).flatMap(source => importsOf(source).filter(path => path.includes('/src/')).map(path => `${source.file}: ${path}`))

    expect(wrong).to.deep.equal([])
  })

  it('hand-written files have at most 400 lines', () => {
    const long = [...sources, ...tests].filter(({ lines }) => lines > MAX_LINES).map(({ file, lines }) => `${file} has ${lines}`)

    expect(long).to.deep.equal([])
  })

  it('nothing is exported by default or wholesale', () => {
    const wrong = [...sources, ...tests].filter(({ tree }) => some(tree, node =>
      (ts.isExportAssignment(node)) || (ts.isExportDeclaration(node) && node.exportClause === undefined) ||
      (ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword) === true)))

    expect(wrong.map(({ file }) => file)).to.deep.equal([])
  })

  it('every test runs: none alone, none skipped', () => {
    const wrong = tests.filter(({ tree }) => some(tree, node => ts.isPropertyAccessExpression(node) &&
      ['only', 'skip'].includes(node.name.text) && /^(it|describe|context|this)$/.test(node.expression.getText(tree))))

    expect(wrong.map(({ file }) => file)).to.deep.equal([])
  })

  it('every folder of src/ has a door, but the command line, which nobody imports', () => {
    const without = layers.filter(({ name }) => name.endsWith('/') && name !== 'cli/' && !existsSync(join('src', name, 'index.ts')))

    expect(without.map(({ name }) => name)).to.deep.equal([])
  })
})

function readLayers (): Layer[] {
  const [, list = ''] = /```\n([\s\S]*?)```/.exec(readFileSync('src/README.md', 'utf8')) ?? []
  return list.trimEnd().split('\n').map(line => ({ name: /^\S+/.exec(line)?.[0] ?? '', pure: /\spure$/.test(line) }))
}

function pureSources (): Source[] {
  return sources.filter(({ layer }) => layers.find(({ name }) => name === layer)?.pure === true)
}

function list (folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts') && !file.includes('node_modules')).map(file => join(folder, file)).sort()
}

function read (file: string): Source {
  const text = readFileSync(file, 'utf8')
  return { file, layer: layerOf(file), lines: text.trimEnd().split('\n').length, tree: ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true) }
}

/** `src/mesh/session.ts` is of `mesh/`, `src/peer.ts` (imported as `src/peer.js`) of `peer.ts`. */
function layerOf (file: string): string {
  const [top = '', first = '', ...rest] = relative('.', file).split(sep)
  if (top !== 'src') return top
  return rest.length > 0 ? `${first}/` : first.replace(/\.js$/, '.ts')
}

function rank (layer: string): number {
  const at = layers.findIndex(({ name }) => name === layer)
  return at === -1 ? Infinity : at
}

function importsOf ({ tree }: Source): string[] {
  const found: string[] = []
  some(tree, node => {
    const from = (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) ? node.moduleSpecifier
      : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword ? node.arguments[0]
        : ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
    if (from !== undefined && ts.isStringLiteral(from)) found.push(from.text)
    return false
  })
  return found
}

function impurities ({ tree }: Source): string[] {
  const found: string[] = []
  some(tree, node => {
    if (ts.isAwaitExpression(node) || node.kind === ts.SyntaxKind.AsyncKeyword) found.push('async')
    if (ts.isPropertyAccessExpression(node) && IMPURE_MEMBERS.has(node.getText(tree))) found.push(node.getText(tree))
    if (ts.isNewExpression(node) && node.expression.getText(tree) === 'Date' && (node.arguments?.length ?? 0) === 0) found.push('new Date()')
    if (ts.isIdentifier(node) && IMPURE_NAMES.has(node.text) && isUse(node)) found.push(node.text)
    return false
  })
  return found
}

/** A name that is read, rather than a property, a field or a declaration that happens to be called so. */
function isUse (node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) return parent.name !== node
  return !(ts.isParameter(parent) || ts.isVariableDeclaration(parent) || ts.isBindingElement(parent) || ts.isMethodSignature(parent) || ts.isMethodDeclaration(parent)) || parent.name !== node
}

function some (node: ts.Node, test: (node: ts.Node) => boolean): boolean {
  return test(node) || (ts.forEachChild(node, child => some(child, test)) ?? false)
}
