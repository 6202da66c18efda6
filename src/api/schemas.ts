/** What goes over the API, as schemas: requests are checked by them, and `/openapi.json` is generated from them. */
import { z } from 'zod'
import { isContentId } from '../workflow/content-id.js'
import { MAX_CALL_MS, MAX_CONCURRENCY, MAX_COPIES, MAX_KEEP_WARM_MS, MAX_NAME_LENGTH, MAX_REQUIREMENTS } from '../limits.js'
import { parseDuration, parseSize } from './units.js'

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const SEMVER = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/

const name = z.string().regex(NAME, '1 to 63 characters of a-z, 0-9 and -, not at its ends')
const version = z.string().max(64).regex(SEMVER, 'a semantic version such as 1.0.0')
const count = z.number().int().min(0)
const labels = z.record(z.string().min(1).max(MAX_NAME_LENGTH), z.string().max(MAX_NAME_LENGTH))
  .refine(all => Object.keys(all).length <= MAX_REQUIREMENTS, `at most ${MAX_REQUIREMENTS} labels`)
const peer = z.string().describe('A peer-id string')
const time = z.string().describe('RFC 3339, UTC')

/** Text such as `30s` or a number of milliseconds; milliseconds afterwards. */
const duration = unit('a duration such as 30s', 'milliseconds', parseDuration)
/** Text such as `256MiB` or a number of bytes; bytes afterwards. */
const size = unit('a size such as 256MiB', 'bytes', parseSize)

function unit (description: string, numeric: string, parse: (text: string, field: string) => number): z.ZodType<number> {
  return z.union([z.string().max(30), z.number().min(0)]).describe(`${description}, or ${numeric}`).transform((value, context) => {
    if (typeof value === 'number') return value
    try {
      return parse(value, description)
    } catch {
      context.addIssue({ code: 'custom', message: `"${value}" is not ${description}` })
      return z.NEVER
    }
  })
}

const contentId = z.string().refine(isContentId, 'a content id, as PUT /v1/blobs answered it')

/** Resolves inside the packed folder: no way out of it. */
const entry = z.string().max(MAX_NAME_LENGTH).refine(
  path => !/^[A-Za-z]:|[\\\0]/.test(path) && path.split('/').every(part => part !== '' && part !== '.' && part !== '..'),
  'a path inside the function\'s folder: not absolute, no "." and no ".."'
)

/** A function's `function.yaml` with `artefact`, the content id of its packed folder. */
export const manifestRequest = z.strictObject({
  name,
  version,
  runtime: z.literal('js', 'js is the only runtime of this version; wasm and http are not in it yet'),
  entry,
  artefact: contentId,
  timeout: duration.refine(ms => ms >= 1 && ms <= MAX_CALL_MS && Number.isInteger(ms), 'whole milliseconds, from 1ms to 24h').optional(),
  effects: z.enum(['pure', 'idempotent', 'exclusive']).default('idempotent'),
  concurrency: z.number().int().min(1).max(MAX_CONCURRENCY).default(16),
  resources: z.strictObject({
    cpus: z.number().min(0).max(1024).default(0),
    memory: size.optional(),
    accelerators: z.record(z.string().min(1).max(MAX_NAME_LENGTH), count.max(1024))
      .refine(all => Object.keys(all).length <= MAX_REQUIREMENTS, `at most ${MAX_REQUIREMENTS} kinds`).default({})
  }).default({ cpus: 0, accelerators: {} }),
  requires: labels.default({}),
  warm: z.strictObject({
    minimum: count.max(64).default(0),
    keep: duration.refine(ms => ms <= MAX_KEEP_WARM_MS && Number.isInteger(ms), 'whole milliseconds, at most 7d').optional()
  }).default({ minimum: 0 })
}).meta({ id: 'Manifest' })

export const startRequest = z.strictObject({
  workflow: z.string().min(1).max(300).describe('[namespace/]name[:version]'),
  version: version.optional(),
  input: z.unknown().optional(),
  key: z.string().min(1).max(256).optional().describe('The same key gives the same execution'),
  copies: z.number().int().min(1).max(MAX_COPIES).optional()
}).meta({ id: 'Start' })

/** How long a request may hang at `?wait=`; longer ones follow the events. */
const MAX_WAIT_MS = 600_000
export const startQuery = z.strictObject({
  wait: duration.refine(ms => ms <= MAX_WAIT_MS, 'at most 10m; follow /events for longer').optional()
})

export const status = z.enum(['pending', 'running', 'waiting', 'suspended', 'cancelled', 'faulted', 'completed'])

const MAX_LIST = 1000
export const listQuery = z.strictObject({
  status: status.optional(),
  workflow: z.string().max(300).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_LIST).default(50),
  cursor: z.string().max(1000).optional()
})

const MAX_INVITE_MS = 30 * 86_400_000
export const inviteRequest = z.strictObject({
  role: z.enum(['peer', 'deployer', 'operator', 'viewer']).optional(),
  uses: z.number().int().min(1).max(1000).optional(),
  ttl: duration.refine(ms => ms >= 1000 && ms <= MAX_INVITE_MS, 'between 1s and 30d').optional()
}).meta({ id: 'InviteRequest' })

export const cancelRequest = z.strictObject({ reason: z.string().max(1000).optional() })

export const started = z.object({ id: z.string() }).meta({ id: 'Started' })
export const blob = z.object({ cid: z.string(), size: count }).meta({ id: 'Blob' })
export const invite = z.object({ token: z.string(), expiresAt: time }).meta({ id: 'Invite' })
export const deployedFunction = z.object({ name, version, cid: z.string() }).meta({ id: 'DeployedFunction' })
export const deployedWorkflow = z.object({
  namespace: z.string(), name, version, plan: z.string(), warnings: z.array(z.string())
}).meta({ id: 'DeployedWorkflow' })

export const workflowError = z.object({
  type: z.string(), status: z.number(), title: z.string().optional(), detail: z.string().optional(), instance: z.string().optional()
}).meta({ id: 'WorkflowError' })

const task = z.object({
  task: z.string(), branch: z.string(), step: count, attempt: count, status, peer, epoch: z.string(), startedAt: time,
  endedAt: time.optional(), input: z.unknown().optional(), output: z.unknown().optional(), error: workflowError.optional(),
  superseded: z.boolean().optional()
})

export const execution = z.object({
  id: z.string(), workflow: z.string(), version: z.string(), plan: z.string(), status,
  final: z.boolean().describe('The outcome is done at the whole set'), reason: z.string().optional(),
  input: z.unknown(), output: z.unknown().optional(), error: workflowError.optional(), startedAt: time, endedAt: time.optional(),
  epoch: z.string().describe('set number.count'), set: z.object({ name: z.string(), number: count, replicas: z.array(peer) }),
  stale: z.boolean().optional(), degraded: z.boolean().optional(), tasks: z.array(task)
}).meta({ id: 'Execution' })

export const executionList = z.object({
  executions: z.array(execution.pick({ id: true, workflow: true, version: true, status: true, final: true, startedAt: true, endedAt: true, set: true })),
  cursor: z.string().optional(),
  answered: count.describe('Peers whose part of the executions is in it'), peers: count.describe('Peers that keep executions')
}).meta({ id: 'ExecutionList' })

export const log = z.object({ task: z.string(), attempt: count, peer, at: time, level: z.string(), text: z.string() }).meta({ id: 'Log' })

export const functionView = z.object({
  name, version, cid: z.string(), deployedBy: peer, versions: z.array(z.string()), manifest: z.record(z.string(), z.unknown())
}).meta({ id: 'Function' })
export const workflowView = z.object({
  namespace: z.string(), name, version, plan: z.string(), deployedBy: peer, versions: z.array(z.string()), source: z.string().optional()
}).meta({ id: 'Workflow' })

export const peerView = z.object({
  peer, name: z.string(), region: z.string(), zone: z.string(), tier: z.enum(['edge', 'gateway', 'cloud']), domain: z.string(),
  labels: z.record(z.string(), z.string()), roles: z.array(z.string()), status: z.enum(['alive', 'suspect', 'dead', 'left']),
  controller: z.boolean(), resources: z.object({
    cpus: z.number(), memoryBytes: z.number(), accelerators: z.record(z.string(), z.number())
  }).nullable(), load: z.number().nullable(), rttMs: z.number().nullable(), addresses: z.array(z.string())
}).meta({ id: 'Peer' })

export const setView = z.object({
  name: z.string(), number: count, region: z.string(), copies: count, replicas: z.array(peer),
  whole: z.boolean().describe('Every replica has all of it'), executions: count.nullable(),
  members: z.array(z.object({ peer, disk: z.string(), joined: count, whole: z.boolean() }))
}).meta({ id: 'ReplicaSet' })

export const controlView = z.object({
  mesh: z.string(), generation: count, term: count, leader: peer.nullable(), voters: z.array(peer), learners: z.array(peer), commitIndex: count,
  quorum: z.boolean(), staleMs: z.number().nullable()
}).meta({ id: 'Control' })

export const problem = z.object({
  type: z.string(), title: z.string(), status: z.number(), detail: z.string(), instance: z.string(), retrySafe: z.boolean(),
  file: z.string().optional(), line: z.number().optional(), column: z.number().optional(), field: z.string().optional(),
  owes: z.array(z.string()).optional()
}).meta({ id: 'Problem' })
