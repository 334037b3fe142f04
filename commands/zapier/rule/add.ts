import { commandName } from '#src/kernel/arguments/command-name.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { values } from '#src/kernel/arguments/values.ts'
import { isAutomatable } from '#src/kernel/automatable.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

const FOR_PEOPLE = 'is for people only: automation may not call it. Nothing was done.'

export default defineCommand({
  describe: 'Let events of Zapier start a command; you confirm what it does, for all its calls',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {
    name: text('its name: lower-case letters, digits and dashes', { max: 63 }),
    event: text('the event’s type, * stands for anything: deploy.*'),
    command: commandName('the command to call, such as restart', { holds: isAutomatable, otherwise: FOR_PEOPLE }),
    arguments: values('its options: service={{payload.service}} replicas=3'),
    where: values('only events with these fields: team=web deploy.urgent=true'),
    environment: environment('the environment it acts on; left out: this server’s own'),
  },
  says: [],
  needs: ['zapier', 'automation'],
  async run({ name, event, command: leaf, arguments: given, where, environment }, { zapier, automation, call }) {
    const rule = await zapier.addRule({ name, event, where, command: leaf, arguments: given, environment: environment?.name })
    const { id, pattern, arguments: kept, version } = rule
    try {
      await automation.grant(version, call)
      await zapier.switchRule(id, true)
    } catch (error) {
      // A rule that could not be confirmed and enabled is not left behind.
      await automation.revoke(version, call)
      await zapier.removeRule(id)
      throw error
    }
    const shown = `/${leaf.replaceAll('.', ' ')}`
    return {
      title: `Rule ${name}`,
      tone: 'good',
      sentence: `From now on ${pattern} starts ${shown}${environment ? ` in ${environment.name}` : ''}, confirmed by you. Its calls have the role of the Zapier service.`,
      facts: Object.entries(kept).map(([option, value]) => ({ label: option, value: String(value) })),
      actions: [{ label: 'Disable it', command: 'zapier.rule.disable', arguments: { rule: name } }],
    }
  },
})
