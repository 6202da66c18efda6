/** What a peer costs that has nothing to do. */
import type { FlowMeshSubject } from './flowmesh-subject.js'
import { countersOf } from './flowmesh-subject.js'

export interface Idle { /** Of one core, of the peer that took most. */ cpuPercent: number, /** Of the largest peer. */ rssMiB: number, seconds: number }

/** After a moment in which what the start began may end. */
export async function measureIdle (subject: FlowMeshSubject, settleMs: number, ms: number): Promise<Idle> {
  await new Promise(resolve => setTimeout(resolve, settleMs))
  const before = await Promise.all(subject.peers.map(countersOf))
  const from = performance.now()
  await new Promise(resolve => setTimeout(resolve, ms))
  const after = await Promise.all(subject.peers.map(countersOf))
  const seconds = (performance.now() - from) / 1000
  const cpu = after.map((counters, i) => (counters['process_cpu_seconds']! - before[i]!['process_cpu_seconds']!) / seconds * 100)
  return { cpuPercent: Math.max(...cpu), rssMiB: Math.max(...after.map(counters => counters['process_resident_memory_bytes']!)) / 2 ** 20, seconds }
}
