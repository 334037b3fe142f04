import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { age, count } from '#src/kernel/say.ts'

const MOST = 25
const MOST_BUTTONS = 5

export default defineCommand({
  describe: 'What was given up after an hour of trying, each with a button to try it again',
  role: 'operator',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: {},
  says: [
    '[show|list|read] [me] [the] zapier (failures|dead letters|errors)',
    '[show|list|read] [me] [the] dead letters [(of|from) zapier]',
    'what (failed|was given up) (on|in|at|with) zapier',
  ],
  needs: ['zapier', 'clock'],
  async run(_, { zapier, clock }) {
    const letters = await zapier.deadLetters(MOST)
    if (letters.length === 0) return { title: 'Zapier: dead letters', tone: 'good', sentence: 'Nothing was given up.' }
    const now = clock.now()
    const first = letters.slice(0, MOST_BUTTONS)
    return {
      title: 'Zapier: dead letters',
      tone: 'warning',
      sentence: `${letters.length === MOST ? 'At least ' : ''}${count(letters.length, 'thing was', 'things were')} given up and can be tried again; what did happen does not happen twice.`,
      facts: first.map(({ id, name, sentence }) => ({ label: `${id}: ${name}`, value: sentence ?? 'no reason was noted' })),
      table: {
        head: ['Id', 'Event', 'For', 'Tried', 'Age'],
        rows: letters.map(({ id, name, what, rule, attempts, since }) => [
          id,
          name,
          rule ?? what,
          String(attempts),
          age(new Date(since), now),
        ]),
      },
      actions: first.map(({ id }) => ({ label: `Retry ${id}`, command: 'zapier.retry', arguments: { letter: id } })),
    }
  },
})
