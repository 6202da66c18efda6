/**
 * Error types have had three addresses over the years and now two hosts; all of them name the same error. Errors keep the
 * address their author wrote; whoever compares two types compares their canonical forms.
 */
const CANONICAL = 'https://serverlessworkflow.io/spec/1.0.0/errors/'
const HOSTS = '(?:www\\.)?(?:serverlessworkflow\\.io|open-workflow-specification\\.org)'
const ALIAS = new RegExp(`^https?://${HOSTS}/(?:spec/1\\.0\\.[0-9]+/errors|(?:dsl/)?errors/types)/([A-Za-z0-9-]{1,64})$`)

export type StandardError =
  'configuration' | 'validation' | 'expression' | 'authentication' | 'authorization' | 'timeout' | 'communication' | 'runtime'

/** The address under which a standard error is raised by us. */
export function standardErrorType (name: StandardError): string {
  return CANONICAL + name
}

/** The same text for every address of the same error type; other types come back unchanged. */
export function canonicalErrorType (type: string): string {
  const name = ALIAS.exec(type)?.[1]
  return name === undefined ? type : CANONICAL + name
}
