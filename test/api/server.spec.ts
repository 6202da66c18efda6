/** The edge of the API: statuses, problems, limits, who may ask. */
import { expect } from 'chai'
import { request as httpRequest } from 'node:http'
import type { IncomingMessage } from 'node:http'
import { connect, createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { RunningApi } from '../../src/api/ports.js'
import type { Problem } from '../../src/api/problem.js'
import { startApi } from '../../src/api/server.js'
import { InvalidInputError, OverloadedError, UnavailableError } from '../../src/errors.js'
import { MAX_API_BODY_BYTES, MAX_ARTEFACT_BYTES } from '../../src/limits.js'
import { executionOf, inProcess, OTHER, SELF, serve, workflow } from './ports-in-process.js'
import type { InProcess } from './ports-in-process.js'

describe('api (edge)', () => {
  let peer: InProcess
  let api: RunningApi

  beforeEach(async () => {
    peer = inProcess()
    api = await serve(peer)
  })
  afterEach(async () => { await api.close() })

  const post = async (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
    await fetch(api.url + path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body), headers })
  const problemOf = async (response: Response): Promise<Problem> => {
    expect(response.headers.get('content-type')).to.equal('application/problem+json')
    return await response.json() as Problem
  }

  it('accepts an execution with 202, its id and its location', async () => {
    peer.decided.workflows.set('default/checkout:1.0.0', workflow('checkout'))

    const response = await post('/v1/executions', { workflow: 'checkout' })

    expect(response.status).to.equal(202)
    const { id } = await response.json() as { id: string }
    expect(response.headers.get('location')).to.equal(`/v1/executions/${id}`)
  })

  it('asks the control plane before it calls a workflow unknown', async () => {
    const unknown = await post('/v1/executions', { workflow: 'checkout' })
    peer.decided.workflows.set('default/checkout:1.0.0', workflow('checkout'))
    const known = await post('/v1/executions', { workflow: 'checkout' })

    expect([unknown.status, known.status]).to.deep.equal([404, 202])
    expect(peer.refreshes).to.equal(2)
  })

  it('answers 503, not 404, for an unknown name when the control plane cannot be asked', async () => {
    peer.ports.control.refresh = async () => { throw new UnavailableError('no quorum', [OTHER]) }

    const response = await post('/v1/executions', { workflow: 'checkout' })

    expect(response.status).to.equal(503)
    expect(response.headers.get('retry-after')).to.equal('1')
    expect((await problemOf(response)).owes).to.deep.equal([OTHER])
  })

  it('answers ?wait with 200 when the outcome is final, and with 202 when it is not or waiting fails', async () => {
    peer.decided.workflows.set('default/checkout:1.0.0', workflow('checkout'))
    const final = await post('/v1/executions?wait=30s', { workflow: 'checkout' })
    peer.ports.executions.waitFinal = async () => undefined
    const late = await post('/v1/executions?wait=1ms', { workflow: 'checkout' })
    peer.ports.executions.waitFinal = async () => { throw new UnavailableError('its replicas are away') }
    const unreachable = await post('/v1/executions?wait=1ms', { workflow: 'checkout' })

    expect([final.status, late.status, unreachable.status]).to.deep.equal([200, 202, 202])
    expect(await final.json()).to.include({ status: 'completed', final: true })
  })

  it('names the field that is wrong in a start', async () => {
    const answers = await Promise.all([
      { workflow: 5 }, { workflow: 'a', copies: 9 }, { workflow: 'a', inptu: 1 }, {}, [], null, { workflow: 'a', version: 'latest' }
    ].map(async body => {
      const response = await post('/v1/executions', body)
      return [response.status, (await problemOf(response)).field]
    }))

    expect(answers).to.deep.equal([
      [400, 'workflow'], [400, 'copies'], [400, 'inptu'], [400, 'workflow'], [400, undefined], [400, undefined], [400, 'version']
    ])
  })

  it('names the field that is wrong in a query', async () => {
    const wait = await problemOf(await post('/v1/executions?wait=soon', { workflow: 'a' }))
    const long = await problemOf(await post('/v1/executions?wait=3h', { workflow: 'a' }))
    const limit = await problemOf(await fetch(api.url + '/v1/executions?limit=0'))
    const status = await problemOf(await fetch(api.url + '/v1/executions?status=done'))

    expect([wait, long, limit, status].map(({ status, field }) => `${status} ${field}`))
      .to.deep.equal(['400 wait', '400 wait', '400 limit', '400 status'])
  })

  it('says where a body stops being JSON', async () => {
    const problem = await problemOf(await post('/v1/executions', '{\n  "workflow": oops }'))

    expect(problem).to.include({ status: 400, type: 'urn:flowmesh:problem:invalid', instance: '/v1/executions', retrySafe: false })
    expect(problem.detail).to.match(/not JSON/)
  })

  it('refuses an empty body, one that is not UTF-8, and one that nests too deep', async () => {
    const bodies = ['', Buffer.from([0x7b, 0xff, 0x7d]), `{"workflow":"a","input":${'['.repeat(300)}${']'.repeat(300)}}`]
    const problems = await Promise.all(bodies.map(async body =>
      await problemOf(await fetch(api.url + '/v1/executions', { method: 'POST', body: body as RequestInit['body'] }))))

    expect(problems.map(({ status }) => status)).to.deep.equal([400, 400, 400])
    expect(problems.map(({ detail }) => detail).join(' ')).to.match(/empty.*UTF-8.*deeper than 256/s)
  })

  it('takes brackets in strings for what they are', async () => {
    peer.decided.workflows.set('default/checkout:1.0.0', workflow('checkout'))

    const response = await post('/v1/executions', { workflow: 'checkout', input: { text: '['.repeat(1000) + '\\"' + '['.repeat(1000), 'key"[': '\\' } })

    expect(response.status).to.equal(202)
  })

  it('refuses a body over the limit before it is sent, and while it is sent without a length', async () => {
    const announced = await raw(api, 'POST', '/v1/executions', { 'content-length': String(MAX_API_BODY_BYTES + 1) })
    const chunk = Buffer.alloc(1 << 20, 32)
    const chunked = await raw(api, 'POST', '/v1/executions', { 'transfer-encoding': 'chunked' }, request => {
      for (let sent = 0; sent <= MAX_API_BODY_BYTES; sent += chunk.length) request.write(chunk)
      request.end()
    })
    const blob = await raw(api, 'PUT', '/v1/blobs', { 'content-length': String(MAX_ARTEFACT_BYTES + 1) })

    expect([announced.statusCode, chunked.statusCode, blob.statusCode]).to.deep.equal([413, 413, 413])
    expect(await (await fetch(api.url + '/healthz')).json()).to.deep.equal({ status: 'ok' })
  })

  it('reads so many large bodies at once and no more, and goes on when they are gone', async () => {
    const length = 60 * 1024 * 1024
    const upload = (): ReturnType<typeof httpRequest> => {
      const request = httpRequest({ host: '127.0.0.1', port: api.port, method: 'PUT', path: '/v1/blobs', headers: { 'content-length': length }, agent: false })
      request.on('error', () => {})
      request.flushHeaders()
      return request
    }
    const held = Array.from({ length: 4 }, upload)
    await new Promise(resolve => setTimeout(resolve, 300))
    const refused = await raw(api, 'PUT', '/v1/blobs', { 'content-length': String(length) })
    const small = await fetch(api.url + '/v1/blobs', { method: 'PUT', body: 'small' })
    for (const request of held) request.destroy()
    await new Promise(resolve => setTimeout(resolve, 300))
    const after = await fetch(api.url + '/v1/blobs', { method: 'PUT', body: Buffer.alloc(length) })

    expect([refused.statusCode, small.status, after.status]).to.deep.equal([429, 201, 201])
  })

  it('takes a thousand starts at once', async () => {
    peer.decided.workflows.set('default/checkout:1.0.0', workflow('checkout'))

    const statuses = await Promise.all(Array.from({ length: 1000 }, async () => (await post('/v1/executions?wait=1s', { workflow: 'checkout' })).status))

    expect(statuses.every(status => status === 200)).to.equal(true)
  })

  it('keeps inputs of null, of 5 MB, and of any script', async () => {
    peer.decided.workflows.set('default/checkout:1.0.0', workflow('checkout'))
    for (const input of [null, 'x'.repeat(5_000_000), { 'ключ': ['日本', '\u0000', '👩‍🚀', '\ud800'] }]) {
      const view = await (await post('/v1/executions?wait=1s', { workflow: 'checkout', input })).json() as { input: unknown }
      expect(view.input).to.deep.equal(input)
    }
  })

  it('gives the same execution for the same key, and 409 for another input', async () => {
    peer.decided.workflows.set('default/checkout:1.0.0', workflow('checkout'))
    const start = async (input: unknown): Promise<Response> => await post('/v1/executions', { workflow: 'checkout', key: 'k', input })

    const [first, again, other] = [await start(1), await start(1), await start(2)]

    expect(await again.json()).to.deep.equal(await first.json())
    expect(other.status).to.equal(409)
  })

  it('tells an overloaded peer from one that cannot be reached', async () => {
    peer.ports.executions.start = async () => { throw new OverloadedError('full') }

    const response = await post('/v1/executions', { workflow: 'a' })

    expect(response.status).to.equal(429)
    expect(response.headers.get('retry-after')).to.equal('1')
  })

  it('reports what breaks inside as 500 and logs it, and goes on', async () => {
    await api.close()
    const logged: unknown[] = []
    api = await serve(peer, { log: (_, err) => { logged.push(err) } })
    peer.ports.executions.read = async () => { throw new TypeError('a bug') }

    const response = await fetch(api.url + '/v1/executions/x')

    expect(response.status).to.equal(500)
    expect((await problemOf(response)).type).to.equal('urn:flowmesh:problem:failed')
    expect(logged).to.have.length(1)
    expect((await fetch(api.url + '/healthz')).status).to.equal(200)
  })

  it('lists peers, itself included, sets and the control plane with peer ids', async () => {
    const [peers, sets, control] = await Promise.all(['peers', 'sets', 'control'].map(async name =>
      await (await fetch(`${api.url}/v1/${name}`)).json() as Record<string, unknown>[]))

    expect(peers?.map(({ peer, status, load, controller }) => ({ peer, status, load, controller }))).to.deep.equal([
      { peer: SELF, status: 'alive', load: 0.25, controller: true }, { peer: OTHER, status: 'alive', load: null, controller: false }
    ])
    expect(sets?.[0]).to.include({ name: 's1', number: 3, copies: 2, whole: false }).and.have.deep.property('replicas', [SELF, OTHER])
    expect(control).to.deep.include({ leader: SELF, voters: [SELF], quorum: true, commitIndex: 9, staleMs: 12 })
  })

  it('finds one peer by id or name, and one set by name', async () => {
    const statuses = await Promise.all([`peers/${OTHER}`, 'peers/two', 'peers/three', 'sets/s1', 'sets/s2']
      .map(async path => (await fetch(`${api.url}/v1/${path}`)).status))

    expect(statuses).to.deep.equal([200, 200, 404, 200, 404])
  })

  it('makes invitations with their expiry in UTC', async () => {
    const response = await post('/v1/invites', { role: 'deployer', uses: 2, ttl: '1h' })
    const wrong = await problemOf(await post('/v1/invites', { role: 'king' }))

    expect([response.status, await response.json()]).to.deep.equal([201, { token: 'token-1', expiresAt: '2026-01-02T00:00:00.000Z' }])
    expect(wrong.field).to.equal('role')
  })

  it('says by name what is not in this version', async () => {
    for (const verb of ['suspend', 'resume', 'restart', 'settle']) {
      const response = await post(`/v1/executions/x/${verb}`, {})
      expect(response.status, verb).to.equal(501)
      expect((await problemOf(response)).detail).to.contain(verb)
    }
  })

  it('answers an unknown route with a problem', async () => {
    const problem = await problemOf(await fetch(api.url + '/v2/executions'))

    expect(problem).to.include({ status: 404, instance: '/v2/executions' })
  })

  it('cancels with and without a reason, and refuses a wrong one', async () => {
    peer.executions.set('e1', executionOf('e1'))
    const statuses = [
      (await post('/v1/executions/e1/cancel', '')).status, (await post('/v1/executions/e1/cancel', { reason: 'late' })).status,
      (await post('/v1/executions/e1/cancel', { reason: 5 })).status, (await post('/v1/executions/none/cancel', '')).status
    ]

    expect(statuses).to.deep.equal([202, 202, 400, 404])
    expect(peer.executions.get('e1')?.status).to.equal('cancelled')
  })

  it('serves metrics, readiness and its reason', async () => {
    const metrics = await (await fetch(api.url + '/metrics')).text()
    peer.ports.readiness = () => ({ ready: false, reason: 'loading 12 branches' })
    const notReady = await fetch(api.url + '/readyz')

    expect(metrics).to.equal('flowmesh_steps_total 7\n')
    expect([notReady.status, (await problemOf(notReady)).detail]).to.deep.equal([503, 'loading 12 branches'])
  })

  it('serves the page with a policy that lets only its own script run', async () => {
    const response = await fetch(api.url + '/')

    expect(response.headers.get('content-security-policy')).to.match(/default-src 'none'.*script-src 'sha256-/)
    expect(await response.text()).to.match(/^<!doctype html>/).and.not.match(/innerHTML/)
  })

  describe('who may ask', () => {
    it('refuses a host name that is not of this machine, as a rebound name of a web page would be', async () => {
      const statuses = await Promise.all(['evil.example', 'localhost', '127.0.0.1:80', '[::1]:1', 'localhost.evil.example']
        .map(async host => (await raw(api, 'GET', '/healthz', { host })).statusCode))

      expect(statuses).to.deep.equal([403, 200, 200, 200, 403])
    })

    it('refuses pages of other origins and grants no cross-origin reading', async () => {
      const foreign = await post('/v1/invites', {}, { origin: 'https://evil.example' })
      const own = await post('/v1/invites', {}, { origin: api.url })

      expect([foreign.status, own.status]).to.deep.equal([403, 201])
      expect(own.headers.get('access-control-allow-origin')).to.equal(null)
    })

    it('needs a token when it is bound to more than loopback', async () => {
      const err = await startApi({ host: '0.0.0.0', port: 0 }, peer.ports).then(() => undefined, (err: unknown) => err)
      expect(err).to.be.instanceOf(InvalidInputError)
      const open = await startApi({ host: '0.0.0.0', port: 0, token: 'secret' }, peer.ports)
      const url = `http://127.0.0.1:${open.port}`

      const statuses = await Promise.all([undefined, 'Bearer wrong', 'Bearer secret'].map(async authorization =>
        (await fetch(url + '/v1/peers', { headers: authorization === undefined ? {} : { authorization } })).status))
      const health = (await fetch(url + '/healthz')).status
      await open.close()

      expect(statuses).to.deep.equal([401, 401, 200])
      expect(health).to.equal(200)
    })
  })

  it('names the port that is in use and what to do', async () => {
    const err = await serve(peer, { port: api.port }).then(() => undefined, (err: unknown) => err)

    expect(err).to.be.instanceOf(InvalidInputError)
    expect((err as InvalidInputError).message).to.contain(`port ${api.port} of 127.0.0.1 is in use`).and.contain('--api')
  })

  it('takes the remembered port for port 0 when it is free, and another when it is taken', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => holder.once('listening', resolve))
    const { port } = holder.address() as AddressInfo
    const other = await serve(peer, { rememberedPort: port })
    await other.close()
    await new Promise(resolve => holder.close(resolve))
    const same = await serve(peer, { rememberedPort: port })
    await same.close()

    expect(other.port).to.not.equal(port)
    expect(same.port).to.equal(port)
  })

  it('closes within its grace although a client holds a connection and a stream', async () => {
    const socket = connect(api.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST /v1/executions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 10\r\n\r\n')
    const stream = await fetch(api.url + '/v1/events/stream')
    const from = performance.now()

    await api.close()

    expect(performance.now() - from).to.be.below(3000)
    expect(await stream.text()).to.contain(': closing')
    api = await serve(peer)
  })
})

/** A request whose headers are under control. Resolves with the answer, whatever becomes of the rest of the body. */
async function raw (api: RunningApi, method: string, path: string, headers: Record<string, string>, write?: (request: ReturnType<typeof httpRequest>) => void): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port: api.port, method, path, headers, agent: false }, response => {
      response.resume()
      response.once('end', () => { resolve(response); request.destroy() })
    })
    request.on('error', (err: NodeJS.ErrnoException) => { if (err.code !== 'ECONNRESET' && err.code !== 'EPIPE') reject(err) })
    if (write !== undefined) write(request)
    else if (headers['content-length'] === undefined) request.end()
    else request.flushHeaders()
  })
}
