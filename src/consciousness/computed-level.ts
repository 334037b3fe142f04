import { channels } from '#src/kernel/channels.ts'
import type { EnvironmentSignals, ServiceSignals, Usage } from '#src/signals/signals.ts'
import type { Baselines } from './baselines.ts'
import type { ConsciousnessReading } from './consciousness.ts'

/** Under this name Helix publishes what it worked out. */
export const computedSource = 'helix'

/** Where each part begins to take something away, and where it has taken all that it can. */
export const computedLimits = {
  /** Of all answers, 0–1. */
  errors: 0.1,
  /** Times the service's own baseline. */
  latency: { from: 1.5, to: 4 },
  /** Of what may be used, 0–1. */
  saturation: { from: 0.8, to: 1 },
} as const

/** How well one service is doing: each part from 0 to 1, and 1 where nothing is known of it. */
export interface Part {
  readonly service: string
  readonly name: string
  readonly availability: number
  readonly errors: number
  readonly latency: number
  readonly saturation: number
  readonly replicas: { readonly running: number; readonly wanted: number }
}

/** What a computed reading was worked out from, and what the next one is compared with. */
export interface Parts {
  readonly services: readonly Part[]
  readonly baselines: Baselines
}

const availabilities: Readonly<Record<ServiceSignals['condition'], number | undefined>> = {
  healthy: 1,
  sleeping: 1,
  deploying: 1,
  degraded: 0.5,
  down: 0,
  // Neither says how well anything is doing.
  stopped: undefined,
  unknown: undefined,
}

/** How well each service is doing that can be judged. docs/consciousness.md has the formula. */
export function partsOf({ services }: Pick<EnvironmentSignals, 'services'>, baselines: Baselines): readonly Part[] {
  return services.flatMap((signals) => {
    const { service, condition, replicas, cpu, memory, disk, http } = signals
    const availability = availabilities[condition]
    if (availability === undefined) return []
    const { errors, latency, saturation } = computedLimits
    const baseline = baselines[service.id]
    const slow = http?.p95Ms === undefined || !baseline?.counts ? 0 : between(http.p95Ms / baseline.p95Ms, latency.from, latency.to)
    return [
      {
        ...{ service: service.id, name: service.name, availability, replicas },
        errors: 1 - between(http?.errorRate ?? 0, 0, errors),
        latency: 1 - slow,
        saturation: 1 - between(Math.max(0, ...[cpu, memory, disk].map(shareOf)), saturation.from, saturation.to),
      },
    ]
  })
}

/** Level and metrics of an environment; undefined where no service can be judged. `apart`: that service's own trouble does not count. */
export function computedLevel(parts: readonly Part[], apart?: string): Pick<ConsciousnessReading, 'level' | 'metrics'> | undefined {
  if (parts.length === 0) return undefined
  const counted = parts.map((part) => (part.service === apart ? { ...part, ...untroubled } : part))
  const mean = (of: (part: Part) => number) => counted.reduce((sum, part) => sum + of(part), 0) / counted.length
  const wanted = counted.filter(({ replicas }) => replicas.wanted > 0)
  const running = wanted.reduce(
    (sum, { service, replicas: { running, wanted: all } }) => sum + (service === apart ? 1 : Math.min(1, running / all)),
    0,
  )
  return {
    level: rounded(10 * mean(scoreOf)),
    metrics: {
      harmony: rounded(10 * mean(({ availability }) => availability)),
      ...(wanted.length > 0 && { resilience: rounded(running / wanted.length) }),
      prana: rounded(10 * mean(({ saturation }) => saturation)),
      drishti: rounded(10 * mean(({ latency }) => latency)),
      klesha: rounded(10 * mean(({ errors }) => 1 - errors)),
    },
  }
}

/** A reading of Helix' own, as other readings are. */
export function computedReading(parts: readonly Part[], at: Date, apart?: string): ConsciousnessReading | undefined {
  const found = computedLevel(parts, apart)
  return (
    found && { ...found, source: computedSource, channel: channels.consciousness, scale: '0-10', at, clockOffMs: undefined, computed: true }
  )
}

const untroubled = { availability: 1, errors: 1, latency: 1, saturation: 1 } as const

function scoreOf({ availability, errors, latency, saturation }: Part): number {
  return availability * (1 - 0.5 * (1 - errors) - 0.25 * (1 - latency) - 0.25 * (1 - saturation))
}

function shareOf(usage: Usage | undefined): number {
  return usage?.limit === undefined || usage.limit <= 0 ? 0 : usage.used / usage.limit
}

/** 0 up to `from`, 1 from `to` on, and straight in between. */
function between(value: number, from: number, to: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)))
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100
}
