/** Short workflows for whole executions in simulated time. */
const head = (name: string, flowmesh: string): string => `document:
  dsl: 1.0.3
  namespace: test
  name: ${name}
  version: 1.0.0
  metadata: { flowmesh: ${flowmesh} }
`

export const chain = (flowmesh = '{ copies: 2 }'): string => head('chain', flowmesh) + `do:
  - one: { call: one }
  - two: { call: two }
  - three: { call: three }
  - done: { set: { answer: 42 } }
`

/** Each call prefers another peer, so that the execution crosses the mesh. */
export const crossing = (flowmesh = '{ copies: 2 }'): string => head('crossing', flowmesh) + `do:
  - one: { call: one, metadata: { flowmesh: { placement: { prefer: [p1] } } } }
  - two: { call: two, metadata: { flowmesh: { placement: { prefer: [p2] } } } }
  - three: { call: three, metadata: { flowmesh: { placement: { prefer: [p3] } } } }
  - done: { set: { answer: 42 } }
`

export const forkJoin = (flowmesh = '{ copies: 2 }'): string => head('fork-join', flowmesh) + `do:
  - both:
      fork:
        branches:
          - left:
              do:
                - a: { call: a, metadata: { flowmesh: { placement: { prefer: [p2] } } } }
                - b: { call: b }
          - right:
              do:
                - c: { call: c, metadata: { flowmesh: { placement: { prefer: [p3] } } } }
                - d: { call: d, metadata: { flowmesh: { placement: { prefer: [p1] } } } }
  - after: { call: after }
  - done: { set: { answer: 42 } }
`

/** Three children that stay where they are. */
export const fork = (flowmesh = '{ copies: 2 }'): string => head('fork', flowmesh) + `do:
  - all:
      fork:
        branches:
          - left: { call: a }
          - middle: { call: a }
          - right: { call: a }
  - done: { set: { answer: 42 } }
`

export const firstWins = (flowmesh = '{ copies: 2 }'): string => head('first-wins', flowmesh) + `do:
  - race:
      fork:
        compete: true
        branches:
          - fast: { call: fast }
          - slow:
              do:
                - s: { call: slow, metadata: { flowmesh: { placement: { prefer: [p2] } } } }
                - never: { call: never }
  - after: { call: after }
`

export const retrying = (flowmesh = '{ copies: 2 }'): string => head('retrying', flowmesh) + `do:
  - guarded:
      try:
        - flaky: { call: flaky }
      catch:
        retry:
          delay: { milliseconds: 50 }
          limit: { attempt: { count: 3 } }
        do:
          - caught: { call: caught }
  - done: { set: { answer: 42 } }
`

export const waiting = (flowmesh = '{ copies: 2 }'): string => head('waiting', flowmesh) + `do:
  - one: { call: one }
  - pause: { wait: { seconds: 20 } }
  - two: { call: two }
`

export const exclusive = (flowmesh = '{ copies: 2 }'): string => head('exclusive', flowmesh) + `do:
  - one: { call: one }
  - pay: { call: pay, metadata: { flowmesh: { effects: exclusive } } }
  - after: { call: after }
`
