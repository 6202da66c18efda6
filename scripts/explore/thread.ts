import { parentPort } from 'node:worker_threads'
import { run } from './job.js'
import type { Job } from './job.js'

parentPort?.on('message', (job: Job) => {
  run(job).then(
    outcome => { parentPort?.postMessage(outcome) },
    (err: unknown) => { setImmediate(() => { throw err }) })
})
