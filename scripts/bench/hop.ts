/**
 * One durable hop, counted: what a step of the chain costs in messages and syncs, read from the peers' own counters while
 * one execution at a time runs, so that the syncs of one store are all in sequence.
 */
import { CASES } from './cases.js'
import { quantile } from './figures.js'
import { countersOf } from './flowmesh-subject.js'
import type { FlowMeshSubject } from './flowmesh-subject.js'
import { dropConnections } from './post.js'
import type { Subject } from './subject.js'

export interface Hop {
  executions: number, steps: number
  /** A step, of FlowMesh and of the floor. */ stepMsP50: number, stepMsP99: number, floorStepMsP50: number
  /** Per step, sent by the peer that executes: with records to replicas, and in the other peers' stores back. */ messagesPerStep: number
  recordsPerStep: number
  /** Per step, in the one store that synced most: they are in sequence, those of different stores are not. */ syncsPerStep: number
  batchesPerStep: number
  handovers: number
}

const CHAIN = CASES[0]!
const STEPS = 10

export async function measureHop (subject: FlowMeshSubject, floor: Subject, executions: number): Promise<Hop> {
  const at = subject.peers.length - 1 // not the founder: what is started there has its copies elsewhere
  const peer = subject.peers[at]!
  const run = async (): Promise<void> => { await subject.runAt(peer, CHAIN) }
  await timed(20, run)
  await new Promise(resolve => setTimeout(resolve, 500))
  const before = await Promise.all(subject.peers.map(countersOf))
  const latencies = await timed(executions, run)
  const after = await Promise.all(subject.peers.map(countersOf))
  const floorLatencies = await timed(executions, async () => { await floor.run(CHAIN) })
  const steps = executions * STEPS
  const perStep = (name: string): number[] => after.map((counters, i) => ((counters[name] ?? 0) - (before[i]![name] ?? 0)) / steps)
  return {
    executions,
    steps,
    stepMsP50: quantile(latencies, 0.5) / STEPS,
    stepMsP99: quantile(latencies, 0.99) / STEPS,
    floorStepMsP50: quantile(floorLatencies, 0.5) / STEPS,
    messagesPerStep: perStep('flowmesh_append_messages_total')[at]!,
    recordsPerStep: perStep('flowmesh_records_written_total')[at]!,
    syncsPerStep: Math.max(...perStep('flowmesh_store_syncs_total')),
    batchesPerStep: Math.max(...perStep('flowmesh_store_batches_total')),
    handovers: perStep('flowmesh_handovers_total')[at]! * steps
  }
}

async function timed (times: number, run: () => Promise<void>): Promise<number[]> {
  const latencies: number[] = []
  dropConnections()
  for (let i = 0; i < times; i++) {
    const from = performance.now()
    await run()
    latencies.push(performance.now() - from)
  }
  return latencies
}
