import { incident } from '#src/kernel/arguments/incident.ts'
import { actorName } from '#src/kernel/call.ts'
import { defineCommand } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Say that you take care of an incident: nobody else is called',
  role: 'operator',
  risk: 'change',
  doors: ['slash', 'button', 'rest', 'mcp', 'automation'],
  answer: 'update',
  arguments: { incident: incident() },
  says: [],
  needs: ['incidents'],
  async run({ incident: number }, { incidents, call }) {
    const { id } = await incidents.numbered(call.place, number)
    const incident = await incidents.acknowledge(id, call.actor)
    return incidents.answer(call, incident, `${actorName(call.actor)} acknowledged incident ${number}: nobody else is called for it.`)
  },
})
