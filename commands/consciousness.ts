import type { ConsciousnessPoint, ConsciousnessReading, Spread, Unreadable } from '#src/consciousness/consciousness.ts'
import type { Origin } from '#src/consciousness/counted.ts'
import { optional } from '#src/kernel/argument.ts'
import { duration, sayDuration } from '#src/kernel/arguments/duration.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { environmentName } from '#src/kernel/environment-name.ts'
import type { Fact, Report, Tone } from '#src/kernel/report.ts'
import { age, andList, count, moment } from '#src/kernel/say.ts'
import { figure } from '#src/kernel/units.ts'

const HOUR = 3_600_000
const MOST_POINTS = 240
const MOST_LISTED = 10
/** So far below what a deployment needs it is not only too low, but bad. */
const FAR_BELOW = 2
/** Around 1, in a panel of their own; of the others, those on 0–10. */
const scalars = ['resilience', 'zoom']
/** What is beyond it is given on 0–10, as the manager does. */
const AROUND_1 = 3
const tenths = ['harmony', 'prana', 'drishti', 'klesha']

export default defineCommand({
  describe: 'How well the whole system is doing: level, metrics, their trend, and who says so',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: {
    window: optional(
      duration('how far back', { minMs: 5 * 60_000, maxMs: 365 * 24 * HOUR, common: ['1h', '6h', '24h', '7d', '30d'] }),
      6 * HOUR,
    ),
    environment: environment(),
  },
  says: [
    '[show|read|get|give|tell] [me] [the|our] consciousness [level] [(over|for|in) [the] (last|past) {window}]',
    'what is [the|our] consciousness [level] [(over|for|in) [the] (last|past) {window}]',
    'how (high|good) is [the|our] consciousness [level]',
  ],
  needs: ['consciousness', 'gates', 'charts', 'directory', 'clock'],
  async run({ window }, { consciousness, gates, charts, directory, clock, call }) {
    await consciousness.look(call.place)
    const now = clock.now()
    const where = await environmentName(directory, call.place)
    const title = `Consciousness of ${where}`
    const reading = consciousness.now(call.place)
    const { readings, unreadable } = consciousness.sources(call.place)
    const needed = (await gates.settings(call.place)).ordinary.level
    const points = await consciousness.history(call.place, window, MOST_POINTS)
    if (!reading) {
      const lost = unreadable.length > 0 ? ' What was published could not be read.' : ''
      const sentence = `There is no reading of ${where} yet: nobody publishes one, and Helix cannot look at its services now.${lost}`
      return { title, tone: 'neutral', sentence, facts: unreadableFacts(unreadable, now) }
    }
    const sentence = `${levelWords(reading, where)} ${sourceWords(reading, now)} ${trendWords(points, window)}`
    return {
      title,
      tone: toneOf(reading.level, needed),
      sentence,
      facts: [
        {
          label: 'Sources',
          value: listed(readings.map((each) => sourceLine(each, now))),
        },
        ...unreadableFacts(unreadable, now),
        ...(reading.computed ? [{ label: 'Worked out from', value: FORMULA }] : []),
      ],
      table: tableOf(reading, points),
      ...(points.length > 0 && {
        picture: {
          png: await charts.draw(title, panelsOf(points, needed), { from: new Date(now.getTime() - window), to: now }),
          alt: `Chart of level and metrics over ${sayDuration(window)}. ${sentence}`.slice(0, 1_000),
        },
      }),
    }
  },
})

const FORMULA =
  'availability, errors, latency against its own baseline, and saturation of the services (docs/consciousness.md has the formula)'

function listed(lines: readonly string[]): string {
  const more = lines.length - MOST_LISTED
  return [...lines.slice(0, MOST_LISTED), ...(more > 0 ? [`and ${more.toLocaleString('en')} more`] : [])].join('\n')
}

function levelWords({ level, metrics: { harmony } }: ConsciousnessReading, where: string): string {
  const own = level === undefined ? `${where} has no level` : `${where} is at ${figure(level)} of 10`
  return `${own}${harmony === undefined ? '' : `, its harmony at ${figure(harmony)}`}:`
}

function sourceWords(reading: ConsciousnessReading, now: Date): string {
  const { level, whose } = reading
  const other = level === undefined ? undefined : whose?.harmony
  if (!other) return `${saidBy((level === undefined && whose?.harmony) || reading, now)}.`
  const { source, computed, at } = other
  return `${saidBy(reading, now)}; the harmony is ${computed ? 'worked out by Helix' : `of ${source}`}, ${age(at, now)} ago.`
}

function saidBy({ source, computed, at }: Origin, now: Date): string {
  const isOld = now.getTime() - at.getTime() > 600_000
  const who = computed ? 'Helix worked that out from its services' : `so says ${source}`
  return `${who}, ${age(at, now)} ago${isOld ? ', which is long' : ''}`
}

function trendWords(points: readonly ConsciousnessPoint[], window: number): string {
  const levels = points.flatMap(({ level }) => level ?? [])
  const [first, last] = [levels[0], levels.at(-1)]
  if (!first || !last || levels.length < 2) return `There is no trend over ${sayDuration(window)} yet.`
  const { min, max } = together(levels)
  return `Over ${sayDuration(window)} it went from ${figure(rounded(first.mean))} to ${figure(rounded(last.last))}, between ${figure(min)} and ${figure(max)}.`
}

function toneOf(level: number | undefined, needed: number): Tone {
  if (level === undefined) return 'neutral'
  if (level >= needed) return 'good'
  return level >= needed - FAR_BELOW ? 'warning' : 'bad'
}

function sourceLine({ source, channel, level, at, clockOffMs, ...rest }: ConsciousnessReading, now: Date): string {
  const own = level === undefined ? 'metrics alone' : `level ${figure(level)}`
  const clock =
    clockOffMs === undefined
      ? ''
      : `; its clock is ${sayDuration(Math.abs(clockOffMs))} ${clockOffMs > 0 ? 'ahead' : 'behind'}, so its arrival counts`
  return `${source}${source === channel || rest.computed ? '' : ` on ${channel}`}: ${own}, ${age(at, now)} old, ${scaleWords(rest)}${clock}`
}

/** What one message was read on, and what its source is taken to use, may differ. */
function scaleWords({ computed, scale, scales = {} }: Pick<ConsciousnessReading, 'computed' | 'scale' | 'scales'>): string {
  if (computed) return 'worked out'
  if (scale === undefined) return 'no fractions'
  const changedAt = Math.max(0, ...Object.values(scales).map((each) => each.changedAt ?? 0))
  const all = [...new Set([scale, ...Object.values(scales).map((each) => each.scale)])].map((each) => (each === '0-1' ? '0–1' : '0–10'))
  return `taken to use ${andList(all)}${changedAt === 0 ? '' : ` (that changed on ${moment(new Date(changedAt))} UTC)`}`
}

function unreadableFacts(unreadable: readonly Unreadable[], now: Date): readonly Fact[] {
  if (unreadable.length === 0) return []
  const lines = unreadable.map(({ channel, source, count: many, why, at }) => {
    const whose = source === channel ? channel : `${source} on ${channel}`
    return `${whose}: ${count(many, 'message')}, the last ${age(at, now)} ago (${why})`
  })
  return [{ label: 'Could not be read', value: listed(lines) }]
}

function tableOf(reading: ConsciousnessReading, points: readonly ConsciousnessPoint[]): NonNullable<Report['table']> {
  const { level, metrics, whose } = reading
  const row = (name: string, now: number | undefined, spreads: readonly Spread[]) => {
    const { min, mean, max } = together(spreads)
    const shown = spreads.length === 0 ? ['–', '–', '–'] : [mean, min, max].map((each) => figure(rounded(each)))
    return [name, now === undefined ? '–' : figure(now), ...shown, ...(whose ? [(whose[name] ?? reading).source] : [])]
  }
  const ofMetric = (name: string) => points.flatMap((point) => point.metrics[name] ?? [])
  const known = Object.entries(metrics).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1))
  return {
    head: ['', 'Now', 'Mean', 'Lowest', 'Highest', ...(whose ? ['Whose'] : [])],
    rows: [
      row(
        'level',
        level,
        points.flatMap((point) => point.level ?? []),
      ),
      ...known.slice(0, 2 * MOST_LISTED).map(([name, now]) => row(name, now, ofMetric(name))),
    ],
  }
}

/** The known ones first, in their order. */
function rank(name: string): number {
  const place = [...tenths, ...scalars].indexOf(name)
  return place < 0 ? tenths.length + scalars.length : place
}

function panelsOf(points: readonly ConsciousnessPoint[], needed: number) {
  const lines = (names: readonly string[]) =>
    names.flatMap((name) => {
      const line = points.flatMap(({ at, metrics }) => (metrics[name] ? [{ at, value: metrics[name].mean }] : []))
      return line.length > 0 ? [{ name, points: line }] : []
    })
  const level = points.flatMap(({ at, level }) => (level ? [{ at, value: level.mean }] : []))
  const all = lines(scalars)
  const around1 = all.filter((line) => line.points.every(({ value }) => value <= AROUND_1))
  const tens = [...lines(tenths), ...all.filter((line) => !around1.includes(line))]
  const isTen = tens.every((line) => line.points.every(({ value }) => value <= 10))
  return [
    {
      title: 'Level',
      unit: 'of 10',
      most: 10,
      lines: level.length > 0 ? [{ name: 'level', points: level }] : [],
      threshold: { label: `a deployment needs ${figure(needed)}`, value: needed },
    },
    { title: 'Metrics', unit: isTen ? 'of 10' : '', ...(isTen && { most: 10 }), lines: tens },
    ...(around1.length > 0 ? [{ title: andList(around1.map(({ name }) => name)), unit: 'around 1', lines: around1 }] : []),
  ]
}

function together(spreads: readonly Spread[]): Omit<Spread, 'last'> {
  const mean = spreads.reduce((sum, each) => sum + each.mean, 0) / Math.max(1, spreads.length)
  return { min: Math.min(...spreads.map(({ min }) => min)), mean, max: Math.max(...spreads.map(({ max }) => max)) }
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
