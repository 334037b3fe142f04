import { alertRule } from '#src/kernel/arguments/alert-rule.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { age, count, firstLine, moment } from '#src/kernel/say.ts'

const from = { command: 'a command', file: 'the rules file', default: 'Helix itself' } as const

export default defineCommand({
  describe: 'One alert rule: what it says, where it comes from, what it holds to be wrong',
  role: 'viewer',
  risk: 'read',
  doors: [...peopleInDiscord, 'rest', 'mcp', 'automation'],
  answer: 'public',
  arguments: { rule: alertRule(), environment: environment() },
  says: [],
  needs: ['alerts', 'clock'],
  async run({ rule: name }, { alerts, clock, call }) {
    const { rule, source, says, addedBy, standings } = await alerts.show(call.place, name)
    const now = clock.now()
    const firing = standings.filter(({ phase }) => phase === 'firing').length
    return {
      title: `Alert rule ${name}`,
      tone: firing > 0 ? 'warning' : 'neutral',
      sentence: rule.enabled
        ? `It ${firing > 0 ? `fires for ${count(firing, 'thing')}` : 'does not fire'}: ${says}.`
        : `It is disabled: ${says}.`,
      facts: [
        { label: 'Kind', value: rule.kind },
        { label: 'Severity', value: rule.severity },
        { label: 'From', value: addedBy === undefined ? from[source] : `${from[source]}, by ${addedBy}` },
        ...standings.flatMap(({ trouble, subject }) => {
          const line = trouble?.lines?.at(-1)
          return line === undefined ? [] : [{ label: `Line of ${trouble?.service?.name ?? subject}`, value: firstLine(line, 200) }]
        }),
      ],
      ...(standings.length > 0 && {
        table: {
          head: ['State', 'For', 'Since', 'What'],
          rows: standings.map(({ phase, since, subject, trouble }) => [
            phase,
            age(new Date(since), now),
            `${moment(new Date(since))} UTC`,
            trouble?.title ?? subject,
          ]),
        },
      }),
      actions: [
        { label: 'Test it', command: 'alerts.test', arguments: { rule: name } },
        ...(source === 'file'
          ? []
          : [
              {
                label: rule.enabled ? 'Disable it' : 'Enable it',
                command: rule.enabled ? 'alerts.disable' : 'alerts.enable',
                arguments: { rule: name },
              },
            ]),
      ],
    }
  },
})
