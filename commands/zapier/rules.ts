import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { count } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'The rules: which events of Zapier start which commands',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: {},
  says: [
    '[show|list|read] [me] [all] [the] zapier rules',
    '(which|what) zapier rules (are there|do we have)',
    '[show|list|read] [me] [the] rules of zapier',
  ],
  needs: ['zapier', 'automation'],
  async run(_, { zapier, automation, call }) {
    const [rules, grants] = [await zapier.rules(), await automation.grants(call.place.guild)]
    if (rules.length === 0) {
      const sentence =
        'There are no rules: what comes from Zapier is told to the other services, and starts no command. /zapier rule add makes one.'
      return { title: 'Zapier rules', tone: 'neutral', sentence }
    }
    const confirmed = new Map(grants.filter(({ service }) => service === 'zapier-integration').map((grant) => [grant.rule, grant]))
    const enabled = rules.filter((rule) => rule.enabled)
    const open = enabled.filter(({ id, digest }) => confirmed.get(id)?.digest !== digest)
    const warning =
      open.length === 0
        ? ''
        : ` ${count(open.length, 'enabled rule was', 'enabled rules were')} not confirmed by a person as they are now: what needs a confirmation is refused until one is enabled anew.`
    return {
      title: 'Zapier rules',
      tone: open.length > 0 ? 'warning' : 'neutral',
      sentence: `${howMany(rules.length, enabled.length)}${warning}`,
      table: {
        head: ['Rule', 'For', 'Command', 'State', 'Confirmed by'],
        rows: rules.map(({ id, name, pattern, command, arguments: given, environment, enabled, digest }) => [
          name,
          pattern,
          [
            `/${command.replaceAll('.', ' ')}`,
            ...Object.entries(given).map(([key, value]) => `${key}=${value}`),
            ...(environment ? [`in ${environment}`] : []),
          ].join(' '),
          enabled ? 'enabled' : 'disabled',
          confirmed.get(id)?.digest === digest ? confirmed.get(id)!.byName : 'nobody',
        ]),
      },
    }
  },
})

function howMany(rules: number, enabled: number): string {
  if (rules === 1) return `There is 1 rule, and it is ${enabled === 1 ? 'enabled' : 'disabled'}.`
  return `There are ${count(rules, 'rule')}, ${enabled === rules ? 'all of them' : enabled} enabled.`
}
