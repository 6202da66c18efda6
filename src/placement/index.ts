export { choosePeer } from './placement.js'
export type { Candidate, Choice, PlacementRequest } from './placement.js'
