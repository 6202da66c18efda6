/**
 * The starts of this disk since the last one the group has committed. Each is noted before anybody hears of it, so that
 * the group can tell this disk, which knows the start it last saw, from a copy or an older state of it, which does not.
 */
import { decode, encode } from '@ipld/dag-cbor'
import type { Store } from '../store/port.js'
import type { Incarnation } from './tables/shapes.js'

const KEY = 'control/starts'
/** As many as a hello may carry. The first one is committed, so it is the one that must stay. */
const MAX_STARTS = 64

/** Before the peer joins or says anything. Repeating it for one start changes nothing. */
export async function noteStart (store: Store, start: Incarnation): Promise<Incarnation[]> {
  const starts = await readStarts(store)
  if (starts.at(-1)?.nonce === start.nonce) return starts
  const [committed, ...tried] = starts
  const next = committed === undefined ? [start] : [committed, ...tried.slice(2 - MAX_STARTS), start]
  await store.batch([{ type: 'put', key: KEY, value: encode(next) }])
  return next
}

/** The group has committed this one: those before it are not needed any more. */
export async function startCommitted (store: Store, start: Incarnation): Promise<void> {
  await store.batch([{ type: 'put', key: KEY, value: encode([start]) }])
}

async function readStarts (store: Store): Promise<Incarnation[]> {
  const bytes = await store.get(KEY)
  return bytes === undefined ? [] : decode<Incarnation[]>(bytes)
}
