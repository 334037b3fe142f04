import { incident } from '#src/kernel/arguments/incident.ts'
import { buttonOnly, defineCommand } from '#src/kernel/command.ts'

const LENGTHS = [
  ['15 min', '15m'],
  ['1 h', '1h'],
  ['4 h', '4h'],
  ['8 h', '8h'],
  ['1 day', '1d'],
  ['3 days', '3d'],
] as const

export default defineCommand({
  describe: 'Choose for how long nobody is called for an incident',
  role: 'operator',
  risk: 'read',
  doors: buttonOnly,
  answer: 'ephemeral',
  arguments: { incident: incident() },
  says: [],
  needs: ['incidents'],
  async run({ incident: number }, { incidents, call }) {
    const { title } = await incidents.numbered(call.place, number)
    return {
      title: `Silence incident ${number}`,
      tone: 'neutral',
      sentence: `For how long is nobody to be called for “${title}”? Any other time: /incidents silence.`,
      actions: LENGTHS.map(([label, length]) => ({ label, command: 'incidents.silence', arguments: { incident: number, for: length } })),
    }
  },
})
