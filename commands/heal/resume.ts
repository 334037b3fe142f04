import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { ago } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'Let healing and scaling go on after a stop',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {},
  says: [],
  needs: ['policyStops', 'clock'],
  async run(_, { policyStops, clock, call }) {
    const { byName, since, reason } = await policyStops.resume(call)
    return {
      title: 'Healing and scaling go on',
      tone: 'good',
      sentence: `Policies act again. ${byName} had stopped them ${ago(since, clock.now())} (“${reason}”).`,
      actions: [{ label: 'Healing policies', command: 'heal.list', arguments: {} }],
    }
  },
})
