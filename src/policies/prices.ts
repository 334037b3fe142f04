import type { ServiceSignals } from '#src/signals/signals.ts'

/** What Railway asks for running a month, in dollars: of a vCPU and of a GB of memory (https://docs.railway.com/pricing/plans). */
export const pricePerMonth = { vCpu: 20, memoryGb: 10 } as const

/**
 * What one replica of a service costs in dollars a month, if it goes on as it does now: usage is of all replicas together. Undefined where that
 * is not known.
 */
export function replicaPerMonth({ cpu, memory, replicas }: Pick<ServiceSignals, 'cpu' | 'memory' | 'replicas'>): number | undefined {
  if (!cpu || !memory || replicas.running < 1) return undefined
  return (cpu.used * pricePerMonth.vCpu + memory.used * pricePerMonth.memoryGb) / replicas.running
}
