/**
 * The documents say what is there: verbs, options and scripts exist, links and paths lead somewhere, workflows and manifests
 * in them compile, every message kind and every decision is listed.
 */
import { expect } from 'chai'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { compileWorkflow, parseFunctionManifest } from '../src/workflow/index.js'
import { flowmesh } from './cli/command.js'

interface Document { file: string, text: string }
interface Block { file: string, language: string, text: string }

const FOLDERS = ['bootstrap', 'docs', 'examples', 'protocols', 'src']
const TOP = /^(bootstrap|docs|examples|protocols|scripts|src|test)\//
const documents: Document[] = ['README.md', ...FOLDERS.flatMap(pagesIn)].map(file => ({ file, text: readFileSync(file, 'utf8') }))
const blocks = documents.flatMap(fenced)

describe('documents', () => {
  it('each command line in them is one that there is, with options that it has', async () => {
    const wrong: string[] = []
    const verbs = new Map([...(await help()).matchAll(/^ {2}([a-z]+)\b/gm)].map(([, verb = '']) => [verb, help(verb)]))
    for (const { file, verb, options } of documents.flatMap(commandsIn)) {
      const said = await verbs.get(verb)
      if (said === undefined) wrong.push(`${file}: there is no verb "${verb}"`)
      else wrong.push(...options.filter(option => !new RegExp(`\\s${option}\\b`).test(said)).map(option => `${file}: "${verb}" has no ${option}`))
    }

    expect(verbs.size).to.be.greaterThan(10)
    expect(wrong).to.deep.equal([])
  })

  it('each `npm run` in them is a script of package.json', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
    const named = documents.flatMap(({ file, text }) => [...text.matchAll(/\bnpm run ([a-z]+)/g)].map(([, name = '']) => ({ file, name })))

    expect(named.length).to.be.greaterThan(4)
    expect(named.filter(({ name }) => scripts[name] === undefined)).to.deep.equal([])
  })

  it('each relative link in them leads to a file', () => {
    const links = documents.flatMap(({ file, text }) => [...text.matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map(([, link = '']) => ({ file, link })))
    const relative = links.filter(({ link }) => !/^[a-z]+:/.test(link))

    expect(relative.length).to.be.greaterThan(10)
    expect(relative.filter(({ file, link }) => !existsSync(normalize(join(dirname(file), link))))).to.deep.equal([])
  })

  it('each path in them that begins at the top of the tree is there', () => {
    const paths = documents.flatMap(({ file, text }) => [...text.matchAll(/`([\w./-]+)`/g)].map(([, path = '']) => ({ file, path })))
    const ours = paths.filter(({ path }) => TOP.test(path) && path !== 'docs/decisions/NNNN-title.md')

    expect(ours.length).to.be.greaterThan(10)
    expect(ours.filter(({ path }) => !existsSync(path))).to.deep.equal([])
  })

  it('src/README.md names files by their folder, and they are there', () => {
    const text = readFileSync('src/README.md', 'utf8')
    const paths = [...text.matchAll(/`([a-z]+\/[\w/-]+\.ts)`/g)].map(([, path = '']) => path).filter(path => !TOP.test(path))

    expect(paths.length).to.be.greaterThan(15)
    expect(paths.filter(path => !existsSync(join('src', path)))).to.deep.equal([])
  })

  it('each workflow in them compiles, and each manifest is one', () => {
    const workflows = blocks.filter(({ language, text }) => language === 'yaml' && /^document:/m.test(text))
    const manifests = blocks.filter(({ language, text }) => language === 'yaml' && /^runtime:/m.test(text))

    expect(workflows.length).to.be.greaterThan(0)
    expect(manifests.length).to.be.greaterThan(0)
    for (const { file, text } of workflows) compileWorkflow(text, file)
    for (const { file, text } of manifests) parseFunctionManifest(text, file)
  })

  it('protocols/README.md lists every kind of message that the code sends, and no other', () => {
    const sources = filesIn('src').filter(file => file.endsWith('.ts')).map(file => readFileSync(file, 'utf8'))
    const sent = sources.flatMap(text => [...text.matchAll(/const (?:\w*KINDS?|PEERS|CERTIFICATE) = (.*)$/gm)].flatMap(([, value = '']) => [...value.matchAll(/'([a-z]+\/[a-z]+)'/g)].map(([, kind = '']) => kind)))
    const listed = [...readFileSync('protocols/README.md', 'utf8').matchAll(/^\| `((?:mesh|checkpoint|sidecar|control|catalog)\/[a-z]+)`/gm)].map(([, kind = '']) => kind)

    expect(sent.length).to.be.greaterThan(20)
    expect([...listed].sort()).to.deep.equal([...sent].sort())
  })

  it('docs/decisions/README.md lists every decision by its title, under a number of its own', () => {
    const pages = readdirSync('docs/decisions').filter(name => name !== 'README.md')
    const titles = pages.map(name => /^# (\d{4}) (.+)$/m.exec(readFileSync(join('docs/decisions', name), 'utf8'))?.slice(1, 3).join(' '))
    const listed = [...readFileSync('docs/decisions/README.md', 'utf8').matchAll(/^\| \[(\d{4})\]\(\1-[\w-]+\.md\) \| (.+) \|$/gm)].map(([, number, title]) => `${number} ${title}`)

    expect(titles).to.have.members(listed)
    expect(new Set(pages.map(name => name.slice(0, 4))).size).to.equal(pages.length)
  })
})

async function help (verb?: string): Promise<string> {
  const { code, stdout } = await flowmesh(verb === undefined ? ['--help'] : ['help', verb])
  expect(code).to.equal(0)
  return stdout
}

/** Command lines in indented or fenced blocks, and verbs named in a sentence. */
function commandsIn ({ file, text }: Document): { file: string, verb: string, options: string[] }[] {
  const verbs = [...text.matchAll(/`flowmesh ([a-z]+)[^`]*`/g)].map(([, verb = '']) => ({ file, verb, options: [] }))
  const lines = [...text.matchAll(/^ {4}flowmesh ([a-z]+)(.*)$/gm)].map(([, verb = '', rest = '']) => {
    const own = rest.replace(/\s#.*$/, '').replace(/"\$\(.*?\)"/g, '').replace(/'[^']*'/g, '')
    return { file, verb, options: [...own.matchAll(/\s(--[a-z-]+)/g)].map(([, option = '']) => option) }
  })
  return [...verbs, ...lines].filter(({ verb }) => verb !== 'help')
}

function fenced ({ file, text }: Document): Block[] {
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```/gm)].map(([, language = '', inside = '']) => ({ file, language, text: inside }))
}

function pagesIn (folder: string): string[] {
  return filesIn(folder).filter(file => file.endsWith('.md'))
}

function filesIn (folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => !file.includes('node_modules')).map(file => join(folder, file))
}
