import { text } from '#src/kernel/arguments/text.ts'
import { buttonOnly, defineCommand } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Try again what was given up',
  role: 'operator',
  risk: 'change',
  doors: buttonOnly,
  answer: 'public',
  arguments: { letter: text('the dead letter’s id') },
  says: [],
  needs: ['zapier'],
  async run({ letter }, { zapier }) {
    await zapier.retry(letter)
    return {
      title: 'Zapier',
      tone: 'good',
      sentence: `Dead letter ${letter} is tried again, from its first attempt.`,
      actions: [{ label: 'Recent events', command: 'zapier.events', arguments: {} }],
    }
  },
})
