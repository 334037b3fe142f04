import type { ServiceHealth } from '#src/health/health.ts'
import { optional } from '#src/kernel/argument.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { heldFor, heldWhy, saysOtherwise, wellConditions } from '#src/kernel/held-words.ts'
import { newestFailed } from '#src/kernel/newest-failed.ts'
import type { Fact } from '#src/kernel/report.ts'
import { ago, andList, count, moment, sayCondition, version } from '#src/kernel/say.ts'

export default defineCommand({
  describe: 'How the services are, judged from what really runs',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: { service: optional(service('only this service')), environment: environment() },
  says: [
    'how is {service} [doing|feeling|going|looking|running|today]',
    'how (does|did) {service} (do|look)',
    'is {service} [still] (healthy|up|down|ok|fine|alive|running|working|broken|online|offline|alright|well|dead|available|reachable)',
    '(health|status|state|condition) [check|report] (of|for|on) {service}',
    '(what is|tell me|show me|give me|show|check|read) [the] [current] (health|status|state|condition) (of|for) {service}',
    '{service} (health|status) [check|report]',
    'check [on|up on] {service}',
    'what is (wrong|up|going on|happening|the matter) with {service}',
    '[show|give|read|check|run] [me] [the|a] health [check|report] [of everything|of all services]',
    'how is everything [doing|going|looking|running]',
    'how are (things|all services|the services|our services) [doing|going|looking|running]',
    'is everything (healthy|up|ok|fine|running|working|alright|good|well|online)',
    'are [all] [the|our] services [all] (healthy|up|ok|fine|running|working|alright|well|online)',
    '(which|what) services are (down|broken|unhealthy|offline)',
    'is anything (down|broken|wrong|unhealthy|offline)',
    'what is (down|broken|unhealthy|wrong)',
  ],
  needs: ['health', 'clock'],
  async run({ service: only }, { health, clock, call }) {
    const { environment, services, readAt, stale } = await health.read(call.place)
    const shown = only ? services.filter(({ service }) => service.id === only.id) : services
    const ill = shown.filter(({ condition }) => !wellConditions.includes(condition))
    const doubted = shown.filter(({ condition, reads }) => reads && wellConditions.includes(condition))
    const read = `${ago(readAt, clock.now())}${stale ? ', as Railway cannot be read right now' : ''}`
    const old = stale ? `Railway cannot be read; this is how it was ${ago(readAt, clock.now())}. ` : ''
    const look = stale ? ('warning' as const) : tone(ill.map((each) => each.condition))
    const facts = [...probes(shown, clock.now()), { label: 'Reading', value: read }]
    const [one] = shown
    if (only && one) {
      const { service, condition, since } = one
      const running = service.serving?.instances.filter(({ status }) => status === 'RUNNING').length ?? 0
      return {
        title: `Health of ${service.name} in ${environment.name}`,
        tone: look,
        sentence: `${old}${held(one, clock.now())}. ${heldWhy(one)}`,
        facts: [
          { label: 'Replicas', value: `${running} of ${service.replicas} ${running === 1 ? 'runs' : 'run'}` },
          ...(since ? [{ label: 'Since', value: `${moment(since)} UTC, ${ago(since, clock.now())}` }] : []),
          { label: 'Version', value: service.serving ? version(service.serving) : 'none serves' },
          ...facts,
        ],
        actions: wellConditions.includes(condition) ? [] : [{ label: 'Logs', command: 'logs', arguments: call.raw }],
      }
    }
    return {
      title: `Health of ${environment.name}`,
      tone: look,
      sentence:
        old +
        (ill.length === 0
          ? allWell(shown, environment.name)
          : `${count(ill.length, 'service')} of ${shown.length} in ${environment.name} ${ill.length === 1 ? 'needs' : 'need'} a look: ${andList(ill.slice(0, 3).map((each) => each.service.name))}${ill.length > 3 ? ' and others' : ''}.`),
      facts,
      table: {
        head: ['Service', 'State', 'Why'],
        rows: [...ill, ...doubted, ...shown.filter((each) => !ill.includes(each) && !doubted.includes(each))].map((each) => [
          each.service.name,
          heldFor(each, clock.now()),
          heldWhy(each),
        ]),
      },
    }
  },
})

function allWell(shown: readonly ServiceHealth[], where: string): string {
  if (shown.length === 0) return `There are no services in ${where}.`
  const failed = newestFailed(shown.map(({ service }) => service))
  return [`All is well: ${count(shown.length, 'service')} in ${where}.`, saysOtherwise(shown), failed].filter(Boolean).join(' ')
}

/** `api is healthy`, `api has been down for 4 min`. */
function held(one: ServiceHealth, now: Date): string {
  const { service, condition, since } = one
  const lasts = since && !wellConditions.includes(condition) && condition !== 'unknown'
  return lasts ? `${service.name} has been ${heldFor(one, now)}` : sayCondition(service.name, condition)
}

/** What was seen from outside, with its age: a probe that is well says so as well. */
function probes(shown: readonly ServiceHealth[], now: Date): readonly Fact[] {
  const found = shown.flatMap(({ service, probe }) => (probe ? [{ ...probe, name: service.name }] : []))
  const [first] = found
  if (!first) return []
  const oldest = new Date(Math.min(...found.map(({ at }) => at.getTime())))
  const when = `${ago(oldest, now)}${limited(found.some(({ openOnly }) => openOnly))}`
  if (shown.length === 1) {
    const seen = first.failures === 1 ? `It failed once and is made again soon: ${first.sentence}` : first.sentence
    return [{ label: 'Probe', value: `${seen} ${first.latencyMs} ms, ${when}.` }]
  }
  const failed = (holds: (failures: number) => boolean) => found.filter(({ failures }) => holds(failures)).map(({ name }) => name)
  const ill = failed((failures) => failures > 1)
  const once = failed((failures) => failures === 1)
  const parts = [
    ...(ill.length > 0 ? [`${andList(ill)} not well`] : []),
    ...(once.length > 0 ? [`${andList(once)} failed once and ${once.length === 1 ? 'is' : 'are'} looked at again soon`] : []),
  ]
  return [{ label: 'Probes', value: `${count(found.length, 'service')}, ${parts.join('; ') || 'all well'} (${when}).` }]
}

function limited(openOnly: boolean): string {
  return openOnly ? ', only what is open: there is no SERVICE_MESH_SECRET' : ''
}

function tone(conditions: readonly string[]): 'good' | 'warning' | 'bad' {
  if (conditions.includes('down')) return 'bad'
  return conditions.length > 0 ? 'warning' : 'good'
}
