import { commandAnswer } from '#src/agents/wire.ts'
import type { ServiceHttp } from '#src/service/request-schemas.ts'
import { commandAnswered } from '../answers.ts'
import { commandType } from '../events.ts'
import type { Orchestration } from '../orchestration.ts'
import { agentPath, newCommand } from '../requests.ts'
import { over } from '../tasks.ts'

/** A command to an agent is a task of the type `command`; who asks may wait for what becomes of it. */
export function commandRoutes(http: ServiceHttp, { tasks, waiting }: Orchestration): void {
  const paths = ['/api/agents/:agent_id/command', '/agents/:agent_id/command']
  for (const path of paths) {
    const config = { role: 'operator', undocumented: path !== paths[0], refuses: [404, 409, 503] } as const
    const schema = { summary: 'Give an agent a command', params: agentPath, body: newCommand, response: { 200: commandAnswer } }
    http.post(path, { config, schema }, async ({ params, body, principal }) => {
      const { command, arguments: given, parameters, wait_seconds, ...rest } = body
      const asked = { ...rest, agent_id: params.agent_id, task_type: commandType, delay_seconds: 0 }
      const sent = await tasks.create({ ...asked, task_data: { command, arguments: given ?? parameters ?? {} } }, principal.subject)
      const ended = await waiting.until(`task ${sent.id}`, wait_seconds * 1_000, async () => {
        const now = await tasks.get(sent.id)
        return over.includes(now.status) ? now : undefined
      })
      return commandAnswered(ended ?? (wait_seconds > 0 ? await tasks.get(sent.id) : sent))
    })
  }
}
