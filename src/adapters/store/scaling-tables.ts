import type { Placed } from './columns.ts'

/** The load of a service in one minute. */
interface ScaleLoadsTable extends Placed {
  service: string
  /** Since the epoch. */
  minute: number
  at: Date
  replicas: number
  cpu: number | null
  cpu_limit: number | null
  memory: number | null
  memory_limit: number | null
  requests_per_second: number | null
  p95_ms: number | null
  queue: number | null
  level: number | null
}

export interface ScalingTables {
  scale_loads: ScaleLoadsTable
}
