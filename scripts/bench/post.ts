/** HTTP for the bench: kept-alive connections of node:http, a fraction of what fetch costs on a machine that shares its cores. */
import { Agent, request } from 'node:http'

const agent = new Agent({ keepAlive: true, maxSockets: 256 })

/** Before a burst: a server may be about to close a connection that stood idle for seconds. */
export function dropConnections (): void { agent.destroy() }

export async function post (url: string, body: string): Promise<{ status: number, body: Buffer }> {
  return await new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const sent = request(url, { method: 'POST', agent, headers }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => { resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }) })
      response.on('error', reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
