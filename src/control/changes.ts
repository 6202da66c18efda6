/**
 * What changed in the view, as a list each peer reads at its own pace: an item stands at the position of its last change,
 * so whoever has read up to a position gets everything newer once, in pages. Kept in memory: a controller that starts
 * again begins a new list under a new name, and peers read the view anew.
 */
import { encode } from '@ipld/dag-cbor'
import { MAX_VIEW_PAGE_BYTES } from '../limits.js'
import { emptyState } from './state.js'
import type { Item, Page } from '../../protocols/control.js'
import type { State } from './state.js'

interface Change { position: number, table: string, key: string, value: unknown }

/** The tables a view shows, as maps whose values are never changed in place. */
const TABLES: Record<string, (state: State) => ReadonlyMap<string, unknown>> = {
  member: state => state.members,
  set: state => state.sets,
  function: state => state.functions,
  workflow: state => state.workflows.byKey,
  policy: state => state.policies
}

export class Changes {
  private seen: State = emptyState()
  /** Oldest change first. */
  private readonly changes = new Map<string, Change>()
  private position = 0
  private index = 0

  constructor (readonly log: string, state: State) { this.observe(state) }

  /** Index of the newest entry that changed what a view shows. */
  get newest (): number { return this.index }

  /** True when the view changed. */
  observe (state: State): boolean {
    const before = this.position
    for (const [table, of] of Object.entries(TABLES)) this.compare(table, of(this.seen), of(state))
    this.compareHead(state)
    this.seen = state
    if (this.position === before) return false
    this.index = state.applied
    return true
  }

  has (log: string, position: number): boolean {
    return log !== this.log || position < this.position
  }

  /** What comes after that position of that list; everything, when it is another list. */
  page (log: string, position: number): Page {
    const reset = log !== this.log
    const from = reset ? 0 : position
    const items: Item[] = []
    let bytes = 0
    let last = from
    for (const change of this.after(from)) {
      const gone = change.value === undefined
      if (gone && from === 0) continue
      const item = { table: change.table, key: change.key, value: new Uint8Array(gone ? [] : encode(change.value)) }
      bytes += item.value.length + item.key.length + 16
      if (items.length > 0 && bytes > MAX_VIEW_PAGE_BYTES) return { log: this.log, reset, items, position: last, more: true, index: this.index }
      items.push(item)
      last = change.position
    }
    return { log: this.log, reset, items, position: this.position, more: false, index: this.seen.applied }
  }

  /** From the end, because a peer usually lacks little. */
  private after (position: number): Change[] {
    if (position === 0) return [...this.changes.values()]
    if (position >= this.position) return []
    return [...this.changes.values()].filter(change => change.position > position)
  }

  private compare (table: string, before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): void {
    if (before === after) return
    for (const [key, value] of after) if (before.get(key) !== value) this.note(table, key, value)
    for (const key of before.keys()) if (!after.has(key)) this.note(table, key, undefined)
  }

  private compareHead (state: State): void {
    const { meshId, generation, controllers, settings } = state
    const same = this.seen.meshId === meshId && this.seen.generation === generation &&
      this.seen.controllers === controllers && this.seen.settings === settings
    if (!same) this.note('mesh', '', { meshId, generation, controllers, settings })
  }

  private note (table: string, key: string, value: unknown): void {
    const name = `${table}/${key}`
    this.changes.delete(name)
    this.changes.set(name, { position: ++this.position, table, key, value })
  }
}
