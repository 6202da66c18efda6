/** Versions of workflows, source and all: a deployed one never changes. Whoever proposes one has compiled it. */
import { z } from 'zod'
import { ConflictError, OverloadedError, TooLargeError } from '../../errors.js'
import { MAX_COPIES, MAX_VERSIONS, MAX_WORKFLOWS_BYTES, MAX_WORKFLOW_BYTES } from '../../limits.js'
import { contentIdText, name, semver, text } from './shapes.js'
import type { WorkflowView } from '../../mesh-view.js'

/** `bytes` of all sources together: every peer keeps a copy. */
export interface Workflows { byKey: ReadonlyMap<string, WorkflowView>, bytes: number }

export const deployWorkflow = z.strictObject({
  type: z.literal('deployWorkflow'),
  namespace: name,
  name,
  version: semver,
  plan: contentIdText,
  source: text(MAX_WORKFLOW_BYTES),
  copies: z.number().int().min(1).max(MAX_COPIES)
})
export type WorkflowCommand = z.infer<typeof deployWorkflow>

export interface WorkflowDeployed { namespace: string, name: string, version: string, plan: string, created: boolean }

export function applyWorkflows (state: Workflows, command: WorkflowCommand, by: string): { state: Workflows, result: WorkflowDeployed } {
  const { type: _type, ...deployed } = command
  const key = `${deployed.namespace}/${deployed.name}:${deployed.version}`
  const { namespace, name: called, version, plan } = deployed
  const before = state.byKey.get(key)
  if (before !== undefined && before.plan !== plan) {
    throw new ConflictError(`workflow ${key} is deployed with other content; a deployed version never changes: raise document.version`)
  }
  if (before !== undefined) return { state, result: { namespace, name: called, version, plan, created: false } }

  const bytes = state.bytes + utf8Bytes(deployed.source)
  if (utf8Bytes(deployed.source) > MAX_WORKFLOW_BYTES) throw new TooLargeError(`workflow ${key}`, utf8Bytes(deployed.source), MAX_WORKFLOW_BYTES)
  if (state.byKey.size >= MAX_VERSIONS) throw new OverloadedError(`this mesh has ${MAX_VERSIONS} versions of workflows, its limit`)
  if (bytes > MAX_WORKFLOWS_BYTES) throw new TooLargeError('all workflows together', bytes, MAX_WORKFLOWS_BYTES)

  const byKey = new Map(state.byKey).set(key, { ...deployed, deployedBy: by })
  return { state: { byKey, bytes }, result: { namespace, name: called, version, plan, created: true } }
}

const utf8Bytes = (value: string): number => new TextEncoder().encode(value).length
