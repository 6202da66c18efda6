/** The forms of names that travel: in calls, manifests and deployments. */

/** Of a function. */
export const FUNCTION_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/
const NUMBER = '(?:0|[1-9]\\d*)'
const MARK = `(?:${NUMBER}|\\d*[a-zA-Z-][0-9a-zA-Z-]*)`
const BUILD = '[0-9a-zA-Z-]+'
/** Semantic version 2.0.0, at most 64 characters. */
export const SEMVER = new RegExp(`^(?=.{5,64}$)${NUMBER}\\.${NUMBER}\\.${NUMBER}(?:-${MARK}(?:\\.${MARK})*)?(?:\\+${BUILD}(?:\\.${BUILD})*)?$`)
