import { incident } from '#src/kernel/arguments/incident.ts'
import { defineCommand } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Call the next ones of an incident’s route now',
  role: 'operator',
  risk: 'change',
  doors: ['slash', 'button', 'rest', 'mcp', 'automation'],
  answer: 'update',
  arguments: { incident: incident() },
  says: [],
  needs: ['incidents'],
  async run({ incident: number }, { incidents, call }) {
    const { id } = await incidents.numbered(call.place, number)
    const incident = await incidents.escalate(id, call.actor)
    return incidents.answer(call, incident, `The next ones are called for incident ${number}.`)
  },
})
