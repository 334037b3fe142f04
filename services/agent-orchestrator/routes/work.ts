import { claimed, task } from '#src/agents/wire.ts'
import type { ServiceHttp } from '#src/service/request-schemas.ts'
import type { Principal } from '#src/tokens/tokens.ts'
import { taskAnswer } from '../answers.ts'
import type { Orchestration } from '../orchestration.ts'
import { mustBeOwn } from '../own-agent.ts'
import { agentPath, claim, leaseHeartbeat, taskFailure, taskPath, taskResult } from '../requests.ts'

/** As with heartbeats: how often agents ask is bounded by their number and their work. */
const config = { role: 'operator', agents: true, ratePerMinute: false, refuses: [404, 409, 503] } as const

/** What agents ask that work: for the next task, for more time, and to say how it ended. */
export function workRoutes(http: ServiceHttp, { profiles, tasks, work, heartbeats, waiting }: Orchestration): void {
  http.post(
    '/api/agents/:agent_id/claim',
    {
      config: { ...config, refuses: [404, 503] },
      schema: { summary: 'Take the next task', params: agentPath, body: claim, response: { 200: claimed } },
    },
    async ({ params, body, socket, principal }) => {
      mustBeOwn(principal, params.agent_id)
      const { agent_id } = await profiles.get(params.agent_id)
      const next = await waiting.until(`agent ${agent_id}`, body.wait_seconds * 1_000, async () => {
        // Who hung up meanwhile must not be given what it would never hear of.
        if (socket.destroyed) return undefined
        heartbeats.seen(agent_id)
        return work.claim({ agentId: agent_id, leaseSeconds: body.lease_seconds, types: body.task_types })
      })
      return next ? { task: taskAnswer(next), lease: next.lease } : { task: null, lease: null }
    },
  )

  const one = { params: taskPath, response: { 200: task } }
  /** Nobody's task is 404, and another agent's 403. */
  const mustBeOwnTask = async (principal: Principal, id: number) => {
    if (principal.agent !== undefined) mustBeOwn(principal, (await tasks.get(id)).agent_id)
  }

  const held = { config, schema: { summary: 'Hold a task for longer', ...one, body: leaseHeartbeat } }
  http.post('/api/tasks/:task_id/heartbeat', held, async ({ params, body, principal }) => {
    await mustBeOwnTask(principal, params.task_id)
    const extended = await work.extend(params.task_id, body.lease, body.lease_seconds)
    heartbeats.seen(extended.agent_id)
    return taskAnswer(extended)
  })

  const finished = { config, schema: { summary: 'Say what a task came to', ...one, body: taskResult } }
  http.post('/api/tasks/:task_id/result', finished, async ({ params, body, principal }) => {
    await mustBeOwnTask(principal, params.task_id)
    const done = await work.complete(params.task_id, body.lease, body.result)
    heartbeats.seen(done.agent_id)
    return taskAnswer(done)
  })

  const failing = { config, schema: { summary: 'Say that a task failed', ...one, body: taskFailure } }
  http.post('/api/tasks/:task_id/failure', failing, async ({ params, body, principal }) => {
    await mustBeOwnTask(principal, params.task_id)
    const failed = await work.fail(params.task_id, body.lease, body)
    heartbeats.seen(failed.agent_id)
    return taskAnswer(failed)
  })
}
