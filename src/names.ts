/** What a name means: `[namespace/]name[:version]`, the highest version where none is named. */
import { ConflictError, InvalidInputError, NotFoundError } from './errors.js'
import type { FunctionView, MeshView, WorkflowView } from './mesh-view.js'

interface Name { namespace?: string, name: string, version?: string }
const NAME = /^(?:([^/:]+)\/)?([^/:]+)(?::([^/:]+))?$/

function parseName (text: string): Name {
  const [, namespace, name, version] = NAME.exec(text) ?? []
  if (name === undefined) {
    throw new InvalidInputError(`"${text}" is not a name; write it as [namespace/]name[:version]`, { field: 'name' })
  }
  return { namespace, name, version }
}

export interface Found<T> { view: T, /** All there are, highest first. */ versions: string[] }

export function findWorkflow (view: MeshView, text: string): Found<WorkflowView> {
  const wanted = parseName(text)
  const named = [...view.workflows.values()].filter(workflow =>
    workflow.name === wanted.name && (wanted.namespace === undefined || workflow.namespace === wanted.namespace))
  const namespaces = [...new Set(named.map(workflow => workflow.namespace))]
  if (namespaces.length > 1) {
    throw new ConflictError(`workflow "${wanted.name}" exists in the namespaces ${namespaces.sort().join(', ')}; ` +
      `name one, such as ${namespaces[0]}/${wanted.name}`)
  }
  return pick('workflow', text, wanted, named)
}

export function findFunction (view: MeshView, text: string): Found<FunctionView> {
  const wanted = parseName(text)
  const named = [...view.functions.values()].filter(({ manifest }) => manifest.name === wanted.name)
  const { view: found, versions } = pick('function', text, wanted, named.map(each => ({ ...each, version: each.manifest.version })))
  return { view: found, versions }
}

function pick<T extends { version: string }> (kind: string, text: string, wanted: Name, named: T[]): Found<T> {
  const sorted = [...named].sort((a, b) => compareVersions(b.version, a.version))
  const view = wanted.version === undefined ? sorted[0] : sorted.find(each => each.version === wanted.version)
  const versions = sorted.map(each => each.version)
  if (view === undefined) {
    const known = versions.length === 0 ? `deploy it first, or see what there is with "flowmesh ${kind}s"` : `its versions are ${versions.slice(0, 10).join(', ')}`
    throw new NotFoundError(`no ${kind} "${text}": ${known}`)
  }
  return { view, versions }
}

/** Semantic versions' order: numbers by value, a release above its pre-releases. */
export function compareVersions (a: string, b: string): number {
  const [left, right] = [splitVersion(a), splitVersion(b)]
  const core = compareParts(left.core, right.core)
  if (core !== 0) return core
  if (left.pre === undefined || right.pre === undefined) return Number(left.pre === undefined) - Number(right.pre === undefined)
  return compareParts(left.pre, right.pre)
}

function splitVersion (text: string): { core: string[], pre?: string[] } {
  const [withoutBuild = ''] = text.split('+')
  const dash = withoutBuild.indexOf('-')
  if (dash === -1) return { core: withoutBuild.split('.') }
  return { core: withoutBuild.slice(0, dash).split('.'), pre: withoutBuild.slice(dash + 1).split('.') }
}

function compareParts (a: string[], b: string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [left, right] = [a[i], b[i]]
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1
    const numeric = [/^\d+$/.test(left), /^\d+$/.test(right)]
    if (numeric[0] && numeric[1]) {
      if (Number(left) !== Number(right)) return Number(left) - Number(right)
    } else if (numeric[0] !== numeric[1]) {
      return numeric[0] ? -1 : 1
    } else if (left !== right) {
      return left < right ? -1 : 1
    }
  }
  return 0
}
