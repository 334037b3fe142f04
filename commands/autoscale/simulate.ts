import { optional } from '#src/kernel/argument.ts'
import { duration, sayDuration } from '#src/kernel/arguments/duration.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { integer } from '#src/kernel/arguments/integer.ts'
import { policy } from '#src/kernel/arguments/policy.ts'
import { text } from '#src/kernel/arguments/text.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import type { Fact } from '#src/kernel/report.ts'
import { count, moment } from '#src/kernel/say.ts'
import { figure } from '#src/kernel/units.ts'
import type { Replay } from '#src/scaling/replay.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const MOST_DECISIONS = 8
/** A fact at Discord has 1,024. */
const MOST_CHARACTERS = 950
const words = (describe: string, max = 20) => optional(text(describe, { max }))
const replicas = (describe: string, max: number) => optional(integer(describe, { min: 1, max }))

export default defineCommand({
  describe: 'What a scaling policy would have done to the load that there was',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: {
    policy: { ...policy('scale', 'the policy’s name, or its service’s'), said: 'service' },
    window: optional(
      duration('the load of how long', { minMs: 5 * MINUTE, maxMs: 14 * 24 * HOUR, common: ['1h', '6h', '24h', '7d', '14d'] }),
      6 * HOUR,
    ),
    min: replicas('at least so many replicas', 50),
    max: replicas('at most so many replicas', 50),
    cpu: words('another target of CPU: 70%, none'),
    memory: words('another target of memory'),
    requests: words('another target of requests a second'),
    latency: words('another target of p95'),
    each: words('another number of waiting messages for each replica'),
    tolerance: words('so near the target nothing is done'),
    'up-after': words('how long more must be needed before replicas are added'),
    'up-cooldown': words('how long after an act none is added'),
    'up-step': replicas('at most so many are added at once', 49),
    'down-after': words('how long fewer must do before replicas are taken away'),
    'down-cooldown': words('how long after an act none is taken away'),
    'down-step': replicas('at most so many are taken away at once', 49),
    schedule: words('another schedule', 1_000),
    environment: environment(),
  },
  says: ['simulate [the] (autoscaling|auto scaling) (of|for) [the] {policy} [(over|for) [the] [last|past] {window}]'],
  needs: ['scaling', 'charts'],
  async run({ policy: name, window, environment: _, ...otherwise }, { scaling, charts, call }) {
    const { policy: own, says, replay, drawn } = await scaling.simulate(call.place, name, window, otherwise)
    const title = `Simulated autoscaling of ${own.service.name}`
    const sentence = `${own.service.name} in ${own.environment}, over ${sayDuration(replay.to.getTime() - replay.from.getTime())}, with ${says}: ${outcome(replay)}`
    return {
      title,
      tone: 'neutral',
      sentence,
      facts: [
        {
          label: 'Replicas',
          value: `${spread(replay.samples.map((each) => each.replicas))} as it was, ${spread(replay.replicas)} with the policy`,
        },
        ...decisionFacts(replay),
        { label: 'Assumed', value: replay.assumed.join('\n') },
      ],
      table: {
        head: ['', 'As it was', 'Would have been'],
        rows: [
          ['Replica-hours', figure(replay.hours.were), figure(replay.hours.would)],
          ...(replay.dollars ? [['Dollars', dollars(replay.dollars.were), dollars(replay.dollars.would)]] : []),
          ['Beyond its targets', minutes(replay.overloadedMs.was), minutes(replay.overloadedMs.would)],
        ],
      },
      picture: {
        png: await charts.draw(title, drawn.panels, { from: drawn.from, to: drawn.to }),
        alt: `Chart of replicas and load, as it was and as it would have been. ${sentence}`.slice(0, 1_000),
      },
      actions: [{ label: 'Show', command: 'autoscale.show', arguments: { policy: own.name, environment: own.environment } }],
    }
  },
})

/** What would have been otherwise, in one sentence. */
function outcome({ decisions, hours, dollars: cost, overloadedMs: { was, would } }: Replay): string {
  const acts = decisions.filter(({ act }) => act).length
  const saved = hours.were - hours.would
  const money = cost && Math.abs(cost.were - cost.would) >= 0.005 ? ` (${dollars(Math.abs(cost.were - cost.would))})` : ''
  const size =
    Math.abs(saved) < 0.05 ? 'as many replica-hours' : `${figure(Math.abs(saved))} replica-hours ${saved > 0 ? 'saved' : 'more'}${money}`
  const over =
    was === 0 && would === 0
      ? 'never beyond its targets, then or with it'
      : `${minutes(would)} beyond its targets instead of ${minutes(was)}`
  return `${count(acts, 'act')}, ${size}, ${over}.`
}

function decisionFacts({ decisions }: Replay): readonly Fact[] {
  if (decisions.length === 0) return [{ label: 'Decisions', value: 'none: the replicas were right all the time' }]
  const shown = decisions.slice(0, MOST_DECISIONS).map(({ at, sentence }) => `${moment(at)} UTC: ${sentence}`)
  while (shown.join('\n').length > MOST_CHARACTERS) shown.pop()
  const more = decisions.length - shown.length
  return [{ label: 'Decisions', value: [...shown, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n') }]
}

function spread(values: readonly number[]): string {
  const [least, most] = values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [values[0]!, values[0]!])
  return least === most ? String(least) : `${least} to ${most}`
}

function minutes(ms: number): string {
  return ms === 0 ? 'none of the time' : sayDuration(ms)
}

function dollars(value: number): string {
  return value > 0 && value < 0.01 ? 'less than $0.01' : `$${value.toFixed(2)}`
}
