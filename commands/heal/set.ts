import { optional } from '#src/kernel/argument.ts'
import { alertRule } from '#src/kernel/arguments/alert-rule.ts'
import { choice } from '#src/kernel/arguments/choice.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { policy } from '#src/kernel/arguments/policy.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'

const conditions = ['sick', 'down', 'degraded', 'cpu', 'memory', 'disk', 'error-rate', 'latency', 'request-rate', 'alert'] as const
const words = (describe: string, max = 20) => optional(text(describe, { max }))

export default defineCommand({
  describe: 'Have Helix bring a service back by itself: when, by which steps, how often; “none” takes a rule away',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {
    service: service('the service that is healed'),
    when: optional(choice('what is wrong with it; left out: sick (down or degraded)', conditions)),
    steps: optional(text('left out: restart, redeploy, rollback. Also: restart x2, scale +2 max 6, run agents command …', { max: 500 })),
    above: words('of a figure: more than this is wrong, such as 90%, 1.5, 800ms'),
    below: words('of a figure: less than this is wrong'),
    recover: words('of a figure: from where on it is well; left out: as soon as it is not beyond'),
    for: words('how long it has to be so; left out: 30s, figures 5m'),
    alert: optional(alertRule('while this alert rule fires for it')),
    wait: words('how long an act has before the next; left out: 2m'),
    settle: words('how long it must be well before the first step counts again; left out: 10m'),
    'per-hour': optional(integer('at most so many acts an hour; left out: 6', { min: 1, max: 60 })),
    dollars: words('what scaling may make it cost a month, in dollars'),
    mode: optional(choice('act, or only tell what it would do; left out: as it was, else act', ['act', 'simulate', 'off'])),
    name: optional(policy('heal', 'its name; left out: of the service and what is wrong')),
    environment: environment(),
  },
  says: [],
  needs: ['healing'],
  async run({ service, mode: asked, name, 'per-hour': perHour, environment: _, ...given }, { healing, call }) {
    const called = name?.toLowerCase() ?? nameOf(service.name, given.alert ?? given.when ?? 'sick')
    const { policy: set, isNew } = await healing.change(call, { name: called, service, mode: asked, options: { ...given, perHour } })
    const { mode } = set
    const at = { policy: set.name, environment: set.environment }
    return {
      title: `Healing policy ${set.name}`,
      tone: mode === 'act' ? 'good' : 'neutral',
      sentence: `${isNew ? '' : 'Set anew, and what was left out is as it was. '}${healing.describe(set)} ${modes[mode]}`,
      actions: [
        { label: 'How it stands', command: 'heal.show', arguments: at },
        ...(mode === 'act'
          ? [{ label: 'Only simulate', command: 'heal.mode', arguments: { ...at, mode: 'simulate' } }]
          : [{ label: 'Let it act', command: 'heal.mode', arguments: { ...at, mode: 'act' } }]),
      ],
    }
  },
})

const modes = {
  act: 'It acts by itself from now on, and tells each act in the incident.',
  simulate: 'It only simulates: it tells what it would do, and does nothing.',
  off: 'It is off.',
} as const

function nameOf(service: string, what: string): string {
  const plain = `${service}-${what}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return plain.replaceAll(/^-+|-+$/g, '').slice(0, 50)
}
