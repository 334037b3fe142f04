import { optional } from '#src/kernel/argument.ts'
import { alertRule } from '#src/kernel/arguments/alert-rule.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { flag } from '#src/kernel/arguments/flag.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { age, firstLine } from '#src/kernel/say.ts'

const MOST_SHOWN = 25
const MOST_LINES = 5
const read: Readonly<Record<string, string>> = { log: 'Log read', cost: 'Cost read', certificate: 'Certificates read' }

export default defineCommand({
  describe: 'What an alert rule reads now and would do; with post, a test alert by its route',
  role: 'operator',
  risk: 'change',
  doors: [...peopleInDiscord, 'rest'],
  answer: 'public',
  arguments: {
    rule: alertRule(),
    post: flag('also open a test incident, clearly marked, where the rule would be told'),
    service: optional(service('the service whose route the test incident takes')),
    environment: environment(),
  },
  says: [],
  needs: ['alerts', 'clock'],
  async run({ rule: name, post, service }, { alerts, clock, call }) {
    const { rule, tried, says, readAt } = await alerts.test(call.place, name)
    const incident = post ? await alerts.post(call, name, service) : undefined
    const knows = tried.some(({ would }) => would !== 'knows nothing')
    const wrong = tried.filter(({ would }) => /fire/.test(would))
    return {
      title: `Test of ${name}`,
      tone: wrong.length > 0 || (tried.length > 0 && !knows) ? 'warning' : 'good',
      sentence: [
        tried.length === 0
          ? `Nothing here is read for it: ${says}.`
          : `${wrong.length > 0 ? `${wrong[0]!.of}: ${wrong[0]!.would}` : knows ? 'It is content' : 'It knows nothing now'}. It says: ${says}.`,
        incident ? `Test incident ${incident.number} is open, and told by its route.` : '',
      ]
        .filter(Boolean)
        .join(' '),
      facts: [
        ...(readAt ? [{ label: read[rule.kind] ?? 'Services read', value: `${age(readAt, clock.now())} ago` }] : []),
        ...tried
          .filter(({ lines = [] }) => lines.length > 0)
          .slice(0, MOST_LINES)
          .map(({ of, lines = [] }) => ({ label: `Newest line of ${of}`, value: firstLine(lines.at(-1), 200) })),
      ],
      table: {
        head: ['Of', 'Reads', 'Would'],
        rows: tried.slice(0, MOST_SHOWN).map(({ of, reads, would }) => [of, reads, would]),
      },
      actions: incident ? [{ label: 'Resolve the test', command: 'incidents.resolve', arguments: { incident: incident.number } }] : [],
    }
  },
})
