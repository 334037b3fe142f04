import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Mesh, PeerState } from '#src/mesh/mesh.ts'

const state = z.enum(['unconfigured', 'closed', 'open', 'half-open'])
const peer = z.object({
  state,
  url: z.string().nullable(),
  from: z.enum(['variable', 'private network']).nullable(),
  calls: z.number(),
  failures: z.number(),
  inFlight: z.number(),
  lastFailure: z.object({ at: z.iso.datetime(), reason: z.string() }).nullable(),
})
export const meshStatus = z.object({
  service: z.string(),
  /** `degraded` while the circuit breaker of any peer is not closed. */
  status: z.enum(['healthy', 'degraded']),
  services: z.record(z.string(), peer),
})

/** The circuit breakers alone, as `/health` shows them to anybody: no address. */
export const meshStates = z.record(z.string(), state)

/** `GET /api/v1/system/service-mesh-status`: how this process gets on with each of its peers. */
export function meshStatusRoute(app: FastifyInstance, service: string, mesh: Mesh | undefined): void {
  const schema = { summary: 'The peers of this service, as it finds them', response: { 200: meshStatus } }
  app.get('/api/v1/system/service-mesh-status', { schema }, async () => {
    const states = mesh?.states() ?? []
    const isDegraded = states.some(({ state }) => state === 'open' || state === 'half-open')
    return { service, status: isDegraded ? 'degraded' : 'healthy', services: Object.fromEntries(states.map(shown)) }
  })
}

export function statesOf(mesh: Mesh): z.output<typeof meshStates> {
  return Object.fromEntries(mesh.states().map(({ peer: name, state: its }) => [name, its]))
}

function shown({ peer: name, url, from, lastFailure, ...figures }: PeerState): [string, z.output<typeof peer>] {
  const failure = lastFailure ? { at: lastFailure.at.toISOString(), reason: lastFailure.reason } : null
  return [name, { ...figures, url: url ?? null, from: from ?? null, lastFailure: failure }]
}
