export { JqWorker } from './jq-client.js'
export type { JqCall, JqWorkerOptions } from './jq-client.js'
