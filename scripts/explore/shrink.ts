/** A failing walk, cut down to what it takes to fail, and a line of text per event. */
import { perform } from './actions.js'
import type { Action } from './actions.js'
import { startExecution } from './shell.js'
import { messageKey } from './state-key.js'
import { makeWorld } from './world.js'
import type { Peer, Protocol, Spec, World } from './world.js'

/** Leaves out ever smaller pieces as long as the world still breaks. Messages are found again by what they say. */
export function shrink (spec: Spec, protocol: Protocol, starter: number, trace: Action[]): string[] {
  let steps = trace.map(written)
  if (!breaks(spec, protocol, starter, steps)) return steps.map(step => step.text)
  for (let size = Math.ceil(steps.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < steps.length;) {
      const fewer = [...steps.slice(0, at), ...steps.slice(at + size)]
      if (breaks(spec, protocol, starter, fewer)) steps = fewer
      else at += size
    }
  }
  return steps.map(step => step.text)
}

interface Written { action: Action, message: string | undefined, text: string }

function written (action: Action): Written {
  const message = 'message' in action ? messageKey(action.message) : undefined
  const { type, ...rest } = action
  const text = message === undefined ? Object.values(rest).join(' ') : message
  return { action, message, text: `${type} ${text}` }
}

function breaks (spec: Spec, protocol: Protocol, starter: number, steps: Written[]): boolean {
  const world = makeWorld(spec, protocol)
  startExecution(world, world.peers[starter] as Peer)
  for (const step of steps) {
    const action = step.message === undefined ? step.action : again(world, step)
    if (action !== undefined) perform(world, action)
    if (world.observed.violation !== null) return true
  }
  return false
}

function again (world: World, { action, message }: Written): Action | undefined {
  const found = world.net.find(each => messageKey(each) === message)
  return found === undefined ? undefined : { ...action, message: found } as Action
}
