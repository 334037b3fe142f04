import { text } from '#src/kernel/arguments/text.ts'
import { actorName } from '#src/kernel/call.ts'
import { buttonOnly, defineCommand } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Stop a live log tail',
  role: 'operator',
  risk: 'read',
  doors: buttonOnly,
  answer: 'update',
  arguments: { tail: text('the tail’s id') },
  says: [],
  needs: ['tails'],
  run: ({ tail }, { tails, call }) => tails.stop(tail, actorName(call.actor)),
})
