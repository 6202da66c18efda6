export type { FunctionRef, Invocation, InvocationResult, LogLine } from './port.js'
export { JsRuntime } from './js-runtime.js'
export type { JsRuntimeOptions } from './js-runtime.js'
export type { JsFunction } from './js-pool.js'
