/** The options of `flowmesh up` as a peer is started with: checked, and every default filled in. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { availableParallelism, hostname, totalmem } from 'node:os'
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { randomBytes } from 'node:crypto'
import { isLoopback } from '../api/guard.js'
import { parseDuration, parseSize } from '../api/units.js'
import { InvalidInputError } from '../errors.js'
import type { ApiAddress, Join, LogLevel, PeerOptions, Tier } from '../peer-options.js'
import { stateDirOf } from './api-options.js'

export interface UpOptions {
  stateDir?: string
  listen?: string[]
  api: ApiAddress
  apiToken?: string
  join?: string
  bootstrap?: string[]
  token?: string
  joinTimeout?: string
  open?: boolean
  name?: string
  region: string
  zone: string
  tier: Tier
  label: Record<string, string>
  domain?: string
  cpus?: number
  memory?: string
  accelerator: Record<string, number>
  controller: PeerOptions['controller']
  httpMap: Record<string, string>
  log?: LogLevel
  json?: boolean
}

const DEFAULT_LISTEN = '/ip4/0.0.0.0/tcp/0'
const LOG_LEVELS: LogLevel[] = ['silent', 'error', 'warn', 'info', 'debug']

export function withUpOptions (command: Command): Command {
  return command
    .option('--state-dir <dir>', 'identity and records (default: FLOWMESH_STATE or ~/.flowmesh)')
    .option('--join <token>', 'join a mesh with a token of "flowmesh invite"')
    .option('--bootstrap <addr|file...>', 'join through these addresses, or those in a file')
    .option('--token <token>', 'with --bootstrap: the token')
    .option('--join-timeout <duration>', 'how long to try before it gives up joining (default: 30s)')
    .option('--open', 'found an open mesh: anyone who has an address may join as a plain peer')
    .option('--listen <multiaddr>', `where to listen, repeatable (default: ${DEFAULT_LISTEN})`, collect)
    .addOption(new Option('--api <host:port>', 'where the API listens').argParser(parseApi)
      .default({ host: '127.0.0.1', port: 0 }, '127.0.0.1:0; port 0 is a free one, kept over restarts'))
    .addOption(new Option('--api-token <token>', 'what users of the API must send (default: a new one beyond loopback, none on it)')
      .argParser(headerText).env('FLOWMESH_API_TOKEN'))
    .option('--name <name>', 'for people (default: the host\'s name)')
    .option('--region <region>', 'where this peer is', plainName, 'default')
    .option('--zone <zone>', 'where in the region', plainName, 'default')
    .addOption(new Option('--tier <tier>', 'what kind of machine').choices(['edge', 'gateway', 'cloud']).default('edge'))
    .addOption(new Option('--label <k=v>', 'what functions may require, repeatable').argParser(pair).default({}, 'none'))
    .option('--domain <domain>', 'failure domain (default: the machine\'s id)')
    .option('--cpus <n>', 'for functions (default: all)', positive)
    .option('--memory <size>', 'for functions, such as 2GiB (default: all)')
    .addOption(new Option('--accelerator <kind=n>', 'such as gpu=1, repeatable').argParser(accelerator).default({}, 'none'))
    .addOption(new Option('--controller <how>', 'whether it may join the control plane').choices(['auto', 'never', 'prefer']).default('auto'))
    .addOption(new Option('--http-map <host=url>', 'where calls to a host really go, repeatable').argParser(httpMap).default({}, 'none'))
    .addOption(new Option('--log <level>', 'what is logged on stderr').choices(LOG_LEVELS).env('FLOWMESH_LOG').default('warn'))
    .option('--json', 'one JSON value a line: ready, then each change')
}

export function toPeerOptions (options: UpOptions): PeerOptions {
  const { api } = options
  return {
    stateDir: stateDirOf(options.stateDir),
    listen: options.listen ?? [DEFAULT_LISTEN],
    api,
    apiToken: options.apiToken ?? (isLoopback(api.host) ? undefined : randomBytes(24).toString('base64url')),
    name: options.name ?? hostname(),
    region: options.region,
    zone: options.zone,
    tier: options.tier,
    labels: options.label,
    domain: options.domain ?? machineId(),
    cpus: options.cpus ?? availableParallelism(),
    memoryBytes: options.memory === undefined ? ownMemory() : parseSize(options.memory, '--memory'),
    accelerators: options.accelerator,
    controller: options.controller,
    httpMap: options.httpMap,
    join: joinOf(options),
    ...(options.joinTimeout === undefined ? {} : { joinTimeoutMs: parseDuration(options.joinTimeout, '--join-timeout') }),
    open: options.open === true,
    logLevel: options.log ?? 'warn'
  }
}

function joinOf ({ join, bootstrap, token, open }: UpOptions): Join | undefined {
  const refuse = (message: string, field: string): never => { throw new InvalidInputError(message, { field }) }
  if (open === true && (join !== undefined || bootstrap !== undefined)) refuse('--open founds a mesh, and so does not go with --join or --bootstrap', '--open')
  if (join !== undefined && bootstrap !== undefined) refuse('--join and --bootstrap do not go together: a token carries addresses; or use --bootstrap … --token TOKEN', '--join')
  if (token !== undefined && bootstrap === undefined) refuse('--token goes with --bootstrap; a token alone is given with --join', '--token')
  if (join !== undefined) return { token: join.trim() }
  return bootstrap === undefined ? undefined : { bootstrap: bootstrap.flatMap(addressesOf), token: token?.trim() }
}

/** One address, or the file that lists them, one a line, `#` begins a comment. */
function addressesOf (text: string): string[] {
  if (/^\/(ip4|ip6|dns|dns4|dns6|dnsaddr)\//.test(text)) return [text]
  if (!existsSync(text)) {
    throw new InvalidInputError(`"${text}" is neither a multiaddr such as /ip4/192.0.2.1/tcp/4001 nor a file that lists some`, { field: '--bootstrap' })
  }
  const lines = textOf(text).split('\n').map(line => line.replace(/#.*/, '').trim())
  const wrong = lines.findIndex(line => line !== '' && !line.startsWith('/'))
  if (wrong !== -1) throw new InvalidInputError(`"${lines[wrong]}" is not a multiaddr`, { file: text, line: wrong + 1, field: '--bootstrap' })
  const addresses = lines.filter(line => line !== '')
  if (addresses.length === 0) throw new InvalidInputError(`${text} lists no address`, { file: text, field: '--bootstrap' })
  return addresses
}

/** Far above any list of addresses. */
const MAX_BOOTSTRAP_BYTES = 1024 * 1024

function textOf (file: string): string {
  const place = { file, field: '--bootstrap' }
  try {
    const { size } = statSync(file)
    if (size > MAX_BOOTSTRAP_BYTES) throw new InvalidInputError(`${file} is too large for a list of addresses`, place)
    return readFileSync(file, 'utf8')
  } catch (err) {
    if (err instanceof InvalidInputError) throw err
    throw new InvalidInputError(`cannot read ${file}: ${(err as Error).message}`, place, { cause: err })
  }
}

function collect (value: string, before: string[] = []): string[] {
  if (!value.startsWith('/')) throw new InvalidArgumentError('a multiaddr such as /ip4/0.0.0.0/tcp/4001 is needed.')
  return [...before, value]
}

function parseApi (text: string): ApiAddress {
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[^:[\]]+):(\d{1,5})$/i.exec(text) ?? []
  if (host === undefined || Number(port) > 65535) throw new InvalidArgumentError('HOST:PORT is needed, such as 127.0.0.1:7070.')
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

/** It travels in a header; of any other text no client could send back what is compared here. */
function headerText (text: string): string {
  if (!/^[\x21-\x7e]{1,1024}$/.test(text)) throw new InvalidArgumentError('1 to 1024 letters, digits and signs of ASCII without spaces are needed.')
  return text
}

function plainName (text: string): string {
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(text)) throw new InvalidArgumentError('1 to 63 characters of a-z, 0-9 and - are needed.')
  return text
}

function pair (text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('KEY=VALUE is needed.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

function accelerator (text: string, before: Record<string, number>): Record<string, number> {
  const [, kind, count] = /^([a-z0-9-]+)=(\d{1,4})$/.exec(text) ?? []
  if (kind === undefined) throw new InvalidArgumentError('KIND=N is needed, such as gpu=1.')
  return { ...before, [kind]: Number(count) }
}

function httpMap (text: string, before: Record<string, string>): Record<string, string> {
  const [host = '', url = ''] = Object.entries(pair(text, {}))[0] ?? []
  const protocol = URL.canParse(url) ? new URL(url).protocol : ''
  if (protocol !== 'http:' && protocol !== 'https:') throw new InvalidArgumentError('HOST=URL is needed, such as pay.example=http://127.0.0.1:9000.')
  return { ...before, [host]: url }
}

function positive (text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) === 0) throw new InvalidArgumentError('a number above 0 is needed.')
  return Number(text)
}

/** What fails together: the machine, however many peers are on it. */
function machineId (): string {
  for (const file of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    const id = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
    if (id !== '') return id
  }
  return hostname()
}

/** Within a container: its limit. */
function ownMemory (): number {
  const limit = process.constrainedMemory()
  return limit !== undefined && limit > 0 && limit < totalmem() ? limit : totalmem()
}
