import { duration } from '#src/kernel/arguments/duration.ts'
import { incident } from '#src/kernel/arguments/incident.ts'
import { defineCommand } from '#src/kernel/command.ts'
import { moment } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'Call nobody for an incident for a while',
  role: 'operator',
  risk: 'change',
  doors: ['slash', 'button', 'rest', 'mcp', 'automation'],
  answer: 'update',
  arguments: {
    incident: incident(),
    for: duration('for how long; 0 ends a silence', { minMs: 0, maxMs: 7 * 86_400_000, common: ['30m', '2h', '8h', '1d'] }),
  },
  says: [],
  needs: ['incidents', 'clock'],
  async run({ incident: number, for: ms }, { incidents, clock, call }) {
    const { id } = await incidents.numbered(call.place, number)
    if (ms === 0) {
      const incident = await incidents.endSilence(id, call.actor)
      return incidents.answer(call, incident, `The silence of incident ${number} is over.`)
    }
    const until = new Date(clock.now().getTime() + ms)
    const incident = await incidents.silence(id, until, call.actor)
    return incidents.answer(call, incident, `Nobody is called for incident ${number} until ${moment(until)} UTC.`)
  },
})
