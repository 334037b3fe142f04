import type { Incident } from '#src/incidents/incidents.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { heldFor, heldWhy, saysOtherwise, wellConditions } from '#src/kernel/held-words.ts'
import { newestFailed } from '#src/kernel/newest-failed.ts'
import { ago, andList, andMore, count, sayCondition } from '#src/kernel/say.ts'
import type { OpenOperation } from '#src/operations/operations.ts'

const MOST_SHOWN = 12

export default defineCommand({
  describe: 'Everything at a glance: services, what is under way, Helix itself',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: { environment: environment() },
  says: [
    '[show|read|give|get] [me] [the] [current] status [report|update] [of everything]',
    'status [report] (of|in|for|on) {environment}',
    '(what is|what about|tell me|show me|give me) [the] [current] status [of (everything|all|all services|all the services|the system)] [(of|in|for|on) {environment}]',
    '{environment} status',
    'how is {environment} [doing|looking|going]',
    'is {environment} (healthy|up|down|ok|fine|alright|well|working|running)',
    '(give|show) [me] [a|an] (overview|summary) [of {environment}]',
    '[give] [me] [a] status (report|update)',
    'what is (going on|happening|up)',
  ],
  needs: ['health', 'operations', 'incidents', 'posts', 'policyStops', 'components', 'clock'],
  async run(_, { health, operations, incidents, posts, policyStops, components, clock, call }) {
    const { place } = call
    const [reading, open, parts, troubles, refused, stop] = await Promise.all([
      health.read(place),
      operations.open(place),
      components.check(),
      incidents.list(place, { environment: place.environment }),
      posts.refused(place.guild),
      policyStops.stopped(place.guild),
    ])
    const { environment, services, readAt, stale, unmergedChanges } = reading
    const now = clock.now()
    const ill = services.filter(({ condition }) => !wellConditions.includes(condition))
    const own = parts.map((part) => (stale && part.name === 'Railway' ? { ...part, ok: false, detail: 'cannot be read' } : part))
    const broken = own.filter(({ ok }) => !ok)
    // What is only worth knowing is no trouble.
    const worst = troubles.find(({ severity }) => severity !== 'info')
    const counts = [...Map.groupBy(services, ({ condition }) => condition)].map(([condition, each]) => `${each.length} ${condition}`)
    const sentence = [
      stale ? `Railway cannot be read; this is how it was ${ago(readAt, now)}.` : '',
      ill.length === 0
        ? `${environment.name} ${worst ? 'needs a look' : 'is well'}: ${count(services.length, 'service')}${services.length === 0 ? '' : ', none in trouble'}${worst ? ', but' : '.'}`
        : `${environment.name} needs a look: ${andList(ill.slice(0, 3).map((each) => sayCondition(each.service.name, each.condition)))}${ill.length > 3 ? `, and ${ill.length - 3} more` : ''}.`,
      ill.length === 0 && worst ? openIncidents(troubles) : '',
      saysOtherwise(services),
      newestFailed(services.map(({ service }) => service)),
      ...openWords(open),
      ill.length === 0 && worst ? '' : capital(openIncidents(troubles)),
      stop ? `Healing and scaling are stopped by ${stop.byName}.` : '',
      broken.length > 0 ? `Helix itself lacks ${andList(broken.map(({ name }) => name))}.` : '',
      refused.length > 0 ? `Helix cannot post in ${andList(refused.map(({ where }) => where))}.` : '',
    ]
    return {
      title: `Status of ${environment.name}`,
      tone: stale
        ? 'warning'
        : ill.some(({ condition }) => condition === 'down') || broken.length > 0 || worst?.severity === 'critical'
          ? 'bad'
          : ill.length > 0 || worst
            ? 'warning'
            : 'good',
      sentence: sentence.filter(Boolean).join(' '),
      facts: [
        { label: 'Services', value: counts.join(', ') || 'none' },
        {
          label: 'Under way',
          value:
            open
              .map(({ kind, service, status, by, since }) => `${kind} ${service} (${statusWords(status)}) by ${by}, ${ago(since, now)}`)
              .join('\n') || 'nothing',
        },
        ...(troubles.length > 0 ? [{ label: 'Incidents', value: incidentWords(troubles) }] : []),
        ...(stop ? [{ label: 'Healing and scaling', value: `stopped by ${stop.byName} ${ago(stop.since, now)}: ${stop.reason}` }] : []),
        ...refused.map(({ where, reason, times }) => ({ label: `Cannot post in ${where}`, value: `${reason} (${count(times, 'time')})` })),
        { label: 'Helix', value: own.map(({ name, ok, detail }) => `${ok ? '✓' : '✗'} ${name}: ${detail}`).join('\n') },
        ...(unmergedChanges > 0 ? [{ label: 'Staged in Railway', value: count(unmergedChanges, 'change') }] : []),
        { label: 'Reading', value: `${ago(readAt, now)}${stale ? ', as Railway cannot be read right now' : ''}` },
      ],
      ...(ill.length > 0 && {
        table: {
          head: ['Service', 'State', 'Why'],
          rows: ill.slice(0, MOST_SHOWN).map((each) => [each.service.name, heldFor(each, now), heldWhy(each)]),
        },
      }),
    }
  },
})

/** The worst comes first: `4 incidents are open, the worst is 3, api is slow (critical, not acknowledged).` Empty where none is. */
function openIncidents(troubles: readonly Incident[]): string {
  const [first] = troubles
  if (!first) return ''
  const { number, severity, state } = first
  const what = `${number}, ${andMore(first.title, first.troubles.length - 1)} (${severity}, ${state === 'open' ? 'not acknowledged' : state})`
  return troubles.length === 1 ? `incident ${what} is open.` : `${count(troubles.length, 'incident')} are open, the worst is ${what}.`
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1)
}

function incidentWords(troubles: readonly Incident[]): string {
  const shown = troubles
    .slice(0, MOST_SHOWN)
    .map((each) => `${each.number}: ${andMore(each.title, each.troubles.length - 1)} (${each.severity}, ${each.state})`)
  return [...shown, ...(troubles.length > shown.length ? ['and more: /incidents list'] : [])].join('\n')
}

function openWords(open: readonly OpenOperation[]): readonly string[] {
  const unsettled = open.filter(({ status }) => status === 'unknown')
  const underWay = open.length - unsettled.length
  return [
    underWay > 0 ? `${count(underWay, 'operation')} ${underWay === 1 ? 'is' : 'are'} under way.` : '',
    unsettled.length > 0
      ? `An admin has to say how ${andList(unsettled.map(({ kind, service }) => `the ${kind} of ${service}`))} ended.`
      : '',
  ]
}

function statusWords(status: OpenOperation['status']): string {
  return status === 'unknown' ? 'its outcome is not known: an admin has to say' : status
}
