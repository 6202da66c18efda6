/**
 * How records name branches. A child's first record is the parent's record that opened it, so its branch, index and next
 * writer depend on the branch one reads it for; these helpers keep that in one place.
 */
import type { BranchRecord, Opening, OpenChildren, PeerRef } from './types.js'

/** Child by opening record: a superseded opening record takes its children with it. */
export function childBranch (openingHash: string, place: number): string {
  return `${openingHash}.${place}`
}

export function indexIn (branch: string, record: BranchRecord): number {
  return record.branch === branch ? record.index : 0
}

/** Who writes the next record of `branch` after this one; null: the branch ended. */
export function nextIn (branch: string, record: BranchRecord): PeerRef | null {
  if (record.branch === branch) return record.next
  return record.opens[placeOf(branch)]?.next ?? null
}

/** The openings on the way from the root to `branch`. */
export function lineageIn (branch: string, record: BranchRecord): Opening[] {
  return record.branch === branch ? record.lineage : [...record.lineage, openingBy(record)]
}

export function openingBy (record: BranchRecord): Opening {
  return { branch: record.branch, hash: record.hash, index: record.index, epoch: record.epoch }
}

/** Children open after this record, those it opens itself included, with their openings. */
export function openAfter (record: BranchRecord): OpenChildren[] {
  if (record.opens.length === 0) return record.open
  return [...record.open, { opening: openingBy(record), places: record.opens.map((_, place) => place) }]
}

/** The open children of `branch` after this record; none when the record is only its opening, written by the parent. */
export function childrenIn (branch: string, record: BranchRecord | null): string[] {
  if (record?.branch !== branch) return []
  return openAfter(record).flatMap(({ opening, places }) => places.map(place => childBranch(opening.hash, place)))
}

/** Whether the child is open after this record. */
export function listsChild (record: BranchRecord, openingHash: string, child: string): boolean {
  const place = placeOf(child)
  if (record.hash === openingHash) return place < record.opens.length
  return record.open.some(({ opening, places }) => opening.hash === openingHash && places.includes(place))
}

function placeOf (child: string): number {
  return Number(child.slice(child.lastIndexOf('.') + 1))
}
