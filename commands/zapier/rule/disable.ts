import { zapierRule } from '#src/kernel/arguments/zapier-rule.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

export default defineCommand({
  describe: 'Disable a rule: its events start nothing until it is enabled again',
  role: 'deployer',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: { rule: zapierRule('the rule') },
  says: [],
  needs: ['zapier', 'automation'],
  async run({ rule: { id } }, { zapier, automation, call }) {
    // First here, where the calls arrive: those that are under way are refused from this moment on.
    await automation.revoke({ service: 'zapier-integration', rule: id }, call)
    const { name } = await zapier.switchRule(id, false)
    return {
      title: `Rule ${name}`,
      tone: 'good',
      sentence: `${name} is disabled, and its confirmation is gone. What it started goes on.`,
      actions: [{ label: 'Enable it', command: 'zapier.rule.enable', arguments: { rule: name } }],
    }
  },
})
