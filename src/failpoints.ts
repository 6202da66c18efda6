/**
 * Named moments at which a test may kill, stop, delay or fail the real process. Unarmed, a failpoint is one comparison.
 * Armed by `FLOWMESH_FAILPOINTS` or, in a running peer, by `armFailpoints`: `name=action[:ms][@hit]`, comma separated:
 *
 *   kill       SIGKILL to this process            stop       SIGSTOP to this process, until somebody sends SIGCONT
 *   pause:MS   only this path waits                stall:MS   the whole process stands still
 *   error      the failpoint rejects               @N         at the N-th hit (default 1), once; @* at every hit
 */
import { InvalidInputError } from './errors.js'

/** Every failpoint there is, in the order a step passes them. */
export const FAILPOINTS = [
  'store.before-sync', // a group of batches is collected, nothing is written
  'store.after-sync', // on disk, nobody was told
  'checkpoint.before-acknowledge', // a replica has synced a record and not yet said so
  'sidecar.before-call', // placed and reserved, the function not called
  'sidecar.effect-done', // the function has answered, its record is not appended
  'sidecar.record-done', // acknowledged by every replica, what follows neither placed nor started
  'sidecar.accepted', // the first record is done, 202 not sent
  'control.before-apply' // decided and synced, not applied
] as const
export type Failpoint = typeof FAILPOINTS[number]

const ACTIONS = ['kill', 'stop', 'pause', 'stall', 'error'] as const
interface Armed { action: typeof ACTIONS[number], ms: number, at: number, hits: number }

let armed: Map<string, Armed> | undefined

/** Await it where the caller can; a promise comes back only when there is something to wait for. */
export function failpoint (name: Failpoint): void | Promise<void> {
  if (armed !== undefined) return hit(name)
}

/** For a step that nobody awaits: done at once when there is nothing to wait for. An armed `error` leaves it out. */
export function afterFailpoint (name: Failpoint, step: () => void): void {
  const passed = failpoint(name)
  if (passed === undefined) step()
  else passed.then(step, () => {})
}

/** What an armed `error` throws. */
export class FailpointError extends Error {
  override readonly name = 'FailpointError'
}

/** Replaces what was armed; an empty text disarms everything. */
export function armFailpoints (spec: string): void {
  const next = new Map<string, Armed>()
  for (const part of spec.split(',').map(text => text.trim()).filter(text => text !== '')) {
    const [, name = '', action = '', ms = '0', at = '1'] = /^([\w.-]+)=([a-z]+)(?::(\d{1,7}))?(?:@(\d{1,9}|\*))?$/.exec(part) ?? []
    const known = ACTIONS.find(one => one === action)
    if (known === undefined || !(FAILPOINTS as readonly string[]).includes(name)) {
      throw new InvalidInputError(`failpoint "${part}" is not of the form name=action[:ms][@hit] with a known name ` +
        `(${FAILPOINTS.join(' ')}) and action (${ACTIONS.join(' ')})`, { field: 'FLOWMESH_FAILPOINTS' })
    }
    next.set(name, { action: known, ms: Number(ms), at: at === '*' ? 0 : Number(at), hits: 0 })
  }
  armed = next.size === 0 ? undefined : next
}

function hit (name: Failpoint): void | Promise<void> {
  const point = armed?.get(name)
  if (point === undefined) return
  point.hits++
  if (point.at !== 0 && point.hits !== point.at) return
  switch (point.action) {
    case 'kill': process.kill(process.pid, 'SIGKILL'); return
    case 'stop': process.kill(process.pid, 'SIGSTOP'); return
    case 'pause': return new Promise(resolve => { setTimeout(resolve, point.ms) })
    case 'stall': Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, point.ms); return
    case 'error': return Promise.reject(new FailpointError(`failpoint ${name}`))
  }
}

armFailpoints(process.env['FLOWMESH_FAILPOINTS'] ?? '')
