import type { Panel } from '#src/adapters/charts/charts.ts'
import type { LoadSample } from './load-sample.ts'
import type { Replay } from './replay.ts'
import { measures, type ScaleRules } from './scale-rules.ts'

type Limits = Replay['limits'][number]
type Points = Panel['lines'][number]['points']

/** More than can be told apart in a picture is drawn as the highest of each span. */
const MOST_POINTS = 500

/** What of a sample a target is about, for each replica. */
interface Measured {
  readonly title: string
  readonly unit: string
  readonly target: number
  readonly label: string
  read(sample: LoadSample, limits: Limits): number | undefined
}

/** Replicas, and of each target what every replica bears beside it. */
export function loadPanels(rules: ScaleRules, samples: readonly LoadSample[], limits: readonly Limits[]): readonly Panel[] {
  const replicas = samples.map(({ at, replicas: many }) => ({ at, value: many }))
  return [
    { title: 'Replicas', unit: 'that run', lines: [{ name: 'replicas', points: thin(replicas) }], steps: true },
    ...measured(rules).map(({ title, unit, target, label, read }) => ({
      ...{ title, unit, threshold: { label, value: target } },
      lines: [{ name: title, points: thin(pointsOf(samples, (sample, index) => read(sample, limits[index]!))) }],
    })),
  ]
}

/** The same, as it was and as it would have been. */
export function replayPanels(rules: ScaleRules, { samples, limits, replicas }: Replay): readonly Panel[] {
  const asWere = samples.map(({ at, replicas: many }) => ({ at, value: many }))
  const would = samples.map(({ at }, index) => ({ at, value: replicas[index]! }))
  return [
    {
      ...{ title: 'Replicas', unit: 'that run', steps: true },
      lines: [
        { name: 'as it was', points: thin(asWere) },
        { name: 'would have been', points: thin(would) },
      ],
    },
    ...measured(rules).map(({ title, unit, target, label, read }) => {
      const share = ({ replicas: were }: LoadSample, index: number) => were / replicas[index]!
      const known = (sample: LoadSample, index: number) => read(sample, limits[index]!)
      return {
        ...{ title, unit, threshold: { label, value: target } },
        lines: [
          { name: 'as it was', points: thin(pointsOf(samples, known)) },
          {
            name: 'would have been',
            points: thin(pointsOf(samples, (sample, index) => times(known(sample, index), share(sample, index)))),
          },
        ],
      }
    }),
  ]
}

function measured({ targets: { cpu, memory, requestRate, latency, queue } }: ScaleRules): readonly Measured[] {
  return [
    cpu &&
      usage(
        'CPU',
        'vCPU',
        cpu,
        measures.cpu.say(cpu),
        ({ cpu: used }) => used,
        (limits) => limits.cpu,
      ),
    memory &&
      usage(
        'Memory',
        'GB',
        memory,
        measures.memory.say(memory),
        ({ memory: used }) => used,
        (limits) => limits.memory,
      ),
    requestRate && {
      ...{ title: 'Requests', unit: 'a second, of each replica', target: requestRate.value, label: `target ${requestRate.value}` },
      read: (sample: LoadSample) => each(sample.requestsPerSecond, sample),
    },
    latency && {
      ...{ title: 'p95', unit: 'ms', target: latency.value, label: `target ${measures.latency.say(latency)}` },
      read: ({ p95Ms }: LoadSample) => p95Ms,
    },
    queue && {
      ...{ title: 'Queue', unit: 'waiting, for each replica', target: queue.each, label: `target ${queue.each}` },
      read: (sample: LoadSample) => each(sample.queue, sample),
    },
  ].filter((one) => one !== undefined)
}

function usage(
  title: string,
  unit: string,
  { value, share }: { readonly value: number; readonly share: boolean },
  says: string,
  used: (sample: LoadSample) => number | undefined,
  limit: (limits: Limits) => number | undefined,
): Measured {
  return {
    ...{
      title,
      unit: share ? '% of each replica’s limit' : `${unit}, of each replica`,
      target: share ? value * 100 : value,
      label: `target ${says}`,
    },
    read(sample, limits) {
      const own = each(used(sample), sample)
      if (!share || own === undefined) return own
      const most = limit(limits)
      return most === undefined ? undefined : (own / most) * 100
    },
  }
}

function each(total: number | undefined, { replicas }: LoadSample): number | undefined {
  return total === undefined || replicas < 1 ? undefined : total / replicas
}

function times(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor
}

function pointsOf(samples: readonly LoadSample[], read: (sample: LoadSample, index: number) => number | undefined): Points {
  return samples.flatMap((sample, index) => {
    const value = read(sample, index)
    return value === undefined ? [] : [{ at: sample.at, value }]
  })
}

function thin(points: Points): Points {
  const size = Math.ceil(points.length / MOST_POINTS)
  if (size <= 1) return points
  return Array.from({ length: Math.ceil(points.length / size) }, (_, index) => {
    const span = points.slice(index * size, (index + 1) * size)
    return { at: span[0]!.at, value: Math.max(...span.map(({ value }) => value)) }
  })
}
