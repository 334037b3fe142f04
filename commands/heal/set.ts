import { optional } from '#src/kernel/argument.ts'
import { alertRule } from '#src/kernel/arguments/alert-rule.ts'
import { choice } from '#src/kernel/arguments/choice.ts'
import { decimal } from '#src/kernel/arguments/decimal.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { policy } from '#src/kernel/arguments/policy.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { UserError } from '#src/kernel/errors.ts'

const health = { down: ['down'], degraded: ['degraded'], sick: ['down', 'degraded'] } as const
const conditions = ['sick', 'down', 'degraded', 'cpu', 'memory', 'disk', 'error-rate', 'latency', 'request-rate', 'alert'] as const
/** Health is confirmed before it is told: it need not last long. */
const HEALTH_FOR = '30s'
const figure = (describe: string) => optional(text(describe, { max: 20 }))

interface Asked {
  readonly when: (typeof conditions)[number]
  readonly alert: string | undefined
  readonly above: string | undefined
  readonly below: string | undefined
  readonly recover: string | undefined
  readonly for: string | undefined
}

export default defineCommand({
  describe: 'Have Helix bring a service back by itself: when, by which steps, how often',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {
    service: service('the service that is healed'),
    when: optional(choice('what is wrong with it; left out: sick (down or degraded)', conditions)),
    steps: optional(text('left out: restart, redeploy, rollback. Also: restart x2, scale +2 max 6, run agents command …', { max: 500 })),
    above: figure('of a figure: more than this is wrong, such as 90%, 1.5, 800ms'),
    below: figure('of a figure: less than this is wrong'),
    recover: figure('of a figure: from where on it is well; left out: as soon as it is not beyond'),
    for: figure('how long it has to be so; left out: 30s, figures 5m'),
    alert: optional(alertRule('while this alert rule fires for it')),
    wait: figure('how long an act has before the next; left out: 2m'),
    settle: figure('how long it must be well before the first step counts again; left out: 10m'),
    'per-hour': optional(integer('at most so many acts an hour; left out: 6', { min: 1, max: 60 })),
    dollars: optional(decimal('what scaling may make it cost a month, in dollars', { min: 0.01, max: 100_000 })),
    mode: optional(choice('act, or only tell what it would do; left out: act', ['act', 'simulate', 'off'])),
    name: optional(policy('heal', 'its name; left out: of the service and what is wrong')),
    environment: environment(),
  },
  says: [],
  needs: ['healing'],
  async run({ service, when: asked, steps, wait, settle, dollars, mode = 'act', name, 'per-hour': perHour, ...given }, { healing, call }) {
    const when = asked ?? (given.alert === undefined ? 'sick' : 'alert')
    const rules = { when: conditionOf({ ...given, when }), steps, wait, settle, perHour, dollars }
    const called = name?.toLowerCase() ?? nameOf(service.name, given.alert ?? when)
    const set = await healing.set(call, { name: called, service, mode, rules })
    const at = { policy: set.name, environment: set.environment }
    return {
      title: `Healing policy ${set.name}`,
      tone: mode === 'act' ? 'good' : 'neutral',
      sentence: `${healing.describe(set)} ${modes[mode]}`,
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

function conditionOf({ when, alert, above, below, recover, for: lasts }: Asked): Readonly<Record<string, unknown>> {
  const figures = { above, below, recover }
  const isFigure = when !== 'alert' && !(when in health)
  if (alert !== undefined && when !== 'alert') throw new UserError('Name an alert rule, or what is wrong: not both. Nothing was set.')
  if (!isFigure && Object.values(figures).some((each) => each !== undefined)) {
    throw new UserError('“above”, “below” and “recover” are for figures such as cpu or latency. Nothing was set.')
  }
  if (when === 'alert') {
    if (alert === undefined) throw new UserError('Name the alert rule as “alert”, so nothing was set.')
    if (lasts !== undefined) throw new UserError('An alert rule says itself how long it has to be so: leave “for” out. Nothing was set.')
    return { kind: 'alert', rule: alert }
  }
  if (isFigure) return defined({ kind: when, ...figures, for: lasts })
  return { kind: 'health', is: health[when as keyof typeof health], for: lasts ?? HEALTH_FOR }
}

function defined(given: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

function nameOf(service: string, what: string): string {
  const plain = `${service}-${what}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return plain.replaceAll(/^-+|-+$/g, '').slice(0, 50)
}
