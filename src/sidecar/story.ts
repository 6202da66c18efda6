/**
 * An execution's story as events: one per task entered or ended, then the outcome. It is told from what the replicas have,
 * so it can begin anywhere and at any peer. Ids grow with time; a reader that names the last one it saw goes on after it.
 */
import type { Clock } from '../clock.js'
import type { ExecutionEvent, ExecutionView } from './port.js'

export interface StoryOptions {
  read: () => Promise<ExecutionView>
  watch: (listener: () => void) => () => void
  clock: Clock
  lastEventId?: string
  signal: AbortSignal
}

/** News closer together than this are read together. */
const PAUSE_MS = 50

export async function * tellStory ({ read, watch, clock, lastEventId, signal }: StoryOptions): AsyncGenerator<ExecutionEvent> {
  const told = new Set<string>()
  // What is no id of ours says nothing about what was seen: the story is told from its start.
  const last = lastEventId !== undefined && ID.test(lastEventId) ? lastEventId : ''
  let changed = true
  let wake = (): void => {}
  const off = watch(() => {
    changed = true
    wake()
  })
  const onAbort = (): void => { wake() }
  signal.addEventListener('abort', onAbort)
  try {
    while (!signal.aborted) {
      changed = false
      const view = await read().catch(() => undefined)
      for (const event of view === undefined ? [] : eventsOf(view)) {
        if (told.has(event.id)) continue
        told.add(event.id)
        if (event.id > last) yield event
      }
      if (view?.final === true) return
      await new Promise<void>(resolve => {
        wake = resolve
        const ms = changed || view === undefined ? PAUSE_MS : 60_000
        clock.after(ms, resolve)
        if (signal.aborted) resolve()
      })
      await new Promise<void>(resolve => { clock.after(PAUSE_MS, resolve) })
    }
  } finally {
    off()
    signal.removeEventListener('abort', onAbort)
  }
}

function eventsOf (view: ExecutionView): ExecutionEvent[] {
  const { id, workflow, version, status, final } = view
  const events = [event(view.startedAt, Place.begun, 'started', '', { execution: id, workflow, version })]
  for (const task of view.tasks) {
    const key = `${String(task.step).padStart(7, '0')}/${task.attempt}/${task.branch}`
    const { input: _input, output: _output, ...data } = task
    events.push(event(task.startedAt, Place.starts, 'taskStarted', key, { task: task.task, branch: task.branch, step: task.step, attempt: task.attempt, peer: task.peer }))
    if (task.endedAt !== undefined) events.push(event(task.endedAt, task.endedAt === task.startedAt ? Place.endsAtOnce : Place.ends, 'taskEnded', key, data))
  }
  if (final && view.endedAt !== undefined) {
    const { output, error, reason } = view
    // Last in the order whatever the clocks of other peers said.
    const at = events.reduce((latest, each) => each.at > latest ? each.at : latest, view.endedAt)
    events.push(event(at, Place.over, 'ended', '', { status, final, output, error, reason }))
  }
  return events.sort((a, b) => a.id < b.id ? -1 : 1)
}

/** Within one millisecond: what ended gives way to what starts, and what starts and ends in it ends after it started. */
const Place = { begun: 0, ends: 1, starts: 2, endsAtOnce: 3, over: 4 } as const
const ID = /^[0-9a-z]{9}-[0-4]-/

function event (at: string, place: number, type: string, key: string, data: Record<string, unknown>): ExecutionEvent {
  return { id: `${Date.parse(at).toString(36).padStart(9, '0')}-${place}-${key}-${type}`, type, at, data }
}
