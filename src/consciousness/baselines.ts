import type { EnvironmentSignals } from '#src/signals/signals.ts'

/** How slow a service usually is: the 95th percentile of its answers, in ms. */
export interface Baseline {
  readonly p95Ms: number
  readonly readings: number
  /** True once there were enough readings to compare with. */
  readonly counts: boolean
  readonly at: string
}

/** By the services' ids. */
export type Baselines = Readonly<Record<string, Baseline>>

/** A change of its latency is half of what is usual for a service after this time, in ms. */
const halfLifeMs = 6 * 3_600_000
/** So many readings make a baseline. */
const enough = 10
/** What nobody read for so long is not compared with any more, in ms. */
const keptMs = 7 * 86_400_000

/** The baselines after one more cycle: they move slowly, and only by services that are well. Services that are gone leave after a week. */
export function nextBaselines(known: Baselines, { at, services }: Pick<EnvironmentSignals, 'at' | 'services'>): Baselines {
  const kept = Object.entries(known).filter(([, each]) => at.getTime() - Date.parse(each.at) < keptMs)
  const next = new Map(kept)
  for (const { service, condition, http } of services) {
    if (condition !== 'healthy' || http?.p95Ms === undefined) continue
    next.set(service.id, moved(next.get(service.id), http.p95Ms, at))
  }
  return Object.fromEntries(next)
}

function moved(known: Baseline | undefined, p95Ms: number, at: Date): Baseline {
  const readings = (known?.readings ?? 0) + 1
  const counts = readings >= enough
  if (!known) return { p95Ms, readings, counts, at: at.toISOString() }
  const elapsed = Math.max(0, at.getTime() - Date.parse(known.at))
  // The first ones count alike: their mean is the best guess.
  const weight = Math.max(counts ? 0 : 1 / readings, 1 - 2 ** (-elapsed / halfLifeMs))
  return { p95Ms: known.p95Ms + (p95Ms - known.p95Ms) * weight, readings, counts, at: at.toISOString() }
}
