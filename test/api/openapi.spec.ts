import { expect } from 'chai'
import { z } from 'zod'
import { describeApi } from '../../src/api/openapi.js'
import { ROUTES } from '../../src/api/routes.js'
import * as schemas from '../../src/api/schemas.js'
import type { RunningApi } from '../../src/api/ports.js'
import { executionOf, inProcess, serve, workflow } from './ports-in-process.js'
import type { InProcess } from './ports-in-process.js'

describe('openapi.json', () => {
  it('describes every route, and every reference in it has its schema', () => {
    const api = describeApi(ROUTES, '1') as { paths: Record<string, object>, components: { schemas: object } }

    const described = Object.entries(api.paths).flatMap(([path, methods]) => Object.keys(methods).map(method => `${method} ${path}`))
    const references = [...JSON.stringify(api).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name)

    expect(described).to.have.members(ROUTES.map(({ method, path }) => `${method} ${path.replace('{+', '{')}`))
    expect(references.filter(name => !Object.hasOwn(api.components.schemas, name ?? ''))).to.deep.equal([])
    expect(Object.keys(api.components.schemas)).to.include.members(['Execution', 'Manifest', 'Peer', 'Problem', 'Start'])
    expect(JSON.stringify(api)).to.not.contain('$defs')
  })

  describe('of a peer', () => {
    let peer: InProcess
    let api: RunningApi
    before(async () => { peer = inProcess(); api = await serve(peer) })
    after(async () => { await api.close() })

    it('says what the answers really are', async () => {
      peer.executions.set('e1', executionOf('e1'))
      ;(peer.view.workflows as Map<string, unknown>).set('default/pay:1.0.0', workflow('pay'))
      const answers: [string, z.ZodType][] = [
        ['/v1/peers', z.array(schemas.peerView.strict())], ['/v1/sets', z.array(schemas.setView.strict())], ['/v1/control', schemas.controlView.strict()],
        ['/v1/executions', schemas.executionList.strict()], ['/v1/executions/e1', schemas.execution.strict()], ['/v1/executions/e1/logs', z.array(schemas.log.strict())],
        ['/v1/workflows/pay', schemas.workflowView.strict()], ['/v1/nothing', schemas.problem.strict()]
      ]

      for (const [path, schema] of answers) {
        const body: unknown = await (await fetch(api.url + path)).json()
        expect(schema.safeParse(body).error?.issues, path).to.equal(undefined)
      }
    })
  })
})
