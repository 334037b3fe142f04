import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'

/** What heartbeats are measured against: a bare Fastify route that only answers. No token is checked, and nothing is kept. */
const app = Fastify()
app.post<{ Params: { agent_id: string } }>('/api/agents/:agent_id/heartbeat', async ({ params }) => ({ agent_id: params.agent_id }))
await app.listen({ port: 0, host: '127.0.0.1' })
process.send?.({ port: (app.server.address() as AddressInfo).port })
