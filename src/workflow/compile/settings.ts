/** `metadata.flowmesh` of the document and of tasks: FlowMesh's own settings, every one known and checked. */
import { MAX_CONCURRENCY, MAX_COPIES } from '../../limits.js'
import { Fields } from '../fields.js'
import { nearest } from '../nearest.js'
import type { PlacementHints, TaskSettings, WorkflowSettings } from '../plan.js'
import { child } from '../source.js'
import { warn } from './context.js'
import type { Context, Fields as Plain } from './context.js'

const WORKFLOW_KEYS = ['copies', 'spread', 'degraded', 'lost', 'lostAfter', 'runAhead', 'placement', 'deadline', 'encrypt']
const TASK_KEYS = ['effects', 'placement', 'deadline', 'concurrency']
const TO_DOCUMENT = 'is a setting of the whole workflow: move it to `document.metadata.flowmesh`'
const OF_DOCUMENT = Object.fromEntries(WORKFLOW_KEYS.filter(key => !TASK_KEYS.includes(key)).map(key => [key, TO_DOCUMENT]))
const OF_TASK = {
  effects: 'is a setting of a task: move it to `metadata.flowmesh` of the call',
  concurrency: 'is a setting of a task: move it to `metadata.flowmesh` of the `for` task'
}
const PLACEMENT_KEYS = ['region', 'tier', 'peer', 'prefer', 'avoid']
const MAX_RUN_AHEAD = 16
const TEN_MINUTES_MS = 600_000

export function workflowSettings (context: Context): WorkflowSettings {
  const document = context.document['document'] as Plain
  const found = own(context, document, '/document')
  const value = found === undefined ? {} : found
  const fields = new Fields(context.source, value, '/document/metadata/flowmesh', WORKFLOW_KEYS, OF_TASK)
  if (fields.flag('encrypt') === true) {
    fields.fail('encrypt', 'is not supported yet; leave it out, and keep secrets out of the data')
  }
  const deadlineMs = fields.durationMs('deadline')
  return {
    copies: fields.number('copies', 1, MAX_COPIES) ?? 2,
    spread: fields.oneOf('spread', ['none', 'host', 'zone', 'region']) ?? 'none',
    degraded: fields.oneOf('degraded', ['allow', 'wait']) ?? 'allow',
    lost: fields.oneOf('lost', ['wait', 'resume']) ?? 'wait',
    lostAfterMs: fields.durationMs('lostAfter') ?? TEN_MINUTES_MS,
    runAhead: fields.number('runAhead', 0, MAX_RUN_AHEAD) ?? 1,
    placement: placement(fields) ?? {},
    encrypt: false,
    ...(deadlineMs !== undefined && { deadlineMs })
  }
}

/** `keyword` says which settings make sense: `effects` of a call, `concurrency` of a `for`. */
export function taskSettings (context: Context, task: Plain, pointer: string): TaskSettings {
  const found = own(context, task, pointer)
  if (found === undefined) return {}
  const fields = new Fields(context.source, found, `${pointer}/metadata/flowmesh`, TASK_KEYS, OF_DOCUMENT)
  if (fields.has('effects') && task['call'] === undefined) {
    fields.fail('effects', 'is a setting of calls; this task calls nothing')
  }
  if (fields.has('concurrency') && task['for'] === undefined) fields.fail('concurrency', 'is a setting of `for` tasks')
  const settings = {
    effects: fields.oneOf('effects', ['pure', 'idempotent', 'exclusive']),
    placement: placement(fields),
    deadlineMs: fields.durationMs('deadline'),
    concurrency: fields.number('concurrency', 1, MAX_CONCURRENCY)
  }
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined))
}

function placement (fields: Fields): PlacementHints | undefined {
  if (!fields.has('placement')) return undefined
  const inner = new Fields(fields.source, fields.get('placement'), child(fields.pointer, 'placement'), PLACEMENT_KEYS)
  const hints = {
    region: inner.text('region'),
    tier: inner.oneOf('tier', ['edge', 'gateway', 'cloud']),
    peer: inner.text('peer'),
    prefer: inner.texts('prefer'),
    avoid: inner.texts('avoid')
  }
  return Object.fromEntries(Object.entries(hints).filter(([, value]) => value !== undefined))
}

function own (context: Context, owner: Plain, pointer: string): unknown {
  const metadata = (owner['metadata'] ?? {}) as Plain
  for (const key of Object.keys(metadata)) {
    if (key !== 'flowmesh' && nearest(key, ['flowmesh']) !== undefined) {
      warn(context, child(`${pointer}/metadata`, key), `metadata \`${key}\` is not read; did you mean \`flowmesh\`?`)
    }
  }
  return Object.hasOwn(metadata, 'flowmesh') ? metadata['flowmesh'] : undefined
}
