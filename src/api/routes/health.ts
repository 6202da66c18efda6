/** For machines that watch a peer. */
import { UnavailableError } from '../../errors.js'
import { problem } from '../schemas.js'
import { route } from '../route.js'

export const healthz = route({
  method: 'get',
  path: '/healthz',
  summary: 'The process answers',
  answers: { 200: { description: 'It does' } },
  handle: () => ({ status: 200, body: { status: 'ok' } })
})

export const readyz = route({
  method: 'get',
  path: '/readyz',
  summary: 'Own records are loaded and the store writes; waits for no quorum and no other peer',
  answers: { 200: { description: 'Ready' }, 503: { description: 'Not ready, and why', schema: problem } },
  handle: (_, ports) => {
    const { ready, reason } = ports.readiness()
    if (!ready) throw new UnavailableError(reason ?? 'own records are being loaded')
    return { status: 200, body: { status: 'ready' } }
  }
})

export const metrics = route({
  method: 'get',
  path: '/metrics',
  summary: 'Metrics in Prometheus\' text format',
  answers: { 200: { description: 'Metrics', type: 'text/plain' } },
  handle: async (_, ports) => new Response(await ports.metrics(), { headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' } })
})
