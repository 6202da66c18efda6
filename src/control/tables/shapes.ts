/** The shapes that several tables share; everything from outside is bounded here, before a table sees it. */
import { z } from 'zod'
import { MAX_FACT_CHARS, MAX_LABELS } from '../../limits.js'
import { isContentId } from '../../workflow/content-id.js'

export const text = (max: number): z.ZodString => z.string().max(max)
export const peerId = z.string().regex(/^[a-zA-Z0-9-]{1,128}$/, 'is no peer id')
export const diskId = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'is no disk id')
export const nonce = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/, 'is no nonce')
export const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
export const contentIdText = z.string().refine(isContentId, 'is no content id')
/** Of functions and workflows. */
export const name = z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'must be 1 to 63 of a-z, 0-9 and -, and not begin or end with -')
export const semver = z.string().max(64)
  .regex(/^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/, 'must be a version like 1.0.0')
export const setName = z.string().regex(/^[a-z0-9-]{1,80}$/, 'is no name of a replica set')
export const executionId = z.string().min(1).max(128)
export const role = z.enum(['peer', 'deployer', 'operator', 'viewer'])
/** As wide as what a peer may say of itself: whoever started must not be refused for ever afterwards. */
export const labels = z.record(text(MAX_FACT_CHARS).min(1), text(MAX_FACT_CHARS))
  .refine(all => Object.keys(all).length <= MAX_LABELS, `has more than ${MAX_LABELS} labels`)

/** What a peer says of itself when it joins or starts. */
export const facts = z.strictObject({
  name: text(MAX_FACT_CHARS),
  region: text(64),
  zone: text(64),
  tier: z.enum(['edge', 'gateway', 'cloud']),
  domain: text(MAX_FACT_CHARS),
  labels,
  addresses: z.array(text(512)).max(32)
})
export type Facts = z.infer<typeof facts>

/** One start of a disk: its counter and the random part. */
export const incarnation = z.strictObject({ incarnation: count, nonce })
export type Incarnation = z.infer<typeof incarnation>
