import { alertRule } from '#src/kernel/arguments/alert-rule.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Switch an alert rule on',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: { rule: alertRule() },
  says: [],
  needs: ['alerts'],
  async run({ rule: name }, { alerts, call }) {
    const { says } = await alerts.enable(call, name, true)
    return {
      title: `Alert rule ${name}`,
      tone: 'good',
      sentence: `${name} is enabled: ${says}.`,
      actions: [{ label: 'Disable it', command: 'alerts.disable', arguments: { rule: name } }],
    }
  },
})
