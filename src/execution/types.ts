/**
 * What the pure machine of one branch takes and gives. Everything here is plain JSON data, so that a state can stand in
 * a record and go on at any peer. Times are Unix ms; they come in with events and are never read from a clock.
 */
import type { Answer } from '../workflow/expressions/index.js'
import type { Effects, PlacementHints, Then } from '../workflow/plan.js'

/** The specification's error: problem details, `instance` the JSON Pointer of the task that raised it. */
export interface WorkflowError { type: string, status: number, title?: string, detail?: string, instance?: string }

export type BranchStatus = 'running' | 'waiting' | 'suspended' | 'completed' | 'faulted' | 'cancelled'

/** How a branch ended. `caught`: a `catch` has begun in it, so a retry around it must not repeat its keys. `retryable` false:
 * no retry around it may try it again (see `callFailed`). `steps`: the highest step it or a child of it has used. */
export type Outcome =
  | { status: 'completed', output: unknown, steps?: number, caught?: true }
  | { status: 'faulted', error: WorkflowError, retryable?: false, steps?: number, caught?: true }
  | { status: 'cancelled', reason?: string, caught?: true }

/** A child branch. `opening` never repeats in the parent, so a retried fork's late children are told apart; `place`, the
 * parent's place + step of the fork + index (`/4/2`), does repeat: it is what idempotency keys are made of. */
export interface ChildRef { opening: number, index: number, place: string }

/** A timer with its absolute due time; `id` never repeats in a branch. */
export interface Timer { id: number, dueAt: number }

/** One task the branch is inside of, outermost first; the last one is where it stands. Positions in task lists need no
 * field: the next frame's task says where its list stands. */
export interface Frame {
  task: string
  step: number
  attempt: number
  startedAt: number
  /** Raw input (before `input.from`); kept only where an expression after the task reads it. */ raw?: unknown
  /** Transformed input; kept only where it is read again. */ input?: unknown
  /** The task's own timeout. */ deadline?: Timer
  inside?: Inside
}

/** What the frame's task is doing, by its kind; `do` needs nothing. */
export type Inside =
  | CallInside
  | { kind: 'wait', timer: Timer }
  | { kind: 'loop', items: unknown, index: number }
  | TryInside
  | ChildrenInside

/** A call in flight: everything that was evaluated, so that the effect can be given again. */
export interface CallInside { kind: 'call', id: number, request: unknown }

export interface TryInside {
  kind: 'try'
  phase: 'body' | 'delay' | 'catch'
  /** Tries of the body so far. */ tries: number
  /** The step counter goes back to this on a retry. */ base: number
  /** Highest step of any try: what follows this task starts above it. */ high: number
  /** A `catch` inside has begun since `base`: do not go back. */ caught?: true
  /** When the body first began, for the retry policy's duration. */ since: number
  /** Backoff in phase `delay`. */ timer?: Timer
  /** The policy's limit for one attempt, in phase `body`. */ attemptDeadline?: Timer
  /** What was caught, in phase `catch`. */ error?: unknown
}

/** A fork or a parallel map with its children. */
export interface ChildrenInside {
  kind: 'children'
  opening: number
  count: number
  /** Children 0 … opened-1 were opened. */ opened: number
  ended: number
  /** Outcomes in chunks, in declared order; null: not ended. A full chunk never changes again. */
  results: (ChildResult | null)[][]
  /** Of a parallel map. */ items?: unknown
}
export type ChildResult = { output: unknown } | { error: WorkflowError }

/** Where the machine goes on: kept in the state only while it waits for answers, or rests between two records. */
export type Cursor =
  | { op: 'begin' }
  | { op: 'enter', task: string }
  | { op: 'leave', then?: Then }
  | { op: 'iterate' }
  | { op: 'attempt' }
  | { op: 'open' }
  | { op: 'raise', error: WorkflowError, retryable: boolean }
  | { op: 'finish' }

/** The state of one branch. Big values sit only in the slots that `mapValues` visits. */
/** A field that is undefined is absent: setting it so is faster than deleting it, and JSON makes no difference. */
export interface BranchState {
  execution: string
  /** '' for the root, `/4/2` for child 2 of the fork at step 4 of the root. */ place: string
  /** What the branch runs: the whole plan, one task of a fork, or one item of a parallel map. */
  scope: { kind: 'root' } | { kind: 'fork' | 'item', task: string, opening: number, index: number }
  status: BranchStatus
  /** `now` of the last event that changed the state. */ at: number
  startedAt: number
  endedAt?: number
  /** Tasks entered; a retry sets it back. */ step: number
  /** Source of timer, question and opening ids. */ serial: number
  frames: Frame[]
  /** How often steps inside the outermost `try` with a retry were tried: [first, last, count], in order. */
  tries?: [first: number, last: number, count: number][]
  /** Highest step that any child has used. */ below?: number
  /** The same of the children of earlier attempts at the fork this branch is a child of: a `catch` steps above it. */ floor?: number
  /** Attempts of the fork this branch is a child of, before the present one. */ attemptBase?: number
  /** The workflow's own timeout, root only. */ deadline?: Timer
  /** A `catch` has begun in this branch or a child of it. */ caught?: true
  cursor?: Cursor
  /** Questions to real jq that are out. */ question?: { id: number, answers: Answer[] }
  /** A rest between two records: as a timer due at once. */ rest?: Timer
  /** Raw input of the task to be entered, or raw output of the task to be left. */ data?: unknown
  context?: unknown
  /** Raw workflow input, when the plan reads `$workflow`. */ input?: unknown
  /** When the execution began, for `$workflow.startedAt`. */ executionStartedAt: number
  /** Loop and error variables of the branches around. */ vars?: Record<string, unknown>
  output?: unknown
  error?: WorkflowError
  /** Of a faulted child: see Outcome. */ retryable?: false
  reason?: string
}

/** Time and a random number in [0, 1): recorded with the event, so that applying it again gives the same. */
interface Occurrence { now: number, random: number }

export type BranchEvent = Occurrence & (
  | { type: 'callCompleted', step: number, attempt: number, output: unknown }
  /** `retryable: false` only where another try could repeat what must not be repeated (an exclusive call that may be
   * done): `catch` may still handle it, no retry policy tries it again. @default true */
  | { type: 'callFailed', step: number, attempt: number, error: WorkflowError, retryable?: boolean }
  | { type: 'evaluated', id: number, answers: Answer[] }
  | { type: 'timerFired', id: number }
  | { type: 'childEnded', opening: number, index: number, outcome: Outcome }
  | { type: 'cancel', reason?: string }
)

interface CallBase {
  task: string, name: string, step: number, attempt: number, place: string
  /** Undefined: the function's default. */ effects?: Effects
  /** The task's `metadata.flowmesh.deadline`. */ timeoutMs?: number
  /** The nearest timeout around the call, absolute. */ deadlineAt?: number
  placement?: PlacementHints
}
export interface CallEffect extends CallBase { type: 'call', fn: string, version?: string, input: unknown }
export interface HttpEffect extends CallBase {
  type: 'http', effects: Effects, method: string, endpoint: string, headers: Record<string, string>
  query: Record<string, string>, body?: unknown, output: 'content' | 'response' | 'raw', redirect: boolean
}

/** What the driver does after the record is saved, in order. */
export type Effect =
  | CallEffect
  | HttpEffect
  /** Run each program by real jq on the input with the variables (names without `$`); answers in the same order. */
  | { type: 'evaluate', id: number, programs: { jq: string }[], input: unknown, vars: Record<string, unknown> }
  | ({ type: 'timer' } & Timer)
  | { type: 'open', children: ChildRef[] }
  /** Stop the call; its answer no longer counts. */
  | { type: 'interrupt', step: number, attempt: number }
  | { type: 'closeChildren', children: ChildRef[] }
  | { type: 'finish', outcome: Outcome }

/** One task entered or ended, for people. Entered and ended in one transition gives one entry. */
export interface TraceEntry {
  task: string, step: number, attempt: number
  status: 'running' | 'waiting' | 'completed' | 'faulted' | 'cancelled'
  startedAt: number, endedAt?: number, input?: unknown, output?: unknown, error?: WorkflowError
}

/** `state` is the very object that was given, and the rest empty, when the event changed nothing: it was late, repeated, or not for this branch. */
export interface Transition {
  state: BranchState
  effects: Effect[]
  trace: TraceEntry[]
  /** Children that the record opens, whose outcomes it took, and that it closes. */
  opens: ChildRef[], takes: ChildRef[], closes: ChildRef[]
  /** Decided once (first wins, timeout against completion, a fault that closes siblings, cancel): the record must be
   * done before anything that follows from it leaves. */
  decision: boolean
}

export interface Start { execution: string, input: unknown, now: number, random: number }
