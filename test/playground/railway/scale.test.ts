import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seedInstance, seedService, seedTables } from '#playground/railway/seed.ts'
import { replicasOf } from '#playground/railway/world/deployment-facts.ts'
import { patchRegions, regions } from '#playground/railway/world/regions.ts'
import { asking, isAlive } from './asking.ts'
import { eventually, type Mounted, mount } from './mounted.ts'

const home = 'europe-west4-drams3a'
const other = 'us-west2'

describe('replicas scale without a rebuild', () => {
  let mounted: Mounted
  let api: ReturnType<typeof asking>

  beforeAll(async () => {
    mounted = await mount()
    await mounted.railway.whenHealthy('staging')
    api = asking(mounted)
  })
  afterAll(() => mounted.close())

  test('more: new processes beside the old one, in the same deployment, and the edge spreads over all of them', async () => {
    const [before] = await api.history()
    const [pid] = api.pids()
    await api.scale({ [home]: { numReplicas: 3 } })
    const { meta } = await api.untilRunning(before!.id, 3)
    expect(meta.serviceManifest.deploy.multiRegionConfig).toEqual({ [home]: { numReplicas: 3 } })
    expect(api.pids()).toContain(pid)
    expect((await api.history())[0]!.id).toBe(before!.id)
    const seen = new Set<string>()
    for (let visit = 0; visit < 6; visit++) {
      seen.add(await api.visit('/replica'))
    }
    expect(seen.size).toBe(3)
  })

  test('a region is taken away by null, and its processes end', async () => {
    const { id } = await api.latest()
    await api.scale({ [other]: { numReplicas: 1 }, [home]: { numReplicas: 1 } })
    await eventually(api.pids, (pids) => pids.length === 2)
    await api.untilRunning(id, 2)
    const before = api.pids()
    await api.scale({ [other]: null })
    await eventually(api.pids, (pids) => pids.length === 1)
    expect(before.filter(isAlive)).toEqual(api.pids())
  })

  test.each([
    ['0 replicas', { [home]: { numReplicas: 0 } }, 'numReplicas must be at least 1'],
    ['more than the plan allows', { [home]: { numReplicas: 7 } }, 'at most 6 replicas'],
    ['half a replica', { [home]: { numReplicas: 1.5 } }, 'numReplicas must be at least 1'],
    ['an unknown region', { atlantis: { numReplicas: 1 } }, 'Region atlantis does not exist'],
    ['no region left', { [home]: null }, 'at least one region'],
  ])('%s is refused, and nothing changes', async (_, patch, reason) => {
    const pids = api.pids()
    await expect(api.scale(patch)).rejects.toThrow(reason)
    expect(api.pids()).toEqual(pids)
  })

  test('serviceInstanceUpdate says whether anything changed', async () => {
    expect(await api.update({ numReplicas: 1 })).toEqual({ serviceInstanceUpdate: false })
    expect(await api.update({ numReplicas: 2 })).toEqual({ serviceInstanceUpdate: true })
    await eventually(api.pids, (pids) => pids.length === 2)
    const before = (await api.history()).length
    expect(await api.update({ healthcheckPath: null })).toEqual({ serviceInstanceUpdate: true })
    expect(await api.history()).toHaveLength(before)
  })
})

test('a service with a volume cannot have replicas', async () => {
  const mounted = await mount({
    seed: (options) => {
      const tables = seedTables({ ...options, services: [] })
      const service = seedService('database', options.now.toISOString(), { simulated: true })
      const volume = { id: 'volume-1', name: 'data', mountPath: '/data', sizeMB: 5_000, currentSizeMB: 12 }
      const instances = tables.environments.map((one) => seedInstance(service, one, {}, { volume: one.name === 'staging' ? volume : null }))
      return { ...tables, services: [service], instances }
    },
  })
  const api = asking(mounted, 'staging', 'database')
  await expect(api.scale({ [home]: { numReplicas: 2 } })).rejects.toThrow('A service with a volume cannot have replicas')
  const query =
    'query ($environmentId: String!) { environment(id: $environmentId) { volumeInstances { edges { node { serviceId mountPath state } } } } }'
  const { environment } = await api.ok(query)
  expect(environment.volumeInstances.edges).toEqual([{ node: { serviceId: api.serviceId, mountPath: '/data', state: 'READY' } }])
  await asking(mounted, 'production', 'database').scale({ [home]: { numReplicas: 2 } })
  await mounted.close()
})

test('whatever is asked, a patch leaves between one replica and the limit, or is refused', () => {
  const name = fc.constantFrom(...regions.map((region) => region.name))
  const patch = fc.dictionary(name, fc.option(fc.record({ numReplicas: fc.integer({ min: -2, max: 9 }) })))
  fc.assert(
    fc.property(patch, fc.boolean(), (wanted, hasVolume) => {
      const after = patchRegions({ [home]: 1 }, wanted, { plan: 'HOBBY', hasVolume })
      if (typeof after === 'string') return
      expect(replicasOf(after)).toBeGreaterThanOrEqual(1)
      expect(replicasOf(after)).toBeLessThanOrEqual(hasVolume ? 1 : 6)
      for (const [region, value] of Object.entries(wanted)) expect(after[region]).toBe(value?.numReplicas)
    }),
  )
})
