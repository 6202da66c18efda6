export type { FunctionRef, Invocation, InvocationResult, LogLine } from './port.js'
