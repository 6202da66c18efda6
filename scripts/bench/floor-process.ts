/**
 * The floor's process: keeps records in a file, synced, many in one write; where it has a second copy, at another such
 * process as well, both at once. Over HTTP it runs a case's phases and answers with what it was sent. Prints its addresses.
 *   node floor-process.js FOLDER [PORT OF THE OTHER COPY]
 */
import { open } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Server, Socket } from 'node:net'
import { join } from 'node:path'
import type { Phase } from './cases.js'

const [folder = '.', otherPort] = process.argv.slice(2)
const HEADER_BYTES = 8

/** Appends share a write and a sync. */
class Log {
  private waiting: { bytes: number, done: () => void }[] = []
  private writing = false
  private constructor (private readonly file: Awaited<ReturnType<typeof open>>) {}

  static async open (path: string): Promise<Log> { return new Log(await open(path, 'w')) }

  async append (bytes: number): Promise<void> {
    await new Promise<void>(resolve => {
      this.waiting.push({ bytes, done: resolve })
      if (!this.writing) void this.write()
    })
  }

  private async write (): Promise<void> {
    this.writing = true
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0)
      await this.file.write(Buffer.alloc(group.reduce((sum, { bytes }) => sum + bytes, 0), 1))
      await this.file.datasync()
      for (const { done } of group) done()
    }
    this.writing = false
  }
}

/** Frames of (id, length) and that many bytes one way, ids the other. */
class OtherCopy {
  private readonly waiting = new Map<number, () => void>()
  private nextId = 1
  private queued: Buffer[] = []

  constructor (private readonly socket: Socket) {
    eachFrame(socket, HEADER_BYTES, () => 0, frame => {
      this.waiting.get(frame.readUInt32BE(0))?.()
      this.waiting.delete(frame.readUInt32BE(0))
    })
  }

  async keep (bytes: number): Promise<void> {
    const header = Buffer.alloc(HEADER_BYTES)
    const id = this.nextId++
    header.writeUInt32BE(id, 0)
    header.writeUInt32BE(bytes, 4)
    if (this.queued.push(header, Buffer.alloc(bytes, 1)) === 2) setImmediate(() => { this.flush() })
    await new Promise<void>(resolve => { this.waiting.set(id, resolve) })
  }

  private flush (): void { this.socket.write(Buffer.concat(this.queued.splice(0))) }
}

function eachFrame (socket: Socket, headerBytes: number, bodyOf: (header: Buffer) => number, take: (header: Buffer, bytes: number) => void): void {
  let rest: Buffer[] = []
  let bytes = 0
  socket.on('data', (chunk: Buffer) => {
    rest.push(chunk)
    bytes += chunk.length
    while (bytes >= headerBytes) {
      if (rest[0]!.length < headerBytes) rest = [Buffer.concat(rest)]
      const size = headerBytes + bodyOf(rest[0]!)
      if (bytes < size) return
      const all = rest.length === 1 ? rest[0]! : Buffer.concat(rest)
      take(all.subarray(0, headerBytes), size)
      rest = [all.subarray(size)]
      bytes -= size
    }
  })
}

async function listen (server: Server): Promise<number> {
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  return (server.address() as AddressInfo).port
}

const log = await Log.open(join(folder, 'log'))
const other = otherPort === undefined ? undefined : new OtherCopy(connect(Number(otherPort), '127.0.0.1').setNoDelay())

async function runPhase ({ delayMs = 0, records, bytes }: Phase): Promise<void> {
  if (delayMs > 0) await new Promise(resolve => setTimeout(resolve, delayMs))
  await Promise.all(Array.from({ length: records }, async () => { await Promise.all([log.append(bytes), other?.keep(bytes)]) }))
}

const copies = await listen(createServer(socket => {
  socket.setNoDelay()
  eachFrame(socket, HEADER_BYTES, header => header.readUInt32BE(4), (header, bytes) => {
    const id = Buffer.from(header)
    void log.append(bytes).then(() => { socket.write(id) })
  })
}))

const http = await listen(createHttpServer((request, response) => {
  if (request.url === '/usage') {
    const { user, system } = process.cpuUsage()
    response.end(JSON.stringify({ cpuMs: (user + system) / 1000, rssMiB: process.memoryUsage.rss() / 2 ** 20 }))
    return
  }
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { phases, input } = JSON.parse(Buffer.concat(chunks).toString()) as { phases: Phase[], input: unknown }
    void (async () => {
      for (const phase of phases) await runPhase(phase)
      response.end(JSON.stringify({ output: input }))
    })()
  })
}))

console.log(JSON.stringify({ http, copies }))
