import { zapierRule } from '#src/kernel/arguments/zapier-rule.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Remove a rule for good',
  role: 'deployer',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: { rule: zapierRule('the rule') },
  says: [],
  needs: ['zapier', 'automation'],
  async run({ rule: { id } }, { zapier, automation, call }) {
    await automation.revoke({ service: 'zapier-integration', rule: id }, call)
    const { name, pattern, command } = await zapier.removeRule(id)
    return {
      title: `Rule ${name}`,
      tone: 'good',
      sentence: `${name} is removed: ${pattern} starts /${command.replaceAll('.', ' ')} no more. What it started goes on.`,
    }
  },
})
