import { randomUUID } from 'node:crypto'
import { defaultSettings } from '../../world/default-settings.ts'
import { replicasOf } from '../../world/deployment-facts.ts'
import type { Environment, ServiceInstance, Settings, Variable } from '../../world/model.ts'
import { patchRegions, type RegionPatch, regions } from '../../world/regions.ts'
import type { Asking, Resolvers } from '../api.ts'
import { refusal } from '../graphql-errors.ts'

type Patched<Value> = Readonly<Record<string, Value | null>>

interface EnvironmentPatch {
  readonly services?: Readonly<Record<string, ServicePatch>>
  readonly sharedVariables?: Patched<VariablePatch>
}

interface ServicePatch {
  readonly deploy?: Readonly<Record<string, unknown>> & { readonly multiRegionConfig?: RegionPatch }
  readonly variables?: Patched<VariablePatch>
}

interface VariablePatch {
  readonly value?: string
  readonly isSealed?: boolean
}

type UpdateInput = Readonly<Record<string, unknown>> & {
  readonly multiRegionConfig?: RegionPatch | null
  readonly numReplicas?: number | null
  readonly region?: string | null
}

/** Changes to how services run: committed patches of an environment, and one service's settings. */
export const settings = {
  Query: {
    regions: () => regions.map((region) => ({ ...region, id: region.name, deploymentConstraints: null, workspaceId: null })),
  },
  Mutation: {
    /** Changed replicas only scale; anything else deploys the service, once. Refused as a whole before any of it is done. */
    environmentPatchCommit(_: unknown, args: { environmentId: string; patch?: EnvironmentPatch | null }, asking) {
      const environment = asking.access.environment(args.environmentId)
      const planned = Object.entries(args.patch?.services ?? {}).map(([serviceId, patch]) => {
        const instance = asking.access.instance(serviceId, environment.id)
        const { multiRegionConfig, ...rest } = patch.deploy ?? {}
        checkSettings(rest)
        return { instance, regions: plannedRegions(asking, instance, multiRegionConfig ?? {}), rest, variables: patch.variables ?? {} }
      })
      const sharedChanged = applyVariables(environment.shared, args.patch?.sharedVariables ?? {})
      for (const { instance, regions: wanted, rest, variables } of planned) {
        scale(asking, instance, wanted)
        const settingsChanged = applySettings(instance.settings, rest)
        const variablesChanged = applyVariables(instance.variables, variables)
        if (settingsChanged || variablesChanged) redeploy(asking, instance)
      }
      if (sharedChanged)
        redeployReaders(
          asking,
          environment,
          planned.map(({ instance }) => instance),
        )
      asking.world.changed()
      return randomUUID()
    },
    /** Written down only: the next deployment honours it. The number of replicas applies by itself. False where nothing changed. */
    serviceInstanceUpdate(_: unknown, args: { serviceId: string; environmentId?: string | null; input: UpdateInput }, asking) {
      const { multiRegionConfig, numReplicas, region, ...rest } = args.input
      checkSettings(rest)
      const targets = asking.world.tables.instances.filter(
        (one) => one.serviceId === args.serviceId && (!args.environmentId || one.environmentId === args.environmentId),
      )
      if (targets.length === 0) throw refusal('ServiceInstance not found')
      const changes = targets.map((target) => {
        const instance = asking.access.instance(target.serviceId, target.environmentId)
        const wanted = plannedRegions(asking, instance, multiRegionConfig ?? legacyPatch(instance, numReplicas, region))
        const scaled = scale(asking, instance, wanted)
        return applySettings(instance.settings, rest) || scaled
      })
      asking.world.changed()
      return changes.includes(true)
    },
  },
} satisfies Resolvers

function plannedRegions({ world }: Asking, instance: ServiceInstance, patch: RegionPatch): Record<string, number> {
  const planned = patchRegions(instance.settings.regions, patch, { plan: world.tables.workspace.plan, hasVolume: instance.volume !== null })
  if (typeof planned === 'string') throw refusal(planned, 'BAD_USER_INPUT')
  return planned
}

/** `numReplicas` and `region` speak of a service in one region: its others go. */
function legacyPatch(instance: ServiceInstance, numReplicas: number | null | undefined, region: string | null | undefined): RegionPatch {
  if (numReplicas == null && region == null) return {}
  const present = Object.keys(instance.settings.regions)
  const name = region ?? present[0]!
  const gone = present.filter((one) => one !== name).map((one) => [one, null])
  return { ...Object.fromEntries(gone), [name]: { numReplicas: numReplicas ?? replicasOf(instance.settings.regions) } }
}

/** Starts and stops replicas of what serves; true where the number changed. */
function scale({ world, deployer }: Asking, instance: ServiceInstance, wanted: Record<string, number>): boolean {
  if (sameRegions(instance.settings.regions, wanted)) return false
  instance.settings.regions = wanted
  const [latest] = world.deploymentsOf(instance.serviceId, instance.environmentId)
  const live = world.live(instance.serviceId, instance.environmentId)
  for (const deployment of new Set([latest, live])) {
    if (!deployment) continue
    deployment.settings.regions = { ...wanted }
    if (deployment === live) deployer.scale(deployment)
  }
  return true
}

function sameRegions(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].every((name) => one[name] === other[name])
}

function checkSettings(patch: Readonly<Record<string, unknown>>): void {
  const unknown = Object.keys(patch).find((name) => name === 'regions' || !(name in defaultSettings))
  if (unknown) throw refusal(`${unknown} cannot be set on the emulated Railway`, 'BAD_USER_INPUT')
}

/** True where something changed. null clears. */
function applySettings(present: Settings, patch: Readonly<Record<string, unknown>>): boolean {
  const before = JSON.stringify(present)
  for (const [name, value] of Object.entries(patch)) Object.assign(present, { [name]: value ?? defaultSettings[name as keyof Settings] })
  return JSON.stringify(present) !== before
}

function applyVariables(present: Record<string, Variable>, patch: Patched<VariablePatch>): boolean {
  let changed = false
  for (const [name, wanted] of Object.entries(patch)) {
    changed ||= wanted?.value !== present[name]?.value || Boolean(wanted?.isSealed) !== Boolean(present[name]?.sealed)
    if (wanted === null) delete present[name]
    else present[name] = { value: wanted.value ?? present[name]?.value ?? '', sealed: wanted.isSealed ?? present[name]?.sealed ?? false }
  }
  return changed
}

/** Once for each call, with the commit that serves (or was tried last); services that were never deployed stay so. */
export function redeploy(asking: Asking, instance: ServiceInstance): void {
  const [latest] = asking.world.deploymentsOf(instance.serviceId, instance.environmentId)
  const current = asking.world.live(instance.serviceId, instance.environmentId) ?? latest
  if (!current) return
  const skipBuild = current.wentLive || current.commit === null
  asking.deployer.deploy({ instance, creator: asking.access.person(), commit: current.commit, reason: 'deploy', skipBuild })
}

/** The services whose variables refer to shared ones. */
export function redeployReaders(asking: Asking, environment: Environment, but: readonly ServiceInstance[] = []): void {
  for (const instance of asking.world.instancesIn(environment.id)) {
    const reads = Object.values(instance.variables).some(({ value }) => /\$\{\{\s*shared\./.test(value))
    if (reads && !but.includes(instance)) redeploy(asking, instance)
  }
}
