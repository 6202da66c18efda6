/** Every route there is, in the order in which people read them. */
import type { Route } from './route.js'
import { deployFunction, deployWorkflow, listFunctions, listWorkflows, putBlob, readFunction, readWorkflow } from './routes/catalog.js'
import {
  cancelExecution, executionLogs, followExecution, listExecutions, notBuiltYet, readExecution, startExecution
} from './routes/executions.js'
import { healthz, metrics, readyz } from './routes/health.js'
import { createInvite, followMesh, listPeers, listSets, readControl, readPeer, readSet } from './routes/mesh.js'

export const ROUTES: readonly Route[] = [
  startExecution, listExecutions, readExecution, followExecution, executionLogs, cancelExecution, ...notBuiltYet,
  putBlob, deployFunction, listFunctions, readFunction, deployWorkflow, listWorkflows, readWorkflow,
  listPeers, readPeer, listSets, readSet, readControl, createInvite, followMesh,
  healthz, readyz, metrics
]
