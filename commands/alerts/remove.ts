import { alertRule } from '#src/kernel/arguments/alert-rule.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Take an alert rule away; what fires by it is over',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: { rule: alertRule() },
  says: [],
  needs: ['alerts'],
  async run({ rule: name }, { alerts, call }) {
    const { says } = await alerts.remove(call, name)
    const now = (await alerts.list(call.place)).rules.find(({ rule }) => rule.name === name)
    return {
      title: `Alert rule ${name}`,
      tone: 'good',
      sentence: now ? `${name} says again what Helix brings along: ${now.says}.` : `${name} is gone: ${says}.`,
    }
  },
})
