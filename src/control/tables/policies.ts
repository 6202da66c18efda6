/** Policies as data: this table only keeps them, bounded; what a rule means is written where it is enforced. */
import { z } from 'zod'
import { OverloadedError } from '../../errors.js'
import { MAX_POLICIES } from '../../limits.js'
import { name, text } from './shapes.js'
import type { PolicyView } from '../../mesh-view.js'

export type Policies = ReadonlyMap<string, PolicyView>

const value = z.union([text(1024), z.number(), z.boolean(), z.array(text(1024)).max(256)])
export const setPolicy = z.strictObject({
  type: z.literal('setPolicy'),
  name,
  /** Null takes the policy away. */
  rule: z.record(text(64), value).refine(rule => Object.keys(rule).length <= 64, 'has more than 64 fields').nullable()
})
export type PolicyCommand = z.infer<typeof setPolicy>

export function applyPolicies (state: Policies, command: PolicyCommand): { state: Policies, result: null } {
  const next = new Map(state)
  next.delete(command.name)
  if (command.rule === null) return { state: next, result: null }
  if (next.size >= MAX_POLICIES) throw new OverloadedError(`this mesh has ${MAX_POLICIES} policies, its limit; remove one first`)
  return { state: next.set(command.name, { name: command.name, rule: command.rule }), result: null }
}
