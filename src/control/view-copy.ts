/**
 * A peer's copy of what was decided: pages come in, a `MeshView` comes out. Kept in the store, so that a peer that starts
 * again has it at once, without any other peer.
 */
import { decode, encode } from '@ipld/dag-cbor'
import { z } from 'zod'
import { InvalidInputError } from '../errors.js'
import { DEFAULT_SETTINGS } from '../mesh-view.js'
import { decodeCbor, parseShape } from './command.js'
import type { Item, Page } from '../../protocols/control.js'
import type { FunctionView, MemberView, MeshSettings, MeshView, PolicyView, ReplicaSetView, WorkflowView } from '../mesh-view.js'
import type { Store, Write } from '../store/port.js'

const ITEMS = 'control/view/'
const ITEMS_END = 'control/view0' // '0' follows '/'
const HEAD = 'control/view-head'

export interface ViewPlace { log: string, position: number }
interface Head extends ViewPlace { index: number }

const looseText = z.string().max(1 << 20)
const mesh = z.looseObject({
  meshId: looseText, generation: z.number(), controllers: z.array(looseText).max(64), settings: z.looseObject({ replaceAfterMs: z.number() })
})
/** Only what decides how an item is used is checked: it comes from a controller, which has checked the rest. */
const SHAPES: Record<string, z.ZodType> = {
  mesh,
  member: z.looseObject({ peer: looseText, disk: looseText, roles: z.array(looseText), addresses: z.array(looseText), left: z.boolean() }),
  set: z.looseObject({
    name: looseText, number: z.number(), whole: z.array(looseText),
    members: z.array(z.looseObject({ peer: looseText, disk: looseText, joined: z.number() }))
  }),
  function: z.looseObject({ cid: looseText, manifest: z.looseObject({ name: looseText, version: looseText, artefact: looseText, entry: looseText }) }),
  workflow: z.looseObject({ namespace: looseText, name: looseText, version: looseText, plan: looseText, source: looseText }),
  policy: z.looseObject({ name: looseText, rule: z.record(looseText, z.unknown()) })
}

type Tables = Map<string, Map<string, unknown>>

export class ViewCopy {
  private tables: Tables = new Map()
  private at: Head = { log: '', position: 0, index: 0 }
  private current: MeshView = this.build()
  /** Pages that came before the last one of a reading. */
  private pending: (ViewPlace & { reset: boolean, items: Item[] }) | undefined

  private constructor (private readonly store: Store) {}

  static async open (store: Store): Promise<ViewCopy> {
    const copy = new ViewCopy(store)
    const head = await store.get(HEAD)
    if (head === undefined) return copy
    for await (const [key, value] of store.range({ from: ITEMS, to: ITEMS_END })) {
      const [table = '', ...rest] = key.slice(ITEMS.length).split('/')
      tableOf(copy.tables, table).set(rest.join('/'), decode(value))
    }
    copy.at = decode(head)
    copy.current = copy.build()
    return copy
  }

  view (): MeshView { return this.current }

  /** Where to read on, after pages of a reading that is not at its end too. */
  place (): ViewPlace {
    const { log, position } = this.pending ?? this.at
    return { log, position }
  }

  /**
   * Takes a page. `changed` once the last page of a reading is there and something is new; until then the old view stands.
   * It is shown at once and stored behind: a view that is lost in a crash is read again.
   */
  take (page: Page): { changed: boolean, stored: Promise<void> } {
    for (const item of page.items) valueOf(item)
    const before = page.reset ? undefined : this.pending
    const reset = page.reset || before?.reset === true
    const items = [...before?.items ?? [], ...page.items]
    const { log, position, index } = page
    this.pending = page.more ? { log, position, reset, items } : undefined
    if (page.more) return { changed: false, stored: Promise.resolve() }

    this.at = { log, position, index }
    if (!reset && items.length === 0) {
      this.current = { ...this.current, index }
      return { changed: false, stored: Promise.resolve() }
    }
    this.apply(reset, items)
    this.current = this.build()
    return { changed: true, stored: this.keep(reset, items) }
  }

  /** Views handed out stay as they are: only the tables that change are copied. */
  private apply (reset: boolean, items: Item[]): void {
    const touched = new Set(items.map(({ table }) => table))
    const before: Tables = reset ? new Map<string, Map<string, unknown>>() : this.tables
    this.tables = new Map()
    for (const [name, table] of before) this.tables.set(name, touched.has(name) ? new Map(table) : table)
    for (const item of items) {
      const value = valueOf(item)
      if (value === undefined) tableOf(this.tables, item.table).delete(item.key)
      else tableOf(this.tables, item.table).set(item.key, value)
    }
  }

  private async keep (reset: boolean, items: Item[]): Promise<void> {
    const clear: Write[] = reset ? [{ type: 'deleteRange', from: ITEMS, to: ITEMS_END }] : []
    const writes = items.map((item): Write => {
      const key = `${ITEMS}${item.table}/${item.key}`
      return item.value.length === 0 ? { type: 'delete', key } : { type: 'put', key, value: item.value }
    })
    await this.store.batch([...clear, ...writes, { type: 'put', key: HEAD, value: encode(this.at) }])
  }

  private build (): MeshView {
    const head = this.tables.get('mesh')?.get('') as Pick<MeshView, 'meshId' | 'generation' | 'controllers'> & { settings: MeshSettings } | undefined
    const of = <T>(table: string): ReadonlyMap<string, T> => (this.tables.get(table) ?? new Map()) as ReadonlyMap<string, T>
    return {
      index: this.at.index,
      meshId: head?.meshId ?? '',
      generation: head?.generation ?? 0,
      controllers: head?.controllers ?? [],
      settings: { ...DEFAULT_SETTINGS, ...head?.settings },
      members: of<MemberView>('member'),
      sets: of<ReplicaSetView>('set'),
      functions: of<FunctionView>('function'),
      workflows: of<WorkflowView>('workflow'),
      policies: of<PolicyView>('policy')
    }
  }
}

function valueOf (item: Item): unknown {
  const shape = SHAPES[item.table]
  if (shape === undefined) throw new InvalidInputError(`the view has no table "${item.table}": this peer is older than its controller`)
  return item.value.length === 0 ? undefined : parseShape(shape, decodeCbor(item.value, 'item of the view'), `${item.table} "${item.key}"`)
}

function tableOf (tables: Tables, name: string): Map<string, unknown> {
  const found = tables.get(name) ?? new Map<string, unknown>()
  tables.set(name, found)
  return found
}
