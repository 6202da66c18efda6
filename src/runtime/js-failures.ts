/** The ways a call of a js function ends that the function did not choose. */
import { failure } from './failure.js'
import type { Failure } from './failure.js'

export function timedOut (key: string, timeoutMs: number): Failure {
  return failure({ kind: 'timeout', status: 408, title: 'Function timed out', detail: `${key} did not answer within ${timeoutMs} ms`, retryable: true, notDone: false })
}

export function aborted (notDone: boolean): Failure {
  return failure({ kind: 'runtime', status: 499, title: 'Call aborted', detail: 'the call was aborted before it ended', retryable: false, notDone })
}

export function stopping (notDone: boolean): Failure {
  return failure({ kind: 'communication', status: 503, title: 'Peer stopping', detail: 'the peer stopped before the call ended', retryable: true, notDone })
}

export function overloaded (key: string): Failure {
  return failure({ kind: 'communication', status: 429, title: 'Too many calls', detail: `too many calls of ${key} wait on this peer`, retryable: true, notDone: true })
}

export function notJsonInput (detail: string): Failure {
  return failure({ kind: 'validation', status: 400, title: 'Input is not JSON', detail, retryable: false, notDone: true })
}

export function notLoaded (fn: { key: string, entry: string }, detail: string): Failure {
  return failure({
    kind: 'configuration',
    status: 400,
    title: 'Function cannot be loaded',
    detail: `${fn.key}: ${fn.entry} cannot be loaded: ${detail}`,
    retryable: false,
    notDone: true
  })
}

/** The only call in its worker: it is the one that ended it, and would again. */
export function crashed (key: string, how: string): Failure {
  return failure({ kind: 'runtime', status: 500, title: 'Function ended its worker', detail: `the worker of ${key} ended during the call: ${how}`, retryable: false, notDone: false })
}

/** One of several calls in a worker that ended: most likely not its own fault. */
export function lostNeighbour (key: string, how: string): Failure {
  return failure({ kind: 'communication', status: 503, title: 'Worker lost', detail: `the worker of ${key} ended during the call: ${how}`, retryable: true, notDone: false })
}
