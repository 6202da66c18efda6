/**
 * The world outside of the tests' functions: writes down every call, never deduplicates, and holds the answers of one task
 * until a test lets them go. So a test knows that an execution is in the middle of a step, without guessing with time.
 */
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { until } from '../../scripts/support/local-mesh.js'

export interface Visit { execution: string, at: string, key: string }

export class Outside {
  readonly visits: Visit[] = []
  private readonly held = new Map<string, ServerResponse[]>()
  private constructor (private readonly server: Server, readonly url: string) {}

  static async start (): Promise<Outside> {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const outside = new Outside(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        const { execution, at } = JSON.parse(Buffer.concat(chunks).toString()) as Visit
        outside.onVisit({ execution, at, key: String(request.headers['idempotency-key']) }, response)
      })
    })
    return outside
  }

  /** From now on calls of task `at` get no answer before `release(at)`. */
  hold (at: string): void { if (!this.held.has(at)) this.held.set(at, []) }

  release (at: string): void {
    const waiting = this.held.get(at) ?? []
    this.held.delete(at)
    for (const response of waiting) answer(response)
  }

  of (execution: string, at?: string): Visit[] {
    return this.visits.filter(visit => visit.execution === execution && (at === undefined || visit.at === at))
  }

  async visited (execution: string, at: string, withinMs = 20_000): Promise<void> {
    await until(`${execution} calls in ${at}`, withinMs, async () => await Promise.resolve(this.of(execution, at).length > 0 ? true : undefined))
  }

  /** Calls per idempotency key of an execution. */
  keys (execution: string): Map<string, number> {
    const counts = new Map<string, number>()
    for (const { key } of this.of(execution)) counts.set(key, (counts.get(key) ?? 0) + 1)
    return counts
  }

  async close (): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }

  private onVisit (visit: Visit, response: ServerResponse): void {
    this.visits.push(visit)
    const held = this.held.get(visit.at)
    if (held === undefined) answer(response)
    else held.push(response)
  }
}

function answer (response: ServerResponse): void {
  if (!response.destroyed) response.setHeader('content-type', 'application/json').end('{}')
}
