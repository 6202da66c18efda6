/** The door: a peer in one's own process, the API's client, and the errors both throw. */
import './polyfill.js'

export { startPeer } from './peer.js'
export type { ApiAddress, Join, LogLevel, PeerEvent, PeerOptions, ReadyPeer, RunningPeer, Tier } from './peer-options.js'
export { Client, NoPeerError } from './api/client.js'
export type { ClientOptions, ControlState, FunctionRow, LogRow, MeshEvent, PeerRow, SetRow, WorkflowRow } from './api/client.js'
export type { ExecutionEvent, ExecutionStatus, ExecutionView, StartRequest, TaskView } from './sidecar/port.js'
export {
  ConflictError, FailedError, FlowMeshError, InvalidInputError, NotFoundError, NotPermittedError, OverloadedError, TimeoutError, TooLargeError,
  UnavailableError
} from './errors.js'
export type { ErrorKind, Place } from './errors.js'
