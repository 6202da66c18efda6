import { expect } from 'chai'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createTcpServer } from 'node:net'
import { callHttp } from '../../src/runtime/index.js'
import type { IncomingMessage, RequestListener, Server } from 'node:http'
import type { AddressInfo, Server as TcpServer } from 'node:net'
import type { HttpCall, HttpOptions, HttpResult } from '../../src/runtime/index.js'

const options = (more: Partial<HttpOptions> = {}): HttpOptions => ({ timeoutMs: 3000, signal: new AbortController().signal, ...more })

describe('http', () => {
  const servers: (Server | TcpServer)[] = []
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      if ('closeAllConnections' in server) server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  })

  async function serve (listener: RequestListener): Promise<string> {
    return await listen(createServer(listener))
  }

  async function listen (server: Server | TcpServer): Promise<string> {
    servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  function get (url: string, more: Partial<HttpOptions> = {}): Promise<HttpResult> {
    return callHttp({ method: 'GET', url, headers: {} }, options(more))
  }

  it('sends method, headers and body, and gives back status, headers and body', async () => {
    const url = await serve((request, response) => {
      void readBody(request).then(body => {
        response.writeHead(201, { 'x-seen': `${request.method} ${request.url} ${request.headers['idempotency-key'] as string}` }).end(body.toUpperCase())
      })
    })

    const result = await callHttp({ method: 'POST', url: url + '/orders?n=1', headers: { 'idempotency-key': 'k1' }, body: 'zażółć' }, options())

    expect(result).to.deep.include({ ok: true, status: 201 })
    expect(result.ok && result.headers['x-seen']).to.equal('POST /orders?n=1 k1')
    expect(result.ok && Buffer.from(result.body).toString()).to.equal('ZAŻÓŁĆ')
  })

  it('keeps its connection from call to call', async () => {
    const ports = new Set<number | undefined>()
    const url = await serve((request, response) => {
      ports.add(request.socket.remotePort)
      response.end()
    })

    for (let i = 0; i < 5; i++) await get(url)

    expect(ports.size).to.equal(1)
  })

  it('makes errors of 4xx and 5xx, and says which may pass', async () => {
    const url = await serve((request, response) => { response.writeHead(Number(request.url!.slice(1))).end('no such order') })
    const results = await Promise.all([400, 404, 408, 429, 500, 503].map(status => get(`${url}/${status}`)))

    expect(results.map(result => !result.ok && [result.error.status, result.retryable, result.notDone])).to.deep.equal([
      [400, false, false], [404, false, false], [408, true, false], [429, true, false], [500, true, false], [503, true, false]
    ])
    expect(results[1]).to.have.nested.property('error.type').that.matches(/communication$/)
    expect(results[1]).to.have.nested.property('error.detail').that.includes('no such order')
  })

  it('believes an answer that says that nothing was done', async () => {
    const url = await serve((_request, response) => { response.writeHead(503, { 'FlowMesh-Not-Done': 'true' }).end() })

    expect(await get(url)).to.deep.include({ ok: false, notDone: true })
  })

  it('takes a redirection as an error, or as the answer where that is wanted', async () => {
    const url = await serve((_request, response) => { response.writeHead(302, { location: '/elsewhere' }).end() })

    expect(await get(url)).to.have.nested.property('error.status', 302)
    expect(await get(url, { redirect: true })).to.deep.include({ ok: true, status: 302 })
  })

  it('knows that a refused connection did nothing', async () => {
    const url = await serve((_request, response) => { response.end() })
    const server = servers.pop()!
    server.close()
    await once(server, 'close')

    expect(await get(url)).to.deep.include({ ok: false, retryable: true, notDone: true })
  })

  it('knows that a host without an address did nothing', async () => {
    expect(await get('http://no-such-host.invalid/')).to.deep.include({ ok: false, notDone: true })
  })

  it('does not know what a connection that broke has done', async () => {
    const url = await serve(request => { request.socket.destroy() })

    expect(await callHttp({ method: 'POST', url, headers: {}, body: '{}' }, options())).to.deep.include({ ok: false, retryable: true, notDone: false })
  })

  it('asks again when a kept connection was closed meanwhile, but only where that is harmless', async () => {
    const seen: string[] = []
    const url = await serve((request, response) => {
      seen.push(request.method!)
      if (seen.length % 2 === 0) request.socket.destroy()
      else response.end('ok')
    })

    const results = [await get(url), await get(url), await callHttp({ method: 'POST', url, headers: {} }, options())]

    expect(results.map(result => result.ok)).to.deep.equal([true, true, false])
    expect(seen).to.deep.equal(['GET', 'GET', 'GET', 'POST'])
  })

  it('ends at its deadline, whether nothing comes or a byte now and then', async () => {
    const silent = await serve(() => {})
    const slow = await serve((_request, response) => {
      const timer = setInterval(() => response.write('x'), 20)
      response.on('close', () => { clearInterval(timer) })
    })
    for (const url of [silent, slow]) {
      const start = performance.now()
      const result = await get(url, { timeoutMs: 150 })
      expect(performance.now() - start).to.be.within(140, 1500)
      expect(result).to.deep.include({ ok: false, retryable: true, notDone: false })
      expect(result).to.have.nested.property('error.status', 408)
    }
  })

  it('ends when it is aborted', async () => {
    const url = await serve(() => {})

    expect(await get(url, { signal: AbortSignal.timeout(50) })).to.have.nested.property('error.title', 'Call aborted')
    expect(await get(url, { signal: AbortSignal.abort() })).to.deep.include({ ok: false, notDone: true })
  })

  it('stops reading an answer over the limit', async () => {
    let written = 0
    const url = await serve((_request, response) => {
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64 << 10))) written += 64 << 10
      }
      response.on('drain', more)
      more()
    })

    const result = await get(url, { maxBytes: 1 << 20 })

    expect(result).to.have.nested.property('error.title', 'Answer too large')
    expect(written).to.be.below(32 << 20)
  })

  it('reports what is no HTTP answer', async () => {
    const url = await listen(createTcpServer(socket => {
      socket.on('error', () => {}).resume()
      socket.end('SSH-2.0-OpenSSH_9.6\r\n')
    }))

    expect(await get(url)).to.deep.include({ ok: false, retryable: true, notDone: false })
  })

  it('sends calls of a mapped host elsewhere under its own name', async () => {
    const seen: string[] = []
    const url = await serve((request, response) => {
      seen.push(`${request.headers.host} ${request.url}`)
      response.end()
    })

    await get('https://api.shop.example/pay?x=1', { hostMap: { 'api.shop.example': url } })
    await get('http://bank.example:8443/pay', { hostMap: { 'bank.example:8443': url + '/stub/' } })

    expect(seen).to.deep.equal(['api.shop.example /pay?x=1', 'bank.example:8443 /stub/pay'])
  })

  it('refuses what cannot be asked, saying that nothing was done', async () => {
    const url = await serve((_request, response) => { response.end() })
    const calls: HttpCall[] = [
      { method: 'GET', url: 'not a url', headers: {} },
      { method: 'GET', url: 'file:///etc/passwd', headers: {} },
      { method: 'BAD METHOD', url, headers: {} },
      { method: 'GET', url, headers: { 'x-bad': 'line\r\nbreak' } }
    ]
    for (const call of calls) {
      expect(await callHttp(call, options())).to.deep.include({ ok: false, retryable: false, notDone: true })
    }
  })

  it('shows neither query nor credentials in its errors', async () => {
    const url = (await serve((_request, response) => { response.writeHead(500).end() })).replace('//', '//user:canary@') + '/?token=canary'

    expect(JSON.stringify(await get(url))).not.to.include('canary')
  })
})

async function readBody (request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
