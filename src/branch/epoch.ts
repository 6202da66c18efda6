/** Epochs: a total order, so that of two writers at most one goes on. */
import type { Epoch, PeerRef } from './types.js'

/** Below every real epoch. */
export const NO_EPOCH: Epoch = { generation: -1, set: -1, count: -1, peer: '' }

/** Negative, zero or positive, by generation, set number, count, peer. */
export function compareEpochs (a: Epoch, b: Epoch): number {
  if (a.generation !== b.generation) return a.generation - b.generation
  if (a.set !== b.set) return a.set - b.set
  if (a.count !== b.count) return a.count - b.count
  return a.peer < b.peer ? -1 : a.peer > b.peer ? 1 : 0
}

/** `NO_EPOCH` when there are none. */
export function highest (epochs: Epoch[]): Epoch {
  return epochs.reduce((high, epoch) => compareEpochs(epoch, high) > 0 ? epoch : high, NO_EPOCH)
}

/** For people: `set number.count`, as in `7.2`. */
export function formatEpoch (epoch: Epoch): string {
  return `${epoch.set}.${epoch.count}`
}

/** The same text for equal epochs only. */
export function epochKey ({ generation, set, count, peer }: Epoch): string {
  return `${generation}.${set}.${count}.${peer}`
}

/** The smallest epoch of `peer` under this number that is higher than `noted`. */
export function nextEpoch (generation: number, number: number, noted: Epoch, peer: string): Epoch {
  const same = noted.generation === generation && noted.set === number
  return { generation, set: number, count: same ? noted.count + 1 : 1, peer }
}

export function samePeer (a: PeerRef | null, b: PeerRef | null): boolean {
  return a !== null && b !== null && a.peer === b.peer && a.incarnation === b.incarnation
}
