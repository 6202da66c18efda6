/** Closed loops of callers, in rounds that take turns between the subjects, so that a noisy machine is noisy for all. */
import type { Case } from './cases.js'
import { dropConnections } from './post.js'
import type { Subject } from './subject.js'

export interface Round { latenciesMs: number[], seconds: number, cpuMs: number, rssMiB: number, loopMs: number }
/** Rounds by subject, in the order of the subjects. */
export type Rounds = Map<Subject, Round[]>

export interface LoadOptions { rounds: number, roundMs: number, warmMs: number }

export async function measure (subjects: Subject[], what: Case, atOnce: number, { rounds, roundMs, warmMs }: LoadOptions): Promise<Rounds> {
  const found: Rounds = new Map(subjects.map(subject => [subject, []]))
  if (warmMs > 0) for (const subject of subjects) await load(subject, what, atOnce, warmMs)
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? subjects : [...subjects].reverse()
    for (const subject of order) found.get(subject)!.push(await load(subject, what, atOnce, roundMs))
  }
  return found
}

async function load (subject: Subject, what: Case, atOnce: number, ms: number): Promise<Round> {
  const latenciesMs: number[] = []
  dropConnections()
  const before = await subject.usage()
  const from = performance.now()
  await Promise.all(Array.from({ length: atOnce }, async () => {
    do {
      const start = performance.now()
      await subject.run(what)
      latenciesMs.push(performance.now() - start)
    } while (performance.now() - from < ms)
  }))
  const seconds = (performance.now() - from) / 1000
  const after = await subject.usage()
  return { latenciesMs, seconds, cpuMs: after.cpuMs - before.cpuMs, rssMiB: after.rssMiB, loopMs: after.loopMs }
}
