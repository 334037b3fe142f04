/** The load of one moment: of all replicas together, but the latency. */
export interface LoadSample {
  readonly at: Date
  /** That run. */
  readonly replicas: number
  /** vCPU, and what Railway names as the limit. */
  readonly cpu: number | undefined
  readonly cpuLimit: number | undefined
  /** GB. */
  readonly memory: number | undefined
  readonly memoryLimit: number | undefined
  readonly requestsPerSecond: number | undefined
  readonly p95Ms: number | undefined
  /** Waiting messages. */
  readonly queue: number | undefined
  /** The level of consciousness. */
  readonly level: number | undefined
}
