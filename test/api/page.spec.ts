/** The plain page's own script, over a real API, in a document that only keeps what is put into it. */
import { expect } from 'chai'
import { createContext, runInContext } from 'node:vm'
import type { RunningApi } from '../../src/api/ports.js'
import { executionOf, inProcess, serve } from './ports-in-process.js'

class Element {
  textContent = ''
  className = ''
  children: Element[] = []
  append (...all: Element[]): void { this.children.push(...all) }
  replaceChildren (...all: Element[]): void { this.children = all }
}

describe('the plain page', () => {
  let api: RunningApi
  afterEach(async () => { await api.close() })

  /** What stands in it once it has asked for everything. */
  async function shown (): Promise<Record<'note' | 'peers' | 'executions', Element>> {
    const page = await (await fetch(api.url + '/')).text()
    const script = /<script>(.*)<\/script>/s.exec(page)?.[1] ?? ''
    const elements = { note: new Element(), peers: new Element(), executions: new Element() }
    await new Promise<void>(resolve => {
      runInContext(script, createContext({
        document: { getElementById: (id: keyof typeof elements) => elements[id], createElement: () => new Element() },
        sessionStorage: { getItem: () => null },
        fetch: async (path: string, init: RequestInit) => await fetch(api.url + path, init),
        setTimeout: resolve // it would begin anew
      }))
    })
    return elements
  }

  it('shows peers, and executions with who keeps them', async () => {
    const peer = inProcess()
    peer.executions.set('s1.0', executionOf('s1.0'))
    api = await serve(peer)

    const { note, peers, executions } = await shown()

    expect(note.textContent).to.match(/^2 of 3 peers answered/)
    expect(peers.children.map(row => row.children[0]?.textContent)).to.deep.equal(['one', 'two'])
    expect(executions.children.map(row => row.children.map(cell => cell.textContent)))
      .to.deep.equal([['s1.0', 'default/checkout:1.0.0', 'completed', 'final', '40 ms', 'one, two']])
  })
})
