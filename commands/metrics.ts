import type { Measurement, Series } from '#src/adapters/railway/railway.ts'
import { optional } from '#src/kernel/argument.ts'
import { duration, sayDuration } from '#src/kernel/arguments/duration.ts'
import { environment } from '#src/kernel/arguments/environment.ts'
import { service } from '#src/kernel/arguments/service.ts'
import { defineCommand, everywhere } from '#src/kernel/command.ts'
import { environmentName } from '#src/kernel/environment-name.ts'

const HOUR = 3_600_000

const PANELS: readonly PanelPlan[] = [
  { title: 'CPU', unit: 'vCPU', measurements: ['CPU_USAGE'], limit: 'CPU_LIMIT' },
  { title: 'Memory', unit: 'GB', measurements: ['MEMORY_USAGE_GB'], limit: 'MEMORY_LIMIT_GB' },
  { title: 'Network', unit: 'GB', measurements: ['NETWORK_RX_GB', 'NETWORK_TX_GB'] },
]

interface PanelPlan {
  readonly title: string
  readonly unit: string
  readonly measurements: readonly Measurement[]
  /** Drawn as a line where one service is looked at. */
  readonly limit?: Measurement
}

const NAMES: Readonly<Record<string, readonly [name: string, unit: string]>> = {
  CPU_USAGE: ['CPU', 'vCPU'],
  CPU_LIMIT: ['CPU limit', 'vCPU'],
  MEMORY_USAGE_GB: ['Memory', 'GB'],
  MEMORY_LIMIT_GB: ['Memory limit', 'GB'],
  NETWORK_RX_GB: ['Network in', 'GB'],
  NETWORK_TX_GB: ['Network out', 'GB'],
}

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
  says: ['(show|read) [me] [the] metrics of {service} [in {environment}]', 'how busy is {service}'],
  needs: ['metrics', 'charts', 'directory'],
  async run({ service, window }, { metrics, charts, directory, call }) {
    const { from, to, series } = await metrics.window(call.place, service, window)
    const about = `${service?.name ?? 'all services'} in ${await environmentName(directory, call.place)}`
    const title = `Metrics of ${about} over ${sayDuration(window)}`
    if (series.every(({ points }) => points.length === 0)) {
      return { title, tone: 'neutral', sentence: `Railway has no metrics of ${about} for the last ${sayDuration(window)}.` }
    }
    const names = new Map((await directory.services(call.place)).map(({ id, name }) => [id, name]))
    const summary = metrics.summarise(series)
    const panels = PANELS.map(({ title, unit, measurements, limit }) => {
      const value = service && limit ? summary.find(({ measurement }) => measurement === limit)?.latest : undefined
      return {
        title,
        unit,
        lines: series.filter((each) => measurements.includes(each.measurement)).map((each) => line(each, names)),
        ...(value && { threshold: { label: 'limit', value } }),
      }
    })
    const spoken = summary.filter(({ measurement }) => measurement === 'CPU_USAGE' || measurement === 'MEMORY_USAGE_GB')
    const figures = spoken.map(({ measurement, latest, peak }) => `${say(measurement, latest)} now (at most ${round(peak)})`)
    const sentence = `Over ${sayDuration(window)}, ${about}: ${figures.join('; ')}.`
    return {
      title,
      tone: 'neutral',
      sentence,
      table: {
        head: ['', 'Now', 'Mean', 'Peak'],
        rows: summary.map(({ measurement, latest, mean, peak }) => [
          `${NAMES[measurement]![0]} (${NAMES[measurement]![1]})`,
          ...[latest, mean, peak].map((value) => round(value)),
        ]),
      },
      picture: { png: await charts.draw(title, panels, { from, to }), alt: `Chart of CPU, memory and network. ${sentence}` },
    }
  },
})

function line({ measurement, serviceId, points }: Series, names: ReadonlyMap<string, string>) {
  const service = (serviceId && names.get(serviceId)) ?? ''
  const way = measurement === 'NETWORK_RX_GB' ? 'in' : measurement === 'NETWORK_TX_GB' ? 'out' : ''
  return { name: [service, way].filter(Boolean).join(' ') || NAMES[measurement]![0], points }
}

function say(measurement: string, value: number): string {
  const [name, unit] = NAMES[measurement]!
  return `${name} ${round(value)} ${unit}`
}

function round(value: number): string {
  return value === 0 ? '0' : value < 0.001 ? '< 0.001' : value.toPrecision(3)
}
