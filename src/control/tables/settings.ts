/** The mesh's settings: a change names only what it changes. */
import { z } from 'zod'
import { MAX_COPIES } from '../../limits.js'
import type { MeshSettings } from '../../mesh-view.js'

export const configure = z.strictObject({
  type: z.literal('configure'),
  settings: z.strictObject({
    replaceAfterMs: z.number().int().min(2_000).max(24 * 3600_000),
    copies: z.array(z.number().int().min(1).max(MAX_COPIES)).min(1).max(MAX_COPIES),
    open: z.boolean(),
    keyRetentionMs: z.number().int().min(60_000).max(30 * 24 * 3600_000)
  }).partial()
})
export type SettingsCommand = z.infer<typeof configure>

export function applySettings (state: MeshSettings, command: SettingsCommand): { state: MeshSettings, result: MeshSettings } {
  const next = { ...state }
  const change = command.settings
  if (change.replaceAfterMs !== undefined) next.replaceAfterMs = change.replaceAfterMs
  if (change.copies !== undefined) next.copies = [...new Set(change.copies)].sort((a, b) => a - b)
  if (change.open !== undefined) next.open = change.open
  if (change.keyRetentionMs !== undefined) next.keyRetentionMs = change.keyRetentionMs
  return { state: next, result: next }
}
