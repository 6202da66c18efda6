export { contentId, idOfDigest, isContentId } from './content-id.js'
export { compileWorkflow } from './compile/compile.js'
export { readDuration } from './duration.js'
export { canonicalErrorType, standardErrorType } from './error-types.js'
export { parseFunctionManifest } from './manifest.js'
export { parseWorkflow } from './parse.js'
export { checkSchema } from './schema/check.js'
export { child as pointerChild } from './source.js'
export type { Compiled } from './compile/compile.js'
export type { DurationRead } from './duration.js'
export type { ParsedManifest } from './manifest.js'
export type { SchemaCheck } from './schema/check.js'
export type { Parsed, Positions, Source, Warning } from './source.js'
export type {
  CatchClause, DataFlow, DoTask, Duration, Effects, Expr, ForTask, ForkTask, FunctionCall, HttpCall, PlacementHints, Plan,
  RaiseTask, RetryPolicy, SetTask, SwitchTask, Task, TaskBase, TaskSettings, Template, Then, TryTask, WaitTask, WorkflowSettings
} from './plan.js'
