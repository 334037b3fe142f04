import type { LoadSample } from '#src/scaling/load-sample.ts'
import { type ScaleRules, scaleRules, type WrittenScaleRules } from '#src/scaling/scale-rules.ts'

export const at = new Date('2026-11-21T12:00:00Z')

/** CPU of 70 %, from 1 to 10 replicas, at once and without a rest, but for what is given. */
export function rulesOf(given: Partial<WrittenScaleRules> = {}): ScaleRules {
  return scaleRules.parse({
    targets: { cpu: '70%' },
    max: 10,
    up: { for: '0s', cooldown: '0s' },
    down: { for: '0s', cooldown: '0s', step: 49 },
    ...given,
  })
}

/** Two replicas of 1 vCPU and 1 GB each, and nothing else known. */
export function loadOf(given: Partial<LoadSample> = {}): LoadSample {
  const replicas = given.replicas ?? 2
  return {
    ...{ at, replicas, cpu: 1.4, cpuLimit: replicas, memory: 0.2 * replicas, memoryLimit: replicas },
    ...{ requestsPerSecond: undefined, p95Ms: undefined, queue: undefined, level: undefined },
    ...given,
  }
}
