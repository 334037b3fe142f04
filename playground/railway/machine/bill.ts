import type { Clock } from '#src/kernel/clock.ts'
import type { ServiceInstance } from '../world/model.ts'
import type { World } from '../world/world.ts'
import type { Usage, UsageSample } from './usage.ts'

/** What Railway's prices are for. CPU and memory in minutes, traffic in GB, a disk in GB-minutes. */
export const billed = ['CPU_USAGE', 'MEMORY_USAGE_GB', 'NETWORK_TX_GB', 'DISK_USAGE_GB', 'BACKUP_USAGE_GB'] as const
export type Billed = (typeof billed)[number]

/** What a service of an environment used in a time. */
export interface UsedThere {
  readonly serviceId: string
  readonly environmentId: string
  readonly used: Readonly<Record<Billed, number>>
}

export interface Bill {
  /** Times in ms since the epoch. */
  used(from: number, until: number): readonly UsedThere[]
  /** From now on it is said to have used so much more in the hours before: CPU that costs so many dollars. */
  spend(instance: ServiceInstance, dollars: number, hours: number): void
}

interface Spent {
  readonly instance: ServiceInstance
  readonly cpuMinutes: number
  readonly from: number
  readonly until: number
}

const minuteMs = 60_000
/** A vCPU-minute in dollars: 20 a month. https://docs.railway.com/reference/pricing/plans */
const cpuPrice = 20 / 43_200
/** What each service used in a minute while nobody measured: before the playground began, and while it was off. */
const usual = { cpu: 0.05, memoryGB: 0.3, sentGB: 0.2 / 1_440 } as const
const longestStepMs = 60_000
const mostSpent = 1_000

/** What is billed: measured where the real processes were measured, the usual before. */
export function createBill(given: { readonly world: World; readonly usage: Pick<Usage, 'samples'>; readonly clock: Clock }): Bill {
  const { world, usage, clock } = given
  const spent: Spent[] = []

  function usedOf(instance: ServiceInstance, samples: readonly UsageSample[], from: number, until: number): UsedThere['used'] {
    const began = Math.max(from, Date.parse(instance.createdAt))
    const measuredFrom = usage.samples()[0]?.at ?? clock.now().getTime()
    const unmeasured = Math.max(0, Math.min(until, measuredFrom) - began) / minuteMs
    const more = spent.filter((one) => one.instance === instance).reduce((sum, one) => sum + one.cpuMinutes * shareOf(one, from, until), 0)
    const diskMinutes = ((instance.volume?.currentSizeMB ?? 0) / 1_000) * (Math.max(0, until - began) / minuteMs)
    const measured = stepsOf(samples, from, until)
    const sum = (of: (step: (typeof measured)[number]) => number) => measured.reduce((total, step) => total + of(step), 0)
    return {
      CPU_USAGE: unmeasured * usual.cpu + sum(({ minutes, sample }) => minutes * sample.cpu) + more,
      MEMORY_USAGE_GB: unmeasured * usual.memoryGB + sum(({ minutes, sample }) => (minutes * sample.memoryBytes) / 1e9),
      NETWORK_TX_GB: unmeasured * usual.sentGB + sum(({ sample }) => sample.sentBytes / 1e9),
      DISK_USAGE_GB: diskMinutes,
      BACKUP_USAGE_GB: 0,
    }
  }

  return {
    used(from, until) {
      const byPlace = Map.groupBy(usage.samples(), ({ serviceId, environmentId }) => `${serviceId} ${environmentId}`)
      return world.tables.instances.map((instance) => {
        const { serviceId, environmentId } = instance
        return { serviceId, environmentId, used: usedOf(instance, byPlace.get(`${serviceId} ${environmentId}`) ?? [], from, until) }
      })
    },
    spend(instance, dollars, hours) {
      const until = clock.now().getTime()
      spent.push({ instance, cpuMinutes: dollars / cpuPrice, from: until - hours * 60 * minuteMs, until })
      if (spent.length > mostSpent) spent.shift()
    },
  }
}

/** Each sample with the time that it stands for: since the one before of its replica. */
function stepsOf(samples: readonly UsageSample[], from: number, until: number) {
  return [...Map.groupBy(samples, ({ instanceId }) => instanceId).values()].flatMap((replica) =>
    replica.slice(1).flatMap((sample, before) => {
      const ms = Math.min(longestStepMs, sample.at - replica[before]!.at)
      return sample.at > from && sample.at <= until ? [{ sample, minutes: ms / minuteMs }] : []
    }),
  )
}

function shareOf(spent: Spent, from: number, until: number): number {
  const within = Math.min(until, spent.until) - Math.max(from, spent.from)
  return Math.max(0, within) / Math.max(1, spent.until - spent.from)
}
