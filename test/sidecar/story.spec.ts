import { expect } from 'chai'
import { tellStory } from '../../src/sidecar/story.js'
import type { ExecutionEvent, ExecutionView } from '../../src/sidecar/index.js'

const at = (ms: number): string => new Date(1_700_000_000_000 + ms).toISOString()

/** Ended: a quick task, eleven in the same millisecond after it, and one that takes longer. */
const view = {
  id: 'default-2-1.x', workflow: 'test/w', version: '1.0.0', status: 'completed', final: true, startedAt: at(0), endedAt: at(9), output: 1,
  tasks: [
    { task: '/do/0/a', branch: 'default-2-1.x', step: 1, attempt: 1, status: 'completed', startedAt: at(0), endedAt: at(5), peer: 'p', epoch: '1.0' },
    ...Array.from({ length: 11 }, (_, n) => ({ task: `/do/${n + 1}/s`, branch: 'default-2-1.x', step: n + 2, attempt: 1, status: 'completed', startedAt: at(5), endedAt: at(5), peer: 'p', epoch: '1.0' })),
    { task: '/do/12/z', branch: 'default-2-1.x', step: 13, attempt: 1, status: 'completed', startedAt: at(5), endedAt: at(9), peer: 'p', epoch: '1.0' }
  ]
} as unknown as ExecutionView

async function told (lastEventId?: string): Promise<ExecutionEvent[]> {
  const events: ExecutionEvent[] = []
  const clock = { now: () => 0, random: () => 0, after: (_ms: number, call: () => void) => { setImmediate(call); return () => {} } }
  for await (const event of tellStory({ read: async () => view, watch: () => () => {}, clock, lastEventId, signal: new AbortController().signal })) events.push(event)
  return events
}

describe('story', () => {
  it('ends no task before it started, and starts what follows after what it follows, in one millisecond too', async () => {
    const events = await told()
    const place = (type: string, step: number): number => events.findIndex(event => event.type === type && event.data['step'] === step)

    expect(events[0]?.type).to.equal('started')
    expect(events.at(-1)?.type).to.equal('ended')
    for (let step = 1; step <= 13; step++) expect(place('taskStarted', step), `step ${step}`).to.be.within(0, place('taskEnded', step) - 1)
    for (let step = 2; step <= 13; step++) expect(place('taskStarted', step), `step ${step}`).to.be.above(place('taskStarted', step - 1)).and.above(place('taskEnded', 1))
  })

  it('goes on after the event that was seen last', async () => {
    const events = await told()

    for (const [n, { id }] of events.entries()) expect(await told(id)).to.deep.equal(events.slice(n + 1))
  })

  it('is told from the start to who names no event of it', async () => {
    const all = await told()

    for (const id of ['banana', '999999', '2', '']) expect(await told(id), id).to.deep.equal(all)
  })
})
