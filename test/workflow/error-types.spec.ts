import { expect } from 'chai'
import { canonicalErrorType, standardErrorType } from '../../src/workflow/index.js'

describe('error types', () => {
  const ALIASES = [
    'https://serverlessworkflow.io/spec/1.0.0/errors/communication',
    'https://serverlessworkflow.io/spec/1.0.3/errors/communication',
    'https://serverlessworkflow.io/dsl/errors/types/communication',
    'https://serverlessworkflow.io/errors/types/communication',
    'https://open-workflow-specification.org/spec/1.0.0/errors/communication',
    'https://open-workflow-specification.org/dsl/errors/types/communication',
    'https://open-workflow-specification.org/errors/types/communication'
  ]
  for (const alias of ALIASES) {
    it(`${alias} is the standard type`, () => {
      expect(canonicalErrorType(alias)).to.equal(standardErrorType('communication'))
    })
  }

  it('leaves every other type as it is', () => {
    for (const type of ['https://example.com/errors/types/communication', 'urn:x', '', 'https://serverlessworkflow.io.evil.org/dsl/errors/types/timeout', 'https://serverlessworkflow.io/dsl/errors/types/a/b']) {
      expect(canonicalErrorType(type)).to.equal(type)
    }
  })

  it('is the same applied twice', () => {
    for (const alias of ALIASES) expect(canonicalErrorType(canonicalErrorType(alias))).to.equal(canonicalErrorType(alias))
  })
})
