/** What functions logged, kept with the execution at the peer that ran them; read from all peers that can be reached. */
import { LogsMessage, LogsReplyMessage } from '../../protocols/sidecar.js'
import type { LogLineMessage } from '../../protocols/sidecar.js'
import { MAX_LOG_LINES } from '../limits.js'
import type { Mesh } from '../mesh/port.js'
import type { LogLine } from '../runtime/index.js'
import type { Store, Write } from '../store/index.js'
import { log, readFrom } from '../telemetry.js'

const LOGS_KIND = 'sidecar/logs'
const READ_WITHIN_MS = 2000

export interface LogRow { task: string, attempt: number, peer: string, at: string, level: string, text: string }

const logger = log('logs')

export class Logs {
  private sequence = 0

  constructor (private readonly store: Store, private readonly mesh: Mesh, private readonly incarnation: string) {}

  start (): void {
    this.mesh.onRequest(LOGS_KIND, async (body, from) => {
      const { execution } = readFrom(LOGS_KIND, from, () => LogsMessage.decode(body))
      return LogsReplyMessage.encode({ lines: await this.own(execution) })
    })
  }

  /** Not waited for: a step never stands still for its logs. */
  keep (execution: string, task: string, attempt: number, lines: LogLine[]): void {
    const writes = lines.map(({ at, level, text }): Write => ({
      type: 'put',
      key: `l/${execution}/${String(at).padStart(15, '0')}/${this.incarnation}/${this.sequence++}`,
      value: new TextEncoder().encode(JSON.stringify({ task, attempt, at: new Date(at).toISOString(), level, text }))
    }))
    this.store.batch(writes).catch((err: unknown) => { logger.warn('log lines of a function were lost', { execution, reason: String(err) }) })
  }

  async read (execution: string): Promise<LogRow[]> {
    const body = LogsMessage.encode({ execution })
    const others = this.mesh.connected().map(async (peer): Promise<LogRow[]> => {
      try {
        const reply = await this.mesh.request(peer, LOGS_KIND, body, { deadlineMs: READ_WITHIN_MS, channel: 'bulk' })
        const { lines } = readFrom(LOGS_KIND, peer, () => LogsReplyMessage.decode(reply, { limits: { lines: MAX_LOG_LINES } }))
        return lines.map(line => ({ ...line, peer }))
      } catch {
        return []
      }
    })
    const own = (await this.own(execution)).map(line => ({ ...line, peer: this.mesh.self }))
    return [own, ...await Promise.all(others)].flat().sort((a, b) => a.at < b.at ? -1 : a.at > b.at ? 1 : 0)
  }

  private async own (execution: string): Promise<LogLineMessage[]> {
    const lines: LogLineMessage[] = []
    for await (const [, value] of this.store.range({ from: `l/${execution}/`, to: `l/${execution}0`, limit: MAX_LOG_LINES })) {
      lines.push(JSON.parse(new TextDecoder().decode(value)) as LogLineMessage)
    }
    return lines
  }
}
