import { integer } from '#src/kernel/arguments/integer.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Take a route away; incidents that are open keep it',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: { route: integer('its number, see /alerts route list', { min: 1, max: 1_000_000 }) },
  says: [],
  needs: ['alertRoutes'],
  async run({ route: number }, { alertRoutes, call }) {
    await alertRoutes.remove(call.place, number)
    return { title: `Route ${number}`, tone: 'good', sentence: `Route ${number} is gone. Incidents that are open stay where they are.` }
  },
})
