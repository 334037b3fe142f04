import type { UsageSample } from '../../machine/usage.ts'
import type { Asking, Resolvers } from '../api.ts'

const measurements = [
  'CPU_LIMIT',
  'CPU_USAGE',
  'DISK_USAGE_GB',
  'MEMORY_LIMIT_GB',
  'MEMORY_USAGE_GB',
  'NETWORK_RX_GB',
  'NETWORK_TX_GB',
] as const
type Measurement = (typeof measurements)[number]

interface MetricsArguments {
  readonly projectId?: string | null
  readonly environmentId?: string | null
  readonly serviceId?: string | null
  readonly startDate: Date
  readonly endDate?: Date | null
  readonly measurements: readonly string[]
  readonly groupBy?: readonly string[] | null
  readonly sampleRateSeconds?: number | null
}

/** vCPU and GB of one replica, by plan. https://docs.railway.com/reference/pricing/plans */
const replicaLimits = { FREE: { cpu: 2, memory: 1 }, HOBBY: { cpu: 8, memory: 8 }, PRO: { cpu: 32, memory: 32 } } as const
const gigabyte = 1e9

/** CPU, memory and traffic of the real processes, and what the volumes are said to hold. Within a step a replica's samples are averaged (traffic: summed); replicas are summed. */
export const metrics = {
  Query: {
    metrics(_: unknown, args: MetricsArguments, asking) {
      const samples = samplesOf(asking, args)
      const keys = (args.groupBy ?? []).map((tag) => tags[tag]).filter((key) => key !== undefined)
      const groups = Map.groupBy(samples, (sample) => JSON.stringify(keys.map((key) => sample[key.of])))
      return [...groups.values()].flatMap((group) => {
        const tagged = Object.fromEntries(keys.map((key) => [key.name, group[0]?.[key.of] ?? null]))
        return args.measurements.filter(isMeasured).map((measurement) => ({
          measurement,
          tags: tagged,
          values: series(group, measurement, args.sampleRateSeconds ?? 30, replicaLimits[asking.world.tables.workspace.plan]),
        }))
      })
    },
  },
} satisfies Resolvers

const tags: Readonly<Record<string, { readonly name: string; readonly of: keyof UsageSample }>> = {
  SERVICE_ID: { name: 'serviceId', of: 'serviceId' },
  ENVIRONMENT_ID: { name: 'environmentId', of: 'environmentId' },
  DEPLOYMENT_ID: { name: 'deploymentId', of: 'deploymentId' },
  DEPLOYMENT_INSTANCE_ID: { name: 'deploymentInstanceId', of: 'instanceId' },
  REGION: { name: 'region', of: 'region' },
}

function samplesOf({ access, usage, world }: Asking, args: MetricsArguments): readonly UsageSample[] {
  if (args.environmentId) access.environment(args.environmentId)
  else if (args.projectId) access.project(args.projectId)
  else access.wide()
  const [from, until] = [args.startDate.getTime(), args.endDate?.getTime() ?? Number.POSITIVE_INFINITY]
  return usage
    .samples()
    .filter(
      (one) =>
        one.at >= from &&
        one.at <= until &&
        access.reaches(one.environmentId) &&
        (!args.environmentId || one.environmentId === args.environmentId) &&
        (!args.serviceId || one.serviceId === args.serviceId) &&
        (!args.projectId || world.environment(one.environmentId)?.projectId === args.projectId),
    )
}

function isMeasured(name: string): name is Measurement {
  return measurements.some((measurement) => measurement === name)
}

function series(
  samples: readonly UsageSample[],
  measurement: Measurement,
  stepSeconds: number,
  limit: { readonly cpu: number; readonly memory: number },
) {
  const steps = Map.groupBy(samples, (sample) => Math.floor(sample.at / 1_000 / stepSeconds) * stepSeconds)
  return [...steps].map(([ts, within]) => {
    const replicas = [...Map.groupBy(within, (sample) => sample.instanceId).values()]
    return { ts, value: replicas.reduce((sum, replica) => sum + measured(replica, measurement, limit), 0) }
  })
}

/** Of one replica in one step. */
function measured(
  samples: readonly UsageSample[],
  measurement: Measurement,
  limit: { readonly cpu: number; readonly memory: number },
): number {
  const total = (read: (sample: UsageSample) => number) => samples.reduce((sum, sample) => sum + read(sample), 0)
  switch (measurement) {
    case 'CPU_USAGE':
      return total((sample) => sample.cpu) / samples.length
    case 'MEMORY_USAGE_GB':
      return total((sample) => sample.memoryBytes) / samples.length / gigabyte
    case 'DISK_USAGE_GB':
      return total((sample) => sample.diskBytes ?? 0) / samples.length / gigabyte
    case 'NETWORK_RX_GB':
      return total((sample) => sample.receivedBytes) / gigabyte
    case 'NETWORK_TX_GB':
      return total((sample) => sample.sentBytes) / gigabyte
    case 'CPU_LIMIT':
      return limit.cpu
    case 'MEMORY_LIMIT_GB':
      return limit.memory
  }
}
