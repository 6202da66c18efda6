/**
 * Plans by id, compiled once. Sources come from the mesh's names and, where a record arrived before the name did, from the
 * peer that sent it; they are kept on disk, so that a replica can go on with whatever it acknowledged.
 */
import { InvalidInputError } from '../errors.js'
import type { MeshView } from '../mesh-view.js'
import type { Store, Write } from '../store/index.js'
import { compileWorkflow } from '../workflow/index.js'
import type { Plan } from '../workflow/index.js'

const PREFIX = 'p/'

export class Plans {
  private readonly sources = new Map<string, Uint8Array>()
  private readonly compiled = new Map<string, Plan>()

  constructor (private readonly store: Store) {}

  async load (): Promise<void> {
    for await (const [key, source] of this.store.range({ from: PREFIX, to: 'p0' })) this.sources.set(key.slice(PREFIX.length), source)
  }

  /** Keeps what the mesh has named since; durable when it resolves. */
  async follow (view: MeshView): Promise<void> {
    const writes: Write[] = []
    const fresh: [string, Uint8Array][] = []
    for (const { plan, source } of view.workflows.values()) {
      if (this.sources.has(plan)) continue
      const bytes = new TextEncoder().encode(source)
      fresh.push([plan, bytes])
      writes.push({ type: 'put', key: PREFIX + plan, value: bytes })
    }
    if (writes.length === 0) return
    await this.store.batch(writes)
    for (const [plan, bytes] of fresh) this.sources.set(plan, bytes)
  }

  has (plan: string): boolean { return this.sources.has(plan) }
  source (plan: string): Uint8Array | undefined { return this.sources.get(plan) }

  /** A source that came with a record; returns what must be written with it. Throws InvalidInputError on a bad one. */
  keep (source: Uint8Array): Write[] {
    const { plan } = compileWorkflow(new TextDecoder().decode(source))
    this.compiled.set(plan.id, plan)
    this.sources.set(plan.id, source)
    return [{ type: 'put', key: PREFIX + plan.id, value: source }]
  }

  get (id: string): Plan | undefined {
    const known = this.compiled.get(id)
    if (known !== undefined) return known
    const source = this.sources.get(id)
    if (source === undefined) return undefined
    const { plan } = compileWorkflow(new TextDecoder().decode(source))
    if (plan.id !== id) throw new InvalidInputError(`plan ${id} does not have the content it is named by`)
    this.compiled.set(id, plan)
    return plan
  }
}
