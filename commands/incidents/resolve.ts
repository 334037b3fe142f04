import { optional } from '#src/kernel/argument.ts'
import { incident } from '#src/kernel/arguments/incident.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { defineCommand } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Say that an incident is over, whatever else is seen of it',
  role: 'operator',
  risk: 'change',
  doors: ['slash', 'button', 'rest', 'mcp', 'automation'],
  answer: 'update',
  arguments: { incident: incident(), why: optional(text('what it was, and what was done', { max: 500 }), '') },
  says: [],
  needs: ['incidents'],
  async run({ incident: number, why }, { incidents, call }) {
    const { id } = await incidents.numbered(call.place, number)
    const incident = await incidents.resolve(id, call.actor, why)
    return incidents.answer(call, incident, `Incident ${number} is resolved.`)
  },
})
