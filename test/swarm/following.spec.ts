/** What people see of an execution: `run`, its events from any point, cancel, and where calls to a host really go. */
import { expect } from 'chai'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { flowmesh, until } from '../../scripts/support/local-mesh.js'
import type { ExecutionView } from '../../src/sidecar/port.js'
import { start } from '../cli/command.js'
import { swarmOf } from './suite.js'

interface Event { id: string, event: string, data: Record<string, unknown> }

describe('swarm: following', function () {
  this.timeout(90_000)
  const asked: { url: string, headers: IncomingHttpHeaders }[] = []
  let shop: Server
  const map: string[] = []
  before(async () => {
    shop = createServer((request, response) => {
      asked.push({ url: request.url!, headers: request.headers })
      response.setHeader('content-type', 'application/json').end('{"price":5}')
    })
    await new Promise<void>(resolve => shop.listen(0, '127.0.0.1', resolve))
    map.push('--http-map', `shop.example=http://127.0.0.1:${(shop.address() as AddressInfo).port}`)
  })
  after(async () => {
    shop.closeAllConnections()
    await new Promise(resolve => shop.close(resolve))
  })
  const swarm = swarmOf(['north', 'south', 'east'], { args: map })

  it('prints the output on stdout and a line a task with its peer on stderr', async () => {
    const { url } = swarm.outside
    const { code, stdout, stderr } = await flowmesh(['run', 'neighbour', '--input', JSON.stringify({ outside: url, n: 1 }), '--api', swarm.peer('south').api])

    expect(code, stderr).to.equal(0)
    expect(JSON.parse(stdout)).to.deep.equal({ outside: url, n: 1 })
    for (const [task, peer] of [['first', 'north'], ['middle', 'south'], ['last', 'east']]) expect(stderr).to.match(new RegExp(`✓ \\S*${task} on ${peer}`))
  })

  it('exits 1 with the task and the reason when the execution faults, and 5 when it is followed too short', async () => {
    swarm.outside.hold('middle')
    const faulted = await flowmesh(['run', 'misbehaving', '--input', '{"way":"noSuchWay"}', '--api', swarm.peer('east').api])
    const short = await flowmesh(['run', 'neighbour', '--input', JSON.stringify({ outside: swarm.outside.url }), '--timeout', '1s', '--api', swarm.peer('east').api])

    expect({ code: faulted.code, stdout: faulted.stdout }).to.deep.equal({ code: 1, stdout: '' })
    expect(faulted.stderr).to.match(/faulted/).and.contain('/do/0/act')
    expect({ code: short.code, stdout: short.stdout }).to.deep.equal({ code: 5, stdout: '' })
    expect(short.stderr).to.match(/goes on/)
  })

  it('tells its events once and in order, and goes on after the last one seen, from another peer', async () => {
    swarm.outside.hold('middle')
    const id = await swarm.start('north', 'neighbour', { outside: swarm.outside.url })
    await swarm.outside.visited(id, 'middle')

    const seen = await events('north', id, undefined, list => list.length >= 2)
    swarm.outside.release('middle')
    const rest = await events('south', id, seen.at(-1)!.id, list => list.at(-1)?.event === 'end')
    const whole = await events('east', id, undefined, list => list.at(-1)?.event === 'end')

    expect(rest.map(({ id }) => id)).to.not.include.members(seen.map(({ id }) => id))
    expect(new Set(whole.map(({ id }) => id)).size).to.equal(whole.length)
    expect([...seen, ...rest].at(-1)).to.deep.equal(whole.at(-1))
  })

  it('cancels one that runs elsewhere; it ends once and for all, and its call is aborted', async () => {
    swarm.outside.hold('middle')
    const others = new Set(swarm.outside.visits.map(({ execution }) => execution)) // of which some may still go on
    const running = start(['run', 'neighbour', '--input', JSON.stringify({ outside: swarm.outside.url }), '--api', swarm.peer('north').api])
    await running.stderrMatches(/execution \S+/)
    const id = await until('it runs', 20_000, async () => await Promise.resolve(
      swarm.outside.visits.find(({ at, execution }) => at === 'middle' && !others.has(execution))?.execution))

    const cancelled = await flowmesh(['cancel', id, '--api', swarm.peer('east').api])
    const view = await swarm.ended('south', id)
    const again = await swarm.call('north', 'POST', `/v1/executions/${id}/cancel`, {})
    const { code } = await running.ended

    expect(cancelled.code, cancelled.stderr).to.equal(0)
    expect(view.status).to.equal('cancelled')
    expect(again.status).to.equal(409)
    expect(code).to.equal(1)
    expect(swarm.outside.of(id, 'last')).to.deep.equal([])
  })

  it('calls a host where --http-map says, with the idempotency key', async () => {
    await swarm.workflow('north', 'shopping', 'do:\n  - buy: { call: http, with: { method: post, endpoint: "http://shop.example/orders?x=1", body: { n: 1 } } }\n')

    const view = await swarm.run('east', 'shopping')

    expect(view.status, JSON.stringify(view.error)).to.equal('completed')
    expect(view.output).to.deep.equal({ price: 5 })
    expect(asked.map(({ url }) => url)).to.deep.equal(['/orders?x=1'])
    expect(asked[0]!.headers).to.include({ host: 'shop.example' }).and.to.have.property('idempotency-key')
  })

  it('gives the same execution for the same key, and 409 for another input', async () => {
    const body = { workflow: 'echo', key: 'order-1', input: { a: 1, b: 1 } }
    const [first, second] = await Promise.all(['north', 'south'].map(async name => await swarm.call<{ id: string }>(name, 'POST', '/v1/executions', body)))
    const turned = await swarm.call<{ id: string }>('east', 'POST', '/v1/executions', { ...body, input: { b: 1, a: 1 } })
    const other = await swarm.call('east', 'POST', '/v1/executions', { ...body, input: { a: 2 } })

    expect(first?.body.id).to.equal(second?.body.id)
    expect(turned.body.id, 'the same input, its fields in another order').to.equal(first?.body.id)
    expect(other.status).to.equal(409)
    expect(other.body.detail).to.contain('order-1')
  })

  it('answers with the outcome when it is asked to wait', async () => {
    const { status, body } = await swarm.call<ExecutionView>('north', 'POST', '/v1/executions?wait=30s', { workflow: 'echo', input: 'now' })

    expect(status).to.equal(200)
    expect(body).to.include({ status: 'completed', final: true, output: 'now' })
  })

  /** Reads the stream until `enough`. */
  async function events (at: string, id: string, after: string | undefined, enough: (list: Event[]) => boolean): Promise<Event[]> {
    const stop = new AbortController()
    const response = await fetch(`${swarm.peer(at).api}/v1/executions/${id}/events`, {
      headers: after === undefined ? {} : { 'last-event-id': after }, signal: AbortSignal.any([stop.signal, AbortSignal.timeout(30_000)])
    })
    expect(response.status).to.equal(200)
    const list: Event[] = []
    let text = ''
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      text += chunk
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        const fields = Object.fromEntries(text.slice(0, end).split('\n').map(line => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]))
        text = text.slice(end + 2)
        if (fields['data'] !== undefined) list.push({ id: fields['id'] ?? '', event: fields['event'] ?? '', data: JSON.parse(fields['data']) as Record<string, unknown> })
      }
      if (enough(list)) {
        stop.abort()
        break
      }
    }
    return list
  }
})
