import type { ConsciousnessReading } from '#src/consciousness/consciousness.ts'
import { whoseIs } from '#src/consciousness/counted.ts'
import { ended } from '#src/echoes/shapes/cell.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'
import { count } from '#src/kernel/say.ts'
import { describeRule } from './describe-rule.ts'
import { left, type Round, stepped, testSubject } from './evaluate.ts'
import { type Heard, hitsKey } from './heard.ts'
import type { Look } from './looks/look.ts'
import { looksOfCertificates } from './looks/of-certificates.ts'
import { looksOfCost } from './looks/of-cost.ts'
import { looksOfLogs } from './looks/of-logs.ts'
import { looksOfWebhooks } from './looks/of-webhooks.ts'
import type { Readings } from './readings/readings.ts'
import { type BlindSpot, consciousnessMeasure, limitOf, type PlaceRule, type RuleOf } from './rule.ts'
import { compared } from './service-rules.ts'
import type { Standing } from './standing.ts'

/** What there is to be seen of a place besides its services. */
export interface Seen {
  readonly environment: string
  /** In ms since 1970. */
  readonly now: number
  /** The one that counts, where it is fresh. */
  readonly reading: ConsciousnessReading | undefined
  /** Undefined where the streams could not be read, or belong to another place. */
  readonly heard: Heard | undefined
  /** What keeps Helix from seeing or telling, each in one sentence. */
  readonly blind: ReadonlyMap<BlindSpot, string>
  /** Undefined where they were never read. */
  readonly services: readonly ServiceRef[] | undefined
  readonly readings: Readings
}

/** What one look at a place makes of its rules that are not about services. */
export function evaluatePlace(rules: readonly PlaceRule[], seen: Seen, round: Round): readonly Standing[] {
  const { now, environment } = seen
  const waiting = new Map(round.before.map((each) => [`${each.rule} ${each.subject}`, each]))
  const after = rules.flatMap((rule) =>
    (looksOf(rule, seen) ?? unread(rule, round.before)).flatMap(({ subject, verdict, title, reads, group, service, lines }) => {
      const key = `${rule.name} ${subject}`
      const before = waiting.get(key)
      waiting.delete(key)
      const about = { ...(service && { service }), ...(lines && { lines: [...lines] }) }
      const fired = () => ({ severity: rule.severity, environment, title, group, ...about })
      const step = { verdict, now, forMs: 'for' in rule ? rule.for : 0, gapped: round.gapped }
      return stepped({ rule: rule.name, subject }, before, step, { fired, reads: () => reads }) ?? []
    }),
  )
  const own = new Set(rules.map(({ name }) => name))
  return [...after, ...left([...waiting.values()], own, round.rules, now)]
}

/** Of what stands, where nothing at all can be told of a rule. */
function unread({ name }: PlaceRule, standings: readonly Standing[]): readonly Look[] {
  const own = standings.filter(({ rule, subject, phase }) => rule === name && subject !== testSubject && phase !== 'over')
  return own.map(({ subject }) => ({ subject, verdict: 'unread', title: '', group: '', reads: 'Nothing is known of it any more.' }))
}

/** Undefined where what it is about could not be read. */
export function looksOf(rule: PlaceRule, seen: Seen): readonly Look[] | undefined {
  switch (rule.kind) {
    case 'log':
      return looksOfLogs(rule, seen.readings.log, seen.services, seen.now)
    case 'cost':
      return looksOfCost(rule, seen.readings.cost, seen.now)
    case 'certificate':
      return looksOfCertificates(rule, seen.readings.certificate, seen.now)
    case 'webhook':
      return looksOfWebhooks(rule, seen.readings.webhook, seen.now)
    case 'consciousness':
      return [ofConsciousness(rule, seen)]
    case 'stream':
      return [ofStream(rule, seen)]
    case 'heartbeat':
      return [ofHeartbeat(rule, seen)]
    case 'helix':
      return rule.what.map((what) => ofHelix(what, seen))
  }
}

function ofConsciousness(rule: RuleOf<'consciousness'>, { reading }: Seen): Look {
  const { metric } = rule
  const limit = limitOf(rule)
  const value = metric === 'level' ? reading?.level : reading?.metrics[metric]
  const { say } = consciousnessMeasure
  const name = metric === 'level' ? 'The level of consciousness' : `${metric[0]!.toUpperCase()}${metric.slice(1)}`
  const whose = reading && whoseIs(reading, metric)
  const source = whose?.computed ? 'as Helix works it out' : `as ${whose?.source} says`
  return {
    subject: metric,
    verdict: compared(rule, limit)(value),
    title: `${name} is ${rule.above ? 'above' : 'below'} ${say(limit)}`,
    reads: value === undefined ? `There is no fresh reading of ${metric}.` : `${name} is ${say({ value, share: false })} now, ${source}.`,
    group: 'consciousness',
  }
}

/** Discord takes 256 characters, and an incident says more in its title. */
const LONGEST_TITLE = 200

function ofStream(rule: RuleOf<'stream'>, { heard, now }: Seen): Look {
  const hits = heard?.hits[hitsKey(rule)]
  const newest = heard?.newest?.[hitsKey(rule)]
  const many = hits?.filter((at) => now - at <= rule.within).length ?? 0
  const verdict = hits === undefined ? 'unread' : many >= rule.count ? 'bad' : 'well'
  const inTime = `in ${sayDuration(rule.within)}`
  return {
    ...{ subject: rule.channel, verdict, group: `rule:${rule.name}` },
    title: `${rule.name}: ${describeRule({ ...rule, environments: ['*'] })}`.slice(0, LONGEST_TITLE).toWellFormed(),
    reads: hits
      ? ended(`${said(count(many, 'such message'))} came ${inTime}${newest === undefined || many === 0 ? '' : `. The newest: ${newest}`}`)
      : `Nothing is known of ${rule.channel} now.`,
  }
}

function ofHeartbeat(rule: RuleOf<'heartbeat'>, { heard, now }: Seen): Look {
  const last = heard?.hits[hitsKey(rule)]?.at(-1)
  const silent = last === undefined ? 0 : now - last
  const verdict = last === undefined ? 'unread' : silent > rule.every ? 'bad' : 'well'
  return {
    ...{ subject: rule.channel, verdict, group: `rule:${rule.name}` },
    title: `${rule.name} is silent`,
    reads:
      last === undefined
        ? `Nothing is known of ${rule.channel} now.`
        : verdict === 'bad'
          ? `No such message came on ${rule.channel} for ${sayDuration(rule.every)}.`
          : `A message came, or it began to be waited for, ${sayDuration(Math.max(1_000, silent))} ago.`,
  }
}

const blindTitles: Readonly<Record<BlindSpot, string>> = {
  railway: 'Helix cannot see Railway',
  redis: 'Helix cannot reach Redis',
  budget: 'Railway allows Helix few more requests',
  posts: 'Helix cannot post everything in Discord',
}

function ofHelix(what: BlindSpot, { blind }: Seen): Look {
  const why = blind.get(what)
  return {
    subject: what,
    verdict: why === undefined ? 'well' : 'bad',
    title: blindTitles[what],
    reads: why ?? 'It is well.',
    group: 'helix',
  }
}

function said(words: string): string {
  return `${words[0]!.toUpperCase()}${words.slice(1)}`
}
