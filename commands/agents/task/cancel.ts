import { integer } from '#src/kernel/arguments/integer.ts'
import { actorName } from '#src/kernel/call.ts'
import { buttonOnly, defineCommand } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Take a task back from its agent',
  role: 'operator',
  risk: 'change',
  doors: buttonOnly,
  answer: 'public',
  arguments: { task: integer('the task’s number', { min: 1, max: 2_147_483_647 }) },
  says: [],
  needs: ['agents'],
  run: async ({ task }, { agents, call }) => agents.report(await agents.cancel(task, `${actorName(call.actor)} cancelled it.`)),
})
