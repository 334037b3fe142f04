import { pricePerMonth } from '#src/kernel/prices.ts'
import type { ServiceSignals } from '#src/signals/signals.ts'

/**
 * What one replica of a service costs in dollars a month, if it goes on as it does now: usage is of all replicas together. Undefined where that
 * is not known.
 */
export function replicaPerMonth({ cpu, memory, replicas }: Pick<ServiceSignals, 'cpu' | 'memory' | 'replicas'>): number | undefined {
  if (!cpu || !memory || replicas.running < 1) return undefined
  return (cpu.used * pricePerMonth.vCpu + memory.used * pricePerMonth.memoryGb) / replicas.running
}
