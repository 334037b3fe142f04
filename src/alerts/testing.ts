import type { ConsciousnessReading } from '#src/consciousness/consciousness.ts'
import type { Incidents } from '#src/incidents/incidents.ts'
import { sayDuration } from '#src/kernel/arguments/duration.ts'
import { actorName, type Place } from '#src/kernel/call.ts'
import type { Clock } from '#src/kernel/clock.ts'
import { UserError } from '#src/kernel/errors.ts'
import type { EnvironmentSignals, Signals } from '#src/signals/signals.ts'
import type { Alerts, Tried } from './alerts.ts'
import { testMs, testSubject } from './evaluate.ts'
import { namedRule } from './own-rules.ts'
import { looksOf, type Seen } from './place-rules.ts'
import type { Readers } from './readings/readers.ts'
import type { KeptRound, Rounds } from './rounds.ts'
import { type BlindSpot, isOfServices, isRead, type PlaceRule, type Rule, type ServiceRule } from './rule.ts'
import type { RuleRows } from './rule-rows.ts'
import { isFor, judgeOf } from './service-rules.ts'
import type { Standing, Verdict } from './standing.ts'

export interface TestingParts {
  readonly rows: Pick<RuleRows, 'all'>
  readonly rounds: Rounds
  readonly incidents: Pick<Incidents, 'openOf'>
  readonly signals: Pick<Signals, 'newest'>
  readonly blindSpots: (place: Place, now: number) => Promise<ReadonlyMap<BlindSpot, string>>
  readonly fresh: (place: Place, now: number) => ConsciousnessReading | undefined
  readonly home: () => Place | undefined
  readonly readers: Pick<Readers, 'now'>
  readonly clock: Clock
}

/** What a rule reads now, and whether what it tells arrives. */
export function createTesting(parts: TestingParts): Pick<Alerts, 'test' | 'post'> {
  const { rows, rounds, incidents, signals, blindSpots, fresh, home, readers, clock } = parts

  async function seenOf(place: Place, environment: string, kept: KeptRound, rule: Rule) {
    const now = clock.now().getTime()
    const isHome = home()?.guild === place.guild && home()?.environment === place.environment
    const blind = await blindSpots(place, now)
    const readings = isRead(rule) ? await readers.now(place, rule) : {}
    const services = signals.newest(place)?.services.map(({ service }) => service)
    return { environment, now, reading: fresh(place, now), heard: isHome ? kept.heard : undefined, blind, services, readings }
  }

  return {
    async test(place, name) {
      const [set, kept] = await Promise.all([namedRule(rows, place, name), rounds.read(place)])
      const { rule } = set
      const read = signals.newest(place)
      const environment = read?.environment ?? place.environment
      const standings = kept.standings.filter((each) => each.rule === name)
      const about = { ...set, standings, readAt: undefined }
      if (!isFor({ ...rule, enabled: true }, environment)) return { ...about, tried: [] }
      if (isOfServices(rule)) {
        return read && !read.stale ? { ...about, readAt: read.at, tried: triedServices(rule, standings, read) } : { ...about, tried: [] }
      }
      const seen = await seenOf(place, environment, kept, rule)
      return { ...about, readAt: readAtOf(rule, seen), tried: triedPlace(rule, standings, seen) }
    },

    async post(call, name, service) {
      const { place, actor } = call
      const { rule } = await namedRule(rows, place, name)
      const read = signals.newest(place)
      if (!read) throw new UserError('Helix does not watch this environment, so nothing was posted.')
      const group = `test:${name}`
      const open = await incidents.openOf(place, group)
      if (open)
        throw new UserError(`Incident ${open.number} is a test of ${name} that is open still: resolve it first. Nothing was posted.`)
      const test: Standing = {
        ...{ rule: name, subject: testSubject, phase: 'firing', since: clock.now().getTime(), untold: true },
        trouble: {
          ...{ group, severity: rule.severity, environment: read.environment, title: `Test of the rule ${name}` },
          sentence: `${actorName(actor)} asked for this test: nothing is wrong. It ends when somebody resolves it, or after ${sayDuration(testMs)}.`,
          ...(service && { service }),
        },
      }
      await rounds.make(place, ({ standings }) => ({
        standings: [...standings.filter((each) => each.rule !== name || each.subject !== testSubject), test],
      }))
      const incident = await incidents.openOf(place, group)
      if (!incident) throw new UserError('The test could not be opened yet: it is tried again within seconds.')
      return incident
    },
  }
}

function triedServices(rule: ServiceRule, standings: readonly Standing[], read: EnvironmentSignals): readonly Tried[] {
  const judge = judgeOf(rule)
  return read.services
    .filter(({ service }) => judge.fits(service.name))
    .map((each) => ({
      of: each.service.name,
      reads: judge.reads(each),
      verdict: judge.verdict(each),
      standing: standings.find(({ subject }) => subject === each.service.id),
    }))
    .toSorted((one, other) => rank(one) - rank(other))
    .map(({ of, reads, verdict, standing }) => ({ of, reads, would: wouldOf(rule, verdict, standing) }))
}

function triedPlace(rule: PlaceRule, standings: readonly Standing[], seen: Parameters<typeof looksOf>[1]): readonly Tried[] {
  const looks = looksOf(rule, seen)
  if (!looks) return [{ of: rule.kind, reads: 'Nothing is known of it now.', would: 'knows nothing' }]
  if (looks.length === 0) return [{ of: rule.kind, reads: nothing[rule.kind] ?? 'There is nothing that it is about.', would: 'is content' }]
  return looks
    .map((look) => ({ ...look, standing: standings.find(({ subject }) => subject === look.subject) }))
    .toSorted((one, other) => rank(one) - rank(other))
    .map(({ subject, of = subject, verdict, standing, reads, lines = [] }) => ({
      of,
      reads,
      would: wouldOf(rule, verdict, standing),
      lines,
    }))
}

/** Of what is heard rather than read there is no such moment. */
function readAtOf({ kind }: PlaceRule, { readings }: Pick<Seen, 'readings'>): Date | undefined {
  const read = kind === 'log' || kind === 'cost' || kind === 'certificate' ? readings[kind] : undefined
  return read && new Date(read.at)
}

const nothing: Readonly<Partial<Record<Rule['kind'], string>>> = {
  log: 'No such line came.',
  certificate: 'There are no domains.',
  webhook: 'No such webhook has come.',
}

const order: Readonly<Record<Verdict, number>> = { bad: 1, between: 2, unread: 3, well: 4 }

function rank({ verdict, standing }: { readonly verdict: Verdict; readonly standing: Standing | undefined }): number {
  return standing?.phase === 'firing' ? 0 : order[verdict]
}

function wouldOf(rule: Rule, verdict: Verdict, standing: Standing | undefined): string {
  if (standing?.phase === 'firing')
    return verdict === 'bad' ? 'fires' : verdict === 'between' ? 'fires, as it has not recovered' : 'fires still'
  if (verdict === 'unread') return 'knows nothing'
  if (verdict !== 'bad') return 'is content'
  const after = 'for' in rule && rule.for > 0 ? ` when it lasts for ${sayDuration(rule.for)}` : ''
  return rule.enabled ? `${standing ? 'will fire' : 'would fire'}${after}` : `would fire${after}, if it were enabled`
}
