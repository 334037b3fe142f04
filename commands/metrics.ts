import type { Measurement, Series } from '#src/adapters/railway/railway.ts'
import { optional } from '#src/kernel/argument.ts'
import { duration, sayDuration } from '#src/kernel/arguments/duration.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { environmentName } from '#src/kernel/environment-name.ts'
import type { Fact } from '#src/kernel/report.ts'
import { amount, figure, suitedUnit } from '#src/kernel/units.ts'
import type { Summary } from '#src/metrics/metrics.ts'

const HOUR = 3_600_000

export default defineCommand({
  describe: 'CPU, memory and network over a window, in numbers and a picture',
  role: 'viewer',
  risk: 'read',
  doors: everywhere,
  answer: 'public',
  arguments: {
    service: optional(service('only this service; left out: all of them')),
    window: optional(duration('how far back', { minMs: 5 * 60_000, maxMs: 7 * 24 * HOUR, common: ['15m', '1h', '6h', '24h', '7d'] }), HOUR),
    environment: environment(),
  },
  says: [
    '[show|read|get|give|see|check] [me] [the] (metrics|usage|load|graphs|charts|numbers|cpu|memory|cpu usage|memory usage|resource usage|cpu load) (of|for|from) {service} [(over|for|in|during|of|from) [the] (last|past) {window}]',
    '[show|read|get|give|see|check] [me] [the] {service} (metrics|usage|load|graphs|charts|numbers|cpu|memory|cpu usage|memory usage|resource usage|cpu load) [(over|for|in|during|of|from) [the] (last|past) {window}]',
    '[show|read|get|give|see|check] [me] [all] [the] metrics [(over|for|in|during|of|from) [the] (last|past) {window}]',
    'what (is|are) [the] (metrics|usage|load|graphs|charts|numbers|cpu|memory|cpu usage|memory usage|resource usage|cpu load) (of|for) {service} [(over|for|in|during|of|from) [the] (last|past) {window}]',
    'how busy (is|was) {service} [(over|for|in|during|of|from) [the] (last|past) {window}]',
    'how much (cpu|memory|ram|network) (does|is|did) {service} (use|using|need|take|consume) [(over|for|in|during|of|from) [the] (last|past) {window}]',
  ],
  needs: ['metrics', 'charts', 'directory'],
  async run({ service, window }, { metrics, charts, directory, call }) {
    const { from, to, sampleSeconds, series } = await metrics.window(call.place, service, window)
    const about = `${service?.name ?? 'all services'} in ${await environmentName(directory, call.place)}`
    const title = `Metrics of ${about} over ${sayDuration(window)}`
    if (series.every(({ points }) => points.length === 0)) {
      return { title, tone: 'neutral', sentence: `Railway has no metrics of ${about} for the last ${sayDuration(window)}.` }
    }
    const services = new Map((await directory.services(call.place)).map(({ id, name }) => [id, name]))
    const nameOf = (id: string | undefined) => services.get(id ?? '') ?? 'unknown'
    const summary = new Map(metrics.summarise(series).map((each) => [each.measurement, each]))
    const kinds = KINDS.flatMap((kind) => {
      const measured = summary.get(kind.usage)
      // One unit for the table and the picture.
      return measured ? [{ ...kind, measured, shown: suitedUnit(kind.unit, measured.peak) }] : []
    })
    const spoken = kinds.map(
      ({ name, unit, measured: { latest, peak } }) => `${name} ${amount(latest, unit)} now (highest sample ${amount(peak, unit)})`,
    )
    const sentence = `Over ${sayDuration(window)}, ${about}: ${[...spoken, ...networkWords(summary)].join('; ')}.`
    const panels = [
      ...kinds.map(({ name, usage, limit, unit, shown }) => {
        const most = service && summary.get(limit)?.latest
        return {
          title: name,
          unit: shown.name,
          lines: series
            .filter(({ measurement }) => measurement === usage)
            .map(({ serviceId, points }) => ({ name: nameOf(serviceId), points: scaled(points, shown.factor) })),
          ...(most && { threshold: { label: `limit ${amount(most, unit)}`, value: most * shown.factor } }),
        }
      }),
      networkPanel(series, service ? undefined : nameOf),
    ]
    return {
      title,
      tone: 'neutral',
      sentence,
      facts: [
        ...(service ? limitFacts(summary) : []),
        { label: 'Samples', value: `one each ${sayDuration(sampleSeconds * 1_000)}, averaged by Railway` },
      ],
      table: {
        head: ['', 'Now', 'Mean', 'Highest'],
        rows: kinds.map(({ name, measured: { latest, mean, peak }, shown }) => [
          `${name} (${shown.name})`,
          ...[latest, mean, peak].map((value) => figure(value * shown.factor)),
        ]),
      },
      picture: { png: await charts.draw(title, panels, { from, to }), alt: `Chart of CPU, memory and network. ${sentence}` },
    }
  },
})

const KINDS = [
  { name: 'CPU', unit: 'vCPU', usage: 'CPU_USAGE', limit: 'CPU_LIMIT' },
  { name: 'Memory', unit: 'GB', usage: 'MEMORY_USAGE_GB', limit: 'MEMORY_LIMIT_GB' },
] as const

type Summaries = ReadonlyMap<Measurement, Summary>

function networkWords(summary: Summaries): readonly string[] {
  const [into, out] = [summary.get('NETWORK_RX_GB'), summary.get('NETWORK_TX_GB')]
  if (!into && !out) return []
  const both = [into?.total ?? 0, out?.total ?? 0] as const
  return both[0] + both[1] === 0 ? ['no traffic'] : [`${amount(both[0], 'GB')} came in and ${amount(both[1], 'GB')} went out`]
}

function limitFacts(summary: Summaries): readonly Fact[] {
  const limits = KINDS.flatMap(({ limit, unit }) => {
    const most = summary.get(limit)?.latest
    return most ? [amount(most, unit)] : []
  })
  return limits.length === 0 ? [] : [{ label: 'Limit', value: limits.join(', ') }]
}

/** One service: what came in and what went out. Several: both together, a line for each of them. */
function networkPanel(series: readonly Series[], nameOf: ((id: string | undefined) => string) | undefined) {
  const traffic = series.filter(({ measurement }) => measurement === 'NETWORK_RX_GB' || measurement === 'NETWORK_TX_GB')
  const lines = nameOf
    ? [...Map.groupBy(traffic, ({ serviceId }) => serviceId)].map(([id, both]) => ({ name: nameOf(id), points: together(both) }))
    : traffic.map(({ measurement, points }) => ({ name: measurement === 'NETWORK_RX_GB' ? 'in' : 'out', points }))
  const { name, factor } = suitedUnit('GB', Math.max(0, ...lines.flatMap(({ points }) => points.map(({ value }) => value))))
  return {
    title: nameOf ? 'Network, in and out' : 'Network',
    unit: name,
    lines: lines.map((line) => ({ ...line, points: scaled(line.points, factor) })),
  }
}

function together(series: readonly Series[]): Series['points'] {
  const moments = Map.groupBy(
    series.flatMap(({ points }) => points),
    ({ at }) => at.getTime(),
  )
  return [...moments.values()].map((each) => ({ at: each[0]!.at, value: each.reduce((sum, { value }) => sum + value, 0) }))
}

function scaled(points: Series['points'], factor: number): Series['points'] {
  return points.map(({ at, value }) => ({ at, value: value * factor }))
}
