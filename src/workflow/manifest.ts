import type { FunctionManifest } from '../mesh-view.js'

/** A manifest before its folder is packed: the artefact's content id is not known yet. */
export type ParsedManifest = Omit<FunctionManifest, 'artefact'>

/** `function.yaml` (or JSON). Throws InvalidInputError with file, line, column and field. */
export function parseFunctionManifest (_text: string, _file?: string): ParsedManifest { throw new Error('not built') }
