/** Blobs, functions and workflows. */
import { z } from 'zod'
import { InvalidInputError } from '../../errors.js'
import { MAX_ARTEFACT_BYTES, MAX_WORKFLOW_BYTES } from '../../limits.js'
import type { FunctionManifest, FunctionView, WorkflowView } from '../../mesh-view.js'
import { compareVersions, findFunction, findWorkflow } from '../../names.js'
import type { Found } from '../../names.js'
import { afterCatchUp } from '../catch-up.js'
import { route } from '../route.js'
import { blob, deployedFunction, deployedWorkflow, functionView, manifestRequest, problem, workflowView } from '../schemas.js'

const DEFAULT_TIMEOUT_MS = 30_000
const DEFAULT_MEMORY_BYTES = 128 * 1024 * 1024
const DEFAULT_KEEP_MS = 300_000

const conflict = { description: 'That version exists with other content; raise the version', schema: problem }
const noQuorum = { description: 'The control plane cannot decide now', schema: problem }

export const putBlob = route<undefined, Uint8Array>({
  method: 'put',
  path: '/v1/blobs',
  summary: 'Keep bytes, such as a packed function; they are named by their content id',
  body: { kind: 'bytes', limitBytes: MAX_ARTEFACT_BYTES },
  answers: { 201: { description: 'Kept', schema: blob }, 413: { description: 'Over the limit', schema: problem } },
  async handle ({ body }, { blobs }) {
    if (body.length === 0) throw new InvalidInputError('the request body is empty; send the bytes to keep')
    return { status: 201, body: await blobs.put(body) }
  }
})

export const deployFunction = route<undefined, z.infer<typeof manifestRequest>>({
  method: 'post',
  path: '/v1/functions',
  summary: 'Deploy a function: its function.yaml as JSON, and artefact, the content id of its packed folder',
  body: { kind: 'json', schema: manifestRequest, limitBytes: MAX_WORKFLOW_BYTES },
  answers: {
    200: { description: 'It is deployed already', schema: deployedFunction },
    201: { description: 'Deployed', schema: deployedFunction },
    409: conflict,
    503: noQuorum
  },
  async handle ({ body }, { blobs, control }) {
    if (!await blobs.has(body.artefact)) {
      throw new InvalidInputError(`artefact: nothing is kept here under ${body.artefact}; send it to PUT /v1/blobs first`, { field: 'artefact' })
    }
    const { cid, created } = await control.deployFunction(manifestOf(body))
    return { status: created ? 201 : 200, body: { name: body.name, version: body.version, cid } }
  }
})

function manifestOf ({ timeout, warm, resources, ...rest }: z.infer<typeof manifestRequest>): FunctionManifest {
  return {
    ...rest,
    timeoutMs: timeout ?? DEFAULT_TIMEOUT_MS,
    resources: { cpus: resources.cpus, memoryBytes: resources.memory ?? DEFAULT_MEMORY_BYTES, accelerators: resources.accelerators },
    warm: { minimum: warm.minimum, keepMs: warm.keep ?? DEFAULT_KEEP_MS }
  }
}

export const deployWorkflow = route<undefined, string>({
  method: 'post',
  path: '/v1/workflows',
  summary: 'Deploy a workflow: its source, YAML or JSON',
  body: { kind: 'text', limitBytes: MAX_WORKFLOW_BYTES, type: 'application/yaml' },
  answers: {
    200: { description: 'It is deployed already', schema: deployedWorkflow },
    201: { description: 'Deployed', schema: deployedWorkflow },
    400: { description: 'Wrong at `line` and `column`', schema: problem },
    409: conflict,
    503: noQuorum
  },
  async handle ({ body }, { control }) {
    const { created, ...deployed } = await control.deployWorkflow(body)
    return { status: created ? 201 : 200, body: deployed }
  }
})

export const listFunctions = route({
  method: 'get',
  path: '/v1/functions',
  summary: 'Every version of every function',
  answers: { 200: { description: 'By name, highest version first', schema: z.array(functionView.omit({ versions: true })) } },
  handle: (_, { control }) => ({
    status: 200,
    body: [...control.view().functions.values()]
      .sort((a, b) => compare(a.manifest.name, b.manifest.name) || compareVersions(b.manifest.version, a.manifest.version))
      .map(showFunction)
  })
})

export const readFunction = route({
  method: 'get',
  path: '/v1/functions/{+name}',
  summary: 'One function: name[:version], the highest version without one',
  answers: { 200: { description: 'The function', schema: functionView }, 404: { description: 'No such function', schema: problem } },
  async handle ({ params }, { control }) {
    const { view, versions }: Found<FunctionView> = await afterCatchUp(control, () => findFunction(control.view(), params['name'] ?? ''))
    return { status: 200, body: { ...showFunction(view), versions } }
  }
})

export const listWorkflows = route({
  method: 'get',
  path: '/v1/workflows',
  summary: 'Every version of every workflow, without sources',
  answers: { 200: { description: 'By name, highest version first', schema: z.array(workflowView.omit({ versions: true, source: true })) } },
  handle: (_, { control }) => ({
    status: 200,
    body: [...control.view().workflows.values()]
      .sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name) || compareVersions(b.version, a.version))
      .map(showWorkflow)
  })
})

export const readWorkflow = route({
  method: 'get',
  path: '/v1/workflows/{+name}',
  summary: 'One workflow with its source: [namespace/]name[:version], the highest version without one',
  answers: {
    200: { description: 'The workflow', schema: workflowView },
    404: { description: 'No such workflow', schema: problem },
    409: { description: 'The name is in two namespaces', schema: problem }
  },
  async handle ({ params }, { control }) {
    const { view, versions } = await afterCatchUp(control, () => findWorkflow(control.view(), params['name'] ?? ''))
    return { status: 200, body: { ...showWorkflow(view), versions, source: view.source } }
  }
})

function showFunction ({ manifest, cid, deployedBy }: FunctionView): z.infer<z.ZodObject> {
  return { name: manifest.name, version: manifest.version, cid, deployedBy, manifest }
}

function showWorkflow ({ namespace, name, version, plan, deployedBy }: WorkflowView): z.infer<z.ZodObject> {
  return { namespace, name, version, plan, deployedBy }
}

function compare (a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
