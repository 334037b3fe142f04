import { optional } from '#src/kernel/argument.ts'
import { choice } from '#src/kernel/arguments/choice.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { timeZone } from '#src/kernel/arguments/time-zone.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { andList } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'Say where incidents are told, who is mentioned, and who is called when nobody acknowledges',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {
    channel: text('the text channel, such as #alerts', { max: 100 }),
    severity: optional(choice('of at least this severity; left out: any', ['info', 'warning', 'critical']), 'info'),
    service: optional(service('only of this service')),
    environment: environment('only of this environment; left out: of all'),
    roles: optional(text('who is mentioned, such as @oncall')),
    quiet: optional(text('hours without mentions, unless it is critical, such as 22:00-07:00', { max: 20 })),
    'time-zone': optional(timeZone('of the quiet hours, such as Europe/Berlin; left out: UTC'), 'UTC'),
    escalate: optional(text('who is called next, and when: 15m @oncall, 30m #leads @leads', { max: 500 })),
  },
  says: [],
  needs: ['alertRoutes'],
  async run({ channel, severity, service, environment, roles, quiet, 'time-zone': zone, escalate }, { alertRoutes, call }) {
    const { route, unheard } = await alertRoutes.add(call, { channel, severity, service, environment, roles, quiet, zone, escalate })
    return {
      title: `Route ${route.number}`,
      tone: unheard.length > 0 ? 'warning' : 'good',
      sentence:
        `From now on route ${route.number} tells incidents there that fit it. Those that are open stay where they are.` +
        (unheard.length > 0
          ? ` Discord notifies nobody of ${andList(unheard)} before its settings allow everybody to mention it, or Helix has Mention Everyone.`
          : ''),
      actions: [{ label: 'All routes', command: 'alerts.route.list', arguments: {} }],
    }
  },
})
