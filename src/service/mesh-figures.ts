import type { Mesh } from '#src/mesh/mesh.ts'
import type { RegisterFigures } from './http-metrics.ts'

const breakerStates = ['closed', 'half-open', 'open'] as const

/** What `/metrics` says of each configured peer, by name alone: calls, failures, and how its circuit breaker stands. Read when it is asked. */
export function meshFigures(mesh: Mesh): RegisterFigures {
  const peers = () => mesh.states().filter(({ state }) => state !== 'unconfigured')
  return ({ Counter, Gauge }, registry) => {
    const common = { labelNames: ['peer' as const], registers: [registry] }
    new Counter({
      ...common,
      name: 'mesh_calls_total',
      help: 'Attempts to ask a peer.',
      collect() {
        this.reset()
        for (const { peer, calls } of peers()) this.inc({ peer }, calls)
      },
    })
    new Counter({
      ...common,
      name: 'mesh_failures_total',
      help: 'Attempts that the peer failed: no connection, no answer in time, half of one, 5xx.',
      collect() {
        this.reset()
        for (const { peer, failures } of peers()) this.inc({ peer }, failures)
      },
    })
    new Gauge({
      ...common,
      name: 'mesh_calls_in_flight',
      help: 'Calls of a peer that are under way.',
      collect() {
        for (const { peer, inFlight } of peers()) this.set({ peer }, inFlight)
      },
    })
    new Gauge({
      ...common,
      name: 'mesh_breaker_state',
      labelNames: ['peer', 'state'],
      help: 'How the circuit breaker of a peer stands: 1 for the state that it is in.',
      collect() {
        for (const { peer, state: its } of peers()) for (const state of breakerStates) this.set({ peer, state }, state === its ? 1 : 0)
      },
    })
  }
}
