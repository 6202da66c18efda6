/** What goes where: data to stdout, progress and errors to stderr. */
import type { Writable } from 'node:stream'
import type { ExecutionView } from '../sidecar/port.js'

export interface Terminal { stdout: Writable, stderr: Writable }

export const terminal: Terminal = { stdout: process.stdout, stderr: process.stderr }

/** Whoever reads our output may stop reading (`| head`): that is no error, and there is no more to do for them. */
export function endWithReader (): void {
  process.stdout.on('error', (err: NodeJS.ErrnoException) => { process.exit(err.code === 'EPIPE' ? 0 : 1) })
  process.stderr.on('error', () => {})
}

/** For a peer: it is not there for whoever reads what it says, and goes on without them. */
export function outliveReader (): void {
  process.stdout.removeAllListeners('error').on('error', () => {})
}

/** One JSON value, on one line, so that streams of them can be read line by line. */
export function printJson (value: unknown): void {
  terminal.stdout.write(JSON.stringify(value) + '\n')
}

export function print (text: string): void {
  terminal.stdout.write(text + '\n')
}

export function note (text: string): void {
  terminal.stderr.write(text + '\n')
}

/** Columns as wide as their widest cell; nothing but the heading when there are no rows. */
export function printTable (heading: string[], rows: (string | number | undefined | null)[][]): void {
  const cells = [heading, ...rows.map(row => row.map(cell => clean(String(cell ?? ''))))]
  const widths = heading.map((_, column) => Math.max(...cells.map(row => row[column]?.length ?? 0)))
  for (const row of cells) print(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd())
}

/** Names come from other peers: control characters in them must not reach the terminal. */
export function clean (text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '·')
}

/** `1.2 s`, `350 ms`, `3 m 20 s`. */
export function showDuration (ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  return `${Math.floor(ms / 60_000)} m ${Math.round(ms % 60_000 / 1000)} s`
}

/** `Card declined (402): no money, at /do/0/pay`. */
export function showError ({ type, title, status, detail, instance }: NonNullable<ExecutionView['error']>): string {
  return `${title ?? type} (${status})${detail === undefined ? '' : `: ${detail}`}${instance === undefined ? '' : `, at ${instance}`}`
}
