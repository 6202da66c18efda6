import { expect } from 'chai'
import { InvalidInputError } from '../../src/errors.js'
import type { Place } from '../../src/errors.js'
import { compileWorkflow } from '../../src/workflow/index.js'

/** What is refused, and where; fails when nothing is. */
export function refusal (act: () => unknown): { message: string, place: Place } {
  try {
    act()
  } catch (err) {
    expect(err, String((err as Error).stack)).to.be.instanceOf(InvalidInputError)
    const { message, place } = err as InvalidInputError
    return { message, place }
  }
  return expect.fail('nothing was refused')
}

export const HEAD = `document:
  dsl: '1.0.3'
  namespace: default
  name: test
  version: '1.0.0'
`

/** A workflow whose text begins at line 6 with this. */
export function workflow (rest: string): string {
  return HEAD + rest
}

export function refusedWorkflow (rest: string): { message: string, place: Place } {
  return refusal(() => compileWorkflow(workflow(rest), 'w.yaml'))
}
