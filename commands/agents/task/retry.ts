import { integer } from '#src/kernel/arguments/integer.ts'
import { buttonOnly, defineCommand } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Have a task tried again that is over',
  role: 'operator',
  risk: 'change',
  doors: buttonOnly,
  answer: 'public',
  arguments: { task: integer('the task’s number', { min: 1, max: 2_147_483_647 }) },
  says: [],
  needs: ['agents'],
  run: async ({ task }, { agents }) => agents.report(await agents.retry(task)),
})
