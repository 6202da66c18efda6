/** What api/ and others may ask of the sidecar: start, read and control executions. From any peer. */
import type { WorkflowError } from '../execution/index.js'

export type ExecutionStatus = 'pending' | 'running' | 'waiting' | 'suspended' | 'cancelled' | 'faulted' | 'completed'

export interface TaskView {
  task: string, branch: string, step: number, attempt: number, status: ExecutionStatus, peer: string, epoch: string
  startedAt: string, endedAt?: string, input?: unknown, output?: unknown, error?: WorkflowError, superseded?: boolean
}

/** `GET /v1/executions/{id}` of INTERFACE: times are RFC 3339 UTC. */
export interface ExecutionView {
  id: string, workflow: string, version: string, plan: string, status: ExecutionStatus, final: boolean, reason?: string
  input: unknown, output?: unknown, error?: WorkflowError, startedAt: string, endedAt?: string, epoch: string
  set: { name: string, number: number, replicas: string[] }, stale?: boolean, degraded?: boolean, tasks: TaskView[]
}

/** What a list shows, without reading records. */
export type ExecutionSummary = Pick<ExecutionView, 'id' | 'workflow' | 'version' | 'status' | 'final' | 'startedAt' | 'endedAt' | 'set'>
/** `answered` of `peers`: those with a part in executions, and those of them whose part is in it. */
export interface ExecutionPage { executions: ExecutionSummary[], cursor?: string, answered: number, peers: number }

export interface StartRequest { workflow: string, version?: string, input?: unknown, key?: string, copies?: number }

/** One line of an execution's story; `id` grows, so a reader can go on after the last one it saw. */
export interface ExecutionEvent { id: string, type: string, at: string, data: Record<string, unknown> }

export interface Executions {
  /** Resolves when the first record is done at the whole set. Errors: NotFoundError, InvalidInputError, ConflictError (same key, other input), UnavailableError, OverloadedError. */
  start (request: StartRequest): Promise<{ id: string }>
  /** Resolves once the outcome is final, or undefined at the deadline. */
  waitFinal (id: string, deadlineMs: number): Promise<ExecutionView | undefined>
  /** Asks its replicas. NotFoundError only when they answered; otherwise UnavailableError naming them. */
  read (id: string): Promise<ExecutionView>
  list (filter: { status?: string, workflow?: string, limit: number, cursor?: string }): Promise<ExecutionPage>
  /** The story from the start or after `lastEventId`, then live, until the outcome is final or the signal aborts. */
  events (id: string, options: { lastEventId?: string, signal: AbortSignal }): AsyncIterable<ExecutionEvent>
  cancel (id: string, reason?: string): Promise<void>
  logs (id: string): Promise<{ task: string, attempt: number, peer: string, at: string, level: string, text: string }[]>
}
