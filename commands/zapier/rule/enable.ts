import { zapierRule } from '#src/kernel/arguments/zapier-rule.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Enable a rule; you confirm what it does as it is now, for all its calls',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: { rule: zapierRule('the rule') },
  says: [],
  needs: ['zapier', 'automation'],
  async run({ rule: { id } }, { zapier, automation, call }) {
    const { name, pattern, command, arguments: given, environment, version } = await zapier.rule(id)
    await automation.grant(version, call)
    await zapier.switchRule(id, true)
    const options = Object.entries(given).map(([option, value]) => ({ label: option, value: String(value) }))
    return {
      title: `Rule ${name}`,
      tone: 'good',
      sentence: `${name} is enabled: ${pattern} starts /${command.replaceAll('.', ' ')}${environment ? ` in ${environment}` : ''}, confirmed by you.`,
      facts: options,
      actions: [{ label: 'Disable it', command: 'zapier.rule.disable', arguments: { rule: name } }],
    }
  },
})
