import { z } from 'zod'
import { task, taskCounts } from '#src/agents/wire.ts'
import type { ServiceHttp } from '#src/service/request-schemas.ts'
import { taskAnswer } from '../answers.ts'
import type { Orchestration } from '../orchestration.ts'
import { cancellation, newTask, taskPage, taskPath, taskStatus } from '../requests.ts'

const refuses = [404, 503] as const
const look = { config: { refuses: [503] } } as const
const change = { config: { role: 'operator', refuses } } as const
const settle = { config: { role: 'operator', refuses: [404, 409, 503] } } as const

/** `/api/tasks`: what agents are to do, for those who give it and watch it. */
export function taskRoutes(http: ServiceHttp, { tasks }: Orchestration): void {
  const answer = { response: { 200: task } }
  const one = { params: taskPath, ...answer }

  http.post(
    '/api/tasks',
    { ...settle, schema: { summary: 'Give an agent a task', body: newTask, ...answer } },
    async ({ body, principal }) => taskAnswer(await tasks.create(body, principal.subject)),
  )

  const list = { summary: 'Tasks, oldest first unless the newest are asked for', querystring: taskPage, response: { 200: z.array(task) } }
  http.get('/api/tasks', { ...look, schema: list }, async ({ query }) => (await tasks.list(query)).map(taskAnswer))

  const counted = { summary: 'How many tasks are open or died, by agent', response: { 200: taskCounts } }
  http.get('/api/tasks/counts', { ...look, schema: counted }, () => tasks.counts())

  http.get('/api/tasks/:task_id', { config: { refuses }, schema: { summary: 'One task', ...one } }, async ({ params }) =>
    taskAnswer(await tasks.get(params.task_id)),
  )

  http.put(
    '/api/tasks/:task_id',
    {
      ...change,
      schema: {
        summary: 'Set the status of a task to any word',
        params: taskPath,
        querystring: taskStatus,
        response: { 200: task.extend({ message: z.string() }) },
      },
    },
    async ({ params, query }) => ({
      message: 'Task updated successfully',
      ...taskAnswer(await tasks.setStatus(params.task_id, query)),
    }),
  )

  const cancelling = { ...settle, schema: { summary: 'Cancel a task', ...one, body: cancellation } }
  http.post('/api/tasks/:task_id/cancel', cancelling, async ({ params, body }) =>
    taskAnswer(await tasks.cancel(params.task_id, body.reason)),
  )

  const retrying = { ...settle, schema: { summary: 'Have a task tried again', ...one } }
  http.post('/api/tasks/:task_id/retry', retrying, async ({ params }) => taskAnswer(await tasks.retry(params.task_id)))
}
