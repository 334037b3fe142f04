import { text } from '#src/kernel/arguments/text.ts'
import { buttonOnly, defineCommand } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Stop a live log tail',
  role: 'viewer',
  risk: 'read',
  doors: buttonOnly,
  answer: 'update',
  arguments: { tail: text('the tail’s id') },
  says: [],
  needs: ['tails'],
  run: ({ tail }, { tails }) => tails.stop(tail),
})
