import { incident } from '#src/kernel/arguments/incident.ts'
import { defineCommand } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'The whole story of an incident as Markdown',
  role: 'viewer',
  risk: 'read',
  doors: ['slash', 'button', 'rest', 'mcp'],
  answer: 'ephemeral',
  arguments: { incident: incident() },
  says: [],
  needs: ['incidents'],
  async run({ incident: number }, { incidents, call }) {
    const { id, title, state } = await incidents.numbered(call.place, number)
    return {
      title: `Timeline of incident ${number}`,
      tone: 'neutral',
      sentence: `The timeline of incident ${number}, ${title}, which is ${state}. Times are in UTC.`,
      document: { name: `incident-${number}`, markdown: await incidents.timeline(id) },
    }
  },
})
