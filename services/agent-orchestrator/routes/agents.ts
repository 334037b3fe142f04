import { z } from 'zod'
import { agentProfile, agentStatuses } from '#src/agents/wire.ts'
import type { ServiceHttp } from '#src/service/request-schemas.ts'
import { agentAnswer } from '../answers.ts'
import type { Orchestration } from '../orchestration.ts'
import { mustBeOwn } from '../own-agent.ts'
import { agentHeartbeat, agentPath, changedAgent, newAgent, page } from '../requests.ts'

/** `/api/agents`: who there is, what each can do, and whether it lives. */
export function agentRoutes(http: ServiceHttp, { profiles, heartbeats, statuses }: Orchestration): void {
  const one = { params: agentPath, response: { 200: agentProfile } }

  http.post(
    '/api/agents',
    { config: { role: 'operator', agents: true }, schema: { body: newAgent, response: { 200: agentProfile } } },
    async ({ body, principal }) => {
      mustBeOwn(principal, body.agent_id)
      const agent = await profiles.create(body)
      heartbeats.forget(agent.agent_id)
      return agentAnswer(agent)
    },
  )

  http.get('/api/agents', { schema: { querystring: page, response: { 200: z.array(agentProfile) } } }, async ({ query }) =>
    (await profiles.list(query)).map(agentAnswer),
  )

  http.get('/api/agents/status', { schema: { response: { 200: agentStatuses } } }, async () => {
    const all = await statuses.read()
    if (all) return { agentCount: Object.keys(all).length, statuses: all, statuses_known: true }
    return { agentCount: await profiles.count(), statuses: {}, statuses_known: false }
  })

  http.get('/api/agents/:agent_id', { config: { agents: true }, schema: one }, async ({ params, principal }) => {
    mustBeOwn(principal, params.agent_id)
    return agentAnswer(await profiles.get(params.agent_id))
  })

  const changing = { config: { role: 'operator', agents: true }, schema: { ...one, body: changedAgent } } as const
  http.put('/api/agents/:agent_id', changing, async ({ params, body, principal }) => {
    mustBeOwn(principal, params.agent_id)
    return agentAnswer(await profiles.update(params.agent_id, body))
  })

  const gone = { 200: z.object({ message: z.string() }) }
  http.delete(
    '/api/agents/:agent_id',
    { config: { role: 'operator' }, schema: { params: agentPath, response: gone } },
    async ({ params }) => {
      const agent = await profiles.remove(params.agent_id)
      await heartbeats.gone(agent.agent_id)
      return { message: 'Agent deleted successfully' }
    },
  )

  // Many agents share a token, and each of them speaks every second: their number is bounded by that of the agents, not by a rate.
  const alive = { role: 'operator', agents: true, ratePerMinute: false } as const
  http.post(
    '/api/agents/:agent_id/heartbeat',
    { config: alive, bodyLimit: 16_384, schema: { params: agentPath, body: agentHeartbeat } },
    async ({ params, body, principal }) => {
      mustBeOwn(principal, params.agent_id)
      return { agent_id: await heartbeats.beat(params.agent_id, body) }
    },
  )
}
