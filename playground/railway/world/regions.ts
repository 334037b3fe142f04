import { replicasOf } from './deployment-facts.ts'

/** https://docs.railway.com/reference/deployment-regions */
export const regions = [
  { name: 'us-west2', country: 'US', location: 'California, USA', region: 'US West Metal' },
  { name: 'us-east4-eqdc4a', country: 'US', location: 'Virginia, USA', region: 'US East Metal' },
  { name: 'europe-west4-drams3a', country: 'NL', location: 'Amsterdam, Netherlands', region: 'EU West Metal' },
  { name: 'asia-southeast1-eqsg3a', country: 'SG', location: 'Singapore', region: 'Southeast Asia Metal' },
] as const

/** Replicas for one service, by plan. https://docs.railway.com/reference/scaling */
const replicaLimits = { FREE: 1, HOBBY: 6, PRO: 42 } as const

/** `multiRegionConfig` as a patch writes it: null takes a region away. */
export type RegionPatch = Readonly<Record<string, { readonly numReplicas?: unknown } | null>>

/**
 * The regions after the patch, or in words why Railway refuses it. A region with 0 replicas is refused (it is taken away by null), and a service with
 * a volume cannot have replicas.
 */
export function patchRegions(
  present: Readonly<Record<string, number>>,
  patch: RegionPatch,
  service: { readonly plan: keyof typeof replicaLimits; readonly hasVolume: boolean },
): Record<string, number> | string {
  const after: Record<string, number> = { ...present }
  for (const [name, wanted] of Object.entries(patch)) {
    if (!regions.some((region) => region.name === name)) return `Region ${name} does not exist`
    if (wanted === null) {
      delete after[name]
      continue
    }
    const replicas = wanted.numReplicas ?? 1
    if (typeof replicas !== 'number' || !Number.isInteger(replicas) || replicas < 1) return 'numReplicas must be at least 1'
    after[name] = replicas
  }
  const total = replicasOf(after)
  if (total === 0) return 'A service needs at least one region'
  if (service.hasVolume && total > 1) return 'A service with a volume cannot have replicas'
  const limit = replicaLimits[service.plan]
  return total > limit ? `Your plan allows at most ${limit} replicas for each service` : after
}
