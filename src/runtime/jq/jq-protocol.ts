/** What JqWorker and its thread say to each other. */
import type { Answer } from '../../workflow/expressions/index.js'

export interface JqRequest {
  id: number
  programs: string[]
  /** For each program the names of the variables it takes from outside. */
  variables: string[][]
  /** JSON text of `{ i: input, v: variables }`; text, since that is what jq takes. */
  data: string
  maxOutputBytes: number
}
export interface JqResponse { id: number, answers: Answer[] }
