import { z } from 'zod'
import { task, taskCounts } from '#src/agents/wire.ts'
import type { ServiceHttp } from '#src/service/request-schemas.ts'
import { taskAnswer } from '../answers.ts'
import type { Orchestration } from '../orchestration.ts'
import { cancellation, newTask, taskPage, taskPath, taskStatus } from '../requests.ts'

const change = { config: { role: 'operator' } } as const

/** `/api/tasks`: what agents are to do, for those who give it and watch it. */
export function taskRoutes(http: ServiceHttp, { tasks }: Orchestration): void {
  const answer = { response: { 200: task } }
  const one = { params: taskPath, ...answer }

  http.post('/api/tasks', { ...change, schema: { body: newTask, ...answer } }, async ({ body, principal }) =>
    taskAnswer(await tasks.create(body, principal.subject)),
  )

  http.get('/api/tasks', { schema: { querystring: taskPage, response: { 200: z.array(task) } } }, async ({ query }) =>
    (await tasks.list(query)).map(taskAnswer),
  )

  http.get('/api/tasks/counts', { schema: { response: { 200: taskCounts } } }, () => tasks.counts())

  http.get('/api/tasks/:task_id', { schema: one }, async ({ params }) => taskAnswer(await tasks.get(params.task_id)))

  http.put(
    '/api/tasks/:task_id',
    { ...change, schema: { params: taskPath, querystring: taskStatus, response: { 200: task.extend({ message: z.string() }) } } },
    async ({ params, query }) => ({
      message: 'Task updated successfully',
      ...taskAnswer(await tasks.setStatus(params.task_id, query)),
    }),
  )

  http.post('/api/tasks/:task_id/cancel', { ...change, schema: { ...one, body: cancellation } }, async ({ params, body }) =>
    taskAnswer(await tasks.cancel(params.task_id, body.reason)),
  )

  http.post('/api/tasks/:task_id/retry', { ...change, schema: one }, async ({ params }) => taskAnswer(await tasks.retry(params.task_id)))
}
