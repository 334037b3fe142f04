import { choice } from '#src/kernel/arguments/choice.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { buttonOnly, defineCommand } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Say how an operation of unknown outcome ended, and free its lock',
  role: 'admin',
  risk: 'change',
  doors: buttonOnly,
  answer: 'update',
  arguments: {
    operation: text('the operation’s id'),
    outcome: choice('what happened', ['happened', 'did-not-happen']),
  },
  says: [],
  needs: ['operations'],
  run: ({ operation, outcome }, { operations, call }) => operations.settle(operation, outcome, call.actor),
})
