import type { Measurement, Series } from '#src/adapters/railway/railway.ts'
import type { Place } from '#src/kernel/call.ts'
import type { ServiceRef } from '#src/kernel/directory.ts'

export interface MetricsWindow {
  readonly from: Date
  readonly to: Date
  /** How long each sample stands for, in seconds: Railway averages over that, so a shorter peak is higher than any sample. */
  readonly sampleSeconds: number
  readonly series: readonly Series[]
}

export interface Summary {
  readonly measurement: Measurement
  readonly latest: number
  readonly mean: number
  /** The highest sample. */
  readonly peak: number
  /** All samples added up: of the network, what went over it in the window. */
  readonly total: number
}

/** CPU (vCPU), memory (GB) and network (GB) over a window, sampled as Railway's dashboard does (30 s up to 1 h, 60 s up to 6 h, 240 s up to 24 h, 1 h up to 7 d). */
export interface Metrics {
  /** Without a service: all services of the environment, a series each. */
  window(place: Place, service: ServiceRef | undefined, windowMs: number): Promise<MetricsWindow>
  summarise(series: readonly Series[]): readonly Summary[]
}
