import { expect } from 'chai'
import * as production from '../../src/branch/index.js'
import { perform } from '../../scripts/explore/actions.js'
import { startExecution } from '../../scripts/explore/shell.js'
import { makeWorld, RULES } from '../../scripts/explore/world.js'
import type { Action } from '../../scripts/explore/actions.js'
import type { Message, Spec, World } from '../../scripts/explore/world.js'

// Walks of the exploration, directed by hand: what a shell around the protocol must do, where random walks meet it too rarely.

function accepted (spec: Partial<Spec>, starter: number): World {
  const world = makeWorld({
    name: 'directed', peers: 2, members: 2, copies: 2, program: ['call', 'end'], child: ['end'], grandchild: ['end'], runAhead: 1, degraded: false,
    rules: RULES, ...spec
  }, production)
  startExecution(world, world.peers[starter]!)
  deliver(world)
  return world
}

function act (world: World, ...actions: Action[]): void {
  for (const action of actions) expect(perform(world, action), JSON.stringify(action)).to.equal(true)
}

/** Until nothing more of what fits can arrive; the rest stays under way. */
function deliver (world: World, fits: (message: Message) => boolean = () => true): void {
  for (let message; (message = world.net.find(each => fits(each) && reaches(world, each))) !== undefined;) act(world, { type: 'deliver', message })
}

function lose (world: World): void {
  for (const message of [...world.net]) act(world, { type: 'lose', message })
}

function reaches (world: World, { from, to }: Message): boolean {
  return world.cuts.size === 0 || from === to
}

/** Every writer offers what is not done and its result, and goes on where it may, for some rounds. */
function goOn (world: World): void {
  for (let round = 0; round < 8; round++) {
    for (const { at, writers } of world.peers) {
      for (const branch of [...writers.keys()]) {
        perform(world, { type: 'resend', at, branch })
        deliver(world)
        for (const { at: to } of world.peers) perform(world, { type: 'offer', at, branch, to })
        deliver(world)
        perform(world, { type: 'step', at, branch, choice: 0 })
        deliver(world)
      }
    }
  }
}

describe('branch: directed walks', () => {
  it('forgets the epochs it had noted when it comes back, so that a writer from then is refused', () => {
    const world = accepted({ peers: 3, program: ['call', 'call', 'end'] }, 1)
    act(world, { type: 'take', at: 0, branch: 'x' }, { type: 'adopt', at: 0, branch: 'x' }) // a false suspicion, under epoch 1.1
    deliver(world, ({ to }) => to === 0)
    lose(world) // p1 never hears of it and goes on under 1.0
    act(world, { type: 'replace', at: 0, to: 2 }, { type: 'learn', at: 1 }, { type: 'learn', at: 2 }, { type: 'askCopy', at: 2, to: 1 })
    deliver(world)
    act(world, { type: 'step', at: 1, branch: 'x', choice: 0 })
    deliver(world)
    act(world, { type: 'replace', at: 2, to: 0 }, { type: 'learn', at: 1 }, { type: 'learn', at: 0 })
    lose(world)
    act(world, { type: 'askCopy', at: 0, to: 1 })
    deliver(world)

    act(world, { type: 'resend', at: 0, branch: 'x' }) // the taker of 1.1 still lives here
    deliver(world, ({ from, to }) => from === 0 && to === 0)
    goOn(world)

    expect(world.observed.violation).to.equal(null)
    expect(world.peers[0]!.writers.get('x')?.status).to.equal('parked')
    expect(world.observed.final).to.be.a('string')
  })

  it('lets a join wait for a degraded result, so that nothing of the parent is superseded with it', () => {
    const world = accepted({ program: ['fork', 'join', 'call', 'end'], child: ['call', 'end'], degraded: true }, 0)
    act(world, { type: 'step', at: 0, branch: 'x', choice: 0 })
    deliver(world)
    const [child] = production.childrenIn('x', world.peers[0]!.writers.get('x')!.head) as [string]
    act(world, { type: 'cut', at: 0, to: 1 }, { type: 'step', at: 0, branch: child, choice: 0 })
    deliver(world)
    act(world, { type: 'degrade', at: 0, branch: child }, { type: 'step', at: 0, branch: child, choice: 0 }) // its end, kept by p0 alone
    deliver(world)
    perform(world, { type: 'step', at: 0, branch: 'x', choice: 0 }) // the join
    lose(world)
    act(world, { type: 'take', at: 1, branch: child }, { type: 'adopt', at: 1, branch: child }, { type: 'heal' }) // the child's other line
    deliver(world)

    goOn(world)

    expect(world.observed.violation).to.equal(null)
    expect(world.counters.takeovers, 'nobody had to take the parent over').to.equal(1)
    expect(world.observed.final).to.be.a('string')
  })
})
