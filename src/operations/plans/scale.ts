import { UserError } from '#src/kernel/errors.ts'
import { andList, count, orList } from '#src/kernel/say.ts'
import type { Change } from '../change.ts'
import { basics, refuseUnsteady } from './common.ts'
import type { Course, Scene } from './prepared.ts'

type Scale = Extract<Change, { kind: 'scale' }>

/** https://docs.railway.com/reference/regions, and the most replicas that any plan has. */
const railwayRegions = ['us-west2', 'us-east4-eqdc4a', 'europe-west4-drams3a', 'asia-southeast1-eqsg3a']
const mostReplicas = 50
/** Per service, by plan. https://docs.railway.com/reference/scaling */
const mostByPlan: Readonly<Record<string, number>> = { FREE: 1, HOBBY: 6, PRO: 42 }

/** Of one service; undefined where nobody knows. */
export function mostReplicasOf(plan: string | undefined): number | undefined {
  return plan === undefined ? undefined : mostByPlan[plan]
}

export const scale: Course<Scale> = {
  steps: ['check', 'ask', 'verify'],
  outcome: 'replicas',
  words: { doing: 'Scaling', done: 'scaled', preposition: 'in' },
  title: ({ service, replicas }, environment) => `Scale ${service.name} in ${environment.name} to ${count(replicas, 'replica')}`,
  async prepare(change, scene) {
    const { service, environment } = scene
    refuseUnsteady(scene)
    const region = regionOf(change, scene)
    const regions = { ...service.regions, [region]: change.replicas }
    const total = Object.values(regions).reduce((sum, each) => sum + each, 0)
    refuseImpossible(change, total, scene)
    await refuseOverPlan(total, scene)
    const { basis, seen, ...rest } = basics(scene)
    const where = Object.keys(regions).length > 1 ? ` in ${region} (${total} in all)` : ''
    const from = service.regions[region] ?? 0
    return {
      ...rest,
      basis: { ...basis, region, to: change.replicas },
      seen: [...seen, { label: 'Where', value: `${change.replicas} in ${region}` }],
      regions,
      ...(from > 0 && { undo: { replicas: from, region } }),
      replicas: total,
      sentence: `Scale ${service.name} in ${environment.name} from ${from} to ${count(change.replicas, 'replica')}${where}.`,
      facts: [
        { label: 'Replicas', value: `${from} → ${change.replicas}` },
        { label: 'Region', value: region },
      ],
    }
  },
  async mutate(railway, target, { regions, sentence }) {
    await railway.setReplicas({ ...target, regions: regions!, message: `Helix: ${sentence}` })
    return undefined
  },
}

function regionOf({ region: asked }: Scale, { service, environment }: Scene): string {
  const current = Object.keys(service.regions)
  if (asked === undefined) {
    if (current.length === 1) return current[0]!
    const why = current.length === 0 ? 'Railway does not say in which region' : `It runs in ${andList(current)}, so say in which region`
    throw new UserError(`${why} ${service.name} in ${environment.name} shall have them. Nothing was done: name a region.`)
  }
  const known = [...new Set([...current, ...railwayRegions])]
  const found = known.filter((each) => each === asked || each.startsWith(asked))
  const exact = found.includes(asked) ? asked : found.length === 1 ? found[0] : undefined
  if (exact !== undefined) return exact
  throw new UserError(`Railway has no region “${asked}”, so nothing was done. It has ${orList(known)}.`)
}

function refuseImpossible({ replicas, region }: Scale, total: number, { service, environment }: Scene): void {
  if (!Number.isInteger(replicas) || replicas < 1 || total > mostReplicas) {
    const sum = total > mostReplicas && replicas <= mostReplicas ? ` (${total} over all regions)` : ''
    throw new UserError(
      `${replicas} ${replicas === 1 ? 'replica' : 'replicas'}${sum} cannot be: a service has from 1 to ${mostReplicas}. Nothing was done.`,
    )
  }
  if (service.hasVolume && total > 1) {
    throw new UserError(`${service.name} has a volume, and Railway allows no replicas of a service with a volume. Nothing was done.`)
  }
  if (region === undefined ? service.replicas === replicas : service.regions[region] === replicas) {
    throw new UserError(`${service.name} in ${environment.name} is set to ${count(replicas, 'replica')} already, so nothing was done.`)
  }
}

async function refuseOverPlan(total: number, { service, billingPlan }: Scene): Promise<void> {
  if (total <= 1) return
  const plan = await billingPlan()
  const most = mostReplicasOf(plan)
  if (most === undefined || total <= most) return
  throw new UserError(
    `${count(total, 'replica')} of ${service.name} cannot be: Railway’s ${plan} plan allows ${most} of a service. Nothing was done.`,
  )
}
