/** The door of api/: the server for `peer.ts`, the client for everyone who talks to one. */
export { startApi } from './server.js'
export type { ApiOptions, ApiPorts, Blobs, Resources, RunningApi } from './ports.js'
export { readApiFile, removeApiFile, writeApiFile } from './api-file.js'
export type { ApiFile } from './api-file.js'
export { isLoopback } from './guard.js'
