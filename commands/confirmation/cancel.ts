import { actorName } from '#src/kernel/call.ts'
import { buttonOnly, defineCommand } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Say no to a change that waits for a confirmation',
  role: 'viewer',
  risk: 'read',
  doors: buttonOnly,
  answer: 'update',
  arguments: {},
  says: [],
  needs: [],
  run: async (_, { call }) => ({
    title: 'Cancelled',
    tone: 'neutral',
    sentence: `${actorName(call.actor)} cancelled. Nothing was changed.`,
  }),
})
