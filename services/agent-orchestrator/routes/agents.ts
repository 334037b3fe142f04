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
  const ofOne = { role: 'operator', agents: true, refuses: [404, 503] } as const
  const listing = { refuses: [503] } as const

  http.post(
    '/api/agents',
    {
      config: { role: 'operator', agents: true, refuses: [400, 503] },
      schema: { summary: 'Register an agent', body: newAgent, response: { 200: agentProfile } },
    },
    async ({ body, principal }) => {
      mustBeOwn(principal, body.agent_id)
      const agent = await profiles.create(body)
      heartbeats.forget(agent.agent_id)
      return agentAnswer(agent)
    },
  )

  const all = { summary: 'The agents that are registered', querystring: page, response: { 200: z.array(agentProfile) } }
  http.get('/api/agents', { config: listing, schema: all }, async ({ query }) => (await profiles.list(query)).map(agentAnswer))

  const own = { summary: 'What agents say of themselves', response: { 200: agentStatuses } }
  http.get('/api/agents/status', { config: listing, schema: own }, async () => {
    const said = await statuses.read()
    if (said) return { agentCount: Object.keys(said).length, statuses: said, statuses_known: true }
    return { agentCount: await profiles.count(), statuses: {}, statuses_known: false }
  })

  const looking = { config: { agents: true, refuses: [404, 503] }, schema: { summary: 'One agent', ...one } } as const
  http.get('/api/agents/:agent_id', looking, async ({ params, principal }) => {
    mustBeOwn(principal, params.agent_id)
    return agentAnswer(await profiles.get(params.agent_id))
  })

  const changing = { config: ofOne, schema: { summary: 'Change an agent', ...one, body: changedAgent } }
  http.put('/api/agents/:agent_id', changing, async ({ params, body, principal }) => {
    mustBeOwn(principal, params.agent_id)
    return agentAnswer(await profiles.update(params.agent_id, body))
  })

  const gone = { 200: z.object({ message: z.string() }) }
  http.delete(
    '/api/agents/:agent_id',
    {
      config: { role: 'operator', refuses: [404, 503] },
      schema: { summary: 'Remove an agent and cancel its open tasks', params: agentPath, response: gone },
    },
    async ({ params }) => {
      const agent = await profiles.remove(params.agent_id)
      await heartbeats.gone(agent.agent_id)
      return { message: 'Agent deleted successfully' }
    },
  )

  // Many agents share a token, and each of them speaks every second: their number is bounded by that of the agents, not by a rate.
  const alive = { ...ofOne, ratePerMinute: false } as const
  http.post(
    '/api/agents/:agent_id/heartbeat',
    { config: alive, bodyLimit: 16_384, schema: { summary: 'An agent says that it lives', params: agentPath, body: agentHeartbeat } },
    async ({ params, body, principal }) => {
      mustBeOwn(principal, params.agent_id)
      return { agent_id: await heartbeats.beat(params.agent_id, body) }
    },
  )
}
