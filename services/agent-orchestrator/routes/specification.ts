import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { specifiedProfile } from '#src/agents/wire.ts'
import type { ServiceHttp } from '#src/service/request-schemas.ts'
import { specifiedAnswer } from '../answers.ts'
import type { Orchestration } from '../orchestration.ts'
import { agentPath, changedSpecifiedAgent, page, specifiedAgent } from '../requests.ts'

const change = { config: { role: 'operator', undocumented: true } } as const
const look = { config: { undocumented: true } } as const

/** The paths of the older document: the same agents, as a profile with a UUID. Each may be named by that or by its `agent_id`. */
export function specificationRoutes(http: ServiceHttp, { profiles, heartbeats }: Orchestration): void {
  const answer = { response: { 200: specifiedProfile } }
  const one = { params: agentPath, ...answer }

  http.post('/agents', { ...change, schema: { body: specifiedAgent, ...answer } }, async ({ body }) => {
    const agent = await profiles.create({ ...body, agent_id: body.agent_id ?? randomUUID() })
    heartbeats.forget(agent.agent_id)
    return specifiedAnswer(agent)
  })

  http.get('/agents', { ...look, schema: { querystring: page, response: { 200: z.array(specifiedProfile) } } }, async ({ query }) =>
    (await profiles.list(query)).map(specifiedAnswer),
  )

  http.get('/agents/:agent_id', { ...look, schema: one }, async ({ params }) => specifiedAnswer(await profiles.get(params.agent_id)))

  http.put('/agents/:agent_id', { ...change, schema: { ...one, body: changedSpecifiedAgent } }, async ({ params, body }) =>
    specifiedAnswer(await profiles.update(params.agent_id, body)),
  )

  const gone = { 200: z.object({ message: z.string() }) }
  http.delete('/agents/:agent_id', { ...change, schema: { params: agentPath, response: gone } }, async ({ params }) => {
    const agent = await profiles.remove(params.agent_id)
    await heartbeats.gone(agent.agent_id)
    return { message: 'Agent deleted successfully' }
  })
}
