/**
 * The world outside: an HTTP server that writes down every call it gets, by idempotency key, and never deduplicates. What
 * it holds afterwards says what functions really did.
 */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface LedgerCall { key: string, kind: string, order: string, execution: string, at: number }

export class Ledger {
  readonly calls: LedgerCall[] = []
  private constructor (private readonly server: Server, readonly url: string) {}

  static async start (): Promise<Ledger> {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const ledger = new Ledger(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    server.on('request', (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString()) as LedgerCall
        ledger.calls.push({ ...body, key: String(request.headers['idempotency-key'] ?? body.key), at: Date.now() })
        response.setHeader('content-type', 'application/json').end('{"ok":true}')
      })
    })
    return ledger
  }

  /** Number of calls per idempotency key. */
  byKey (): Map<string, number> {
    const counts = new Map<string, number>()
    for (const call of this.calls) counts.set(call.key, (counts.get(call.key) ?? 0) + 1)
    return counts
  }

  /** Distinct keys per kind of effect of one order. */
  effects (order: string): Map<string, Set<string>> {
    const kinds = new Map<string, Set<string>>()
    for (const call of this.calls.filter(call => call.order === order)) {
      kinds.set(call.kind, (kinds.get(call.kind) ?? new Set()).add(call.key))
    }
    return kinds
  }

  async close (): Promise<void> {
    this.server.closeAllConnections()
    await new Promise(resolve => this.server.close(resolve))
  }
}
