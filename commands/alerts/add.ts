import type { Alerts } from '#src/alerts/alerts.ts'
import type { Rule } from '#src/alerts/rule.ts'
import { optional } from '#src/kernel/argument.ts'
import { choice } from '#src/kernel/arguments/choice.ts'
import { decimal } from '#src/kernel/arguments/decimal.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { environmentPatterns, servicePatterns } from '#src/kernel/arguments/name-patterns.ts'
import { didYouMean } from '#src/kernel/arguments/nearest.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { values } from '#src/kernel/arguments/values.ts'
import { webhookType } from '#src/kernel/arguments/webhook-type.ts'
import type { Place } from '#src/kernel/call.ts'
import { channels } from '#src/kernel/channels.ts'
import { defineCommand, peopleInDiscord } from '#src/kernel/command.ts'
import { meansType, webhookTypes } from '#src/kernel/webhook-types.ts'

const kinds = [
  ...['health', 'cpu', 'memory', 'disk', 'request-rate', 'error-rate', 'latency'],
  ...['log', 'cost', 'certificate', 'webhook', 'consciousness', 'stream', 'heartbeat', 'helix'],
] as const
const figure = (describe: string) => optional(text(describe, { max: 20 }))
const words = (typed: string | undefined) => typed?.split(/[,\s]+/).filter(Boolean)

export default defineCommand({
  describe: 'Say of what you want to be told: figures, log lines, cost, certificates, webhooks, streams, silence',
  role: 'admin',
  risk: 'change',
  doors: peopleInDiscord,
  answer: 'public',
  arguments: {
    name: text('its name: lower-case letters, digits and dashes', { max: 50 }),
    kind: choice('what it looks at', kinds),
    above: figure('more than this is wrong: 90%, 1.5, 800ms, $20'),
    below: figure('less than this is wrong'),
    recover: figure('from where on it is over; left out: as soon as it is not beyond'),
    for: figure('how long it has to be so: 5m'),
    severity: optional(choice('how bad it is; left out: warning', ['info', 'warning', 'critical'])),
    services: optional(servicePatterns('only of these services: api, web-*')),
    environments: optional(environmentPatterns('only in these environments')),
    is: optional(text('health: what is wrong; left out: down, degraded', { max: 100 })),
    requests: optional(decimal('error-rate, latency: of fewer requests a second it says nothing', { min: 0, max: 100_000 })),
    pattern: optional(text('log: text of a line, * for anything, or /a regular expression/', { max: 200 })),
    level: optional(text('log: lines of at least warn, error; webhook: of at least warning, critical', { max: 20 })),
    rise: figure('cost: the last day is so much above the usual: 50%'),
    days: optional(integer('certificate: it ends within so many days; left out: 14', { min: 1, max: 90 })),
    type: optional(webhookType('webhook: Deployment.failed, crashed, VolumeAlert.*')),
    metric: optional(text('consciousness: harmony …; cost: estimate, current, day', { max: 64 })),
    channel: optional(choice('stream, heartbeat: the channel of the messages', Object.values(channels))),
    where: values('stream, heartbeat: only messages with these fields: payload.status=failed', { called: 'The fields (where)' }),
    count: optional(integer('stream, log, webhook: so many; left out: 1', { min: 1, max: 1_000 })),
    within: figure('the same: in so long; left out: 5m, of webhooks 1h'),
    every: figure('heartbeat: a message must come at least so often'),
    what: optional(text('helix: railway, redis, budget, posts; left out: all', { max: 100 })),
  },
  says: [],
  needs: ['alerts'],
  async run({ is, what, type, where, ...given }, { alerts, call }) {
    const fields = Object.keys(where).length > 0 ? where : undefined
    const { rule, says } = await alerts.add(call, { ...given, is: words(is), what: words(what), type: words(type), where: fields })
    const blind = await unreadable(alerts, call.place, rule)
    return {
      title: `Alert rule ${rule.name}`,
      tone: blind === '' ? 'good' : 'warning',
      sentence: `From now on ${says} is told as an incident (${rule.severity}).${blind}`,
      ...(rule.kind === 'log' && { facts: [{ label: 'Looks for', value: sought(rule.pattern) }] }),
      actions: [
        { label: 'Test it', command: 'alerts.test', arguments: { rule: rule.name } },
        { label: 'Disable it', command: 'alerts.disable', arguments: { rule: rule.name } },
      ],
    }
  },
})

/** To try these, Railway and the services are asked. */
const asking: ReadonlySet<Rule['kind']> = new Set(['log', 'certificate', 'webhook'])

/** Of a rule that could never fire people hear at once: a token that may not ask what the project costs. */
async function unreadable(alerts: Alerts, place: Place, rule: Rule): Promise<string> {
  const { kind, name } = rule
  if (rule.kind === 'webhook') return rule.type.map(unsent).join('')
  if (kind !== 'cost' && !('services' in rule && rule.services && !asking.has(kind))) return ''
  const { tried: all, readAt } = await alerts.test(place, name)
  if (kind !== 'cost') return readAt && all.length === 0 ? ' No service matches that now.' : ''
  const [tried] = all
  return tried?.would === 'knows nothing' ? ` For now it knows nothing. ${tried.reads}` : ''
}

/** Exactly what a line must have: of quotes around it nobody has to guess. */
function sought(pattern: string): string {
  return pattern.startsWith('/') ? `lines that ${pattern} matches` : `lines that have this, capitals and all: ${pattern}`
}

/** That list is nobody's promise: another type may come, and a slip of the pen never does. */
function unsent(type: string): string {
  if (webhookTypes.some((each) => meansType(type, each))) return ''
  const names = webhookTypes.flatMap((each) => [each, each.slice(each.indexOf('.') + 1)])
  const otherwise = 'The option offers those that are known.'
  return ` “${type}” is none of the types that Railway is known to send. ${didYouMean(type, [...new Set(names)], otherwise)}`
}
