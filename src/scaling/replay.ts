import type { Decision } from '#src/policies/decision.ts'

/** The load of one moment, as it was recorded: of all replicas together, but the latency. */
export interface LoadSample {
  readonly at: Date
  readonly replicas: number
  /** vCPU, and the limit of all replicas together. */
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

/** What a policy would have done to a load that was recorded. */
export interface Replay {
  readonly from: Date
  readonly to: Date
  readonly samples: readonly LoadSample[]
  /** How many replicas there would have been, at each sample. */
  readonly replicas: readonly number[]
  readonly decisions: readonly (Decision & { readonly at: Date; readonly from: number; readonly to: number })[]
  /** Replica-hours as they were, and as they would have been. */
  readonly hours: { readonly were: number; readonly would: number }
  /** For how long the load would have been beyond what the targets allow, in ms. */
  readonly overloadedMs: { readonly was: number; readonly would: number }
  /** What of the load had to be assumed, in sentences: how latency follows from replicas, gaps in the record. */
  readonly assumed: readonly string[]
}
