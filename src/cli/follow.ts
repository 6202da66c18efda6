/**
 * Follows an execution on stderr: a line per task and attempt that ended, with the peer that ran it. The event stream says
 * when to look, and the execution itself what is true; so nothing is lost when the stream breaks.
 */
import type { Client } from '../api/client.js'
import { FlowMeshError } from '../errors.js'
import type { ExecutionView, TaskView } from '../sidecar/port.js'
import { clean, note, showDuration } from './terminal.js'

const ENDED = new Set(['completed', 'faulted', 'cancelled'])
/** At least so long between two readings, so that a fast execution costs a few and not one a step. */
const PAUSE_MS = 100
/** And at most so long, should the stream be silent while something changed. */
const SILENCE_MS = 2000
/** How long to go on when no peer answers, before saying so. */
const PATIENCE_MS = 15_000

/** Resolves when the outcome is final. Rejects when the signal fires, and when nobody answers any more. */
export async function follow (client: Client, id: string, signal?: AbortSignal): Promise<ExecutionView> {
  const end = new AbortController()
  const either = signal === undefined ? end.signal : AbortSignal.any([signal, end.signal])
  const changes = new Changes(client, id, either)
  const progress = new Progress(client)
  try {
    for (let lastAnswer = Date.now(); ;) {
      const view = await client.execution(id).catch((err: unknown) => {
        const patient = err instanceof FlowMeshError && err.kind === 'unavailable' && Date.now() - lastAnswer < PATIENCE_MS
        if (!patient) throw err
        return undefined
      })
      signal?.throwIfAborted()
      if (view !== undefined) {
        lastAnswer = Date.now()
        await progress.show(view)
        if (view.final && ENDED.has(view.status)) return view
      }
      await changes.next()
      signal?.throwIfAborted()
    }
  } finally {
    end.abort()
  }
}

/** Resolves `next()` soon after an event, and after some silence anyhow. */
class Changes {
  private wake = (): void => {}
  private changed = false

  constructor (client: Client, id: string, private readonly signal: AbortSignal) {
    signal.addEventListener('abort', () => { this.wake() }, { once: true })
    void this.listen(client, id)
  }

  async next (): Promise<void> {
    await this.pause(PAUSE_MS)
    if (!this.changed) await this.pause(SILENCE_MS)
    this.changed = false
  }

  private async listen (client: Client, id: string): Promise<void> {
    try {
      for await (const _ of client.events(id, { signal: this.signal })) this.note()
    } catch {
      // the readings beside this stream meet the same trouble and report it
    }
    this.note()
  }

  private note (): void {
    if (this.changed) return
    this.changed = true
    this.wake()
  }

  private async pause (ms: number): Promise<void> {
    if (this.signal.aborted) return
    await new Promise<void>(resolve => {
      const timer = setTimeout(resolve, ms)
      this.wake = () => {
        if (ms === PAUSE_MS && !this.signal.aborted) return
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

class Progress {
  private readonly shown = new Set<string>()
  private names = new Map<string, string>()
  private state = ''

  constructor (private readonly client: Client) {}

  async show (view: ExecutionView): Promise<void> {
    const ended = view.tasks.filter(task => ENDED.has(task.status) && !this.shown.has(keyOf(task)))
    if (ended.some(({ peer }) => !this.names.has(peer))) {
      this.names = new Map((await this.client.peers().catch(() => [])).map(({ peer, name }) => [peer, name]))
    }
    for (const task of ended) {
      this.shown.add(keyOf(task))
      note(line(task, this.names.get(task.peer) ?? task.peer))
    }
    const state = view.status === 'waiting' ? `waiting: ${view.reason ?? tasksWaiting(view)}` : ''
    if (state !== '' && state !== this.state) note(clean(state))
    this.state = state
  }
}

/** Nothing is wrong: it waits because a task says so. */
function tasksWaiting (view: ExecutionView): string {
  return view.tasks.filter(({ status }) => status === 'waiting').map(({ task }) => task).join(', ') || 'for its peers'
}

function keyOf ({ branch, step, attempt, task, epoch }: TaskView): string {
  return [branch, step, attempt, task, epoch].join(' ')
}

function line (task: TaskView, peer: string): string {
  const mark = task.status === 'completed' ? '✓' : '✗'
  const took = task.endedAt === undefined ? '' : ` in ${showDuration(Date.parse(task.endedAt) - Date.parse(task.startedAt))}`
  const attempt = task.attempt > 1 ? `, attempt ${task.attempt}` : ''
  const why = task.error === undefined ? '' : `: ${task.error.title ?? task.error.type}`
  return clean(`${mark} ${task.task} on ${peer}${took}${attempt}${why}`)
}
