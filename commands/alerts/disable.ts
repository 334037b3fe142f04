import { alertRule } from '#src/kernel/arguments/alert-rule.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Switch an alert rule off: what fires by it is over',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: { rule: alertRule() },
  says: [],
  needs: ['alerts'],
  async run({ rule: name }, { alerts, call }) {
    const { says } = await alerts.enable(call, name, false)
    return {
      title: `Alert rule ${name}`,
      tone: 'warning',
      sentence: `${name} is disabled: nobody is told of this any more: ${says}.`,
      actions: [{ label: 'Enable it', command: 'alerts.enable', arguments: { rule: name } }],
    }
  },
})
