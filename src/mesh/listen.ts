/** Listen addresses: port 0 means the port of the last start where that is free, so that others find a restarted peer. */
import { multiaddr } from '@multiformats/multiaddr'
import { createServer } from 'node:net'
import { InvalidInputError } from '../errors.js'

/** Throws InvalidInputError for what is no TCP multiaddr, and for a given port that is in use. */
export async function withLastPorts (listen: string[], ports: Record<string, number>): Promise<string[]> {
  return await Promise.all(listen.map(async address => {
    const { host, port } = tcpOf(address)
    const last = ports[address]
    if (port !== 0 && !await isFree(host, port)) throw new InvalidInputError(`port ${port} of ${host} is in use; give another, or /tcp/0 for any`, { field: '--listen' })
    if (port !== 0 || last === undefined || !await isFree(host, last)) return address
    return address.replace('/tcp/0', `/tcp/${last}`)
  }))
}

/** By listen address with port 0: which port it got. */
export function portsUsed (listen: string[], bound: string[]): Record<string, number> {
  const got = bound.map(tcpOf)
  return Object.fromEntries(listen.filter(address => tcpOf(address).port === 0).flatMap(address => {
    const { host } = tcpOf(address)
    const match = got.find(one => one.host === host || host === '0.0.0.0' || host === '::')
    return match === undefined ? [] : [[address, match.port]]
  }))
}

function tcpOf (address: string): { host: string, port: number } {
  try {
    const parts = multiaddr(address).getComponents()
    const host = parts[0]?.value
    const tcp = parts[1]
    if (host !== undefined && tcp?.name === 'tcp') return { host, port: Number(tcp.value) }
  } catch {}
  throw new InvalidInputError(`cannot listen on "${address}": give a TCP multiaddr such as /ip4/0.0.0.0/tcp/4001`)
}

async function isFree (host: string, port: number): Promise<boolean> {
  return await new Promise(resolve => {
    const server = createServer()
    server.once('error', (err: NodeJS.ErrnoException) => { resolve(err.code !== 'EADDRINUSE') }) // what else may be wrong, the real attempt says
    server.listen({ host, port, exclusive: true }, () => { server.close(() => { resolve(true) }) })
  })
}
